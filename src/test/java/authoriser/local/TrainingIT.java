package authoriser.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingIT {
    private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

    @TempDir private Path directory;

    @Test
    void theArchiveIsUsedWhereTheFunctionIsCopiedTo() throws IOException {
        Path copy = FunctionDirectory.copyTo(directory);

        String summary = Training.prove(copy, JAVA_HOME, false);

        assertTrue(summary.matches(".* 9[5-9]\\.\\d % of \\d+ classes come from it"), summary);
    }

    @Test
    void aChangedJarIsNoticed() throws IOException {
        Path copy = FunctionDirectory.copyTo(directory);
        Files.write(copy.resolve("lib/authoriser.jar"), new byte[1], StandardOpenOption.APPEND);

        var refusal =
                assertThrows(
                        IllegalStateException.class, () -> Training.prove(copy, JAVA_HOME, false));

        assertEquals("files have changed since it was written", refusal.getMessage());
        assertFalse(Files.exists(copy.resolve("authoriser.aot")));
    }
}
