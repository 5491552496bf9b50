package authoriser.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares the index of the decisions with the notes. */
class DecisionsIndexTest {
    private static final Path NOTES = Pages.DOCS.resolve("decisions");

    private static List<String> notes() throws IOException {
        try (Stream<Path> files = Files.list(NOTES)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals("README.md"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void eachNoteHasOneLineInItsOrder() throws IOException {
        List<String> listed =
                Pattern.compile("(?m)^- \\[(\\d+)]\\((\\1-[a-z0-9-]+\\.md)\\) [A-Z`].+\\.$")
                        .matcher(Files.readString(NOTES.resolve("README.md")))
                        .results()
                        .map(found -> found.group(2))
                        .toList();

        assertEquals(notes(), listed);
    }

    @Test
    void eachNoteHasItsNumberAndItsParts() throws IOException {
        List<String> notes = notes();
        assertEquals(
                IntStream.rangeClosed(1, notes.size()).mapToObj("%02d"::formatted).toList(),
                notes.stream().map(name -> name.substring(0, 2)).toList());
        for (String name : notes) {
            String text = Files.readString(NOTES.resolve(name));
            assertTrue(text.startsWith("# " + Integer.parseInt(name.substring(0, 2)) + ". "), name);
            for (String part : List.of("Context", "What would change it")) {
                assertTrue(text.contains("\n**" + part + ".**"), name + ": " + part);
            }
        }
    }
}
