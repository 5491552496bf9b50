package authoriser;

import authoriser.plots.Plot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

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

    /** Requests until which one point of the plot is. */
    private static final int[] STEPS = {
        1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1_000, 1_500, 2_000
    };

    /** Of so many requests, one takes longer than the time of the plot. */
    private static final int[] SHARES = {2, 4, 10, 20, 50, 100, 200, 500, 1_000};

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

        /** Runs of one protocol. */
        record Named(String name, List<Run> runs) {}

        static List<Named> named(List<Run> http, List<Run> https) {
            return List.of(new Named("http", http), new Named("https", https));
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
        Benchmarks.plots()
                .ifPresent(plots -> {
                    Plot.FIRST_REQUESTS.write(plots, firstRequests(http, https));
                    Plot.WARM_REQUESTS.write(plots, warmRequests(http, https));
                });
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

    /** The median of all rounds, by the number of the request in its process. */
    private static List<String> firstRequests(List<Run> http, List<Run> https) {
        List<String> lines = new ArrayList<>();
        lines.add("protocol,request,us");
        for (Run.Named named : Run.named(http, https)) {
            int from = 1;
            for (int to : STEPS) {
                lines.add(line(named.name(), to, pooled(named.runs(), from, to).median()));
                from = to + 1;
            }
        }
        return lines;
    }

    /** The percentiles of all warm requests, by the share that takes longer. */
    private static List<String> warmRequests(List<Run> http, List<Run> https) {
        List<String> lines = new ArrayList<>();
        lines.add("protocol,one of so many takes longer,us");
        for (Run.Named named : Run.named(http, https)) {
            Figures all = pooled(named.runs(), WARM_UP + 1, REQUESTS);
            for (int one : SHARES) {
                lines.add(line(named.name(), one, all.percentile(100 - 100.0 / one)));
            }
        }
        return lines;
    }

    private static String line(String name, int x, double micros) {
        return String.format(Locale.ROOT, "%s,%d,%.1f", name, x, micros);
    }

    /** Requests of all runs, counted from 1, both ends included. */
    private static Figures pooled(List<Run> runs, int from, int to) {
        return new Figures(
                runs.stream().flatMap(run -> run.micros().subList(from - 1, to).stream()).toList());
    }

    private static String percentile(List<Run> runs, double percent, int from, int to) {
        return Figures.of(runs, run -> run.percentile(percent, from, to)).text(0);
    }
}
