// After jsii-pacmak: replaces the README of the Go module with docs/go.md, because jsii's translation of the README does not compile.
import { copyFileSync } from 'node:fs';

copyFileSync(new URL('../../docs/go.md', import.meta.url), new URL('../../dist/go/cdkwebsocketapi/README.md', import.meta.url));
