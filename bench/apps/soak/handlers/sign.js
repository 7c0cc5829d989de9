const { createHash, createHmac } = require('node:crypto');

const hash = (data) => createHash('sha256').update(data).digest('hex');
const hmac = (key, data) => createHmac('sha256', key).update(data).digest();

/** The headers of a request to `@connections`, signed as the SDK does (SigV4). */
exports.sign = ({ method, url, body = '', region, accessKeyId, secretAccessKey, sessionToken }) => {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = `${time.slice(0, 8)}/${region}/execute-api/aws4_request`;
  const headers = { 'host': url.host, 'x-amz-date': time, ...sessionToken ? { 'x-amz-security-token': sessionToken } : {} };
  const names = Object.keys(headers).sort();
  // A path is encoded twice for every service but S3.
  const path = url.pathname.split('/').map(encodeURIComponent).join('/');
  const canonical = [method, path, '', ...names.map((name) => `${name}:${headers[name]}`), '', names.join(';'), hash(body)].join('\n');
  const key = scope.split('/').reduce((last, part) => hmac(last, part), `AWS4${secretAccessKey}`);
  const signature = createHmac('sha256', key).update(`AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash(canonical)}`).digest('hex');
  return { ...headers, authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}` };
};
