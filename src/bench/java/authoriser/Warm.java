package authoriser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures requests one after the other, each with a token of its own: the first ones of a process,
 * and those when it is warm.
 *
 * <p>The function and the stand-ins share one processor, which is the steadiest.
 */
final class Warm {
    private static final int ROUNDS = Integer.getInteger("rounds", 10);
    private static final int REQUESTS = 2_000;
    private static final int WARM_UP = 800;

    /** Rounds that do not count: until then the code of the stand-ins is not compiled. */
    private static final int ROUNDS_BEFORE = 5;

    private Warm() {}

    /**
     * One process.
     *
     * @param micros how long each request took
     * @param processor processor time of each warm request, in microseconds
     * @param memory the most memory, in MiB
     */
    private record Run(List<Double> micros, double processor, double memory) {
        /** Of requests counted from 1, both ends included. */
        double percentile(double percent, int from, int to) {
            return new Figures(micros.subList(from - 1, to)).percentile(percent);
        }
    }

    static void print(Path function) throws IOException {
        Path bootstrap = function.resolve("bootstrap");
        StandIns.Maker standIns = new StandIns.Maker(Files.createTempDirectory("warm"));
        List<Run> http = new ArrayList<>();
        List<Run> https = new ArrayList<>();
        try (Affinity _ = Affinity.toOneProcessor()) {
            for (int i = -ROUNDS_BEFORE; i < ROUNDS; i++) {
                Run overHttp = run(bootstrap, standIns.overHttp());
                Run overHttps = run(bootstrap, standIns.overHttps());
                if (i >= 0) {
                    http.add(overHttp);
                    https.add(overHttps);
                }
            }
        }
        Benchmarks.heading(
                "Requests one after the other on one processor, "
                        + ROUNDS
                        + " rounds in turn: median [least-most], time in us");
        Table table =
                new Table(
                        "requests",
                        "warm",
                        "99th percentile",
                        "2 to 10",
                        "51 to 100",
                        "processor time",
                        "peak MiB");
        table.row(cells("http", http));
        table.row(cells("https", https));
        table.print();
    }

    private static Run run(Path bootstrap, StandIns standIns) {
        try (standIns) {
            List<byte[]> events = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                events.add(standIns.event());
            }
            try (var function = MeasuredFunction.start(bootstrap, standIns.settings())) {
                List<Double> micros = new ArrayList<>();
                double before = 0;
                for (byte[] event : events) {
                    if (micros.size() == WARM_UP) {
                        before = function.usage().processorMillis();
                    }
                    micros.add(function.allow(event).toNanos() / 1e3);
                }
                double processor = function.usage().processorMillis() - before;
                return new Run(
                        micros,
                        processor * 1e3 / (REQUESTS - WARM_UP),
                        function.usage().peakMebibytes());
            }
        }
    }

    private static List<String> cells(String name, List<Run> runs) {
        return List.of(
                name,
                percentile(runs, 50, WARM_UP + 1, REQUESTS),
                percentile(runs, 99, WARM_UP + 1, REQUESTS),
                percentile(runs, 50, 2, 10),
                percentile(runs, 50, 51, 100),
                Figures.of(runs, Run::processor).text(0),
                Figures.of(runs, Run::memory).text(0));
    }

    private static String percentile(List<Run> runs, double percent, int from, int to) {
        return Figures.of(runs, run -> run.percentile(percent, from, to)).text(0);
    }
}
