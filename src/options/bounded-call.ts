/** A call of code that may never return, in this thread: it is broken off. */
import { createContext, Script } from "node:vm";
import { codeOf } from "../thrown.ts";

/** It has not returned by then. */
export class Unending extends Error {
  override readonly name = "Unending";
}

const script = new Script("call()");
const context = createContext({ call: undefined });

/**
 * Costs some hundredths of a millisecond, as a second thread looks after it: nothing for a measured window.
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
