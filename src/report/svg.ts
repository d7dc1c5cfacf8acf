/**
 * SVG as plain values, so that one function draws for both sides: this file turns it into markup,
 * client/svg-element.ts into elements. Neither lets data become tags.
 */
import { html, Markup } from "./markup.ts";

export interface SvgNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly children: readonly (SvgNode | string)[];
}

export function svg(
  name: string,
  attributes: SvgNode["attributes"],
  ...children: readonly (SvgNode | string)[]
): SvgNode {
  return { name, attributes, children };
}

/** Names of tags and attributes are ours; their contents are escaped. */
export function svgMarkup({ name, attributes, children }: SvgNode): Markup {
  const tag = new Markup(name);
  const given = Object.entries(attributes).map(([key, value]) => html` ${new Markup(key)}="${value}"`);
  const inside = children.map((child) => (typeof child === "string" ? child : svgMarkup(child)));
  return html`<${tag}${given}>${inside}</${tag}>`;
}
