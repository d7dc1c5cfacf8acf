/** The visible stretch of time: moved and zoomed, within the bounds of what can be seen. */
import { type TimeScale, timeAt } from "../timeline/time-scale.ts";

/** So close that a microsecond is some hundred pixels wide. */
const LEAST_SPAN_NS = 5000;

export class Camera {
  #from = 0;
  #to = 1;
  #begin = 0;
  #finish = 1;

  get from(): number {
    return this.#from;
  }

  get to(): number {
    return this.#to;
  }

  get span(): number {
    return this.#to - this.#from;
  }

  /** Sets the bounds of all later views. */
  within(begin: number, finish: number): void {
    this.#begin = begin;
    this.#finish = Math.max(finish, begin + LEAST_SPAN_NS);
    this.look(begin, finish);
  }

  /** As near to the stretch as the bounds and the closest zoom allow. */
  look(from: number, to: number): void {
    const all = this.#finish - this.#begin;
    const span = Math.min(1.04 * all, Math.max(LEAST_SPAN_NS, to - from));
    const middle = (from + to) / 2;
    const margin = 0.02 * all;
    const least = Math.min(this.#begin - 0.1 * span, this.#begin - margin);
    const most = Math.max(this.#finish + 0.1 * span, this.#finish + margin) - span;
    this.#from =
      span >= all ? this.#begin - (span - all) / 2 : Math.min(most, Math.max(least, middle - span / 2));
    this.#to = this.#from + span;
  }

  /** The moment at `x` stays where it is. */
  zoom(factor: number, x: number, scale: TimeScale): void {
    const fixed = timeAt(scale, x);
    const span = Math.max(LEAST_SPAN_NS, this.span / factor);
    const share = (fixed - this.#from) / this.span;
    this.look(fixed - share * span, fixed + (1 - share) * span);
  }

  /** @param width of the picture, in pixels too */
  pan(pixels: number, width: number): void {
    const time = (pixels / width) * this.span;
    this.look(this.#from - time, this.#to - time);
  }
}
