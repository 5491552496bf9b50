package authoriser.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import authoriser.lambda.FunctionDirectory;
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

        String summary = Training.prove(copy, JAVA_HOME, 0);

        assertTrue(summary.matches(".* 9[5-9]\\.\\d % of \\d+ classes come from it"), summary);
    }

    @Test
    void aChangedJarIsNoticed() throws IOException {
        Path copy = FunctionDirectory.copyTo(directory);
        Files.write(copy.resolve("lib/authoriser.jar"), new byte[1], StandardOpenOption.APPEND);

        var refusal =
                assertThrows(IllegalStateException.class, () -> Training.prove(copy, JAVA_HOME, 0));

        assertEquals("files have changed since it was written", refusal.getMessage());
        assertFalse(Files.exists(copy.resolve("authoriser.aot")));
    }

    /** Machine code of this processor ends with SIGILL on one with fewer features (JDK-8388703). */
    @Test
    void anArchiveWithMachineCodeIsRefused() throws IOException {
        var jvm = Runtime.version();
        assumeTrue(
                jvm.feature() == 25 && jvm.compareTo(Runtime.Version.parse("25.0.5")) < 0,
                "this JVM archives no machine code, or checks the processor");
        Path copy = FunctionDirectory.copyTo(directory);
        Path bootstrap = copy.resolve("bootstrap");
        Files.writeString(
                bootstrap,
                Files.readString(bootstrap)
                        .replace("-XX:-AOTAdapterCaching", "-XX:+AOTAdapterCaching"));

        var refusal =
                assertThrows(IllegalStateException.class, () -> Training.prove(copy, JAVA_HOME, 1));

        assertEquals(
                "it holds machine code, or the JVM does not say that it holds none",
                refusal.getMessage());
        assertFalse(Files.exists(copy.resolve("authoriser.aot")));
    }
}
