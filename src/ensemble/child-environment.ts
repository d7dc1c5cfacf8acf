/** What the keeper and its servers find in their environment. */

/** Options that are meant for other programs: a preload that prints, a debugger's port, an agent. */
const FOR_OTHERS = ["NODE_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"];

/** That of this process, but for what would change how they run. */
export function childEnvironment(): NodeJS.ProcessEnv {
  const ours = Object.entries(process.env).filter(([name]) => !FOR_OTHERS.includes(name));
  const properties = propertiesIn(process.env.JAVA_TOOL_OPTIONS ?? "");
  return {
    ...Object.fromEntries(ours),
    ...(properties !== "" && { JAVA_TOOL_OPTIONS: properties }),
    // Java takes the encoding of file names from the locale, and under none turns all but ASCII into "?". No
    // option changes that: sun.jnu.encoding can only be read (measured with Java 17).
    LC_ALL: "C.UTF-8",
  };
}

/**
 * A property sets up a class library, or the server itself; any other option would choose how the JVM runs,
 * which the lab has chosen: two garbage collectors end it. Quotes are as the JVM reads them, and stay.
 */
function propertiesIn(options: string): string {
  const words = options.match(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g) ?? [];
  return words.filter((word) => /^['"]?-D/.test(word)).join(" ");
}
