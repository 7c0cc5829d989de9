// After jsii-pacmak: the README of the Go module is docs/go.md. What is translated from the README for it does not compile.
import { copyFileSync } from 'node:fs';

copyFileSync(new URL('../../docs/go.md', import.meta.url), new URL('../../dist/go/cdkwebsocketapi/README.md', import.meta.url));
