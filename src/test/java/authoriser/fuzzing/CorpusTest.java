package authoriser.fuzzing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The inputs that are kept, given to their targets as a fuzzer would give them. */
class CorpusTest {
    private static final Path CORPUS = Path.of("src", "test", "resources", "fuzz");

    /** An input may only have an effect on one before it. */
    private static final int ROUNDS = 2;

    @ParameterizedTest
    @EnumSource
    void eachInputKeepsTheProperties(FuzzTargets target) throws IOException {
        List<Path> inputs = inputs(target);
        assertFalse(inputs.isEmpty());
        FuzzTarget taker = target.make();
        for (int round = 0; round < ROUNDS; round++) {
            for (Path input : inputs) {
                byte[] bytes = Files.readAllBytes(input);
                try {
                    taker.take(bytes);
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError("with " + input, e);
                }
            }
        }
    }

    @Test
    void eachDirectoryIsThatOfATarget() throws IOException {
        try (Stream<Path> directories = Files.list(CORPUS).filter(Files::isDirectory)) {
            assertEquals(
                    Arrays.stream(FuzzTargets.values())
                            .map(FuzzTargets::label)
                            .collect(Collectors.toSet()),
                    directories
                            .map(directory -> directory.getFileName().toString())
                            .collect(Collectors.toSet()));
        }
    }

    @Test
    void thePageHasThePropertiesAndTheFiguresOfEachTarget() throws IOException {
        String page = Files.readString(Path.of("src", "docs", "fuzzing.md"));

        for (FuzzTargets target : FuzzTargets.values()) {
            assertEquals(
                    3, page.split("\n\\| `" + target.label() + "` \\|", -1).length, target.label());
        }
    }

    private static List<Path> inputs(FuzzTargets target) throws IOException {
        try (Stream<Path> files = Files.list(CORPUS.resolve(target.label()))) {
            return files.sorted().toList();
        }
    }
}
