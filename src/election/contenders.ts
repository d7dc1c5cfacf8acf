/**
 * Contenders: the znodes of an election, and their order.
 *
 * A contender is named `<guid>-c-<number>`. ZooKeeper makes the number from a signed 32-bit counter that
 * wraps: after 2147483647 comes -2147483648 (Programmer's Guide, "Sequence Nodes").
 */

export interface Contender {
  readonly name: string;
  /** Signed 32-bit. */
  readonly sequence: number;
}

const MARK = "-c-";
/** Of a guid: 32 hexadecimal digits. */
const MARK_AT = 32;

/** The name to create, to which the server adds the number. */
export function prefixOf(guid: string): string {
  return `${guid}${MARK}`;
}

/**
 * `undefined` for a child that is no contender of ours. Every child is looked at in the middle of a failover, by a
 * thread that has hardly ever done so: a regular expression would take a tenth of the takeover among 200.
 */
export function contenderOf(name: string): Contender | undefined {
  if (!name.startsWith(MARK, MARK_AT)) return undefined;
  const sequence = Number(name.slice(MARK_AT + MARK.length));
  // Padded to ten characters, sign included; only the lowest need one more.
  const length = MARK_AT + MARK.length + (sequence <= -1e9 ? 11 : 10);
  return Number.isInteger(sequence) && name.length === length ? { name, sequence } : undefined;
}

/**
 * Negative when the first is older. The difference is taken in 32 bits, so that the order holds across the
 * wrap, as long as all living contenders lie within 2^31 of each other.
 */
export function byAge(a: Contender, b: Contender): number {
  return (a.sequence - b.sequence) | 0;
}

/** The contenders among the children of an election, the oldest first. */
export function contendersOf(children: readonly string[]): Contender[] {
  const contenders: Contender[] = [];
  for (const name of children) {
    const contender = contenderOf(name);
    if (contender !== undefined) contenders.push(contender);
  }
  return contenders.sort(byAge);
}
