// SPDX-License-Identifier: MIT
//
// certificate - self-signed certificates for the tests, as files and as bytes.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from './antiphon.mjs';

// names: as in subjectAltName; at: a folder to write to anew.
export function certificate(names, at = folder('antiphon-tls-')) {
  const keyPath = join(at, 'key.pem'), path = join(at, 'cert.pem');
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
    '-subj', '/CN=antiphon test', '-addext', `subjectAltName=${names}`, '-keyout', keyPath, '-out', path], { stdio: 'ignore' });
  return { at, path, keyPath, key: readFileSync(keyPath), cert: readFileSync(path) };
}
