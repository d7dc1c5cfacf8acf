/**
 * How long data takes from a candidate to its server, or back: a condition of a trial, so results name it in
 * one form.
 */

/** One way, in milliseconds. The time of each packet is drawn evenly from `ms ± jitterMs`. */
export interface Delay {
  readonly ms: number;
  readonly jitterMs: number;
}

/** Only the machine's own network. */
export const NO_DELAY = "none";

const LONGEST_MS = 10_000;

const FORM = /^(\d{1,5}(?:\.\d{1,3})?)(?:ms)?(?:(?:±|\+\/?-)(\d{1,5}(?:\.\d{1,3})?)(?:ms)?)?$/;

/** Half of a published round trip between two regions, or two zones of one. */
export const wanDelays = {
  // A round trip takes 76 ms between North Europe (Dublin) and East US (Virginia): P95 of July 2026,
  // https://learn.microsoft.com/azure/networking/azure-network-latency
  "eu-us": "38ms",
  // And 181 ms between Southeast Asia (Singapore) and West Europe (Amsterdam), from the same page.
  "ap-eu": "90ms",
  // AWS places the zones of a region for "single-digit millisecond latency",
  // https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/availability-zones.html;
  // a round trip between two of them took 0.25 to 3.4 ms,
  // https://www.xkyle.com/Measuring-AWS-Region-and-AZ-Latency/
  "same-region": "1ms",
} as const;

export type Wan = keyof typeof wanDelays;

/** `null` if the text is no delay. */
export function parseDelay(text: string): Delay | null {
  if (text === NO_DELAY) return { ms: 0, jitterMs: 0 };
  const [whole, ms, jitterMs = 0] = FORM.exec(text.replaceAll(" ", "")) ?? [];
  if (whole === undefined) return null;
  const delay = { ms: Number(ms), jitterMs: Number(jitterMs) };
  return delay.ms > LONGEST_MS || delay.jitterMs > delay.ms ? null : delay;
}

/** The form in which results name a delay: `none`, `20ms` or `20ms±5ms`. */
export function delayName({ ms, jitterMs }: Delay): string {
  if (ms === 0) return NO_DELAY;
  return jitterMs === 0 ? `${ms}ms` : `${ms}ms±${jitterMs}ms`;
}
