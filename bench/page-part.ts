/** Parts of a page of the docs that come from data: each stands between two marks. */

/** The page with another text between the marks of a part. @throws when they are not there */
export function withPart(page: string, part: string, text: string): string {
  const [before, rest, more] = page.split(`<!-- ${part} -->\n`);
  if (before === undefined || rest === undefined || more === undefined)
    throw new Error(`the page has no part between two lines <!-- ${part} -->`);
  return [before, `\n${text}\n\n`, more].join(`<!-- ${part} -->\n`);
}
