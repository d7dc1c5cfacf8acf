import { describe, expect, test } from "vitest";
import { LabError } from "../lab-error.ts";
import { caution, checkLimits } from "./limits.ts";

const PLENTY = { maps: 10_000_000, descriptors: 1_000_000, processes: 1_000_000, memoryKb: 1_000_000_000 };

/** A Linux machine that grants this much, according to its own files. */
function machine(
  grants: Partial<typeof PLENTY>,
  more: Readonly<Record<string, string>> = {},
): (file: string) => Promise<string> {
  const { maps, descriptors, processes, memoryKb } = { ...PLENTY, ...grants };
  const files: Record<string, string> = {
    "/proc/sys/vm/max_map_count": `${maps}\n`,
    "/proc/self/limits":
      "Limit                     Soft Limit           Hard Limit           Units     \n" +
      `Max processes             ${String(processes).padEnd(20)} 1048576              processes \n` +
      `Max open files            ${String(descriptors).padEnd(20)} 1048576              files     \n`,
    "/proc/meminfo": `MemTotal:       ${2 * memoryKb} kB\nMemFree:        1 kB\nMemAvailable:   ${memoryKb} kB\n`,
    "/proc/self/status": "Name:\tnode\nUid:\t1000\t1000\t1000\t1000\n",
    ...more,
  };
  return async (file) => files[file] ?? "";
}

async function refusal(candidates: number, ...grants: Parameters<typeof machine>): Promise<string> {
  const error = await checkLimits({ candidates }, machine(...grants)).catch((error) => error);
  expect(error).toBeInstanceOf(LabError);
  expect(error.code).toBe("usage");
  return error.message;
}

test("this machine can run a few candidates", async () => {
  await expect(checkLimits({ candidates: 2 })).resolves.toBeUndefined();
});

test("candidates behind relays need more open files", async () => {
  const read = machine({ descriptors: 1000 });
  const candidates = { candidates: 100, sessionsEach: 1 };
  await expect(checkLimits(candidates, read)).resolves.toBeUndefined();
  await expect(checkLimits({ ...candidates, relayed: 100 }, read)).rejects.toThrow(
    "at most 54 candidates fit",
  );
});

test("a few candidates are not refused if the system reports no limits", async () => {
  await expect(checkLimits({ candidates: 2 }, async () => "")).resolves.toBeUndefined();
});

describe.each([
  {
    short: "vm.max_map_count",
    grants: { maps: 65_530 },
    limit: 65_530,
    remedy: "sysctl -w vm.max_map_count=",
  },
  { short: "the limit on open files", grants: { descriptors: 1024 }, limit: 1024, remedy: "ulimit -n" },
  {
    short: "the limit on a user's processes and threads",
    grants: { processes: 4096 },
    limit: 4096,
    remedy: "ulimit -u",
  },
  { short: "the free memory in bytes", grants: { memoryKb: 4e6 }, limit: 4.096e9, remedy: "free some" },
])("too little: $short", ({ short, grants, limit, remedy }) => {
  test("is refused with the flag, the figure that is too low, and what to do", async () => {
    const message = await refusal(9000, grants);
    expect(message).toMatch(/^--candidates 9000: /);
    expect(message).toContain(`${short} is ${limit}, and about `);
    expect(message).toContain(remedy);
  });

  test("the stated number fits, and one more does not", async () => {
    const fit = Number(/at most (\d+) candidates fit/.exec(await refusal(9000, grants))?.[1]);
    expect(fit).toBeGreaterThan(2);
    await expect(checkLimits({ candidates: fit }, machine(grants))).resolves.toBeUndefined();
    expect(await refusal(fit + 1, grants)).toContain(short);
  });
});

test("candidates that share threads need little more than the threads", async () => {
  const grants = { maps: 65_530, descriptors: 20_000, memoryKb: 16e6 };
  const check = (candidates: number) =>
    checkLimits({ candidates, perThread: 100, sessionsEach: 1 }, machine(grants));
  await expect(check(9000)).resolves.toBeUndefined();
  const { message } = await check(12_000).catch((error) => error);
  expect(message).toMatch(/^--candidates 12000 --per-thread 100: the limit on open files /);
  const fit = Number(/at most (\d+) candidates fit/.exec(message)?.[1]);
  await expect(check(fit)).resolves.toBeUndefined();
  await expect(check(fit + 1)).rejects.toThrow("the limit on open files");
});

test.each([{ maps: 65_530 }, { memoryKb: 4e6 }])(
  "the suggested number of candidates per thread fits, and one less does not: %o",
  async (grants) => {
    const enough = Number(/share threads: --per-thread (\d+)/.exec(await refusal(9000, grants))?.[1]);
    const check = (perThread: number) => checkLimits({ candidates: 9000, perThread }, machine(grants));
    await expect(check(enough)).resolves.toBeUndefined();
    await expect(check(enough - 1)).rejects.toThrow("--candidates 9000 --per-thread");
  },
);

test("connections to one server need a local port each, and to several servers as many less", async () => {
  const read = machine({}, { "/proc/sys/net/ipv4/ip_local_port_range": "32768\t60999\n" });
  const crowd = { candidates: 50_000, perThread: 1250, sessionsEach: 1 };
  const { message } = await checkLimits(crowd, read).catch((error) => error);
  expect(message).toContain(
    "(net.ipv4.ip_local_port_range) is 28232, and about 50100 are needed; at most 28132 ",
  );
  expect(message).toContain("give more --servers, or widen it: sysctl -w net.ipv4.ip_local_port_range=");
  await expect(checkLimits({ ...crowd, servers: 3 }, read)).resolves.toBeUndefined();
});

test("a machine with hardly anything fits none, not less than none", async () => {
  expect(await refusal(2, { descriptors: 10 })).toContain("at most 0 candidates fit");
});

test("the usual limit on memory maps has room for the 300 that are promised, on the usual machine", async () => {
  await expect(
    checkLimits({ candidates: 300 }, machine({ maps: 65_530, descriptors: 20_000, memoryKb: 16e6 })),
  ).resolves.toBeUndefined();
});

test("the limit on a user's processes does not bind root", async () => {
  const status = { "/proc/self/status": "Uid:\t0\t0\t0\t0\n" };
  await expect(
    checkLimits({ candidates: 300 }, machine({ processes: 100 }, status)),
  ).resolves.toBeUndefined();
});

/** A container as its control groups describe it, with 2 GB and 500 threads, some of which are used. */
const containers = [
  {
    layout: "of its own, in the unified hierarchy",
    files: {
      "/proc/self/cgroup": "0::/\n",
      "/sys/fs/cgroup/memory.max": "2000000000\n",
      "/sys/fs/cgroup/memory.current": "800000000\n",
      "/sys/fs/cgroup/memory.stat": "anon 300000000\ninactive_file 500000000\n",
      "/sys/fs/cgroup/pids.max": "500\n",
      "/sys/fs/cgroup/pids.current": "50\n",
    },
    memory: "/sys/fs/cgroup/memory.max",
    pids: "/sys/fs/cgroup/pids.max",
  },
  {
    layout: "above that of the process, which has none itself",
    files: {
      "/proc/self/cgroup": "0::/system.slice/lab.service/inner\n",
      "/sys/fs/cgroup/system.slice/lab.service/inner/memory.max": "max\n",
      "/sys/fs/cgroup/system.slice/lab.service/inner/pids.max": "max\n",
      "/sys/fs/cgroup/system.slice/lab.service/memory.max": "2000000000\n",
      "/sys/fs/cgroup/system.slice/lab.service/memory.current": "800000000\n",
      "/sys/fs/cgroup/system.slice/lab.service/memory.stat": "inactive_file 500000000\n",
      "/sys/fs/cgroup/system.slice/lab.service/pids.max": "500\n",
      "/sys/fs/cgroup/system.slice/lab.service/pids.current": "50\n",
      "/sys/fs/cgroup/system.slice/memory.max": "3000000000\n",
      "/sys/fs/cgroup/system.slice/memory.current": "800000000\n",
    },
    memory: "/sys/fs/cgroup/system.slice/lab.service/memory.max",
    pids: "/sys/fs/cgroup/system.slice/lab.service/pids.max",
  },
  {
    layout: "in the first version, under its host's path",
    files: {
      "/proc/self/cgroup": "9:name=systemd:/x\n5:cpu,memory:/docker/abc\n4:pids:/docker/abc\n0::/\n",
      "/sys/fs/cgroup/memory/memory.limit_in_bytes": "2000000000\n",
      "/sys/fs/cgroup/memory/memory.usage_in_bytes": "800000000\n",
      "/sys/fs/cgroup/memory/memory.stat": "inactive_file 1\ntotal_inactive_file 500000000\n",
      "/sys/fs/cgroup/pids/pids.max": "500\n",
      "/sys/fs/cgroup/pids/pids.current": "50\n",
    },
    memory: "/sys/fs/cgroup/memory/memory.limit_in_bytes",
    pids: "/sys/fs/cgroup/pids/pids.max",
  },
];

describe.each(containers)("a container's limit $layout", ({ files, memory, pids }) => {
  test("on memory is refused with the figure; memory that the system can drop does not count as used", async () => {
    const message = await refusal(300, {}, { ...files, [pids]: "max\n" });
    expect(message).toMatch(/^--candidates 300: what is left of a limit of 2000000000 bytes of memory /);
    expect(message).toContain(`(${memory}) is 1700000000, and about `);
    const fit = Number(/at most (\d+) candidates fit/.exec(message)?.[1]);
    await expect(checkLimits({ candidates: fit }, machine({}, files))).resolves.toBeUndefined();
    expect(await refusal(fit + 1, {}, files)).toContain(memory);
  });

  test("on threads is refused with the figure", async () => {
    const message = await refusal(450, {}, { ...files, [memory]: "max\n" });
    expect(message).toMatch(/^--candidates 450: what is left of a limit of 500 processes and threads /);
    expect(message).toContain(`(${pids}) is 450, and about `);
  });
});

test("a group without a limit limits nothing", async () => {
  const files = { "/proc/self/cgroup": "0::/a\n", "/sys/fs/cgroup/a/memory.max": "max\n" };
  await expect(checkLimits({ candidates: 300 }, machine({}, files))).resolves.toBeUndefined();
});

describe("a crowd that may lose its sessions while it starts", () => {
  test.each([
    // 15 send 14 requests each in a session timeout, all others four.
    { candidates: 1000, sessionTimeoutMs: 4000, processors: 2, sends: 1037, borne: 700, needs: 6000 },
    { candidates: 700, sessionTimeoutMs: 4000, processors: 2, sends: 737, borne: 700, needs: 5000 },
    { candidates: 50, sessionTimeoutMs: 400, processors: 1, sends: 865, borne: 350, needs: 1000 },
  ])("$candidates with $sessionTimeoutMs ms on $processors: what would do", (crowd) => {
    const { sends, borne, needs } = crowd;
    const { candidates, sessionTimeoutMs, processors } = crowd;
    const words = caution(candidates, sessionTimeoutMs, processors);
    expect(words).toContain(
      `--candidates ${candidates} with --session-timeout ${sessionTimeoutMs}: they send about ${sends} requests`,
    );
    expect(words).toContain(`${processors} processors bear about ${borne} `);
    expect(words).toContain(`use --session-timeout ${needs}, or fewer candidates`);
    expect(caution(candidates, needs, processors)).toBeUndefined();
  });

  test.each([
    { candidates: 200, sessionTimeoutMs: 4000, processors: 2 },
    { candidates: 10, sessionTimeoutMs: 200, processors: 2 },
    { candidates: 1000, sessionTimeoutMs: 4000, processors: 16 },
  ])(
    "not $candidates with $sessionTimeoutMs ms on $processors",
    ({ candidates, sessionTimeoutMs, processors }) => {
      expect(caution(candidates, sessionTimeoutMs, processors)).toBeUndefined();
    },
  );
});
