// A selfie of 3 MB: signed and encoded for the wire, beside toString('base64'), JSON.stringify and createHmac.
import { createHmac, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { heading, interleavedAsync, KEY, libine, row, SECRET, SESSION, testing } from './support.mjs';

const REPLY = Buffer.from('{"status":"success","image":{"context":"face","id":"aea9ba6d-1b47-47fc-a4fc-f72b6d3584a7","name":"face","timestamp":null,"size":1,"mimetype":"image/png","url":"https://example.com/v1/media/x"}}');

/** A transport that takes the body and sends it nowhere. */
const nowhere = {
  async request({ body }) {
    let size = 0;
    if (body instanceof Uint8Array) size = body.length;
    else for await (const chunk of body) size += chunk.length;
    return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: Readable.from([REPLY]), size };
  },
};

/** A picture whose pixels are noise: it ends where its bytes end, and compresses to nothing less. */
function noise(bytes) {
  const head = testing.picture(64, 64, 0);
  const end = head.length - 12;
  const data = randomBytes(bytes - head.length - 12);
  const chunk = Buffer.alloc(data.length + 12);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write('noIs', 4, 'latin1');
  data.copy(chunk, 8);
  return Buffer.concat([head.subarray(0, end), chunk, head.subarray(end)]);
}

export async function media() {
  const image = noise(3_000_000);
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'libine-')), 'selfie.png');
  fs.writeFileSync(file, image);
  const client = new libine.Client(new libine.Credentials(KEY, SECRET), { baseUrl: 'https://example.com', dispatcher: nowhere, keepMetadata: true });
  let sink;
  const found = await interleavedAsync(
    {
      'libine: upload from memory, sent nowhere': () => client.uploadMedia(SESSION, image),
      'libine: upload from a file, sent nowhere': () => client.uploadMedia(SESSION, file),
      "toString('base64') + JSON.stringify + createHmac": async () => {
        const content = `data:image/png;base64,${image.toString('base64')}`;
        const body = JSON.stringify({ image: { context: 'face', content } });
        sink = [body, createHmac('sha256', SECRET).update(body).digest('hex')];
      },
      'readFile, then the same': async () => {
        const bytes = await fs.promises.readFile(file);
        const body = JSON.stringify({ image: { context: 'face', content: `data:image/png;base64,${bytes.toString('base64')}` } });
        sink = [body, createHmac('sha256', SECRET).update(body).digest('hex')];
      },
    },
    21,
    4,
  );
  const usual = found["toString('base64') + JSON.stringify + createHmac"];
  heading('media, 3,000,000 bytes');
  for (const [what, us] of Object.entries(found))
    row(what, `${(us / 1000).toFixed(2)} ms`, `${(3_000_000 / us).toFixed(0)} MB/s, ${(usual / us).toFixed(2)} x as fast as the usual way`);
  fs.rmSync(path.dirname(file), { recursive: true });
  client.close();
  return sink;
}
