package authoriser.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares the page of the standards with their lists and with the tests. */
class StandardsPageTest {
    private static final Set<String> STATES =
            Set.of("met", "with settings", "in part", "not met", "does not apply");

    private final List<List<String>> rows =
            Tables.rows(Pages.read("standards.md"), "number", "requirement", "state");
    private final NamedTests tests = new NamedTests();

    StandardsPageTest() throws IOException {}

    @Test
    void hasEachRequirementOfEachList() {
        List<String> expected = new ArrayList<>();
        addTo(expected, "9.1.", 3);
        addTo(expected, "9.2.", 4);
        addTo(expected, "10.3.", 5);
        addTo(expected, "3.", 12);
        expected.addAll(List.of("2.1", "2.2.1", "2.2.2", "2.3", "2.4", "2.5", "2.6"));
        addTo(expected, "4.", 17);

        assertEquals(expected, rows.stream().map(List::getFirst).toList());
    }

    private static void addTo(List<String> numbers, String section, int count) {
        IntStream.rangeClosed(1, count).mapToObj(number -> section + number).forEach(numbers::add);
    }

    @Test
    void namesTestsThatExist() {
        Set<String> missing = new TreeSet<>();
        for (List<String> row : rows) {
            Tables.codeWords(row.get(4)).stream()
                    .filter(test -> !tests.exist(test))
                    .forEach(missing::add);
        }

        assertEquals(Set.of(), missing);
    }

    @Test
    void hasAStateAndAReasonForEachRequirementAndATestIfItApplies() {
        for (List<String> row : rows) {
            assertTrue(STATES.contains(row.get(2)), row.toString());
            assertFalse(row.get(3).isEmpty(), row.toString());
            assertTrue(
                    row.get(2).equals("does not apply") || !Tables.codeWords(row.get(4)).isEmpty(),
                    row.toString());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "StandardsPageTest.namesTestsThatExist, true",
        "StandardsPageTest.aNameIsOneOfATest, true",
        "SignatureScriptTest.Verify.signsNothing, true",
        "SignatureScriptTest.signsNothing, false",
        "StandardsPageTest.addTo, false",
        "StandardsPageTest.absent, false",
        "StandardsPageTest, false",
        "AbsentTest.namesTestsThatExist, false"
    })
    void aNameIsOneOfATest(String name, boolean exists) {
        assertEquals(exists, tests.exist(name));
    }
}
