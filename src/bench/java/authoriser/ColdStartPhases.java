package authoriser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a cold start over https is made of.
 *
 * <p>The moments come from starts whose JVM logs when it initialises which class, on the clock of
 * {@link System#nanoTime}. That log costs some milliseconds itself.
 */
final class ColdStartPhases {
    private static final Pattern INITIALISED =
            Pattern.compile("\\[(\\d+)ns].*Initializing '([^']+)'");

    /** What has ended when a class is initialised, in this order. */
    private static final String[][] PHASES = {
        {"JVM", "com/amazonaws/services/lambda/runtime/api/client/AWSLambda"},
        {"runtime client", "authoriser/AuthoriserHandler"},
        {"settings and wiring", "authoriser/Priming"},
        {"first TCP connection", "authoriser/http/Connection"},
        {"TLS library", "authoriser/trust/PeerTrust"},
        {"trust store opened", "authoriser/http/TlsTransport"},
    };

    private ColdStartPhases() {}

    /**
     * Prints when each phase has ended; from the wiring on, they overlap.
     *
     * @param log a file for the JVM's log, deleted after each start
     */
    static void print(Path bootstrap, StandIns.Maker standIns, int rounds, Path log)
            throws IOException {
        Map<String, List<Double>> ends = new LinkedHashMap<>();
        for (int i = 0; i < rounds; i++) {
            try (StandIns peers = standIns.overHttps()) {
                Start start = Start.of(bootstrap, logged(peers.settings(), log), peers.event());
                Map<String, Long> moments = new LinkedHashMap<>();
                Map<String, Long> initialised = initialised(log);
                for (String[] phase : PHASES) {
                    if (!initialised.containsKey(phase[1])) {
                        throw new IllegalStateException("No start initialises " + phase[1]);
                    }
                    moments.put(phase[0], initialised.get(phase[1]));
                }
                moments.put("keys asked for", peers.cognito().jwks().firstCall());
                moments.put("token asked for", peers.cognito().token().firstCall());
                moments.put("ready", start.ready());
                moments.put("first Allow", start.allowed());
                moments.forEach((name, moment) ->
                        ends.computeIfAbsent(name, _ -> new ArrayList<>())
                                .add((moment - start.started()) / 1e6));
            }
        }
        Benchmarks.heading("What a cold start over https is made of: when each part has ended");
        Table table = new Table("part", "ms");
        ends.entrySet().stream()
                .sorted(Comparator.comparingDouble(end -> new Figures(end.getValue()).median()))
                .forEach(end ->
                        table.row(List.of(end.getKey(), new Figures(end.getValue()).text(0))));
        table.print();
    }

    private static Map<String, String> logged(Map<String, String> settings, Path log) {
        Map<String, String> logged = new HashMap<>(settings);
        logged.merge(
                "JAVA_TOOL_OPTIONS",
                "-Xlog:class+init=info:file='" + log + "':timenanos:filecount=0",
                (before, option) -> before + " " + option);
        return logged;
    }

    private static Map<String, Long> initialised(Path log) throws IOException {
        Map<String, Long> moments = new HashMap<>();
        for (String line : Files.readAllLines(log)) {
            Matcher found = INITIALISED.matcher(line);
            if (found.find()) {
                moments.putIfAbsent(found.group(2), Long.parseLong(found.group(1)));
            }
        }
        Files.delete(log);
        return moments;
    }
}
