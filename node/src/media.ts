/** Images, read when they are asked for: from memory that is lent, a Blob, or a file, in constant memory. */
import { constants, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { IN, INPUTS } from './constants.js';
import type { Problem } from './errors.js';
import { bytesOf, typeName } from './values.js';

/** An image: a path, bytes, a Blob, or an open file. Read twice, first to sign and then to send. */
export type Image = string | URL | Uint8Array | ArrayBuffer | DataView | Blob | FileHandle;

/** A part of an image: its bytes from `from` on; none where it has ended. */
export interface Window {
  readonly bytes: Uint8Array;
  readonly from: number;
}

/** An image that can be read. */
export interface Media {
  readonly size: number;
  /** A part that holds what is at `offset`. */
  window(offset: number): Window | Promise<Window>;
  /** Nothing is read for a while: what is held of memory and files is given back. */
  rest(): void;
  close(): Promise<void>;
}

/** What is read of a file at a time. */
const WINDOW = 262144;

/** Memory of the caller's: when it shrinks or is transferred meanwhile, it ends there. */
class Memory implements Media {
  readonly size: number;
  readonly #bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.size = bytes.byteLength;
  }
  window(offset: number): Window {
    const gone = this.#bytes.byteLength !== this.size;
    return gone ? { bytes: new Uint8Array(0), from: offset } : { bytes: this.#bytes, from: 0 };
  }
  rest(): void {}
  async close(): Promise<void> {}
}

/** A part of the whole at a time. */
abstract class Windowed implements Media {
  abstract readonly size: number;
  #window: Window = { bytes: new Uint8Array(0), from: 0 };

  /** Up to WINDOW bytes from `offset` on. */
  protected abstract load(offset: number): Promise<Uint8Array>;

  window(offset: number): Window | Promise<Window> {
    const { bytes, from } = this.#window;
    return offset >= from && offset < from + bytes.byteLength ? this.#window : this.#move(offset);
  }
  /** What can not be read any more ends there: the library says what that means. */
  async #move(offset: number): Promise<Window> {
    const bytes = await this.load(offset).catch(() => new Uint8Array(0));
    this.#window = { bytes, from: offset };
    return this.#window;
  }
  rest(): void {
    this.#window = { bytes: new Uint8Array(0), from: 0 };
  }
  async close(): Promise<void> {
    this.rest();
  }
}

class BlobMedia extends Windowed {
  readonly size: number;
  readonly #blob: Blob;
  constructor(blob: Blob) {
    super();
    this.#blob = blob;
    this.size = blob.size;
  }
  protected override async load(offset: number): Promise<Uint8Array> {
    return new Uint8Array(await this.#blob.slice(offset, offset + WINDOW).arrayBuffer());
  }
}

/** A file of the caller's, which stays open. */
class HandleMedia extends Windowed {
  readonly size: number;
  readonly #file: FileHandle;
  constructor(file: FileHandle, size: number) {
    super();
    this.#file = file;
    this.size = size;
  }
  protected override load(offset: number): Promise<Uint8Array> {
    return readAt(this.#file, offset, this.size);
  }
}

async function readAt(file: FileHandle, offset: number, size: number): Promise<Uint8Array> {
  const room = Buffer.allocUnsafeSlow(Math.min(WINDOW, Math.max(size - offset, 1)));
  const { bytesRead } = await file.read(room, 0, room.byteLength, offset);
  return room.subarray(0, bytesRead);
}

/** A regular file only: a pipe can not be read twice, and opening one could hang. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/** A file by its path: open while it is read, so that a thousand that wait hold none. */
class PathMedia extends Windowed {
  readonly size: number;
  readonly #path: string;
  readonly #identity: string;
  #file: FileHandle | null = null;
  #closed = false;
  constructor(path: string, info: Stats) {
    super();
    this.#path = path;
    this.#identity = identityOf(info);
    this.size = info.size;
  }
  protected override async load(offset: number): Promise<Uint8Array> {
    const file = this.#file ?? (await this.#open());
    if (this.#closed) {
      await file.close();
      throw new Unreadable('the image is not read any more');
    }
    this.#file = file;
    return readAt(file, offset, this.size);
  }
  /** Another file in its place is no image of ours: it can not be read. */
  async #open(): Promise<FileHandle> {
    const file = await open(this.#path, FLAGS);
    if (identityOf(await file.stat()) === this.#identity) return file;
    await file.close();
    throw new Unreadable('the image file was replaced');
  }
  override rest(): void {
    super.rest();
    void this.#release();
  }
  async #release(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.close().catch(() => {});
  }
  override async close(): Promise<void> {
    this.#closed = true;
    await super.close();
    await this.#release();
  }
}

function identityOf({ dev, ino, size }: Stats): string {
  return `${dev} ${ino} ${size}`;
}

/** An image that can not be had: the caller makes a problem of it. */
export class Unreadable extends Error {}

async function fromPath(given: string | URL): Promise<Media> {
  let file: FileHandle;
  const path = given instanceof URL ? fileURLToPath(given) : given;
  try {
    file = await open(path, FLAGS);
  } catch {
    throw new Unreadable('the image file can not be opened');
  }
  try {
    const info = await file.stat();
    if (!info.isFile()) throw new Unreadable('the image file is not a regular file');
    return new PathMedia(path, info);
  } finally {
    await file.close();
  }
}

async function fromHandle(file: FileHandle): Promise<Media> {
  const info = await file.stat().catch(() => null);
  if (!info?.isFile()) throw new Unreadable('the open file of the image is closed, or not a regular file');
  return new HandleMedia(file, info.size);
}

function isHandle(image: unknown): image is FileHandle {
  const like = image as { fd?: unknown; read?: unknown; stat?: unknown } | null;
  return typeof like?.fd === 'number' && typeof like.read === 'function' && typeof like.stat === 'function';
}

/** Whether it is an image by its type; nothing is read. */
export function isImage(image: unknown): image is Image {
  return (
    typeof image === 'string' ||
    image instanceof URL ||
    ArrayBuffer.isView(image) ||
    image instanceof ArrayBuffer ||
    image instanceof Blob ||
    isHandle(image)
  );
}

/** Opens an image; throws Unreadable or a TypeError. */
export async function openMedia(image: Image): Promise<Media> {
  if (typeof image === 'string' || image instanceof URL) return fromPath(image);
  if (image instanceof Blob) return new BlobMedia(image);
  if (isHandle(image)) return fromHandle(image);
  return new Memory(bytesOf(image, 'the image'));
}

export function unreadable(hint: string): Problem {
  return { field: INPUTS[IN.SELFIE] as string, code: 'UNREADABLE', severity: 'error', hint };
}

export function notAnImage(image: unknown): Problem {
  const hint = `an image is a path, bytes, a Blob or an open file, not ${typeName(image)}`;
  return { field: INPUTS[IN.SELFIE] as string, code: 'NOT_AN_IMAGE', severity: 'error', hint };
}
