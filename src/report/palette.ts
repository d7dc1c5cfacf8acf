/**
 * The page's colours, in light and in dark mode. They are custom properties, so that one drawing serves
 * light, dark and paper. Each text colour has a contrast of 4.5 or more to the paper, each mark 3 or more.
 */
const palette = {
  paper: ["#fffefb", "#161615"],
  raised: ["#f6f4ee", "#21211f"],
  ink: ["#1d1d1b", "#ecebe6"],
  muted: ["#5f5e58", "#a8a69c"],
  line: ["#dcd9cf", "#3a3935"],
  band: ["#e6e2d6", "#33322e"],
  accent: ["#0b5cad", "#86bdf5"],
  bad: ["#b3261e", "#ff9a8f"],
  good: ["#1b6e3c", "#7fd19b"],
  warn: ["#8a5a00", "#e8b857"],
  // A colour for each scheme of the lab, and one for all others.
  predecessor: ["#0b62a8", "#63aef0"],
  leader: ["#b84a00", "#ff9152"],
  children: ["#00785c", "#3fc7a0"],
  heir: ["#9a3a7c", "#e48fc6"],
  other: ["#66603a", "#c3bb84"],
  // The parts of a failover.
  detection: ["#8a8f98", "#8d929b"],
  notification: ["#b8811c", "#dba844"],
  takeover: ["#2f5d8c", "#6fa3d8"],
} as const satisfies Record<string, readonly [light: string, dark: string]>;

/** A colour of the page, by its name. */
export type Ink = keyof typeof palette;

/** The declarations of all colours. */
export function declared(mode: "light" | "dark"): string {
  return Object.keys(palette)
    .map((ink) => `--${ink}: ${colourOf(ink as Ink, mode)};`)
    .join(" ");
}

export function colourOf(ink: Ink, mode: "light" | "dark"): string {
  return palette[ink][mode === "light" ? 0 : 1];
}
