package authoriser.deployment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The documents of the project: those of the top level and the pages of {@code src/docs}. */
final class Pages {
    static final Path README = Path.of("README.md");
    static final Path SECURITY = Path.of("SECURITY.md");
    static final Path DOCS = Path.of("src", "docs");

    private Pages() {}

    /** Reads a page of {@code src/docs}. */
    static String read(String name) throws IOException {
        return Files.readString(DOCS.resolve(name));
    }

    /** The README, the security policy, each page and each note. */
    static List<Path> all() throws IOException {
        try (Stream<Path> files = Files.walk(DOCS)) {
            return Stream.concat(
                            Stream.of(README, SECURITY),
                            files.filter(file -> file.toString().endsWith(".md")).sorted())
                    .toList();
        }
    }
}
