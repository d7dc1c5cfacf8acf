/**
 * Checks what the formatter leaves alone: no line of a comment is wider than 112 columns, and no doc comment
 * begins with a bare preposition, since a reader should meet its subject first.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const COLUMNS = 112;

/** The beginning of a comment line, by the file's extension; a file without one is a shell script. */
const beginnings = { "": /^#/, ts: /^\/[/*]/, mjs: /^\/[/*]/, xml: /^<!--/ };
/** The end of a comment of several lines. */
const ends = /\*\/|-->/;
const blocks = /^(\/\*|<!--)/;

/** The beginning of a doc comment, on its first line or on the one below. */
const docBeginnings =
  /\/\*\*\s+(?:\* )?(?:Of|For|With|By|In|At|From|To|On|Without|Until|After|Before) [^\n]*/g;

function prepositions(file) {
  if (!/\.(ts|mjs)$/.test(file)) return [];
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(docBeginnings)].map(({ 0: found, index }) => {
    const comment = found.replace(/^\/\*\*\s+(?:\* )?/, "");
    const line = text.slice(0, index).split("\n").length;
    return `${file}:${line}: a doc comment begins with its subject, not with a preposition: ${comment}`;
  });
}

function wideComments(file) {
  const [, extension = ""] = /\.(\w+)$/.exec(file) ?? [];
  const beginning = beginnings[extension];
  if (beginning === undefined) return [];
  let inBlock = false;
  return readFileSync(join(root, file), "utf8")
    .split("\n")
    .flatMap((line, index) => {
      const text = line.trim();
      const isComment = inBlock || beginning.test(text);
      inBlock = (inBlock || blocks.test(text)) && !ends.test(text);
      if (!isComment || line.length <= COLUMNS) return [];
      return [`${file}:${index + 1}: a comment of ${line.length} columns; ${COLUMNS} is the limit`];
    });
}

const faults = ["src", "bench", "scripts"]
  .flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((name) => join(folder, name)))
  .filter((name) => statSync(join(root, name)).isFile())
  .flatMap((file) => [...wideComments(file), ...prepositions(file)]);
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
