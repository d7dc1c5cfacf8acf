/**
 * Finds what an embedded server needs: a Java to run it, and the jars of Apache ZooKeeper.
 *
 * It only looks. `scripts/setup` fetches what is missing, and asks this same file (through
 * `scripts/find-zookeeper.mjs`), so that the order of places is written once.
 */
import { execFile } from "node:child_process";
import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { basename, delimiter, join, resolve } from "node:path";
import { promisify } from "node:util";
import envPaths from "env-paths";
import { LabError } from "../lab-error.ts";
import { childEnvironment } from "./child-environment.ts";

/** The server that a lab runs by default; `scripts/zookeeper/pom.xml` names the same one. */
export const DEFAULT_VERSION = "3.9.5";

const OLDEST_JAVA = 11;
const HOMEBREW = ["/opt/homebrew/opt", "/usr/local/opt"];
const DEBIAN = "/usr/share/java";

/**
 * The jars that a server needs from Debian's one folder of all jars. In a release, everything in `lib` belongs
 * to it.
 */
const DEBIAN_JARS = [
  "commons-cli",
  "commons-io",
  "jackson-annotations",
  "jackson-core",
  "jackson-databind",
  "metrics-core",
  "netty-buffer",
  "netty-common",
  "netty-handler",
  "netty-transport",
  "slf4j-api",
  "slf4j-simple",
  "snappy-java",
  "zookeeper",
  "zookeeper-jute",
];

export interface Java {
  /** The absolute path of the `java` program. */
  readonly java: string;
  readonly javaMajor: number;
}

export interface ServerJars {
  readonly version: string;
  readonly home: string;
  /** Every jar by name, sorted: two runs with one home load the same classes in the same order. */
  readonly classPath: readonly string[];
  readonly source: "named" | "fetched" | "homebrew" | "debian";
}

export interface Distribution extends Java, ServerJars {}

export interface DistributionOptions {
  /** `--zookeeper-home`: a release, or `/usr` for Debian's jars. */
  readonly home?: string;
  /** `--zookeeper-version`: exactly this version, as `scripts/setup --zookeeper-version` fetched it. */
  readonly version?: string;
}

/** Finds the server first: a mistyped flag is reported before a missing Java. */
export async function findDistribution(options: DistributionOptions = {}): Promise<Distribution> {
  const server = findServer(options);
  return { ...(await findJava()), ...server };
}

/** The server's jars: from the named home, else a fetched copy, else a package that is new enough. */
export function findServer({ home, version }: DistributionOptions = {}): ServerJars {
  if (home !== undefined) return namedByFlag(home, version);

  // A version requested by flag is more specific than an environment made for other programs as well.
  const { ZOOKEEPER_HOME } = process.env;
  if (ZOOKEEPER_HOME && version === undefined) return namedByEnvironment(ZOOKEEPER_HOME);

  const wanted = version ?? DEFAULT_VERSION;
  const fetched = readHome(fetchedHome(wanted), "fetched");
  if (fetched) return fetched;

  if (version !== undefined) {
    const message = `no ZooKeeper ${version} found; run ./scripts/setup --zookeeper-version ${version} to fetch it`;
    throw new LabError("unavailable", message);
  }

  const packaged =
    HOMEBREW.map((prefix) => readHome(join(prefix, "zookeeper", "libexec"), "homebrew")).find(isRecent) ??
    [readHome(DEBIAN, "debian")].find(isRecent);
  if (packaged) return packaged;

  throw new LabError(
    "unavailable",
    "no ZooKeeper server found; run ./scripts/setup to fetch one, or name an unpacked release with " +
      "--zookeeper-home or ZOOKEEPER_HOME",
  );
}

/**
 * The first Java that is new enough: JAVA_HOME, then PATH, then Homebrew's, which is not on PATH by default.
 */
export async function findJava(): Promise<Java> {
  const { JAVA_HOME, PATH = "" } = process.env;
  const folders = [
    ...(JAVA_HOME ? [join(JAVA_HOME, "bin")] : []),
    ...PATH.split(delimiter).filter((folder) => folder !== ""),
    ...HOMEBREW.map((prefix) => join(prefix, "openjdk", "bin")),
  ];

  let unfit = "";
  for (const java of new Set(folders.map((folder) => resolve(folder, "java")))) {
    if (!existsSync(java)) continue;
    const found = await majorVersion(java);
    if (typeof found === "number" && found >= OLDEST_JAVA) return { java, javaMajor: found };
    unfit ||= ` (${java} ${typeof found === "number" ? `is Java ${found}` : `does not run: ${found.why}`})`;
  }

  throw new LabError(
    "unavailable",
    `no Java ${OLDEST_JAVA} or newer found${unfit}; install one (Debian: default-jre-headless; Homebrew: openjdk) ` +
      "or set JAVA_HOME; ./scripts/setup installs it if it can",
  );
}

/**
 * The folder for fetched servers, shared by all clones of this project. ZK_ELECTION_LAB_CACHE names another
 * one: for tests, and for machines whose home is not writable.
 */
export function cacheFolder(): string {
  return process.env.ZK_ELECTION_LAB_CACHE || envPaths("zk-election-lab", { suffix: "" }).cache;
}

/** The folder in which `scripts/setup` puts the server of one version. */
export function fetchedHome(version: string): string {
  return join(cacheFolder(), `zookeeper-${version}`);
}

function namedByFlag(home: string, version: string | undefined): ServerJars {
  const named = readHome(home, "named");
  if (!named) throw new LabError("usage", `--zookeeper-home ${nothingIn(home)}`);
  if (version !== undefined && version !== named.version) {
    const message = `--zookeeper-home ${home} holds ZooKeeper ${named.version}, not --zookeeper-version ${version}`;
    throw new LabError("usage", message);
  }
  return named;
}

function namedByEnvironment(home: string): ServerJars {
  const named = readHome(home, "named");
  if (!named) throw new LabError("unavailable", `ZOOKEEPER_HOME=${nothingIn(home)}`);
  return named;
}

function nothingIn(home: string): string {
  return (
    `${home}: no ZooKeeper server there (no lib/zookeeper-*.jar, zookeeper-*.jar or share/java/zookeeper.jar); ` +
    "name an unpacked release, or leave it out and run ./scripts/setup"
  );
}

/** Reads a home of any known layout; returns undefined if it holds no server. */
function readHome(home: string, source: ServerJars["source"]): ServerJars | undefined {
  const absolute = resolve(home);
  const layout = readDebian(absolute) ?? readDebian(join(absolute, "share", "java")) ?? readRelease(absolute);
  return layout && { ...layout, home: absolute, source };
}

type Layout = Pick<ServerJars, "version" | "classPath">;

/** Debian keeps the server among the jars of everything else, as `zookeeper.jar`; a link shows the version. */
function readDebian(folder: string): Layout | undefined {
  const server = join(folder, "zookeeper.jar");
  if (!existsSync(server)) return undefined;
  const file = realpathSync(server);
  const version = jarsIn(folder)
    .filter((jar) => realpathSync(jar) === file)
    .map(versionOf)
    .find((found) => found !== undefined);
  if (version === undefined) return undefined;
  const classPath = DEBIAN_JARS.map((name) => join(folder, `${name}.jar`)).filter((jar) => existsSync(jar));
  return { version, classPath: classPath.sort() };
}

/** A release keeps the server's own jar in `lib` with the others, or (older ones) beside `lib`. */
function readRelease(home: string): Layout | undefined {
  const lib = jarsIn(join(home, "lib"));
  if (lib.length === 0) return undefined;
  const server = [...lib, ...jarsIn(home)].find((jar) => versionOf(jar) !== undefined);
  const version = server && versionOf(server);
  if (server === undefined || version === undefined) return undefined;
  return { version, classPath: [...new Set([...lib, server])].sort() };
}

/**
 * The version in the name of the server's own jar; undefined for any other jar, such as zookeeper-jute-3.9.5.
 */
function versionOf(jar: string): string | undefined {
  const name = basename(jar);
  if (/-(tests|sources|javadoc)\.jar$/.test(name)) return undefined;
  return /^zookeeper-(\d+\.\d+\.\d+.*)\.jar$/.exec(name)?.[1];
}

function jarsIn(folder: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith(".jar"));
  // Packages leave links to jars of other packages that are not installed.
  return names.map((name) => join(folder, name)).filter((jar) => existsSync(jar));
}

/** Packages that nobody named must be 3.8 or newer: a distribution's own may be years old. */
function isRecent(server: ServerJars | undefined): server is ServerJars {
  const [major = 0, minor = 0] = (server?.version ?? "").split(".").map(Number);
  return major > 3 || (major === 3 && minor >= 8);
}

/** Runs the program to ask it: macOS has a `java` that only says where to get one. */
async function majorVersion(java: string): Promise<number | { readonly why: string }> {
  try {
    const options = { timeout: 10_000, env: childEnvironment() };
    const { stderr } = await promisify(execFile)(java, ["-version"], options);
    // 1.8.0_402 is Java 8; since Java 9 the major version comes first: 17.0.15, 21, 24-ea.
    const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(stderr) ?? [];
    const major = Number(first === "1" ? second : first);
    return Number.isNaN(major) ? { why: "it tells no version" } : major;
  } catch (error) {
    const { stderr = "", stdout = "", message } = error as Error & { stderr?: string; stdout?: string };
    const said = `${stderr}\n${stdout}`.split("\n").filter((line) => line.trim() !== "");
    return { why: said.slice(0, 2).join(" ") || message.trim() };
  }
}
