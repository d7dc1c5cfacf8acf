/** What each thread of the pool loads: the host, which the main thread has compiled. */
import { type CompiledCode, evaluate } from "./compiled-code.ts";
import type { HostTask } from "./protocol.ts";

/** A thread has one task, in which it is a host to its end. */
export default function run({ code, ...task }: HostTask & { readonly code: CompiledCode }): Promise<void> {
  const host = evaluate(code) as typeof import("./host.ts");
  return host.default(task, (url) => import(url));
}
