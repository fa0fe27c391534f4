// Throw-away certificates, made by openssl when a test asks for them: an authority, a server's, and wrong ones.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

function openssl(folder, ...args) {
  execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'ignore'] });
}

/** A folder with ca.pem, and for each name NAME.pem and NAME.key signed by it. */
export function certificates() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'libine-tls-'));
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl(
    folder,
    'req',
    '-x509',
    ...curve,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
    '-subj',
    '/CN=test authority',
  );
  const sign = (name, san, days = '2') => {
    openssl(folder, 'req', ...curve, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    fs.writeFileSync(path.join(folder, 'ext'), `subjectAltName=${san}\n`);
    openssl(
      folder,
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-out',
      `${name}.pem`,
      '-days',
      days,
      '-extfile',
      'ext',
    );
  };
  sign('server', 'IP:127.0.0.1,DNS:localhost');
  sign('elsewhere', 'DNS:elsewhere.invalid');
  sign('client', 'DNS:client');
  const file = (name) => path.join(folder, name);
  return {
    file,
    pair: (name) => ({ key: fs.readFileSync(file(`${name}.key`)), cert: fs.readFileSync(file(`${name}.pem`)) }),
    remove: () => fs.rmSync(folder, { recursive: true, force: true }),
  };
}
