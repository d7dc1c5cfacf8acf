/// <reference lib="dom" />
/** Keeps the page's address at what the page shows, and shows what an address names. */
import { type ChainPlace, fragmentOf, type Place, placesIn, type TimelinePlace } from "../address.ts";

/** Browsers do not let a page change its address more often than some three times a second. */
const REST_MS = 300;

export interface Shown {
  readonly timeline: { readonly place: TimelinePlace } | undefined;
  readonly chain: { readonly place: ChainPlace } | undefined;
}

export class AddressBar {
  #shown: Shown | undefined;
  /** Those that somebody has moved, the last one first: nothing else belongs in the address. */
  #moved: Place["of"][] = [];
  #writing: ReturnType<typeof setTimeout> | undefined;

  /** Begins with the address as it is, and listens to links from then on. */
  start(shown: Shown, open: (places: readonly Place[]) => void): void {
    this.#shown = shown;
    open(placesIn(location.hash));
    addEventListener("hashchange", () => open(placesIn(location.hash)));
    document.addEventListener("click", (event) => {
      const link = event.target instanceof Element ? event.target.closest("a[href^='#']") : null;
      const places = placesIn(link?.getAttribute("href") ?? "");
      if (places.length === 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open(places);
    });
  }

  /** Says that another place is shown. */
  moved(of: Place["of"]): void {
    if (this.#shown === undefined) return;
    this.#moved = [of, ...this.#moved.filter((other) => other !== of)];
    clearTimeout(this.#writing);
    this.#writing = setTimeout(() => this.#write(), REST_MS);
  }

  #write(): void {
    const { timeline, chain } = this.#shown ?? {};
    const places = this.#moved.flatMap((of): Place[] => {
      if (of === "timeline") return timeline === undefined ? [] : [{ of, place: timeline.place }];
      return chain === undefined ? [] : [{ of, place: chain.place }];
    });
    // Replaced, not added: the way back leads out of the page, not through every click.
    history.replaceState(null, "", fragmentOf(places));
  }
}
