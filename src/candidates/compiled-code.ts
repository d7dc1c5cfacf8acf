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
  /** V8's cache of it, in memory that threads share. */
  readonly cache: Uint8Array;
}

const compiled = new Map<string, CompiledCode>();

/**
 * Compiles the file, the first time that it is asked for. V8 refuses the cache under other flags than those at
 * that moment; then a thread compiles the file itself.
 */
export function compile(file: string): CompiledCode {
  const before = compiled.get(file);
  if (before !== undefined) return before;
  const made = scriptOf(file).createCachedData();
  const cache = new Uint8Array(new SharedArrayBuffer(made.length));
  cache.set(made);
  const code = { file, cache };
  compiled.set(file, code);
  return code;
}

/**
 * Runs the file.
 * @returns its exports
 */
export function evaluate({ file, cache }: CompiledCode): unknown {
  const module = { exports: {} };
  const run = scriptOf(file, cache).runInThisContext();
  run(module.exports, createRequire(file), module, file, dirname(file));
  return module.exports;
}

function scriptOf(file: string, cachedData?: Uint8Array): Script {
  const parameters = "exports, require, module, __filename, __dirname";
  return new Script(`(function (${parameters}) {${readFileSync(file, "utf8")}\n})`, {
    filename: file,
    ...(cachedData && { cachedData }),
  });
}
