/**
 * The library as the service of the docs imports it, except that each write through a fence is reported on
 * standard output.
 */
import { type Fence, fence as plain } from "../src/election/fence.ts";

export * from "../src/index.ts";

export function fence(token: number): Fence {
  const one = plain(token);
  return {
    ...one,
    async write(...args) {
      const stat = await one.write(...args);
      console.log("wrote");
      return stat;
    },
  };
}
