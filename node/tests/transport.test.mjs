// The ways that requests can take: TLS, a proxy, an agent, fetch and undici of the caller's; and how they end.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { after, before, describe, test } from 'node:test';
import { CancelledError, Client, DeadlineError, IneError, OutcomeUnknownError } from 'libine';
import { picture, Sandbox } from 'libine/testing';
import * as undici from 'undici';
import { certificates } from './support/certificates.mjs';
import { bytesOf, wire } from './support/wire.mjs';

let sandbox;
let certs;
before(async () => {
  sandbox = await Sandbox.start({ decisionDelay: 0 });
  certs = certificates();
});
after(async () => {
  certs.remove();
  await sandbox.close();
});

async function failed(promise) {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof IneError, String(error?.stack));
    return error;
  }
  assert.fail('it went well');
}

const SESSION = '11111111-2222-4333-8444-555555555555';
const once = { retries: 0 };

describe('TLS', () => {
  test('a server that is trusted by a file and by text', async () => {
    const secure = await Sandbox.start({ decisionDelay: 0, tls: certs.pair('server') });
    for (const trust of [{ caFile: certs.file('ca.pem') }, { ca: fs.readFileSync(certs.file('ca.pem'), 'utf8') }])
      assert.equal((await secure.client(trust).verify(secure.person())).verified, true);
    await secure.close();
  });

  test('F47, F48: not trusted, another name: TLS, nothing is sent, nothing is tried again', async () => {
    for (const [pair, settings] of [
      ['server', {}],
      ['elsewhere', { caFile: certs.file('ca.pem') }],
    ]) {
      const secure = await Sandbox.start({ tls: certs.pair(pair) });
      const error = await failed(secure.client(settings).verify(secure.person()));
      assert.deepEqual([error.code, error.sent, error.attempts], ['TLS', 'no', 1]);
      await secure.close();
    }
  });

  test('F49: nothing older than TLS 1.2', async () => {
    const old = { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' };
    const server = https.createServer({ ...certs.pair('server'), ...old });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const baseUrl = `https://127.0.0.1:${server.address().port}`;
    const one = new Client(sandbox.credentials, { baseUrl, caFile: certs.file('ca.pem'), ...once });
    assert.equal((await failed(one.decision(SESSION))).code, 'TLS');
    one.close();
    await new Promise((resolve) => server.close(resolve));
  });

  test('the environment does not switch the check off', async () => {
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    try {
      const secure = await Sandbox.start({ tls: certs.pair('server') });
      assert.equal((await failed(secure.client(once).verify(secure.person()))).code, 'TLS');
      await secure.close();
    } finally {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    }
  });

  test('a client certificate is shown', async () => {
    const asking = {
      ...certs.pair('server'),
      ca: fs.readFileSync(certs.file('ca.pem')),
      requestCert: true,
      rejectUnauthorized: true,
    };
    const secure = await Sandbox.start({ decisionDelay: 0, tls: asking });
    const trust = { caFile: certs.file('ca.pem') };
    const mine = { ...trust, clientCert: certs.file('client.pem'), clientKey: certs.file('client.key') };
    assert.equal((await secure.client(mine).verify(secure.person())).verified, true);
    const error = await failed(secure.client({ ...trust, ...once }).verify(secure.person()));
    assert.ok(['TLS', 'TRANSPORT', 'CONNECT', 'OUTCOME_UNKNOWN'].includes(error.code), error.code);
    await secure.close();
  });

  test('F52: files that are missing or hold nothing are a wrong setting', () => {
    const make = (settings) => () => new Client(sandbox.credentials, { baseUrl: 'https://127.0.0.1', ...settings });
    for (const settings of [
      { caFile: '/no/such/file' },
      { caFile: certs.file('ext') },
      { ca: 'nothing' },
      { clientCert: '/no/such/file' },
      { clientKey: certs.file('client.key') },
    ])
      assert.throws(
        make(settings),
        (error) => error instanceof IneError && error.code === 'CONFIG',
        JSON.stringify(settings),
      );
  });
});

describe('a proxy', () => {
  /** A proxy that counts; `refuse` answers CONNECT with 407. */
  async function proxy(refuse = false) {
    const seen = [];
    const server = http.createServer((request, response) => {
      seen.push(`${request.method} ${request.url.replace(/\/v1\/.*/, '/v1/...')}`);
      const url = new URL(request.url);
      const through = http.request({
        host: url.hostname,
        port: url.port,
        path: url.pathname,
        method: request.method,
        headers: request.headers,
      });
      through.on('response', (reply) => {
        response.writeHead(reply.statusCode, reply.rawHeaders);
        reply.pipe(response);
      });
      request.pipe(through);
    });
    server.on('connect', (request, socket) => {
      seen.push(`CONNECT ${request.headers['x-auth-client'] ?? 'without a key'}`);
      if (refuse) return socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n');
      const [host, port] = request.url.split(':');
      const target = net.connect(port, host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        target.pipe(socket).pipe(target);
      });
      target.on('error', () => socket.destroy());
      socket.on('error', () => target.destroy());
      return undefined;
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${server.address().port}`;
    return { url, seen, close: () => (server.closeAllConnections(), new Promise((resolve) => server.close(resolve))) };
  }

  test('https goes through a tunnel, and the proxy sees no header of ours', async () => {
    const secure = await Sandbox.start({ decisionDelay: 0, tls: certs.pair('server') });
    const through = await proxy();
    const one = secure.client({ caFile: certs.file('ca.pem'), proxy: through.url });
    assert.equal((await one.verify(secure.person())).verified, true);
    assert.deepEqual(new Set(through.seen), new Set(['CONNECT without a key']));
    await secure.close();
    await through.close();
  });

  test('http goes as an absolute URL', async () => {
    const through = await proxy();
    const one = sandbox.client({ proxy: through.url });
    assert.equal((await one.verify(sandbox.person())).verified, true);
    assert.ok(
      through.seen.includes(`POST ${sandbox.baseUrl}/v1/sessions`) || through.seen[0].startsWith('POST http://'),
    );
    await through.close();
  });

  test('one that refuses, or is not there: nothing was sent', async () => {
    const secure = await Sandbox.start({ tls: certs.pair('server') });
    const refusing = await proxy(true);
    const one = secure.client({ caFile: certs.file('ca.pem'), proxy: refusing.url, ...once });
    const error = await failed(one.verify(secure.person()));
    assert.deepEqual([error.code, error.sent, error.transportCode], ['CONNECT', 'no', 407]);
    await refusing.close();
    const gone = secure.client({ caFile: certs.file('ca.pem'), proxy: refusing.url, ...once });
    assert.deepEqual([(await failed(gone.verify(secure.person()))).code], ['CONNECT']);
    await secure.close();
  });

  test('the environment names none', async () => {
    process.env.HTTPS_PROXY = process.env.HTTP_PROXY = process.env.http_proxy = 'http://127.0.0.1:1';
    try {
      assert.equal((await sandbox.client().verify(sandbox.person())).verified, true);
    } finally {
      for (const name of ['HTTPS_PROXY', 'HTTP_PROXY', 'http_proxy']) delete process.env[name];
    }
  });

  test('what can not be a proxy is a wrong setting', () => {
    for (const proxy of ['127.0.0.1:80', 'socks5://127.0.0.1', 'http://user:pass@127.0.0.1', 5])
      assert.throws(() => sandbox.client({ proxy }));
    assert.throws(() => sandbox.client({ proxy: 'http://127.0.0.1:1', fetch }), /proxy/);
  });
});

/** The own transport and those of the caller's must agree. */
const ways = {
  'node:https': () => ({}),
  'an agent': () => ({ agent: new http.Agent({ keepAlive: true }) }),
  fetch: () => ({ fetch }),
  undici: () => ({ dispatcher: new undici.Agent() }),
};
for (const [name, settings] of Object.entries(ways)) {
  describe(name, () => {
    test('verifies, and refuses, and hears of each request', async () => {
      const heard = [];
      const onResponse = ({ method, template, status, received, failure }) =>
        heard.push([method, template, status, received > 0, failure]);
      const one = sandbox.client({ ...settings(), onResponse });
      assert.equal((await one.verify(sandbox.person())).verified, true);
      assert.equal((await one.verify(sandbox.person('selfie_mismatch'))).rootCause, 'selfie_registry_match');
      assert.deepEqual(heard.slice(0, 3), [
        ['POST', '/v1/sessions', 201, true, null],
        ['POST', '/v1/sessions/{id}/media', 200, true, null],
        ['PATCH', '/v1/sessions/{id}', 200, true, null],
      ]);
      const error = await failed(one.decision(SESSION));
      assert.deepEqual([error.name, error.httpStatus, error.sent], ['NotFoundError', 404, 'yes']);
    });

    test('a large image of every kind arrives byte for byte', async () => {
      const image = picture(1200, 1200, 0);
      const file = `${fs.mkdtempSync('/tmp/libine-')}/selfie.png`;
      fs.writeFileSync(file, image);
      const one = sandbox.client({ ...settings(), keepMetadata: true });
      const { id } = await one.createSession(sandbox.person()).then((made) => ({ id: made.sessionId }));
      const handle = await fs.promises.open(file);
      for (const selfie of [
        image,
        new Blob([image]),
        file,
        new URL(`file://${file}`),
        handle,
        image.buffer.slice(image.byteOffset, image.byteOffset + image.byteLength),
      ]) {
        const made = await one.uploadMedia(id, selfie);
        assert.equal(made.kind, 'media');
        const back = await one.downloadMedia(made.mediaId);
        assert.ok(back.bytes.equals(image));
      }
      await handle.close();
    });

    test('refused connections are not sent, lost replies are unknown', async () => {
      const closed = await wire(sandbox, () => null);
      await closed.close();
      const nobody = new Client(sandbox.credentials, { baseUrl: closed.url, ...settings(), ...once });
      const refused = await failed(nobody.createSession(sandbox.person()));
      assert.deepEqual([refused.code, refused.sent], ['CONNECT', 'no']);
      const server = await wire(sandbox, (_request, socket) => (socket.destroy(), null));
      const one = new Client(sandbox.credentials, { baseUrl: server.url, ...settings() });
      const lost = await failed(one.createSession(sandbox.person()));
      assert.ok(lost instanceof OutcomeUnknownError, `${lost}`);
      assert.equal(server.seen.length, 1);
      await server.close();
    });

    test('a redirect, a compression, a reply without end', async () => {
      for (const [reply, code] of [
        ['HTTP/1.1 302 X\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n', 'REDIRECT'],
        ['HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}', 'PROTOCOL'],
        [`HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n${' '.repeat(9000)}`, 'LIMIT'],
      ]) {
        const server = await wire(sandbox, () => reply);
        const one = new Client(sandbox.credentials, { baseUrl: server.url, ...settings(), ...once, maxReply: 4096 });
        const error = await failed(one.decision(SESSION));
        assert.deepEqual([error.code, server.seen.length], [code, 1]);
        await server.close();
      }
    });

    test('what is cancelled ends at once, wherever it is', async () => {
      const silent = await wire(sandbox, (request, _socket, answer) =>
        request.method === 'POST' ? bytesOf(answer()) : null,
      );
      const one = new Client(sandbox.credentials, { baseUrl: silent.url, ...settings() });
      const waiting = new AbortController();
      const reading = failed(one.wait(SESSION, { signal: waiting.signal }));
      setTimeout(() => waiting.abort(new Error('enough')), 30);
      const error = await reading;
      assert.ok(error instanceof CancelledError);
      assert.equal(error.cause.message, 'enough');
      const late = await failed(one.decision(SESSION, { signal: AbortSignal.timeout(30) }));
      assert.ok(late instanceof DeadlineError);
      one.close();
      await silent.close();
    });
  });
}

test('only one way at a time', () => {
  assert.throws(() => sandbox.client({ fetch, agent: new http.Agent() }), /one of/);
});
