/**
 * What a network lets through, from where one of its ends stands: `mute` holds
 * what that says, `deaf` what it is told.
 */
export type Network = "open" | "cut" | "mute" | "deaf";

export function hears(network: Network): boolean {
  return network === "open" || network === "mute";
}

export function isHeard(network: Network): boolean {
  return network === "open" || network === "deaf";
}
