package authoriser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a running process has used so far. */
final class ProcessUsage {
    private final long pid;

    ProcessUsage(long pid) {
        this.pid = pid;
    }

    /** Processor time of all its threads, in milliseconds. */
    double processorMillis() {
        return Linux.processorNanos(pid) / 1e6;
    }

    /** Memory that it holds now, in MiB. */
    double residentMebibytes() {
        return number("status", "VmRSS:") / 1024.0;
    }

    /** The most memory that it has held, in MiB. */
    double peakMebibytes() {
        return number("status", "VmHWM:") / 1024.0;
    }

    /** What had to be read from a disk for it, read-ahead included, in MiB. */
    double readMebibytes() {
        return number("io", "read_bytes:") / 1024.0 / 1024.0;
    }

    private long number(String file, String name) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), file))) {
                if (line.startsWith(name)) {
                    return Long.parseLong(line.replaceAll("[^0-9]", ""));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException("There is no " + name + " in " + file);
    }
}
