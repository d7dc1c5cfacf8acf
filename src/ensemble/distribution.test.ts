import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { cacheFolder, DEFAULT_VERSION, fetchedHome, findDistribution, findJava } from "./distribution.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "zk-election-lab-distribution-"));
  vi.stubEnv("ZK_ELECTION_LAB_CACHE", join(folder, "cache"));
  vi.stubEnv("ZOOKEEPER_HOME", undefined);
  vi.stubEnv("JAVA_HOME", java("java-17", 'openjdk version "17.0.15" 2025-04-15'));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Makes empty files below the test's folder; returns the path of the folder. */
function home(name: string, ...files: string[]): string {
  for (const file of files) {
    const path = join(folder, name, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, "");
  }
  return join(folder, name);
}

/** A JAVA_HOME whose `java` only says its version; JAVA_TOOL_OPTIONS puts another line before it. */
function java(name: string, says: string): string {
  const program = join(home(name, "bin/java"), "bin/java");
  writeFileSync(program, `#!/bin/sh\necho 'Picked up JAVA_TOOL_OPTIONS: -Xmx1g\n${says}' >&2\n`);
  chmodSync(program, 0o755);
  return join(folder, name);
}

const release = (version: string) => [`lib/zookeeper-${version}.jar`, `lib/zookeeper-jute-${version}.jar`];

test("the pinned version is the one that Maven fetches", () => {
  const pom = readFileSync(new URL("../../scripts/zookeeper/pom.xml", import.meta.url), "utf8");
  expect(pom).toContain(`<zookeeper.version>${DEFAULT_VERSION}</zookeeper.version>`);
});

test("a release is read with all its jars, by name and sorted", async () => {
  const named = home("release", "lib/slf4j-api-1.7.36.jar", "lib/README.txt", ...release("3.8.4"));
  expect(await findDistribution({ home: named })).toEqual({
    java: join(folder, "java-17/bin/java"),
    javaMajor: 17,
    version: "3.8.4",
    home: named,
    source: "named",
    classPath: ["slf4j-api-1.7.36", "zookeeper-3.8.4", "zookeeper-jute-3.8.4"].map((jar) =>
      join(named, `lib/${jar}.jar`),
    ),
  });
});

test("an older release keeps the server's jar beside lib", async () => {
  const named = home("old", "zookeeper-3.5.10.jar", "zookeeper-3.5.10-tests.jar", "lib/slf4j-api-1.7.25.jar");
  const { version, classPath } = await findDistribution({ home: named });
  expect(version).toBe("3.5.10");
  expect(classPath).toEqual([join(named, "lib/slf4j-api-1.7.25.jar"), join(named, "zookeeper-3.5.10.jar")]);
});

test.each(["usr", "usr/share/java"])(
  "of Debian's jars in %s, only those that a server needs are taken",
  async (named) => {
    const jars = home("usr/share/java", "zookeeper.jar", "ant.jar", "netty-common.jar", "slf4j-api.jar");
    symlinkSync("zookeeper.jar", join(jars, "zookeeper-3.8.0.jar"));
    const { version, classPath } = await findDistribution({ home: join(folder, named) });
    expect(version).toBe("3.8.0");
    expect(classPath).toEqual(
      ["netty-common", "slf4j-api", "zookeeper"].map((jar) => join(jars, `${jar}.jar`)),
    );
  },
);

test("the flag comes before ZOOKEEPER_HOME, and that before a fetched copy", async () => {
  const flag = home("flag", ...release("3.6.4"));
  vi.stubEnv("ZOOKEEPER_HOME", home("environment", ...release("3.7.2")));
  home(`cache/zookeeper-${DEFAULT_VERSION}`, ...release(DEFAULT_VERSION));

  expect(await findDistribution({ home: flag })).toMatchObject({ version: "3.6.4", source: "named" });
  expect(await findDistribution()).toMatchObject({ version: "3.7.2", source: "named" });
  vi.stubEnv("ZOOKEEPER_HOME", undefined);
  expect(await findDistribution()).toMatchObject({ version: DEFAULT_VERSION, source: "fetched" });
});

test("a version asked for is a fetched copy of exactly that one, whatever ZOOKEEPER_HOME says", async () => {
  vi.stubEnv("ZOOKEEPER_HOME", home("environment", ...release("3.7.2")));
  home("cache/zookeeper-3.5.10", ...release("3.5.10"));
  expect(await findDistribution({ version: "3.5.10" })).toMatchObject({
    version: "3.5.10",
    source: "fetched",
  });
  await expect(findDistribution({ version: "3.6.4" })).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringContaining("./scripts/setup --zookeeper-version 3.6.4"),
  });
});

test("a home without a server is reported by the flag or variable that named it", async () => {
  const empty = home("empty", "lib/slf4j-api-1.7.36.jar");
  await expect(findDistribution({ home: empty })).rejects.toMatchObject({
    code: "usage",
    message: expect.stringContaining(`--zookeeper-home ${empty}: no ZooKeeper server there`),
  });
  await expect(findDistribution({ home: join(folder, "nowhere") })).rejects.toMatchObject({ code: "usage" });
  vi.stubEnv("ZOOKEEPER_HOME", empty);
  await expect(findDistribution()).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringContaining(`ZOOKEEPER_HOME=${empty}`),
  });
});

test("a home and another version contradict each other", async () => {
  const named = home("release", ...release("3.8.4"));
  await expect(findDistribution({ home: named, version: "3.9.5" })).rejects.toMatchObject({ code: "usage" });
});

test.each([
  ['openjdk version "11.0.2" 2019-01-15', 11],
  ['java version "21" 2023-09-19 LTS', 21],
  ['openjdk version "24-ea" 2025-03-18', 24],
])("of %s, the major version is %i", async (says, javaMajor) => {
  vi.stubEnv("JAVA_HOME", java("another", says));
  expect(await findJava()).toMatchObject({ javaMajor });
});

test("a Java that is too old is passed over for the next one on PATH", async () => {
  vi.stubEnv("JAVA_HOME", java("java-8", 'openjdk version "1.8.0_402"'));
  vi.stubEnv("PATH", join(folder, "java-17/bin"));
  expect(await findJava()).toEqual({ java: join(folder, "java-17/bin/java"), javaMajor: 17 });
});

test("no Java that is new enough is unavailable, and says what to install", async () => {
  vi.stubEnv("JAVA_HOME", java("java-8", 'openjdk version "1.8.0_402"'));
  vi.stubEnv("PATH", "");
  await expect(findJava()).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringMatching(
      /no Java 11 or newer found \(.*java-8.* is Java 8\).*default-jre-headless.*JAVA_HOME/,
    ),
  });
});

test("a Java that does not run is reported with its own reason", async () => {
  vi.stubEnv("JAVA_HOME", java("broken", ""));
  vi.stubEnv("PATH", "");
  writeFileSync(
    join(folder, "broken/bin/java"),
    "#!/bin/sh\necho 'Error: Cannot create VM thread.' >&2\nexit 1\n",
  );
  await expect(findJava()).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringMatching(/no Java .*\(.*broken.* does not run: Error: Cannot create VM thread\.\)/),
  });
});

test("the cache folder is the person's own unless the environment names another", () => {
  expect(fetchedHome("3.9.5")).toBe(join(folder, "cache/zookeeper-3.9.5"));
  vi.stubEnv("ZK_ELECTION_LAB_CACHE", undefined);
  expect(cacheFolder()).toMatch(/zk-election-lab/);
});
