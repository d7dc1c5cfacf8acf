/** Loads a candidate's scheme in its thread. A user's own scheme is watched: nobody has tried it before. */

import type { Decision, Scheme } from "../election/scheme.ts";
import { comesFromScheme } from "../election/scheme-origin.ts";
import { schemes } from "../election/schemes.ts";
import { messageOf } from "../thrown.ts";
import { CandidateFailed } from "./blame.ts";
import type { OwnSchemeSource, SchemeSource } from "./protocol.ts";

/** Imports a module: `import()`, in the file that Node has loaded (compiled-code.ts). */
export type Load = (url: string) => Promise<unknown>;

/** @param onDecision is called when the user's own scheme begins to decide, and when it has decided */
export async function schemeOf(source: OwnSchemeSource, load: Load, onDecision: () => void): Promise<Scheme> {
  if ("name" in source) return schemes[source.name];
  try {
    const { scheme } = (await load(source.url)) as { readonly scheme: Scheme };
    return watched(scheme, onDecision);
  } catch (cause) {
    throw blamed(`scheme ${source.title} cannot be loaded by a candidate`, cause);
  }
}

/** The uncaught error of a candidate's thread: a scheme's timers and promises fail outside every call. */
export function lateFault(error: unknown, scheme: SchemeSource | undefined): unknown {
  if (scheme === undefined || !("url" in scheme) || !comesFromScheme(error)) return error;
  return blamed(`scheme ${scheme.title} throws after it was loaded`, error);
}

function blamed(what: string, cause: unknown): CandidateFailed {
  return new CandidateFailed("scheme", `${what}: ${messageOf(cause)}`, { cause });
}

function watched(scheme: Scheme, onDecision: () => void): Scheme {
  const { name } = scheme;
  return {
    name,
    watchesChildren: scheme.watchesChildren,
    watchesPredecessor: scheme.watchesPredecessor === true,
    inherits: scheme.inherits === true,
    notifications: (death) => scheme.notifications(death),
    decide: (view) => {
      onDecision();
      try {
        return checked(scheme, scheme.decide(view));
      } catch (cause) {
        throw blamed(`scheme ${name}: decide() fails`, cause);
      } finally {
        onDecision();
      }
    },
  };
}

/** Refuses other answers, with which the candidate would wait for something that never comes. */
function checked({ watchesChildren }: Scheme, decision: Decision | undefined): Decision {
  switch (decision?.type) {
    case "lead":
      return decision;
    case "watch":
      if (typeof decision.contender?.name === "string") return decision;
      throw new Error(`it wants to watch a contender, but names none`);
    case "watch-children":
      if (watchesChildren) return decision;
      throw new Error(`it wants to watch the children, but its watchesChildren is false`);
    default:
      throw new Error(`it decides on ${JSON.stringify(decision)}, which is not a decision`);
  }
}
