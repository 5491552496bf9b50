package authoriser.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares the page for contributors with the packages of the main code. */
class ContributingPageTest {
    private static final Path PACKAGES = Path.of("src", "main", "java", "authoriser");

    @Test
    void exactlyThePackagesAreListed() throws IOException {
        Set<String> packages = new TreeSet<>(Set.of("authoriser"));
        try (Stream<Path> files = Files.list(PACKAGES)) {
            files.filter(Files::isDirectory)
                    .forEach(directory -> packages.add(directory.getFileName().toString()));
        }
        Set<String> listed = new TreeSet<>();
        Tables.rows(Pages.read("contributing.md"), "number", "package")
                .forEach(row -> listed.addAll(Tables.codeWords(row.get(1))));

        assertEquals(packages, listed);
    }

    @Test
    void tenPairsShowTheLanguage() throws IOException {
        assertEquals(10, Tables.rows(Pages.read("contributing.md"), "not", "but").size());
    }
}
