/// <reference lib="dom" />
/** One sentence on whatever is pointed at or focused: what it is. A finger taps it. */

/** The distance between a tip and what it is about, and the edge of the window, in pixels. */
const GAP = 8;
/** Whoever only passes by is not told. */
const PATIENCE_MS = 250;

interface Told {
  readonly text: string;
  /** What the tip stands beside. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

export class Tips {
  readonly #tip = document.createElement("div");
  readonly #wordsOf: (target: Element, point: Point | undefined) => string | undefined;
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #described: Element | undefined;
  /** What the tip is about. */
  #about: { readonly target: Element; readonly point: Point | undefined } | undefined;

  /** @param wordsOf tells of elements without a `data-tip`; the point is where the pointer is, if anywhere */
  constructor(wordsOf: (target: Element, point: Point | undefined) => string | undefined) {
    this.#wordsOf = wordsOf;
    this.#tip.className = "tip";
    this.#tip.id = "tip";
    this.#tip.setAttribute("role", "tooltip");
    this.#tip.hidden = true;
    document.body.append(this.#tip);
    document.addEventListener("pointermove", (event) => {
      if (event.pointerType !== "touch") this.#point(event, PATIENCE_MS);
    });
    document.addEventListener("pointerdown", () => this.#hide());
    document.addEventListener("click", (event) => {
      if (event instanceof PointerEvent && event.pointerType === "touch") this.#point(event, 0);
    });
    document.addEventListener("focusin", ({ target }) => this.#focus(target));
    document.addEventListener("focusout", () => this.#hide());
    document.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") this.#hide();
    });
    addEventListener("scroll", () => this.#scrolled(), { passive: true });
  }

  /** What it is about may have changed. */
  refresh(): void {
    if (this.#about === undefined || this.#tip.hidden) return;
    const { target, point } = this.#about;
    const told = target.isConnected ? this.#toldOf(target, point) : undefined;
    if (told === undefined) this.#hide();
    else if (told.text !== this.#tip.textContent) this.#show(told);
  }

  #point({ target, clientX, clientY }: PointerEvent, patience: number): void {
    clearTimeout(this.#waiting);
    if (!(target instanceof Element)) return;
    const point = { x: clientX, y: clientY };
    const told = this.#toldOf(target, point);
    if (told === undefined) {
      this.#hide();
      return;
    }
    this.#about = { target, point };
    if (this.#tip.hidden) this.#waiting = setTimeout(() => this.#show(told), patience);
    else this.#show(told);
  }

  #focus(target: EventTarget | null): void {
    if (!(target instanceof Element) || !target.matches(":focus-visible")) return;
    const told = this.#toldOf(target, undefined);
    if (told === undefined) return;
    this.#about = { target, point: undefined };
    this.#show(told);
    target.setAttribute("aria-describedby", this.#tip.id);
    this.#described = target;
  }

  /** What has the focus takes its tip along; the pointer may be over something else now. */
  #scrolled(): void {
    const told =
      this.#described === undefined || this.#tip.hidden
        ? undefined
        : this.#toldOf(this.#described, undefined);
    if (told === undefined) this.#hide();
    else this.#show(told);
  }

  #toldOf(target: Element, point: Point | undefined): Told | undefined {
    const own = this.#wordsOf(target, point);
    const said = target.closest<HTMLElement>("[data-tip]");
    const text = own ?? said?.dataset.tip;
    if (text === undefined) return undefined;
    // What is wide or has no edges of its own is told of where one points.
    const { left, right, top, bottom } =
      (own === undefined ? said : target)?.getBoundingClientRect() ?? new DOMRect();
    if (point === undefined) return { text, left, right, top, bottom };
    return {
      text,
      left: point.x,
      right: point.x,
      top: Math.max(top, point.y - 12),
      bottom: Math.min(bottom, point.y + 12),
    };
  }

  /** Below, or above where there is no room. */
  #show({ text, left, right, top, bottom }: Told): void {
    const tip = this.#tip;
    if (tip.textContent !== text) tip.textContent = text;
    tip.hidden = false;
    const { innerWidth, innerHeight } = window;
    const x = Math.max(
      GAP,
      Math.min((left + right - tip.offsetWidth) / 2, innerWidth - tip.offsetWidth - GAP),
    );
    const isBelow = bottom + GAP + tip.offsetHeight <= innerHeight;
    tip.style.left = `${x}px`;
    tip.style.top = `${Math.max(GAP, isBelow ? bottom + GAP : top - GAP - tip.offsetHeight)}px`;
  }

  #hide(): void {
    clearTimeout(this.#waiting);
    this.#tip.hidden = true;
    this.#described?.removeAttribute("aria-describedby");
    this.#described = undefined;
  }
}
