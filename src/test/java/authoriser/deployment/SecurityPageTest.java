package authoriser.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page on security names tests that exist. */
class SecurityPageTest {
    private static final Path TESTS = Path.of("src", "test", "java");

    @Test
    void eachThreatNamesTestsThatExist() throws IOException {
        Map<String, String> sources = sources();
        Set<String> missing = new TreeSet<>();
        int threats = 0;
        String page = Pages.read("security.md");
        for (String heading : List.of("what is sent", "what is done")) {
            for (List<String> row : Tables.rows(page, heading, "what stops it", "test")) {
                List<String> tests = Tables.codeWords(row.get(2));
                assertFalse(tests.isEmpty(), row.get(0));
                for (String test : tests) {
                    if (!isMethodOf(sources, test)) {
                        missing.add(test);
                    }
                }
                threats++;
            }
        }

        assertEquals(Set.of(), missing);
        assertFalse(threats < 20);
    }

    /**
     * Whether a class, perhaps with nested classes, has the method: {@code Class.Nested.method}.
     */
    private static boolean isMethodOf(Map<String, String> sources, String test) {
        List<String> names = List.of(test.split("\\."));
        String source = sources.getOrDefault(names.getFirst() + ".java", "");
        return names.subList(1, names.size() - 1).stream()
                        .allMatch(nested -> source.contains(" class " + nested + " {"))
                && source.contains(" void " + names.getLast() + "(");
    }

    private static Map<String, String> sources() throws IOException {
        Map<String, String> sources = new HashMap<>();
        try (Stream<Path> files = Files.walk(TESTS)) {
            for (Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
                sources.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return sources;
    }
}
