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

/** 32 hexadecimal digits, and a number padded to ten characters, sign included. */
const pattern = /^[0-9a-f]{32}-c-(\d{10}|-\d{9,10})$/;

/** The name to create, to which the server adds the number. */
export function prefixOf(guid: string): string {
  return `${guid}-c-`;
}

/** `undefined` for a child that is no contender of ours. */
export function contenderOf(name: string): Contender | undefined {
  const number = pattern.exec(name)?.[1];
  return number === undefined ? undefined : { name, sequence: Number(number) };
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
