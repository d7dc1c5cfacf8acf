/** The environment of the keeper and its servers. */

/** Options meant for other programs: a preload that prints, a debugger's port, an agent. */
const FOR_OTHERS = ["NODE_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"];

/** This process's environment, without variables that would change how they run. */
export function childEnvironment(): NodeJS.ProcessEnv {
  const ours = Object.entries(process.env).filter(([name]) => !FOR_OTHERS.includes(name));
  const properties = propertiesIn(process.env.JAVA_TOOL_OPTIONS ?? "");
  return {
    ...Object.fromEntries(ours),
    ...(properties !== "" && { JAVA_TOOL_OPTIONS: properties }),
    // Java takes the encoding of file names from the locale, and without one turns all but ASCII into "?". No
    // option changes that: sun.jnu.encoding can only be read (measured with Java 17).
    LC_ALL: "C.UTF-8",
  };
}

/**
 * Keeps properties, which set up a class library or the server itself. Any other option would change how the
 * JVM runs, which is the lab's choice: a second garbage collector ends it. Quotes are kept, and read as the JVM
 * reads them.
 */
function propertiesIn(options: string): string {
  const words = options.match(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g) ?? [];
  return words.filter((word) => /^['"]?-D/.test(word)).join(" ");
}
