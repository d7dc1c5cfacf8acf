/// <reference lib="dom" />
/** Turns plain SVG values into elements of the page. */
import type { SvgNode } from "../svg.ts";

export function svgElement({ name, attributes, children }: SvgNode): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children.map((child) => (typeof child === "string" ? child : svgElement(child))));
  return element;
}
