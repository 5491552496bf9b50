package authoriser.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The page on security names tests that exist. */
class SecurityPageTest {
    @Test
    void eachThreatNamesTestsThatExist() throws IOException {
        NamedTests named = new NamedTests();
        Set<String> missing = new TreeSet<>();
        int threats = 0;
        String page = Pages.read("security.md");
        for (String heading : List.of("what is sent", "what is done")) {
            for (List<String> row : Tables.rows(page, heading, "what stops it", "test")) {
                List<String> tests = Tables.codeWords(row.get(2));
                assertFalse(tests.isEmpty(), row.get(0));
                for (String test : tests) {
                    if (!named.exist(test)) {
                        missing.add(test);
                    }
                }
                threats++;
            }
        }

        assertEquals(Set.of(), missing);
        assertFalse(threats < 20);
    }
}
