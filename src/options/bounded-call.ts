/** Calls code that may never return, in this thread, and breaks it off. */
import { createContext, Script } from "node:vm";
import { codeOf } from "../thrown.ts";

/** The call has not returned in time. */
export class Unending extends Error {
  override readonly name = "Unending";
}

const script = new Script("call()");
const context = createContext({ call: undefined });

/**
 * Costs some hundredths of a millisecond, since a second thread watches the call: do not use it in a measured
 * window.
 * @throws {Unending} and whatever the call itself throws
 */
export function boundedCall<Value>(call: () => Value, withinMs: number): Value {
  context.call = call;
  try {
    return script.runInContext(context, { timeout: withinMs }) as Value;
  } catch (error) {
    if (codeOf(error) !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
    throw new Unending(`has not returned within ${withinMs / 1000} s`);
  }
}
