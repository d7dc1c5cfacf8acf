/** Where a candidate's thread gets its scheme from. One of the user's own is watched: nobody has tried it before. */

import { type Decision, type Scheme, schemes } from "../election/scheme.ts";
import { CandidateFailed } from "./blame.ts";
import type { SchemeSource } from "./protocol.ts";

/** @param onDecision is told when the user's own scheme begins to decide, and when it has decided */
export async function schemeOf(source: SchemeSource, onDecision: () => void): Promise<Scheme> {
  if ("name" in source) return schemes[source.name];
  const { scheme } = (await import(source.url)) as { readonly scheme: Scheme };
  return {
    name: scheme.name,
    watchesChildren: scheme.watchesChildren,
    inherits: scheme.inherits === true,
    notifications: (death) => scheme.notifications(death),
    decide: (view) => {
      onDecision();
      try {
        return checked(scheme, scheme.decide(view));
      } catch (cause) {
        throw new CandidateFailed("scheme", cause instanceof Error ? cause.message : String(cause), {
          cause,
        });
      } finally {
        onDecision();
      }
    },
  };
}

/** With another answer the candidate would wait for what never comes. */
function checked({ name, watchesChildren }: Scheme, decision: Decision | undefined): Decision {
  switch (decision?.type) {
    case "lead":
      return decision;
    case "watch":
      if (typeof decision.contender?.name === "string") return decision;
      throw new Error(`scheme ${name} wants to watch a contender, and names none`);
    case "watch-children":
      if (watchesChildren) return decision;
      throw new Error(
        `scheme ${name} wants to watch the children, and says in watchesChildren that it does not`,
      );
    default:
      throw new Error(`scheme ${name} decides on ${JSON.stringify(decision)}, which is no decision`);
  }
}
