import { createHash } from 'node:crypto';
import { fromBuffer } from 'yauzl';

/** As Lambda writes it. */
export function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('base64');
}

/** @returns the hash of each file, by its path */
export function filesOfZip(bytes) {
  return new Promise((resolve, reject) => {
    fromBuffer(bytes, { lazyEntries: true }, (error, zip) => {
      if (error) { return reject(error); }
      const files = [];
      zip.on('error', reject).on('end', () => resolve(Object.fromEntries(files.sort()))).on('entry', (entry) => {
        if (entry.fileName.endsWith('/')) { return zip.readEntry(); }
        zip.openReadStream(entry, (failure, stream) => {
          if (failure) { return reject(failure); }
          const chunks = [];
          stream.on('data', (chunk) => chunks.push(chunk)).on('error', reject).on('end', () => {
            files.push([entry.fileName, sha256(Buffer.concat(chunks))]);
            zip.readEntry();
          });
        });
      });
      zip.readEntry();
    });
  });
}
