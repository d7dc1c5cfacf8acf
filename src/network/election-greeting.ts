/**
 * The first message of a connection between two ZooKeeper servers for their elections (`InitialMessage` in
 * QuorumCnxManager.java): a protocol version and the sender's number, of 8 bytes each, then the length of a
 * text of 4 bytes, and the text: the address at which the sender can be reached. Of two servers the one with
 * the higher number connects: if it is called by the other, it hangs up and calls back at that address. So it
 * would go round a relay.
 */
const HEAD_BYTES = 20;
/** What `QuorumCnxManager` accepts. */
const LONGEST = 512;

/** Replaces the address. */
export class ElectionGreeting {
  readonly #address: string;
  #before = Buffer.alloc(0);
  #isOver = false;

  /** @param address `host:port` */
  constructor(address: string) {
    this.#address = address;
  }

  /** What to pass on in place of these bytes; nothing while the greeting is not complete. */
  replace(bytes: Buffer): Buffer {
    if (this.#isOver) return bytes;
    const all = Buffer.concat([this.#before, bytes]);
    const length = all.length < HEAD_BYTES ? 0 : all.readInt32BE(HEAD_BYTES - 4);
    if (all.length < HEAD_BYTES + length && length <= LONGEST) {
      this.#before = all;
      return Buffer.alloc(0);
    }
    this.#isOver = true;
    // This is something else.
    if (length <= 0 || length > LONGEST) return all;
    const head = Buffer.from(all.subarray(0, HEAD_BYTES));
    head.writeInt32BE(this.#address.length, HEAD_BYTES - 4);
    return Buffer.concat([head, Buffer.from(this.#address), all.subarray(HEAD_BYTES + length)]);
  }
}
