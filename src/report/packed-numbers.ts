/**
 * Encodes whole numbers in as many bytes as they need: the first byte holds the sign and six bits, each further
 * one seven. Uses division instead of shifts, since a zxid has more than 32 bits.
 */

export class ByteWriter {
  #bytes = new Uint8Array(1024);
  #length = 0;

  signed(value: number): void {
    const positive = Math.abs(value);
    let rest = Math.floor(positive / 64);
    this.#byte((rest > 0 ? 128 : 0) + (value < 0 ? 64 : 0) + (positive % 64));
    while (rest > 0) {
      const low = rest % 128;
      rest = Math.floor(rest / 128);
      this.#byte((rest > 0 ? 128 : 0) + low);
    }
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  written(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * (this.#length + more));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

export class ByteReader {
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  signed(): number {
    const first = this.#byte();
    let value = first & 63;
    let factor = 64;
    for (let more = first >= 128; more; factor *= 128) {
      const byte = this.#byte();
      value += (byte & 127) * factor;
      more = byte >= 128;
    }
    return (first & 64) === 0 ? value : -value;
  }

  bytes(length: number): Uint8Array {
    const bytes = this.#bytes.subarray(this.#position, this.#position + length);
    this.#position += length;
    return bytes;
  }

  #byte(): number {
    const byte = this.#bytes[this.#position++];
    if (byte === undefined) throw new RangeError("the packed history ends too early");
    return byte;
  }
}
