import type { Parameter } from "./parameter.ts";
import type { Span } from "./span.ts";

/** How long a strike lasts, where nothing limits it but the time that a failover takes. */
export function lasting(meaning: string, timeouts: number) {
  return {
    meaning,
    default: { timeouts },
    moreThan: { ms: 0 },
    atMost: { ms: 60_000 },
    because: "each failover takes as long",
  } as const satisfies Parameter<Span>;
}
