/// <reference lib="dom" />
/** A canvas for the timeline: sharp on every screen, in the page's current colours. */

import type { Ink } from "../palette.ts";
import type { Surface, TextStyle } from "../timeline/drawing-surface.ts";

export class CanvasSurface implements Surface {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #colours = new Map<Ink, string>();
  readonly #above: number;
  #ratio = 1;

  /** @param above pixels of the drawing that the canvas leaves out at its top */
  constructor(canvas: HTMLCanvasElement, above: number) {
    this.#above = above;
    const context = canvas.getContext("2d", { alpha: false });
    if (context === null) throw new Error("this browser draws no canvas");
    this.#canvas = canvas;
    this.#context = context;
  }

  /** Takes the size that the page gives the canvas, in the screen's own pixels. */
  resize(): { width: number; height: number } {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    this.#ratio = devicePixelRatio;
    const [wide, high] = [Math.round(width * this.#ratio), Math.round(height * this.#ratio)];
    if (this.#canvas.width !== wide) this.#canvas.width = wide;
    if (this.#canvas.height !== high) this.#canvas.height = high;
    return { width, height };
  }

  /** The colours may have changed from light to dark. */
  forgetColours(): void {
    this.#colours.clear();
  }

  fill(ink: Ink, opacity = 1): void {
    this.#context.fillStyle = this.#colour(ink);
    this.#context.globalAlpha = opacity;
  }

  /** Edges lie on the screen's pixels, so that neighbours meet without a seam. */
  rect(x: number, y: number, width: number, height: number): void {
    const left = this.#pixel(x);
    const top = this.#pixel(y - this.#above);
    const wide = Math.max(1, Math.round(width * this.#ratio));
    const bottom = Math.max(top + 1, this.#pixel(y - this.#above + height));
    this.#context.fillRect(left, top, wide, bottom - top);
  }

  text(x: number, y: number, text: string, style: TextStyle): void {
    this.#context.globalAlpha = 1;
    this.#context.fillStyle = this.#colour(style.ink);
    this.#context.font = this.#font(style);
    this.#context.textAlign = style.align === "middle" ? "center" : (style.align ?? "start");
    this.#context.fillText(text, x * this.#ratio, (y - this.#above) * this.#ratio);
  }

  textWidth(text: string, style: TextStyle): number {
    this.#context.font = this.#font(style);
    return this.#context.measureText(text).width / this.#ratio;
  }

  /** Adds a tiny amount, so that two computations of one edge are not rounded apart. */
  #pixel(length: number): number {
    return Math.round(length * this.#ratio + 1e-6);
  }

  #font({ size, bold }: TextStyle): string {
    return `${bold ? "600 " : ""}${size * this.#ratio}px system-ui, sans-serif`;
  }

  #colour(ink: Ink): string {
    let colour = this.#colours.get(ink);
    if (colour === undefined) {
      colour = getComputedStyle(this.#canvas).getPropertyValue(`--${ink}`).trim() || "#888";
      this.#colours.set(ink, colour);
    }
    return colour;
  }
}
