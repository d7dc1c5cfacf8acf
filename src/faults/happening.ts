/** What a fault does, as the beginning of a story. */
import { faultNamed } from "./faults.ts";

/** "The leader resigns"; a fault that is not known here is called by its name. */
export function happening(name: string): string {
  const fault = faultNamed(name);
  if (fault === undefined) return `The fault ${name} strikes`;
  const clause = fault.happens ?? fault.summary.replace(/[,;].*/, "");
  return clause.charAt(0).toUpperCase() + clause.slice(1);
}
