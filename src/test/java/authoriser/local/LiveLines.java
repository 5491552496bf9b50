package authoriser.local;

import authoriser.explain.Shown;
import java.io.PrintStream;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Prints a line for each decision, in colour if it is for a terminal. */
record LiveLines(PrintStream out, boolean colour, ZoneId zone) {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    private static final String GREEN = "\u001b[32m";
    private static final String YELLOW = "\u001b[33m";
    private static final String RED = "\u001b[31m";
    private static final String PLAIN = "\u001b[0m";

    /** For the standard output of this process. */
    static LiveLines ofStandardOutput() {
        var console = System.console();
        boolean terminal = console != null && console.isTerminal();
        String noColour = System.getenv("NO_COLOR");
        boolean wanted = noColour == null || noColour.isEmpty();
        return new LiveLines(System.out, terminal && wanted, ZoneId.systemDefault());
    }

    /** Prints time, request, status, decision with its reason, what decided, and milliseconds. */
    void print(Decisions.Entry entry, String decision) {
        out.printf(
                Locale.ROOT,
                " %s  %-40s %s%3d  %s%s, %s, %s ms%n",
                TIME.format(entry.time().atZone(zone)),
                Shown.text(entry.request()),
                colour ? colour(entry.status()) : "",
                entry.status(),
                Shown.text(decision),
                colour ? PLAIN : "",
                entry.by(),
                entry.milliseconds());
    }

    private static String colour(int status) {
        if (status < 400) {
            return GREEN;
        }
        return status < 500 ? YELLOW : RED;
    }
}
