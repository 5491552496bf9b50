package authoriser;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Cold starts with an empty page cache: all files of the function and of its JDK come from the
 * disk, as in a new execution environment.
 *
 * <p>The function gets a copy of the JDK, because the files of the running JDK stay in the cache.
 */
final class ColdDisk {
    /** What no start reads, and takes long to copy. */
    private static final List<String> LEFT_OUT =
            List.of("include", "jmods", "legal", "man", "lib/src.zip", "lib/ct.sym");

    private final Path function;
    private final Path jdk;
    private final List<Map<Path, PageCache.Part>> counted = new ArrayList<>();
    private boolean exact = true;

    private ColdDisk(Path function, Path jdk) {
        this.function = function;
        this.jdk = jdk;
    }

    /** Empty where this user may not empty the page cache; the copy goes into the directory. */
    static Optional<ColdDisk> in(Path directory, Path function) throws IOException {
        if (!PageCache.canBeEmptied()) {
            return Optional.empty();
        }
        Path from = Path.of(System.getProperty("java.home")).toRealPath();
        Path to = directory.resolve("jdk");
        copy(from, to);
        return Optional.of(new ColdDisk(function.toRealPath(), to));
    }

    Start start(StandIns standIns) throws IOException {
        PageCache.empty();
        return start(standIns.settings(), standIns.event());
    }

    /** Starts once more without read-ahead, and counts what that start had to read. */
    void count(StandIns standIns) throws IOException {
        PageCache.empty();
        Optional<ReadAhead> off = ReadAhead.off(function);
        exact &= off.isPresent();
        try {
            start(standIns.settings(), standIns.event());
        } finally {
            off.ifPresent(ReadAhead::close);
        }
        Map<Path, PageCache.Part> parts = new LinkedHashMap<>();
        for (Path directory : List.of(function, jdk)) {
            for (Path file : files(directory)) {
                parts.put(file, PageCache.part(file));
            }
        }
        counted.add(parts);
    }

    /** Prints what was counted, file by file. */
    void print() {
        Benchmarks.heading(
                "What a cold start over https reads from an empty page cache, "
                        + (exact ? "without read-ahead" : "with the disk's read-ahead"));
        Table table = new Table("file", "chunks of 512 KiB", "of", "MiB");
        for (Path file : counted.getFirst().keySet()) {
            if (file.startsWith(function)) {
                row(table, function.relativize(file).toString(), List.of(file));
            }
        }
        row(table, "the function, together", filesIn(function));
        List<Path> large = List.of(jdk.resolve("lib/modules"), jdk.resolve("lib/server/libjvm.so"));
        for (Path file : large) {
            row(table, "JDK: " + jdk.relativize(file), List.of(file));
        }
        List<Path> others = new ArrayList<>(filesIn(jdk));
        others.removeAll(large);
        row(table, "JDK: all others", others);
        table.print();
    }

    private List<Path> filesIn(Path directory) {
        return counted.getFirst().keySet().stream()
                .filter(file -> file.startsWith(directory))
                .toList();
    }

    private void row(Table table, String name, List<Path> files) {
        List<int[]> chunks = new ArrayList<>();
        List<Double> mebibytes = new ArrayList<>();
        for (Map<Path, PageCache.Part> parts : counted) {
            int[] some = new int[2];
            double read = 0;
            for (Path file : files) {
                PageCache.Part part = parts.get(file);
                some[0] += part.chunks();
                some[1] += part.all();
                read += part.mebibytes();
            }
            chunks.add(some);
            mebibytes.add(read);
        }
        if (chunks.stream().anyMatch(some -> some[0] > 0)) {
            table.row(
                    List.of(
                            name,
                            Figures.of(chunks, some -> some[0]).text(0),
                            Integer.toString(chunks.getFirst()[1]),
                            String.format(Locale.ROOT, "%.1f", new Figures(mebibytes).median())));
        }
    }

    private Start start(Map<String, String> settings, byte[] event) {
        Map<String, String> own = new HashMap<>(settings);
        own.put("JAVA_HOME", jdk.toString());
        return Start.of(function.resolve("bootstrap"), own, event);
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** With times: the archive is good for a JDK of the same times only. */
    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from, FileVisitOption.FOLLOW_LINKS)) {
            for (Path file : files.toList()) {
                Path name = from.relativize(file);
                if (LEFT_OUT.stream().noneMatch(name::startsWith) && Files.exists(file)) {
                    Files.copy(
                            file, to.resolve(name.toString()), StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }
}
