import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';

const TYPES: { [file: string]: string } = { 'index.html': 'text/html', 'page.js': 'text/javascript' };

/** Serves the page. */
export function pageServer(): Server {
  return createServer((request, response) => {
    const { pathname } = new URL(request.url!, 'http://localhost');
    const file = pathname === '/' ? 'index.html' : pathname.slice(1);
    if (!Object.hasOwn(TYPES, file)) {
      response.writeHead(404).end();
      return;
    }
    void readFile(join(__dirname, '..', 'page', file)).then((content) => response.setHeader('content-type', TYPES[file]).end(content));
  });
}
