package authoriser.lambda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/** The directory that the build leaves: all that the image holds beside the JVM. */
public final class FunctionDirectory {
    private FunctionDirectory() {}

    /** Where it is, told by the build. */
    public static Path path() {
        return Path.of(System.getProperty("lambda.directory", "target/lambda")).toAbsolutePath();
    }

    /** A copy to break things in, with times and permissions, as an image build copies. */
    public static Path copyTo(Path parent) throws IOException {
        Path copy = parent.resolve("a function");
        try (Stream<Path> files = Files.walk(path())) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        copy.resolve(path().relativize(file)),
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        return copy;
    }

    /**
     * Lets every user read a function directory and start its bootstrap. Lambda starts the function
     * as a user without rights, while a checkout's umask may give rights to its owner alone.
     */
    public static void openToAll(Path function) throws IOException {
        try (Stream<Path> files = Files.walk(function)) {
            for (Path file : files.toList()) {
                boolean entered =
                        Files.isDirectory(file) || file.equals(function.resolve("bootstrap"));
                Files.setPosixFilePermissions(
                        file, PosixFilePermissions.fromString(entered ? "rwxr-xr-x" : "rw-r--r--"));
            }
        }
    }

    /** The names of its jars. */
    public static List<String> jars() throws IOException {
        try (Stream<Path> files = Files.list(path().resolve("lib"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
