// Before compilation: files of lib whose source is gone would be packed, too.
import { rmSync } from 'node:fs';

rmSync(new URL('../../lib', import.meta.url), { recursive: true, force: true });
