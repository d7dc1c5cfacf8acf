/** What all options have in common: no animation, and tooltips that are text, never markup. */
import type { EChartsOption } from "echarts";
import { html } from "../markup.ts";
import { FONT } from "./frame.ts";

export const base = {
  animation: false,
  textStyle: { fontFamily: FONT },
  tooltip: {
    trigger: "item",
    confine: true,
    transitionDuration: 0,
    className: "tip",
    borderWidth: 0,
    padding: 0,
    backgroundColor: "transparent",
    textStyle: { color: "inherit" },
    formatter: (item: unknown) => html`${nameIn(item)}`.text,
  },
} as const satisfies EChartsOption;

function nameIn(item: unknown): string {
  if (typeof item !== "object" || item === null || !("name" in item)) return "";
  return typeof item.name === "string" ? item.name : "";
}
