package authoriser.fuzzing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lets Jazzer make inputs for the targets, each in a process of its own, and prints what it did as
 * a table.
 *
 * <p>An input that breaks a property is kept in {@code target/fuzz/NAME/findings}.
 */
public final class Fuzzing {
    private static final Path CORPUS = Path.of("src", "test", "resources", "fuzz");
    private static final Path WORK = Path.of("target", "fuzz");

    /** An input that takes longer is a finding. A loaded machine takes a second for one. */
    private static final int LONGEST_SECONDS = 30;

    /** A status line of libFuzzer. */
    private static final Pattern STATUS =
            Pattern.compile("#(\\d+)\\s+\\w+\\s+cov: (\\d+) ft: (\\d+) corp: (\\d+)/.*");

    private static final Pattern DONE = Pattern.compile("Done (\\d+) runs in (\\d+) second.*");

    private final List<String> findings = new ArrayList<>();

    private Fuzzing() {}

    /**
     * Fuzzes the target that {@code -Dfuzz} names, or all of them, for {@code -Dminutes} each.
     *
     * @throws IllegalStateException if an input broke a property
     */
    public static void main(String... arguments) throws IOException, InterruptedException {
        String name = System.getProperty("fuzz", "");
        int seconds = (int) (60 * Double.parseDouble(System.getProperty("minutes", "10")));
        List<FuzzTargets> targets =
                name.isEmpty() ? List.of(FuzzTargets.values()) : List.of(FuzzTargets.of(name));
        Fuzzing fuzzing = new Fuzzing();
        List<String> rows = new ArrayList<>();
        for (FuzzTargets target : targets) {
            rows.add(fuzzing.fuzz(target, seconds));
        }
        print("| target | minutes | inputs | branches | features | inputs kept | findings |");
        print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        rows.forEach(Fuzzing::print);
        if (!fuzzing.findings.isEmpty()) {
            throw new IllegalStateException("A property was broken: " + fuzzing.findings);
        }
    }

    /** Fuzzes one target; its row of the table. */
    private String fuzz(FuzzTargets target, int seconds) throws IOException, InterruptedException {
        Path work = WORK.resolve(target.label());
        Path made = Files.createDirectories(work.resolve("corpus"));
        Path found = Files.createDirectories(work.resolve("findings"));
        Path log = work.resolve("log");
        Process process =
                new ProcessBuilder(command(target, seconds, made, found))
                        .redirectErrorStream(true)
                        .start();
        String inputs = "0";
        String time = "0";
        String[] coverage = {"0", "0", "0"};
        try (BufferedReader lines =
                        new BufferedReader(
                                new InputStreamReader(
                                        process.getInputStream(), StandardCharsets.UTF_8));
                var writer = Files.newBufferedWriter(log)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                writer.write(line);
                writer.newLine();
                Matcher status = STATUS.matcher(line);
                Matcher done = DONE.matcher(line);
                if (status.matches()) {
                    inputs = status.group(1);
                    coverage = new String[] {status.group(2), status.group(3), status.group(4)};
                } else if (done.matches()) {
                    inputs = done.group(1);
                    time = done.group(2);
                }
            }
        }
        int status = process.waitFor();
        int broken = count(found);
        if (status != 0 || broken > 0) {
            findings.add(target.label() + ", see " + log + " and " + found);
        }
        return String.format(
                Locale.ROOT,
                "| `%s` | %.1f | %,d | %s | %s | %s | %d |",
                target.label(),
                Integer.parseInt(time) / 60.0,
                Long.parseLong(inputs),
                coverage[0],
                coverage[1],
                coverage[2],
                broken);
    }

    private static List<String> command(FuzzTargets target, int seconds, Path made, Path found) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "-XX:+EnableDynamicAgentLoading",
                "--enable-native-access=ALL-UNNAMED",
                "-classpath",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + JazzerTarget.class.getName(),
                "--target_args=" + target.label(),
                "--instrumentation_includes=authoriser.**:com.fasterxml.jackson.core.**",
                "--instrumentation_excludes=authoriser.fuzzing.**:authoriser.standin.**",
                "--custom_hook_includes=authoriser.**",
                "--reproducer_path=" + found,
                "-artifact_prefix=" + found + "/",
                "-max_total_time=" + seconds,
                "-timeout=" + LONGEST_SECONDS,
                "-rss_limit_mb=2048",
                "-max_len=16384",
                "-dict=" + CORPUS.resolve("words"),
                made.toString(),
                CORPUS.resolve(target.label()).toString());
    }

    private static int count(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return (int) files.filter(file -> !file.toString().endsWith(".java")).count();
        }
    }

    private static void print(String line) {
        System.out.println(line);
    }
}
