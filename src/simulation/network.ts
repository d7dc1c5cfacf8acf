/**
 * What a network lets through, as seen from one of its ends: `mute` holds that end's messages, `deaf` the
 * messages to it.
 */
export type Network = "open" | "cut" | "mute" | "deaf";

export function hears(network: Network): boolean {
  return network === "open" || network === "mute";
}

export function isHeard(network: Network): boolean {
  return network === "open" || network === "deaf";
}
