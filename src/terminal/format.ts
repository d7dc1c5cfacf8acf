/** How figures and words look in a terminal. The only place that knows of colour. */
import { Chalk } from "chalk";

export type Paint = InstanceType<typeof Chalk>;

/** Colour for a terminal, plain text for a pipe or where `NO_COLOR` (no-color.org) is set. */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  const plain = !stream.isTTY || (process.env.NO_COLOR ?? "") !== "";
  return plain ? new Chalk({ level: 0 }) : new Chalk();
}

/** Three significant digits, and never more than a hundredth of a millisecond. */
export function milliseconds(ms: number): string {
  if (ms >= 100) return ms.toFixed(0);
  return ms >= 10 ? ms.toFixed(1) : ms.toFixed(2);
}

/** A count per failover: whole where it is whole. */
export function count(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}

export function ratio(value: number): string {
  return value >= 10 ? value.toFixed(0) : value.toFixed(1);
}
