/** Valid names of znodes: the rule of the servers and of every client (`PathUtils.validatePath`, 3.9). */

/**
 * Control characters, and whatever UTF-16 has from the surrogates on but for compatibility forms: so no
 * character beyond the first 65,536, such as an emoji.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is them that are looked for
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\ud800-\uf8ff\ufff0-\uffff]/;

/** Whether the text contains a character that servers do not accept in a path. */
export function hasForbiddenCharacter(path: string): boolean {
  return FORBIDDEN.test(path);
}

/** Whether a znode can have this name; a path consists of such names. */
export function isZnodeName(name: string): boolean {
  return !["", ".", ".."].includes(name) && !name.includes("/") && !hasForbiddenCharacter(name);
}

/** The number that the servers have appended, in ten digits, to a sequential znode's name or path. */
export function sequenceIn(name: string): number | undefined {
  const [digits] = /\d{10}$/.exec(name) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
