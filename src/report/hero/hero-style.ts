/** The style of the hero. Colours are the page's custom properties. */
import { markStyle } from "./strip-picture.ts";

export const heroStyle = `
.hero figure, .hero-axis { display: grid; grid-template-columns: 11rem minmax(0, 1fr) 13.2rem; column-gap: 1rem; }
.hero figure { margin: .7rem 0; align-items: center; break-inside: avoid; }
.hero figure svg { display: block; width: 100%; background: var(--raised); }
.hero figcaption b { display: block; font-size: 1.1rem; overflow-wrap: anywhere; }
.hero figcaption span, .hero figure p span { display: block; line-height: 1.35; }
.hero figure p { display: grid; grid-template-columns: auto 1fr; column-gap: .45rem; align-items: baseline; margin: 0;
  font-size: .86rem; font-variant-numeric: tabular-nums; }
.hero figure p span { display: grid; grid-template-columns: subgrid; grid-column: 1 / -1; align-items: baseline; }
.hero figure p b { text-align: right; font-size: 1.15rem; white-space: nowrap; }
.hero figure p span:first-child b { font-size: 2.2rem; line-height: 1.05; letter-spacing: -.02em; }
.hero figure p .bad { font-weight: 400; }
.hero-axis { height: 1.4rem; margin-top: -.4rem; color: var(--muted); font-size: .8rem; }
.hero-axis div { grid-column: 2; position: relative; }
.hero-axis span { position: absolute; transform: translateX(-50%); white-space: nowrap; }
.mark-quiet { stroke-width: .7px; } .mark-cut { stroke-width: 2px; } .mark-claim, .mark-fault { stroke-width: 1.6px; }
${markStyle((ink) => `var(--${ink})`)}
@media (max-width: 700px) {
  .hero figure { grid-template-columns: minmax(7rem, 1fr) auto; row-gap: .4rem; margin: 1.3rem 0; align-items: end; }
  .hero figure > a { grid-row: 2; grid-column: 1 / -1; }
  .hero-axis { grid-template-columns: minmax(0, 1fr); } .hero-axis div { grid-column: 1; }
}
`;
