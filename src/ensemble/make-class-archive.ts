/** Makes the archive of a server's classes (class-archive.ts), from a server that has started and answered. */
import { existsSync } from "node:fs";
import { copyFile, mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import getPort from "get-port";
import { archivePlace } from "./class-archive.ts";
import type { Distribution } from "./distribution.ts";
import { ask } from "./four-letter-word.ts";
import type { Scratch } from "./scratch.ts";
import { type Server, startServer } from "./server.ts";

/** Its name in the scratch folder. */
const FRESH = "classes.jsa";

/**
 * @returns the archive's path, also if it was there before; `null` if this Java is too old for one
 * @throws the reason why it could not be made
 */
export async function makeClassArchive(scratch: Scratch, distribution: Distribution): Promise<string | null> {
  const place = archivePlace(distribution);
  if (place === null || existsSync(place)) return place;
  await mkdir(dirname(place), { recursive: true });
  const writing = await start(scratch, distribution, [`-XX:ArchiveClassesAtExit=${join("..", FRESH)}`]);
  // What the lab asks in every run needs classes as well.
  await ask(writing.address, "mntr");
  process.kill(writing.pid, "SIGTERM");
  await writing.exited;
  const reading = await start(scratch, distribution, [
    "-Xshare:on",
    `-XX:SharedArchiveFile=${join("..", FRESH)}`,
  ]);
  process.kill(reading.pid, "SIGKILL");
  await reading.exited;
  // A JVM that meets half of an archive crashes.
  const whole = `${place}.${process.pid}`;
  try {
    await copyFile(join(scratch.folder, FRESH), whole);
    await rename(whole, place);
  } finally {
    await rm(whole, { force: true });
  }
  return place;
}

async function start(
  scratch: Scratch,
  distribution: Distribution,
  jvmOptions: readonly string[],
): Promise<Server> {
  const port = await getPort({ host: "127.0.0.1" });
  return startServer(scratch, { distribution, port, tickTimeMs: 200, fsync: false, jvmOptions });
}
