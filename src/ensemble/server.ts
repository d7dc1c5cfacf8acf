/** One of our own Apache ZooKeeper servers: configuration, start and readiness. */
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { basename, delimiter, join, resolve as resolvePath } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { LabError } from "../lab-error.ts";
import { codeOf } from "../thrown.ts";
import type { Address } from "../zookeeper/connect-string.ts";
import { findArchive } from "./class-archive.ts";
import type { Disk } from "./disk.ts";
import type { Distribution } from "./distribution.ts";
import { ask, versionOf } from "./four-letter-word.ts";
import { gcLogOption, histogramOptions, Jvm, SERVER_LOG } from "./jvm.ts";
import type { Scratch } from "./scratch.ts";
import { sessionTimeoutRange } from "./session-timeout-range.ts";

export interface ServerOptions {
  readonly distribution: Distribution;
  readonly port: number;
  /** The unit of the server's clock, in milliseconds: it rounds session expiry up to it. */
  readonly tickTimeMs: number;
  /** Whether a write is on disk before it is answered. */
  readonly fsync: boolean;
  /** The folder for the data; a temporary folder by default. */
  readonly dataFolder?: string;
  /** The disk that takes that folder's place for the server. */
  readonly disk?: Disk | undefined;
  /** Options of its JVM, after ours. */
  readonly jvmOptions?: readonly string[];
  /** Settings for its `zoo.cfg`, in addition to ours or overriding them. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
}

/** A server whose process runs. */
export interface Server {
  readonly address: Address;
  readonly pid: number;
  readonly jvm: Jvm;
  /** Settles when the server ends, with the reason. */
  readonly exited: Promise<string>;
  /**
   * Waits until it serves.
   * @param withinMs starts together with others take longer: they share the processors
   * @returns the version that it reports
   * @throws {PortTaken} when something else listens on one of its ports
   * @throws {LabError} `unavailable`, with the server's own last words
   */
  serving(withinMs?: number): Promise<string>;
}

/** The port was taken between the check and the start. */
export class PortTaken extends LabError {}

export const START_TIMEOUT_MS = 20_000;
const PROBE_MS = 10;

/** A path in the server's own folder. ZooKeeper warns about a relative name without the dot. */
const DATA = "./data";
const ARCHIVE = "classes.jsa";

let servers = 0;

/** Launches a server and waits until it serves. @throws as both do */
export async function startServer(scratch: Scratch, options: ServerOptions): Promise<Server> {
  const server = await launchServer(scratch, options);
  await server.serving();
  return server;
}

/**
 * @throws {PortTaken} when something else listens on the port
 * @throws {LabError} `unavailable`, when the process cannot be started
 */
export async function launchServer(scratch: Scratch, options: ServerOptions): Promise<Server> {
  const { distribution, port, dataFolder, disk, fsync, jvmOptions = [] } = options;
  const address = { host: "127.0.0.1", port };
  // If another ZooKeeper listens there, its answers would pass for our server's.
  if (await isTaken(address)) throw portTaken(port);
  const folder = join(scratch.folder, `server-${++servers}`);
  await mkdir(folder);
  const log = join(folder, SERVER_LOG);
  await writeFile(join(folder, "zoo.cfg"), configurationOf(options));
  // Whichever logging library the distribution brings, it warns to the server's own log and is quiet otherwise.
  await writeFile(join(folder, "logback.xml"), LOGBACK);
  await writeFile(join(folder, "log4j.properties"), LOG4J);
  if (dataFolder !== undefined) {
    // If something is in the way, the server says so.
    await mkdir(dataFolder, { recursive: true }).catch(() => undefined);
    await symlink(resolvePath(dataFolder), join(folder, DATA));
  }
  // No option, zoo.cfg or class path names a folder of a person's choice: in each, different characters end a
  // name, and Java decodes others in its own way.
  await mkdir(join(folder, "jars"));
  const classPath = await Promise.all(
    distribution.classPath.map(async (jar) => {
      const link = join("jars", basename(jar));
      await symlink(jar, join(folder, link));
      return link;
    }),
  );
  const archive = findArchive(distribution);
  if (archive !== undefined) await symlink(archive, join(folder, ARCHIVE));

  const args = [
    // This starts quickly: half a second until it serves.
    "-XX:TieredStopAtLevel=1",
    // The JVM refuses two collectors.
    ...(jvmOptions.some((option) => /^-XX:\+Use\w+GC$/.test(option)) ? [] : ["-XX:+UseSerialGC"]),
    gcLogOption,
    ...histogramOptions,
    `-Dzookeeper.forceSync=${fsync ? "yes" : "no"}`,
    "-Dzookeeper.jmx.log4j.disable=true",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dlogback.configurationFile=logback.xml",
    "-Dlog4j.configuration=file:log4j.properties",
    // Files that its libraries unpack go with the scratch, and a list of processes shows whose server this
    // is.
    `-Djava.io.tmpdir=${folder}`,
    ...(archive === undefined ? [] : [`-XX:SharedArchiveFile=${ARCHIVE}`]),
    ...jvmOptions,
    "-cp",
    classPath.join(delimiter),
    "org.apache.zookeeper.server.quorum.QuorumPeerMain",
    "./zoo.cfg",
  ];
  const run = scratch.run({
    ...(disk?.within(distribution.java, args) ?? { command: distribution.java, args }),
    folder,
    log,
  });

  const { exited } = run;
  let end: string | undefined;
  exited.then((reason) => {
    end = reason;
  });
  const pid = await Promise.race([run.pid, exited.then((reason) => failed(log, options, reason))]);
  return { address, pid, jvm: new Jvm(pid, folder), exited, serving };

  async function serving(withinMs = START_TIMEOUT_MS): Promise<string> {
    const deadline = performance.now() + withinMs;
    let patience = 50;
    while (end === undefined && performance.now() < deadline) {
      // A server that is still starting may accept a question and never answer it. It answers the next one,
      // which gets more time on a slow machine.
      patience += PROBE_MS;
      const version = versionOf(await ask(address, "srvr", { awakeMs: patience }).catch(() => ""));
      if (version !== undefined) {
        // A server whose port for the other servers is taken still serves, and ends some seconds later.
        if ((await logged(log)).includes(TAKEN)) throw portTaken(port);
        return version;
      }
      await delay(PROBE_MS);
    }
    return failed(log, options, end ?? `it did not serve within ${withinMs} ms`);
  }
}

function isTaken({ host, port }: Address): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
      .once("error", (error) => resolve(codeOf(error) === "EADDRINUSE"))
      .listen(port, host, () => probe.close(() => resolve(false)));
  });
}

function portTaken(port: number): PortTaken {
  return new PortTaken(
    "unavailable",
    `port ${port} is in use; stop what listens there, or name another --port`,
  );
}

/** A server's message about a port that is taken. */
const TAKEN = "BindException";

function logged(log: string): Promise<string> {
  return readFile(log, "utf8").catch(() => "");
}

async function failed(log: string, { port, distribution }: ServerOptions, reason: string): Promise<never> {
  const words = await logged(log);
  if (words.includes(TAKEN)) throw portTaken(port);
  const last = words.trim().split("\n").slice(-5).join("\n");
  throw new LabError(
    "unavailable",
    `ZooKeeper ${distribution.version} from ${distribution.home} did not start: ${reason}${last && `\n${last}`}`,
  );
}

function configurationOf({ port, tickTimeMs, settings: others }: ServerOptions): string {
  const [minSessionTimeout, maxSessionTimeout] = sessionTimeoutRange(tickTimeMs);
  const settings = {
    tickTime: tickTimeMs,
    dataDir: DATA,
    clientPort: port,
    clientPortAddress: "127.0.0.1",
    // All candidates come from one address; the default of 60 would stop the 61st.
    maxClientCnxns: 0,
    minSessionTimeout,
    maxSessionTimeout,
    "admin.enableServer": false,
    "4lw.commands.whitelist": "*",
    ...others,
  };
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${inProperties(String(value))}\n`)
    .join("");
}

/**
 * A Java properties file is read as Latin-1, with backslashes as escapes; blanks before a value are not part of
 * it.
 */
function inProperties(value: string): string {
  return value
    .replaceAll("\\", "\\\\")
    .replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .replace(/^ /, "\\ ");
}

const LOGBACK = `<configuration>
  <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%level %logger{0} - %msg%n</pattern></encoder>
  </appender>
  <root level="WARN"><appender-ref ref="out"/></root>
</configuration>
`;

const LOG4J = `log4j.rootLogger=WARN, out
log4j.appender.out=org.apache.log4j.ConsoleAppender
log4j.appender.out.layout=org.apache.log4j.PatternLayout
log4j.appender.out.layout.ConversionPattern=%p %c{1} - %m%n
`;
