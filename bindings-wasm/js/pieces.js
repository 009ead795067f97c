// Bodies in pieces: slowly, and without end.

/** Bytes of a request's body that the emulator reads; one more, and it refuses. */
export const BODY = 64 * 1024;

const PER_SECOND = 20;

/** The body in pieces, each with the milliseconds to wait before it. */
export function* paced(body, bytesPerSecond) {
  const size = Math.max(1, Math.floor(bytesPerSecond / PER_SECOND));
  for (let at = 0; at < body.length; at += size) {
    const piece = body.subarray(at, at + size);
    yield [(1000 * piece.length) / bytesPerSecond, piece];
  }
}

/** The body so often that it makes a piece worth sending. For an empty one, a space. */
export function repeated(body) {
  const unit = body.length > 0 ? body : new TextEncoder().encode(" ");
  const times = Math.max(1, Math.floor(16_384 / unit.length));
  const piece = new Uint8Array(unit.length * times);
  for (let index = 0; index < times; index += 1) piece.set(unit, index * unit.length);
  return piece;
}
