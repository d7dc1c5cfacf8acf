/**
 * Code that the main thread compiles, once, and that other threads take over, in a tenth of the time. It can
 * import nothing at run time: Node 20 does not find the loader of code that was taken over.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { Script } from "node:vm";

export interface CompiledCode {
  /** A CommonJS file. */
  readonly file: string;
  /** Its text, as a function's, in memory that threads share. */
  readonly text: Uint8Array;
  /** V8's cache of it, also shared. */
  readonly cache: Uint8Array;
}

const compiled = new Map<string, CompiledCode>();

/**
 * Compiles the file, the first time that it is asked for. V8 refuses the cache under other flags than those at
 * that moment; then a thread compiles the text itself.
 */
export function compile(file: string): CompiledCode {
  const before = compiled.get(file);
  if (before !== undefined) return before;
  const parameters = "exports, require, module, __filename, __dirname";
  const text = `(function (${parameters}) {${readFileSync(file, "utf8")}\n})`;
  const cache = new Script(text, { filename: file }).createCachedData();
  const code = { file, text: shared(Buffer.from(text)), cache: shared(cache) };
  compiled.set(file, code);
  return code;
}

/**
 * Runs the code, whatever has become of the file.
 * @returns its exports
 */
export function evaluate({ file, text, cache }: CompiledCode): unknown {
  const module = { exports: {} };
  // One copy: a thread that read the file and put it into a function would have three.
  const script = new Script(Buffer.from(text.buffer).toString(), { filename: file, cachedData: cache });
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
  return module.exports;
}

function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}
