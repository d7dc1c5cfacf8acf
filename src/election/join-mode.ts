/**
 * How a candidate learns who is before it when it joins: from the list of all contenders, or, if the scheme
 * watches the one just before, from its own number (by-number.ts).
 */
export const joinModes = ["by-list", "by-number"] as const;

export type JoinMode = (typeof joinModes)[number];
