package authoriser.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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

    /** The names of its jars. */
    public static List<String> jars() throws IOException {
        try (Stream<Path> files = Files.list(path().resolve("lib"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
