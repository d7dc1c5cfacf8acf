/// <reference lib="dom" />
/** A small note over a drawing. */
import { textIn } from "./page-parts.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Shows it beside a point, and within the element that it is in. */
export function writeTip(tip: HTMLElement, title: string, lines: readonly string[], { x, y }: Point): void {
  tip.replaceChildren(
    textIn("b", title),
    ...lines.filter((line) => line !== "").map((line) => textIn("span", line)),
  );
  tip.hidden = false;
  const stage = tip.parentElement;
  if (stage === null) return;
  const left = x + 14 + tip.offsetWidth > stage.clientWidth ? x - 14 - tip.offsetWidth : x + 14;
  const top = y + 14 + tip.offsetHeight > stage.clientHeight ? y - 10 - tip.offsetHeight : y + 14;
  tip.style.left = `${Math.max(2, left)}px`;
  tip.style.top = `${Math.max(2, top)}px`;
}
