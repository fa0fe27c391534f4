// A server on a raw socket in front of a sandbox: it answers genuinely, but for what a script does to the wire.
import net from 'node:net';

/** A genuine reply as bytes on the wire. */
export function bytesOf({ status, headers, body }, extra = []) {
  const all = [...headers, ...extra, 'Content-Length', String(body.length)];
  const lines = [`HTTP/1.1 ${status} X`];
  for (let at = 0; at < all.length; at += 2) lines.push(`${all[at]}: ${all[at + 1]}`);
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}

function headOf(text) {
  const [first, ...lines] = text.split('\r\n');
  const [method, target] = first.split(' ');
  const headers = lines.flatMap((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]);
  const length = lines.find((line) => /^content-length:/i.test(line));
  return { method, target, headers, length: length ? Number(length.split(':')[1]) : 0 };
}

/**
 * Starts one. `script(request, socket, answer)` is called for each request that has come whole: request has method,
 * target, headers, body, number (from 0, over all connections) and connection; answer() gives the genuine reply. What
 * it returns is written; null: it has done all by itself. `onHead(head, socket)` is called before a body is read; true:
 * it has dealt with it.
 */
export async function wire(sandbox, script, { onHead, onConnection } = {}) {
  const seen = [];
  const sockets = new Set();
  let connections = 0;
  const server = net.createServer((socket) => {
    const connection = connections++;
    let buffer = Buffer.alloc(0);
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    if (onConnection?.(socket, connection)) return;
    socket.on('data', (data) => {
      buffer = Buffer.concat([buffer, data]);
      for (;;) {
        const end = buffer.indexOf('\r\n\r\n');
        if (end < 0) return;
        const head = headOf(buffer.subarray(0, end).toString('latin1'));
        if (onHead?.(head, socket)) return;
        if (buffer.length < end + 4 + head.length) return;
        const body = buffer.subarray(end + 4, end + 4 + head.length);
        buffer = buffer.subarray(end + 4 + head.length);
        const request = { ...head, body, number: seen.length, connection };
        seen.push(request);
        const answer = () => sandbox.request(head.method, head.target, pairs(head.headers), body);
        const out = script(request, socket, answer);
        if (out) socket.write(out);
      }
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    port: server.address().port,
    seen,
    get connections() {
      return connections;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

function pairs(flat) {
  const out = {};
  for (let at = 0; at < flat.length; at += 2) out[flat[at]] = flat[at + 1];
  return out;
}
