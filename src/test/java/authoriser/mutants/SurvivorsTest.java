package authoriser.mutants;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SurvivorsTest {
    private static final String LIST =
            """
            event.Sample:
              - code: return a < b;
                survive: [ConditionalsBoundary]
                reason: a is never b.
            """;

    private static final Mutant.Place LISTED =
            new Mutant.Place("authoriser.event.Sample", "return a < b;", "ConditionalsBoundary");

    private static List<String> problems(String list, Mutant... mutants) {
        return Survivors.read(new StringReader(list)).problemsOf("event", List.of(mutants));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SURVIVED", "NO_COVERAGE", "TIMED_OUT"})
    void acceptTheSurvivorInTheList(String status) {
        assertEquals(List.of(), problems(LIST, new Mutant(LISTED, status)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SURVIVED", "NO_COVERAGE", "RUN_ERROR"})
    void reportASurvivorThatIsNotInTheList(String status) {
        assertEquals(
                List.of("survived, and is not in the list: " + LISTED),
                problems("{}", new Mutant(LISTED, status)));
    }

    @Test
    void reportASecondSurvivorInTheSameLine() {
        Mutant survivor = new Mutant(LISTED, "SURVIVED");

        assertEquals(
                List.of("survived, and is not in the list: " + LISTED),
                problems(LIST, survivor, survivor));
    }

    @ParameterizedTest
    @ValueSource(strings = {"KILLED", "TIMED_OUT"})
    void acceptAMutantThatDidNotSurvive(String status) {
        assertEquals(List.of(), problems("{}", new Mutant(LISTED, status)));
    }

    @Test
    void reportAnEntryWhoseMutantWasKilled() {
        assertEquals(
                List.of("is in the list, and did not survive: " + LISTED),
                problems(LIST, new Mutant(LISTED, "KILLED")));
    }

    @Test
    void reportAnEntryWithoutAMutant() {
        assertEquals(List.of("is in the list, and did not survive: " + LISTED), problems(LIST));
    }

    @Test
    void acceptAnEntryOfAnotherPackage() {
        assertEquals(List.of(), problems(LIST.replace("event.", "token.")));
    }

    @Test
    void refuseAnEntryWithoutAReason() {
        assertThrows(
                IllegalArgumentException.class,
                () -> problems(LIST.replaceAll("(?m)^ *reason:.*$", "")));
    }

    @Test
    void areReadFromAReport(@TempDir Path directory) throws IOException {
        Path report = directory.resolve("mutations.xml");
        Files.writeString(
                report,
                """
                <mutations><mutation detected='false' status='SURVIVED'>
                <sourceFile>Sample.java</sourceFile>
                <mutatedClass>authoriser.event.Sample$Part</mutatedClass>
                <mutatedMethod>less</mutatedMethod>
                <lineNumber>2</lineNumber>
                <mutator>org.example.mutators.ConditionalsBoundaryMutator</mutator>
                </mutation></mutations>
                """);
        Path source = Files.createDirectories(directory.resolve("authoriser/event"));
        Files.writeString(source.resolve("Sample.java"), "class Sample {\n  return a < b;\n}\n");

        assertEquals(
                List.of(
                        new Mutant(
                                new Mutant.Place(
                                        "authoriser.event.Sample$Part",
                                        "return a < b;",
                                        "ConditionalsBoundary"),
                                "SURVIVED")),
                Mutant.read(report, directory));
    }
}
