/// <reference lib="dom" />
/** The parts of a section that a script uses: marked with `data-part` where the section is written. */

export function part<T extends HTMLElement>(root: Element, name: string, type: new () => T): T {
  const found = root.querySelector(`[data-part="${name}"]`);
  if (!(found instanceof type)) throw new Error(`the page has no ${name}`);
  return found;
}

/** Text in a new element: whatever it contains, it stays text. */
export function textIn(name: "b" | "span" | "li" | "p" | "option", text: string): HTMLElement {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}
