/**
 * A contender's lifetime, as far as it is certain: when its znode existed beyond doubt. Its beginning needs no
 * time, since the czxids show who was there first. It ends at the first event that may have removed it, so that
 * nobody is accused of having passed over a contender that was about to go.
 */
import type { Biography } from "./biography.ts";

export interface Lifetime {
  readonly candidate: number;
  readonly sequence: number;
  readonly czxid: number;
  /** It certainly existed up to here; `Infinity` if the history has nothing that ends it. */
  readonly certainUntil: number;
  /** The time when its candidate itself began to remove it, or to make another one; `null` if it never did. */
  readonly givenUpAt: number | null;
}

type Draft = { -readonly [F in keyof Lifetime]: Lifetime[F] };

export function lifetimesOf(biography: Biography): Lifetime[] {
  const lifetimes: Draft[] = [];
  let current: Draft | undefined;
  let session: string | undefined;
  let suspended = false;
  /** The time of the last request that was answered: the session lived then. */
  let proof = 0;
  let asked = 0;

  const certainUpTo = (at: number) => {
    if (current !== undefined) current.certainUntil = Math.min(current.certainUntil, at);
  };
  const diesWithItsSession = () => {
    certainUpTo(proof);
    current = undefined;
  };
  const giveUp = (at: number) => {
    if (current !== undefined) current.givenUpAt ??= at;
  };

  for (const event of biography) {
    const { at } = event;
    switch (event.type) {
      case "connected": {
        const connected = `${event.sessionHigh}/${event.sessionLow}`;
        if (session !== undefined && connected !== session) diesWithItsSession();
        session = connected;
        suspended = false;
        break;
      }
      case "suspended":
        suspended = true;
        break;
      case "expired":
        diesWithItsSession();
        break;
      case "creating":
        // A znode that vanished behind its owner's back: nothing shows when.
        if (current?.givenUpAt === null) certainUpTo(0);
        giveUp(at);
        break;
      case "created": {
        const { candidate, sequence, czxid } = event;
        if (current?.czxid === czxid) break;
        giveUp(at);
        current = { candidate, sequence, czxid, certainUntil: Number.POSITIVE_INFINITY, givenUpAt: null };
        lifetimes.push(current);
        proof = at;
        break;
      }
      case "reading":
        asked = at;
        break;
      case "read":
      case "armed":
        proof = Math.max(proof, asked);
        asked = at;
        break;
      case "fault":
        // Nothing was known against the session: it lived until it was struck.
        if (!suspended) proof = at;
        certainUpTo(proof);
        break;
      case "removing":
      case "closing":
        certainUpTo(suspended ? proof : at);
        giveUp(at);
        break;
      default:
        break;
    }
  }
  if (suspended) certainUpTo(proof);
  return lifetimes;
}
