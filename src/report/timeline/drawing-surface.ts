/**
 * The timeline's drawing surface: a canvas in the browser, an SVG without JavaScript. Inks are names of the
 * page's own colours, so that light and dark follow the page.
 */
import type { Ink } from "../palette.ts";
import { type SvgNode, svg } from "../svg.ts";

export interface TextStyle {
  readonly ink: Ink;
  readonly size: number;
  readonly align?: "start" | "middle" | "end";
  readonly bold?: boolean;
}

export interface Surface {
  /** Sets the colour and opacity of the following rectangles. */
  fill(ink: Ink, opacity?: number): void;
  rect(x: number, y: number, width: number, height: number): void;
  /** The text stands on a baseline. */
  text(x: number, y: number, text: string, style: TextStyle): void;
  textWidth(text: string, style: TextStyle): number;
}

/** Collects the drawing as nodes: rectangles of one look that follow each other are one. */
export class SvgSurface implements Surface {
  readonly #nodes: SvgNode[] = [];
  #style = "";
  #path = "";

  get nodes(): readonly SvgNode[] {
    this.#end();
    return this.#nodes;
  }

  fill(ink: Ink, opacity = 1): void {
    this.#end();
    this.#style = opacity === 1 ? `fill:var(--${ink})` : `fill:var(--${ink});opacity:${opacity}`;
  }

  rect(x: number, y: number, width: number, height: number): void {
    this.#path += `M${short(x)} ${short(y)}h${short(width)}v${short(height)}h${-short(width)}z`;
  }

  #end(): void {
    if (this.#path !== "") this.#nodes.push(svg("path", { style: this.#style, d: this.#path }));
    this.#path = "";
  }

  text(x: number, y: number, text: string, { ink, size, align = "start", bold = false }: TextStyle): void {
    this.#end();
    const style = `fill:var(--${ink});font-size:${size}px;text-anchor:${align}${bold ? ";font-weight:600" : ""}`;
    this.#nodes.push(svg("text", { x: short(x), y: short(y), style }, text));
  }

  /** Nothing can measure text here, so this is a generous guess. */
  textWidth(text: string, { size }: TextStyle): number {
    return text.length * size * 0.58;
  }
}

const short = (value: number) => Math.round(value * 10) / 10;
