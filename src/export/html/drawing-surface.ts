/**
 * What the timeline is drawn on: a canvas in the browser, an SVG where there is no JavaScript. Inks are names
 * of the page's own colours, so that light and dark follow the page.
 */
import type { Ink } from "./palette.ts";
import { type SvgNode, svg } from "./svg.ts";

export interface TextStyle {
  readonly ink: Ink;
  readonly size: number;
  readonly align?: "start" | "middle" | "end";
  readonly bold?: boolean;
}

export interface Surface {
  /** Colour and opacity of the rectangles to come. */
  fill(ink: Ink, opacity?: number): void;
  rect(x: number, y: number, width: number, height: number): void;
  /** On a baseline. */
  text(x: number, y: number, text: string, style: TextStyle): void;
  textWidth(text: string, style: TextStyle): number;
}

/** Collects what is drawn as nodes. */
export class SvgSurface implements Surface {
  readonly nodes: SvgNode[] = [];
  #style = "";

  fill(ink: Ink, opacity = 1): void {
    this.#style = opacity === 1 ? `fill:var(--${ink})` : `fill:var(--${ink});opacity:${opacity}`;
  }

  rect(x: number, y: number, width: number, height: number): void {
    const place = { x: short(x), y: short(y), width: short(width), height: short(height) };
    this.nodes.push(svg("rect", { ...place, style: this.#style }));
  }

  text(x: number, y: number, text: string, { ink, size, align = "start", bold = false }: TextStyle): void {
    const style = `fill:var(--${ink});font-size:${size}px;text-anchor:${align}${bold ? ";font-weight:600" : ""}`;
    this.nodes.push(svg("text", { x: short(x), y: short(y), style }, text));
  }

  /** Nothing measures text here: a generous guess. */
  textWidth(text: string, { size }: TextStyle): number {
    return text.length * size * 0.58;
  }
}

const short = (value: number) => Math.round(value * 10) / 10;
