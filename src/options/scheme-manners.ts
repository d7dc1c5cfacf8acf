/**
 * Code that runs before a user's scheme, in each thread that loads it: a scheme must not end the process, since
 * open native sessions would end it silently, and it must not write between the data on stdout. Ways around
 * these, such as `process.reallyExit`, are not blocked.
 */
export const manners = `
const require = process.getBuiltinModule;
{
  const { isMainThread } = require("node:worker_threads");
  const isCalledHere = (callee) => {
    const at = {};
    Error.captureStackTrace(at, callee);
    return at.stack.includes(import.meta.url);
  };
  for (const name of ["exit", "abort", "kill"]) {
    const real = process[name];
    process[name] = function guarded(...args) {
      // The lab itself does so in its main thread only.
      if (isMainThread && !isCalledHere(guarded)) return real.apply(process, args);
      if (name === "kill" && args[0] !== process.pid) return real.apply(process, args);
      throw new Error("process." + name + "() ends the process, and a scheme may not");
    };
  }
  require("node:module").syncBuiltinESMExports();

  const { stdout, stderr } = process;
  const { Console } = require("node:console");
  Object.assign(console, new Console(stderr, stderr));
  const real = stdout.write;
  stdout.write = function write(...args) {
    return isCalledHere(write) ? stderr.write(...args) : real.apply(stdout, args);
  };
}
`;
