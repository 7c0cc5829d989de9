import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { tokenFor } from './keys';

const TYPES: { [file: string]: string } = { 'index.html': 'text/html', 'page.js': 'text/javascript' };

/** Serves the page, and a token for each name at `/login?user=…`. */
export function loginServer(): Server {
  return createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://localhost');
    const user = searchParams.get('user');
    const file = pathname === '/' ? 'index.html' : pathname.slice(1);
    if (pathname === '/login' && user) {
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ token: tokenFor(user) }));
    } else if (Object.hasOwn(TYPES, file)) {
      void readFile(join(__dirname, '..', 'page', file)).then((content) => response.setHeader('content-type', TYPES[file]).end(content));
    } else {
      response.writeHead(404).end();
    }
  });
}
