package authoriser.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a JVM holds after a full collection.
 *
 * @param heap used, in KiB
 * @param metaspace used, in KiB
 * @param resident memory of the whole process, in KiB
 */
record ProcessState(long heap, long metaspace, long resident, long threads, long descriptors) {

    /** Collects garbage in a process and reads its state. */
    static ProcessState of(long pid) throws IOException, InterruptedException {
        jcmd(pid, "GC.run");
        String info = jcmd(pid, "GC.heap_info");
        return new ProcessState(
                number(info, "DefNew.*?used (\\d+)K") + number(info, "Tenured.*?used (\\d+)K"),
                number(
                        jcmd(pid, "VM.metaspace", "basic", "scale=KB"),
                        "Both:\\s+(\\d+)[.\\d]* KB used"),
                number(
                        Files.readString(Path.of("/proc", Long.toString(pid), "status")),
                        "VmRSS:\\s+(\\d+) kB"),
                entries(pid, "task"),
                entries(pid, "fd"));
    }

    private static long entries(long pid, String directory) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc", Long.toString(pid), directory))) {
            return entries.count();
        }
    }

    private static long number(String text, String pattern) {
        Matcher found = Pattern.compile(pattern, Pattern.DOTALL).matcher(text);
        if (!found.find()) {
            throw new IllegalStateException("no " + pattern + " in " + text);
        }
        return Long.parseLong(found.group(1));
    }

    private static String jcmd(long pid, String... command)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
        words.add(Long.toString(pid));
        words.addAll(List.of(command));
        Process jcmd = new ProcessBuilder(words).redirectErrorStream(true).start();
        String output = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!jcmd.waitFor(60, TimeUnit.SECONDS) || jcmd.exitValue() != 0) {
            throw new IllegalStateException(words + ": " + output);
        }
        return output;
    }
}
