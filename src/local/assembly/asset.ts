import {
  createWriteStream, lstatSync, mkdirSync, mkdtempSync, readlinkSync, realpathSync, statSync, symlinkSync, writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { Entry, ZipFile } from 'yauzl';

// The modes of files are made of bits.
/* eslint-disable no-bitwise */

/** What Lambda takes, unpacked. */
const MAX_BYTES = 250 * 1024 * 1024;

/** The type of a file, in the upper half of what zip files written on Unix have for it. */
const TYPE_MASK = 0o170000;
const SYMBOLIC_LINK = 0o120000;

/** The limit of Linux. */
const MAX_LINKS = 40;

/** Code that is written in the template, as `openAsset` takes it. */
export function inlineAsset(file: string, contents: string): string {
  return `data:text/plain;name=${file};base64,${Buffer.from(contents).toString('base64')}`;
}

export function isInlineAsset(asset: string): boolean {
  return asset.startsWith('data:');
}

/**
 * The folder with the files of an asset: the asset itself, or a new folder below `into` for a zip file, a jar, or code from a template.
 *
 * @throws Error that names the file, if it does not exist or is not a zip file
 */
export async function openAsset(path: string, into: string): Promise<string> {
  const [, name, code] = /^data:text\/plain;name=([^;]+);base64,(.*)$/.exec(path) ?? [];
  if (name !== undefined) {
    const folder = assetFolder(into);
    writeFileSync(join(folder, name), Buffer.from(code, 'base64'));
    return folder;
  }
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) {
    throw new Error(`the asset \`${path}\` is missing: run \`cdk synth\``);
  }
  if (stats.isDirectory()) { return path; }
  try {
    return await unpack(path, assetFolder(into));
  } catch (error) {
    throw new Error(`\`${path}\` cannot be unpacked, because it is not a zip file that Lambda takes: ${(error as Error).message}`);
  }
}

function assetFolder(into: string): string {
  mkdirSync(into, { recursive: true });
  return mkdtempSync(join(into, 'asset-'));
}

async function unpack(file: string, folder: string): Promise<string> {
  // Most apps have no zip files.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { openPromise } = require('yauzl') as typeof import('yauzl');
  const zip = await openPromise(file);
  const links: Array<{ path: string; target: string }> = [];
  let bytes = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      bytes += entry.uncompressedSize;
      if (bytes > MAX_BYTES) {
        throw new Error(`it holds more than ${MAX_BYTES} bytes`);
      }
      const path = pathIn(folder, entry.fileName);
      const mode = entry.externalFileAttributes >>> 16;
      if (entry.fileName.endsWith('/')) {
        mkdirSync(path, { recursive: true });
      } else if ((mode & TYPE_MASK) === SYMBOLIC_LINK) {
        links.push({ path, target: await text(await zip.openReadStreamPromise(entry)) });
      } else {
        await write(zip, entry, path, mode & 0o777);
      }
    }
  } finally {
    zip.close();
  }
  // Last, so that nothing is written through them.
  links.forEach(({ path }) => mkdirSync(dirname(path), { recursive: true }));
  for (const { path, target } of links) {
    pathIn(folder, relative(folder, resolve(dirname(path), target)));
    symlinkSync(target, path);
  }
  links.forEach(({ path }) => checkLink(folder, path));
  return folder;
}

async function write(zip: ZipFile, entry: Entry, path: string, mode: number) {
  mkdirSync(dirname(path), { recursive: true });
  // What zip files from Windows do not say, and what it takes to read and remove it.
  await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(path, { mode: (mode || 0o644) | 0o600 }));
}

/** As the file system does: a link may lead through others, and `..` then means another folder than it seems. */
function checkLink(folder: string, link: string) {
  const root = realpathSync(folder);
  let followed = 0;
  const follow = (at: string, rest: readonly string[]): void => {
    const [name, ...others] = rest;
    if (at !== root && !at.startsWith(root + sep)) {
      throw new Error(`the link \`${relative(folder, link)}\` would lead outside of \`${basename(folder)}\``);
    }
    if (name === undefined) { return; }
    const path = resolve(at, name);
    const target = name === '..' ? undefined : targetOf(path);
    // Links in a circle lead nowhere.
    if (target !== undefined && ++followed > MAX_LINKS) { return; }
    follow(target === undefined ? path : at, target === undefined ? others : [...target.split('/').filter((part) => part !== '' && part !== '.'), ...others]);
  };
  follow(root, relative(folder, link).split(sep));
}

function targetOf(path: string): string | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(path) : undefined;
}

function pathIn(folder: string, name: string): string {
  const path = resolve(folder, name);
  if (path !== folder && !path.startsWith(folder + sep)) {
    throw new Error(`\`${name}\` would lie outside of \`${basename(folder)}\``);
  }
  return path;
}
