package authoriser;

import authoriser.plots.Plot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Measures cold starts as deployed: a fresh process by the function's bootstrap, under a Runtime
 * API and against stand-ins on this machine, up to its first Allow.
 *
 * <p>The trust store holds this JVM's public authorities and one more, has no password, and each
 * peer sends a chain of three certificates.
 */
final class ColdStart {
    private static final int ROUNDS = Integer.getInteger("rounds", 10);

    private final Path work;
    private final Path bootstrap;
    private final StandIns.Maker standIns;
    private final Optional<ColdDisk> disk;

    private ColdStart(Path function, Path work) throws IOException {
        this.work = work;
        bootstrap = function.resolve("bootstrap");
        standIns = new StandIns.Maker(work);
        disk = ColdDisk.in(work, function);
    }

    /** One way to start, and all starts that were made so. */
    private record Row(String name, Way way, List<Start> starts) {
        Row(String name, Way way) {
            this(name, way, new ArrayList<>());
        }
    }

    private interface Way {
        Start start() throws IOException;
    }

    static void print(Path function) throws IOException {
        // Beside the function, on the same disk
        Path work = function.toAbsolutePath().resolveSibling("cold-start");
        delete(work); // what a run that was stopped has left
        Files.createDirectory(work);
        try {
            new ColdStart(function, work).print();
        } finally {
            delete(work);
        }
    }

    private void print() throws IOException {
        List<Row> rows = rows();
        for (Row row : rows) {
            row.way().start(); // for the stand-ins, whose code is not compiled yet
        }
        for (int i = 0; i < ROUNDS; i++) {
            rows.getFirst().way().start(); // for the page cache, which the last round has emptied
            for (Row row : rows) {
                row.starts().add(row.way().start());
            }
            if (disk.isPresent()) {
                try (StandIns peers = standIns.overHttps()) {
                    disk.get().count(peers);
                }
            }
        }
        Benchmarks.heading(
                "Cold start, "
                        + ROUNDS
                        + " rounds in turn: median [least-most], ratio to the first row");
        Table table =
                new Table(
                        "start",
                        "init ms",
                        "first Allow ms",
                        "ratio",
                        "processor ms",
                        "ratio",
                        "peak MiB",
                        "read MiB");
        for (Row row : rows) {
            table.row(cells(row, rows.getFirst()));
        }
        table.print();
        disk.ifPresentOrElse(
                ColdDisk::print,
                () ->
                        System.out.println(
                                "Without the cold disk: this user may not empty the page cache"));
        Benchmarks.plots().ifPresent(plots -> Plot.COLD_STARTS.write(plots, csv(rows)));
        ColdStartPhases.print(bootstrap, standIns, ROUNDS, work.resolve("init.log"));
    }

    private List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        rows.add(new Row("https", this::https));
        rows.add(new Row("https, secret by ARN", this::httpsWithArn));
        rows.add(new Row("http", this::http));
        rows.add(new Row("https, one processor for all", this::onOneProcessor));
        disk.ifPresent(cold -> rows.add(new Row("https, cold disk", () -> fromDisk(cold))));
        return rows;
    }

    private Start https() {
        try (StandIns peers = standIns.overHttps()) {
            return Start.of(bootstrap, peers.settings(), peers.event());
        }
    }

    private Start httpsWithArn() {
        try (StandIns peers = standIns.overHttps()) {
            return Start.of(bootstrap, peers.settingsWithArn(), peers.event());
        }
    }

    private Start http() {
        try (StandIns peers = standIns.overHttp()) {
            return Start.of(bootstrap, peers.settings(), peers.event());
        }
    }

    /** The function and the stand-ins. */
    private Start onOneProcessor() {
        try (Affinity _ = Affinity.toOneProcessor()) {
            return https();
        }
    }

    private Start fromDisk(ColdDisk cold) throws IOException {
        try (StandIns peers = standIns.overHttps()) {
            return cold.start(peers);
        }
    }

    private static List<String> cells(Row row, Row first) {
        Figures whole = Figures.of(row.starts(), Start::whole);
        Figures processor = Figures.of(row.starts(), Start::processor);
        return List.of(
                row.name(),
                Figures.of(row.starts(), Start::init).text(0),
                whole.text(0),
                whole.over(Figures.of(first.starts(), Start::whole)).text(2),
                processor.text(0),
                processor.over(Figures.of(first.starts(), Start::processor)).text(2),
                Figures.of(row.starts(), Start::memory).text(0),
                Figures.of(row.starts(), Start::read).text(0));
    }

    /** Each start with the share of the starts of its row that took no longer. */
    private static List<String> csv(List<Row> rows) {
        List<String> lines = new ArrayList<>();
        lines.add("start,first Allow ms,share of starts %");
        for (Row row : rows) {
            List<Double> times = row.starts().stream().map(Start::whole).sorted().toList();
            for (int i = 0; i < times.size(); i++) {
                lines.add(
                        String.format(
                                Locale.ROOT,
                                "%s,%.1f,%.1f",
                                row.name().replace(",", ""),
                                times.get(i),
                                100.0 * (i + 1) / times.size()));
            }
        }
        return lines;
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
