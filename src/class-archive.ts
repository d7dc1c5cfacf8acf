/** A part of the set-up that makes the archive of the server's classes. Argument: a version, or nothing. */
import { findDistribution } from "./ensemble/distribution.ts";
import { makeClassArchive } from "./ensemble/make-class-archive.ts";
import { Scratch } from "./ensemble/scratch.ts";
import { print } from "./output.ts";
import { messageOf } from "./thrown.ts";

const [, , version] = process.argv;
const scratch = await Scratch.create();
try {
  const distribution = await findDistribution(version ? { version } : {});
  const place = await makeClassArchive(scratch, distribution);
  if (place === null) print("no archive of the server's classes: that takes Java 17 or newer");
  else print(`archive of the server's classes (${place})`);
} catch (error) {
  const [reason] = messageOf(error).split("\n");
  print(`no archive of the server's classes, so servers start a little later: ${reason}`);
} finally {
  await scratch[Symbol.asyncDispose]();
}
