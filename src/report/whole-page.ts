/** A page that is one file and needs nothing else. Its policy forbids every request, unless it has a server. */
import { embeddedScript } from "./embed.ts";
import { html, Markup } from "./markup.ts";

export interface PageParts {
  readonly title: string;
  readonly description: string;
  readonly style: string;
  readonly body: Markup;
  /** The bundle of its script. */
  readonly script: string;
  /** Whether the script may ask whoever has served the page. */
  readonly asks?: "its-server" | "nobody" | undefined;
}

/** The whole document as text. */
export function wholePage({ title, description, style, body, script, asks = "nobody" }: PageParts): string {
  const client = embeddedScript(script);
  const connect = asks === "its-server" ? " connect-src 'self';" : "";
  const policy = `default-src 'none';${connect} style-src 'unsafe-inline'; script-src ${client.source}; img-src data:; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="${description}">
<title>${title} · zk-election-lab</title>
<style>${new Markup(style)}</style>
</head>
<body>
${body}
${client.markup}
</body>
</html>
`.text;
}
