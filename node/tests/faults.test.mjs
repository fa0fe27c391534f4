// The wire goes wrong: the class of each error, sent or not sent, and that nothing is sent twice (docs/faults.md).
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Client, DeadlineError, IneError, OutcomeUnknownError, ReplyError, ServerError, TransportError } from 'libine';
import { Sandbox } from 'libine/testing';
import { bytesOf, wire } from './support/wire.mjs';

let sandbox;
before(async () => {
  sandbox = await Sandbox.start({ decisionDelay: 0 });
});
after(() => sandbox.close());

function client(server, settings = {}) {
  return new Client(sandbox.credentials, { baseUrl: server.url, seed: 7, callTimeout: 2000, ...settings });
}

async function failed(promise) {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof IneError, String(error?.stack));
    return error;
  }
  assert.fail('it went well');
}

/** One call against a script, the number of requests, and the error. */
async function fault(script, call, settings = {}, hooks = {}) {
  const server = await wire(sandbox, script, hooks);
  const one = client(server, settings);
  try {
    return { error: await failed(call(one)), requests: server.seen.length, connections: server.connections };
  } finally {
    one.close();
    await server.close();
  }
}

const create = (one) => one.createSession(sandbox.person());
const SESSION = '11111111-2222-4333-8444-555555555555';
const read = (one) => one.decision(SESSION);
const once = { retries: 0 };
const cut = (bytes, at) => bytes.subarray(0, at);

/** What came of every cut of a create's reply: at `share` of its bytes, by `end`. */
function cutAt(share, end) {
  return (_request, socket, answer) => {
    const bytes = bytesOf(answer());
    socket.write(cut(bytes, Math.floor(bytes.length * share)), () => end(socket));
    return null;
  };
}

describe('before there is a connection', () => {
  test('F01: the name does not resolve: not sent', async () => {
    const one = new Client(sandbox.credentials, { baseUrl: 'https://libine-no-such-host.invalid', ...once });
    const error = await failed(create(one));
    assert.deepEqual([error.code, error.sent, error.retryable], ['RESOLVE', 'no', true]);
    one.close();
  });

  test('F03: refused: not sent, tried again, and the attempts are counted', async () => {
    const server = await wire(sandbox, () => null);
    await server.close();
    const one = client(server, { retries: 1 });
    const error = await failed(create(one));
    assert.ok(error instanceof TransportError);
    assert.deepEqual([error.code, error.sent, error.retryable, error.attempts], ['CONNECT', 'no', true, 2]);
    one.close();
  });

  test('F51: a TLS handshake that hangs: not sent, within the time to connect', async () => {
    const server = await wire(sandbox, () => null, { onConnection: () => true });
    const one = new Client(sandbox.credentials, {
      baseUrl: server.url.replace('http:', 'https:'),
      connectTimeout: 100,
      ...once,
    });
    const error = await failed(create(one));
    assert.deepEqual([error.code, error.sent], ['TIMEOUT', 'no']);
    one.close();
    await server.close();
  });

  test('F50: plain http on the TLS port is TLS, going away at the ClientHello is no connection', async () => {
    for (const [act, code] of [
      [(socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), 'TLS'],
      [(socket) => socket.once('data', () => socket.end()), 'CONNECT'],
      [(socket) => socket.once('data', () => socket.resetAndDestroy()), 'CONNECT'],
    ]) {
      const server = await wire(sandbox, () => null, { onConnection: (socket) => (act(socket), true) });
      const one = new Client(sandbox.credentials, { baseUrl: server.url.replace('http:', 'https:'), ...once });
      const error = await failed(create(one));
      assert.deepEqual([error.code, error.sent], [code, 'no']);
      one.close();
      await server.close();
    }
  });
});

describe('a reply that does not come whole', () => {
  const ends = { fin: (socket) => socket.end(), rst: (socket) => socket.resetAndDestroy() };
  for (const [name, end] of Object.entries(ends)) {
    for (const share of [0, 0.02, 0.3, 0.99])
      test(`F06, F07, F16 to F19: ${name} at ${share * 100} %: a create is unknown, and sent once`, async () => {
        const { error, requests } = await fault(cutAt(share, end), create);
        assert.ok(error instanceof OutcomeUnknownError, `${error}`);
        assert.deepEqual([error.sent, error.retryable, requests], ['unknown', false, 1]);
        assert.match(error.vendorData, /^case-\d+$/);
        assert.ok(!JSON.stringify(Object.keys(error)).includes('vendorData'));
      });
    test(`a GET is asked for again after ${name}`, async () => {
      let first = true;
      const server = await wire(sandbox, (_request, socket, answer) => {
        if (!first) return bytesOf(answer());
        first = false;
        end(socket);
        return null;
      });
      const one = client(server);
      const { id } = await sandbox.client().start(sandbox.person());
      assert.equal((await one.decision(id)).sessionId ?? id, id);
      assert.equal(server.seen.length, 2);
      one.close();
      await server.close();
    });
  }

  test('F20, F21: a length that is wrong', async () => {
    for (const [length, codes] of [
      [(n) => n + 100, ['TRANSPORT', 'PROTOCOL']],
      [(n) => n - 5, ['SIGNATURE', 'PROTOCOL', 'TRANSPORT']],
    ]) {
      const { error } = await fault(
        (_request, socket, answer) => {
          const reply = answer();
          const text = bytesOf(reply).toString('latin1');
          const wrong = text.replace(/Content-Length: \d+/, `Content-Length: ${length(reply.body.length)}`);
          socket.end(Buffer.from(wrong, 'latin1'));
          return null;
        },
        read,
        once,
      );
      assert.ok(codes.includes(error.code) || error.code === 'NOT_FOUND', error.code);
    }
  });

  test('F23 to F30: what is no HTTP/1.1', async () => {
    const body = '{"status":"success"}';
    for (const text of [
      `HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n${body}`,
      `HTTP/1.1 200 OK\r\nContent-Length: 20\r\nContent-Length: 21\r\n\r\n${body}`,
      `HTTP/1.1 200 OK\r\nContent-Length: 20\r\nTransfer-Encoding: chunked\r\n\r\n14\r\n${body}\r\n0\r\n\r\n`,
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nxx',
      'garbage\r\n\r\n',
      'HTTP/1.1 20 OK\r\n\r\n',
      'HTTP/1.1 600 X\r\nContent-Length: 0\r\n\r\n',
      'HTTP/1.1 999 X\r\nContent-Length: 0\r\n\r\n',
      `HTTP/1.1 200 OK\r\nX-A: a\0b\r\nContent-Length: 20\r\n\r\n${body}`,
      'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n',
      'HTTP/1.1 204 No Content\r\n\r\n',
    ]) {
      const { error } = await fault(
        (_request, socket) => {
          socket.end(text);
          return null;
        },
        read,
        once,
      );
      assert.equal(error.code, 'PROTOCOL', JSON.stringify(text));
    }
  });

  test('F31, F32: 6000 headers, one header of 400 kB: a limit', async () => {
    for (const head of ['X-A: b\r\n'.repeat(6000), 'X-A: a\r\n'.repeat(150), `X-A: ${'a'.repeat(400_000)}\r\n`]) {
      const { error } = await fault(
        (_request, socket) => {
          socket.end(`HTTP/1.1 200 OK\r\n${head}Content-Length: 2\r\n\r\n{}`);
          return null;
        },
        read,
        once,
      );
      assert.equal(error.code, 'LIMIT');
    }
  });

  test('F34: only the final header block counts', async () => {
    const { error } = await fault(
      (_request, _socket, answer) => {
        const reply = answer();
        const at = reply.headers.findIndex((name) => /hmac/i.test(name));
        const forged = `HTTP/1.1 103 Early Hints\r\n${reply.headers[at]}: ${'0'.repeat(64)}\r\n\r\n`;
        return Buffer.concat([Buffer.from(forged), bytesOf(reply)]);
      },
      read,
      once,
    );
    assert.equal(error.code, 'NOT_FOUND');
  });

  test('F36: a redirect is not followed', async () => {
    const { error, requests } = await fault((_request, socket) => {
      socket.end('HTTP/1.1 307 X\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n');
      return null;
    }, create);
    assert.deepEqual([error.code, error.httpStatus, requests], ['REDIRECT', 307, 1]);
  });

  test('F37 to F40: compression that nobody asked for', async () => {
    const { error } = await fault(
      (_request, _socket, answer) => bytesOf(answer(), ['Content-Encoding', 'gzip']),
      read,
      once,
    );
    assert.equal(error.code, 'PROTOCOL');
  });

  test('a reply without end is cut off at the limit', async () => {
    const { error } = await fault(
      (_request, socket) => {
        socket.write('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n');
        const chunk = Buffer.alloc(65536, 32);
        const more = () => {
          while (!socket.destroyed && socket.write(chunk));
          if (!socket.destroyed) socket.once('drain', more);
        };
        more();
        return null;
      },
      read,
      { ...once, maxReply: 4096 },
    );
    assert.equal(error.code, 'LIMIT');
  });

  test('F53: a signature that is missing or wrong is a ReplyError, and the document is not handed out', async () => {
    const { id } = await sandbox.client().start(sandbox.person());
    for (const [change, code] of [
      [(h) => h.filter((_, i) => !/hmac/i.test(h[i - (i % 2)])), 'UNSIGNED'],
      [
        (h) => h.map((v) => (/^[0-9a-f]{64}$/.test(v) ? v.replace(/./, (c) => (c === '0' ? '1' : '0')) : v)),
        'SIGNATURE',
      ],
    ]) {
      const { error } = await fault(
        (_request, _socket, answer) => {
          const reply = answer();
          return bytesOf({ ...reply, headers: change(reply.headers) });
        },
        (one) => one.decision(id),
        once,
      );
      assert.ok(error instanceof ReplyError);
      assert.equal(error.code, code);
    }
  });
});

describe('time', () => {
  test('F12: silence after the request: a timeout that may have been processed', async () => {
    const { error, requests } = await fault(() => null, create, { callTimeout: 100 });
    assert.ok(error instanceof OutcomeUnknownError);
    assert.equal(requests, 1);
    const second = await fault(() => null, read, { callTimeout: 100, ...once });
    assert.deepEqual([second.error.code, second.error.sent], ['TIMEOUT', 'unknown']);
  });

  test('F13, F33: one byte at a time, and interim replies without end', async () => {
    for (const text of [
      'HTTP/1.1 200 OK\r\nX-A: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
      'HTTP/1.1 100 Continue\r\n\r\n'.repeat(40),
    ]) {
      let timer;
      const { error } = await fault(
        (_request, socket) => {
          let at = 0;
          timer = setInterval(() => socket.write(text[at++ % text.length]), 10);
          return null;
        },
        read,
        { callTimeout: 150, ...once },
      );
      clearInterval(timer);
      assert.equal(error.code, 'TIMEOUT');
    }
  });

  test('F14: an upload that nobody reads is not sent completely', async () => {
    const { id } = JSON.parse(JSON.stringify(await sandbox.client().start(sandbox.person())));
    const big = Buffer.concat([sandbox.person().selfie, Buffer.alloc(8 << 20)]);
    const { error } = await fault(
      () => null,
      (one) => one.uploadMedia(id, big, { timeout: 400 }),
      once,
      {
        onHead: (_head, socket) => {
          socket.pause();
          return true;
        },
      },
    );
    assert.ok(error instanceof DeadlineError, `${error}`);
  });

  test('the deadline of a call is a DeadlineError, and waits for no longer', async () => {
    const { error } = await fault(
      () => null,
      (one) => one.decision(SESSION, { timeout: 50 }),
    );
    assert.ok(error instanceof DeadlineError);
    assert.equal(error.toJSON().error.code, 'DEADLINE');
  });

  test('F55, F56: 429 and 503 are tried again as they ask, an endless 500 is a ServerError', async () => {
    let tries = 0;
    const { id } = await sandbox.client().start(sandbox.person());
    const server = await wire(sandbox, (_request, _socket, answer) => {
      tries++;
      if (tries === 1) return 'HTTP/1.1 429 X\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n';
      if (tries === 2) return 'HTTP/1.1 503 X\r\nContent-Length: 0\r\n\r\n';
      return bytesOf(answer());
    });
    const heard = [];
    const one = client(server, { onRequest: (info) => heard.push(info.attempt) });
    await one.decision(id);
    assert.deepEqual(heard, [1, 2, 3]);
    one.close();
    await server.close();
    const { error, requests } = await fault(() => 'HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n', read, { retries: 1 });
    assert.ok(error instanceof ServerError);
    assert.deepEqual([error.httpStatus, requests, error.retryable], [500, 2, true]);
  });
});

describe('connections that are kept', () => {
  test('F09: one that the server closed between two calls is not used again', async () => {
    let last;
    const server = await wire(sandbox, (_request, socket, answer) => {
      last = socket;
      return bytesOf(answer());
    });
    const one = client(server, once);
    for (let i = 0; i < 5; i++) {
      const error = await failed(read(one));
      assert.equal(error.code, 'NOT_FOUND');
      await new Promise((resolve) => last.end(resolve));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assert.equal(server.seen.length, 5);
    one.close();
    await server.close();
  });

  test('one connection serves many calls; F15: a reply before the whole request ends it', async () => {
    const server = await wire(sandbox, (_request, _socket, answer) => bytesOf(answer()));
    const one = client(server, once);
    for (let i = 0; i < 5; i++) await failed(read(one));
    assert.equal(server.connections, 1);
    one.close();
    await server.close();
  });

  test('F08: the second request on a kept connection is read, then the connection ends: sent once', async () => {
    for (const end of [(socket) => socket.end(), (socket) => socket.resetAndDestroy()]) {
      let number = 0;
      const server = await wire(sandbox, (_request, socket, answer) => {
        if (number++ === 0) return bytesOf(answer());
        end(socket);
        return null;
      });
      const one = client(server);
      await create(one);
      const error = await failed(create(one));
      assert.ok(error instanceof OutcomeUnknownError);
      assert.equal(server.seen.length, 2);
      one.close();
      await server.close();
    }
  });

  test('F11, F15: an answer in the middle of an upload counts', async () => {
    const { id } = await sandbox.client().start(sandbox.person());
    const big = Buffer.concat([sandbox.person().selfie, Buffer.alloc(12 << 20)]);
    for (const end of [() => {}, (socket) => setTimeout(() => socket.destroy(), 50)]) {
      const { error, requests } = await fault(
        () => null,
        (one) => one.uploadMedia(id, big),
        once,
        {
          onHead: (_head, socket) => {
            socket.pause();
            socket.write('HTTP/1.1 413 X\r\nContent-Length: 0\r\n\r\n');
            end(socket);
            return true;
          },
        },
      );
      assert.deepEqual([error.code, error.httpStatus, requests], ['REJECTED', 413, 0]);
    }
  });

  test('F10: a reset during an upload may have been processed', async () => {
    const { id } = await sandbox.client().start(sandbox.person());
    const big = Buffer.concat([sandbox.person().selfie, Buffer.alloc(12 << 20)]);
    const { error } = await fault(
      () => null,
      (one) => one.uploadMedia(id, big),
      once,
      {
        onHead: (_head, socket) => {
          socket.resetAndDestroy();
          return true;
        },
      },
    );
    assert.ok(error instanceof OutcomeUnknownError, `${error}`);
  });

  test('62 calls at once on a server that goes away: each ends', async () => {
    const server = await wire(sandbox, (_request, socket) => {
      socket.destroy();
      return null;
    });
    const one = client(server, { ...once, maxConnections: 8 });
    const errors = await Promise.all(Array.from({ length: 62 }, () => failed(read(one))));
    assert.ok(errors.every((error) => error.code === 'TRANSPORT'));
    one.close();
    await server.close();
  });
});
