package authoriser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * No read-ahead from one disk until this is closed: the kernel reads those pages only that a
 * process asks for.
 */
final class ReadAhead implements AutoCloseable {
    private final Path setting;
    private final String before;
    private final Thread atTheLatest;

    private ReadAhead(Path setting, String before) {
        this.setting = setting;
        this.before = before;
        this.atTheLatest = new Thread(() -> write(before), "read-ahead");
    }

    /** Turns it off on the disk of a file; empty where this user or the file system can not. */
    static Optional<ReadAhead> off(Path file) throws IOException {
        long device = (long) Files.getAttribute(file, "unix:dev");
        long major = device >>> 8 & 0xfff;
        long minor = device & 0xff | device >>> 12 & 0xfff00;
        Path setting = Path.of("/sys/class/bdi", major + ":" + minor, "read_ahead_kb");
        if (!Files.isWritable(setting)) {
            return Optional.empty();
        }
        ReadAhead off = new ReadAhead(setting, Files.readString(setting));
        Runtime.getRuntime().addShutdownHook(off.atTheLatest);
        off.write("0");
        return Optional.of(off);
    }

    @Override
    public void close() {
        write(before);
        Runtime.getRuntime().removeShutdownHook(atTheLatest);
    }

    private void write(String kibibytes) {
        try {
            Files.writeString(setting, kibibytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
