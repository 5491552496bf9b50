package authoriser;

import authoriser.plots.CostScript;
import authoriser.plots.Plot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs all benchmarks and prints a table of each: {@code mvn -Pbench}.
 *
 * <p>{@code -Dbench=parts}, {@code growth}, {@code threads}, {@code cold} or {@code warm} runs one
 * of them alone; {@code -Diterations=10} or, for the last two, {@code -Drounds=20} makes it longer
 * and steadier. With {@code -Dplots=src/docs/plots}, these two also write the plots of the pages
 * and their data; {@code -Dbench=plots} draws all plots again. {@code -Dbench=soak} shows how much
 * memory 20,000 TLS connections leave behind, and runs only when it is asked for.
 */
public final class Benchmarks {
    private static final int ITERATIONS = Integer.getInteger("iterations", 4);
    private static final String WANTED = System.getProperty("bench", "");

    private Benchmarks() {}

    public static void main(String... arguments) throws RunnerException, IOException {
        System.out.printf(
                "Java %s, %d processors; JIT and collector as in the function's bootstrap%n",
                Runtime.version(), Runtime.getRuntime().availableProcessors());
        Path function = Path.of(System.getProperty("lambda.directory", "target/lambda"));
        if (wanted("parts")) {
            heading("Parts of a decision, warm, without the network");
            print(run(options("PartsBenchmark|TokenBenchmark")));
        }
        if (wanted("growth")) {
            heading("The whole handler, by what it is given");
            print(run(options(Pattern.quote(GrowthBenchmark.class.getName()))));
        }
        if (wanted("threads")) {
            heading("The whole handler, shared by threads: time for each, all of them at once");
            for (int threads : new int[] {1, 2, 4, 8, 16}) {
                print(
                        run(
                                options(Pattern.quote(ThreadsBenchmark.class.getName()))
                                        .threads(threads)));
            }
        }
        if (wanted("cold")) {
            ColdStart.print(function);
        }
        if (wanted("warm")) {
            Warm.print(function);
        }
        if (WANTED.equals("plots")) {
            plots().ifPresentOrElse(
                            Benchmarks::drawPlots,
                            () -> System.out.println("-Dplots=src/docs/plots says where they are"));
        }
        if (WANTED.equals("soak")) { // takes minutes
            Soak.print(function);
        }
    }

    /** The directory for plots and their data, if they are wanted. */
    static Optional<Path> plots() {
        String directory = System.getProperty("plots", "");
        return directory.isEmpty() ? Optional.empty() : Optional.of(Path.of(directory));
    }

    /** Computes the cost, and draws all plots of the data that is there. */
    private static void drawPlots(Path directory) {
        Plot.COST_BY_TRAFFIC.write(directory, CostScript.csv("traffic"));
        Plot.COST_BY_TIME_TO_LIVE.write(directory, CostScript.csv("time-to-live"));
        for (Plot plot : Plot.values()) {
            if (Files.exists(directory.resolve(plot.file() + ".csv"))) {
                plot.draw(directory);
            }
        }
    }

    private static boolean wanted(String name) {
        return WANTED.isEmpty() || WANTED.equals(name);
    }

    private static ChainedOptionsBuilder options(String include) {
        return new OptionsBuilder()
                .include(include)
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.MICROSECONDS)
                .forks(1)
                .warmupIterations(2)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(ITERATIONS)
                .measurementTime(TimeValue.seconds(1))
                .addProfiler(GCProfiler.class)
                .jvmArgs(
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmn12m",
                        "--sun-misc-unsafe-memory-access=allow", // what JMH does, without its
                        // warning
                        "--enable-native-access=ALL-UNNAMED")
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true);
    }

    private static Collection<RunResult> run(ChainedOptionsBuilder options) throws RunnerException {
        return new Runner(options.build()).run();
    }

    private static void print(Collection<RunResult> results) {
        for (RunResult result : results) {
            List<String> name = new ArrayList<>();
            String benchmark = result.getParams().getBenchmark();
            String parameter = result.getParams().getParam("of");
            name.add(
                    parameter == null
                            ? benchmark.substring(benchmark.lastIndexOf('.') + 1)
                            : parameter);
            if (benchmark.contains("Threads")) {
                name.add(result.getParams().getThreads() + " threads");
            }
            Result<?> time = result.getPrimaryResult();
            double allocated =
                    result.getSecondaryResults().entrySet().stream()
                            .filter(entry -> entry.getKey().endsWith("gc.alloc.rate.norm"))
                            .mapToDouble(entry -> entry.getValue().getScore())
                            .findFirst()
                            .orElse(Double.NaN);
            System.out.printf(
                    Locale.ROOT,
                    "%-28s %9.1f us ± %5.1f %10.0f B%n",
                    String.join(", ", name),
                    time.getScore(),
                    time.getScoreError(),
                    allocated);
        }
    }

    static void heading(String text) {
        System.out.printf("%n%s%n%s%n", text, "-".repeat(text.length()));
    }
}
