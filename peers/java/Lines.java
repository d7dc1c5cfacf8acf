import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The lines of docs/candidate-protocol.md, for the adapters in Java: there is no JSON in the JDK. */
final class Lines {
  /** What the lab says. */
  interface Candidate {
    void join(Joining joining) throws Exception;

    void resign() throws Exception;

    void leave() throws Exception;
  }

  record Joining(String connect, String election, int sessionTimeoutMs, String candidate) {}

  private static boolean leads;

  /** It begins to lead: the library has just said so. */
  static synchronized void leading() {
    if (!leads) say("leading", System.nanoTime());
    leads = true;
  }

  /** It no longer leads, if it did. */
  static synchronized void ended() {
    if (leads) say("ended", System.nanoTime());
    leads = false;
  }

  private static void say(String type, long at) {
    System.out.println("{\"type\":\"" + type + "\",\"at\":" + at + "}");
    System.out.flush();
  }

  /** Follows the lab until it says that the candidate is to leave, or SIGTERM does. */
  static void follow(Candidate candidate) throws Exception {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(candidate)));
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    for (String line; (line = lines.readLine()) != null; ) {
      String type = field(line, "type");
      if (type.equals("leave")) break;
      if (type.equals("resign")) candidate.resign();
      if (type.equals("join"))
        candidate.join(
            new Joining(
                field(line, "connect"),
                field(line, "election"),
                Integer.parseInt(field(line, "sessionTimeoutMs")),
                field(line, "candidate")));
    }
    System.exit(0);
  }

  private static void leave(Candidate candidate) {
    try {
      candidate.leave();
    } catch (Exception failure) {
      failure.printStackTrace();
    }
  }

  private static String field(String line, String name) throws IOException {
    Matcher found = Pattern.compile("\"" + name + "\":(?:\"([^\"]*)\"|(\\d+))").matcher(line);
    if (!found.find()) throw new IOException("no " + name + " in " + line);
    return found.group(1) != null ? found.group(1) : found.group(2);
  }
}
