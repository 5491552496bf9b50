package authoriser.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import authoriser.lambda.RuntimeApi;
import authoriser.lambda.RuntimeApi.Errored;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFunctionTest {
    @TempDir private Path directory;
    private final List<String> printed = new CopyOnWriteArrayList<>();

    @Test
    void aFunctionThatNeverAsksForAnEventIsNotWaitedForForever() throws IOException {
        try (LocalFunction function = start("exec sleep 600")) {
            var refusal =
                    assertThrows(
                            IllegalStateException.class,
                            () -> function.awaitStart(Duration.ofMillis(1)));

            assertEquals(
                    "The function does not start: it has asked for no event within PT0.001S",
                    refusal.getMessage());
        }
    }

    @Test
    void aCopyOfTheSettingsIsBesideTheLog() throws IOException {
        try (LocalFunction _ = start("exec sleep 600")) {
            assertEquals("{ }\n", Files.readString(directory.resolve("settings.json")));
        }
    }

    /** As while a build replaces the function's directory. */
    @Test
    void aFunctionThatIsGoneIsAnErrorUntilItIsBack() throws IOException {
        try (LocalFunction function = start("exit 3")) {
            assertThrows(
                    IllegalStateException.class, () -> function.awaitStart(Duration.ofMinutes(1)));
            Files.delete(directory.resolve("bootstrap"));
            assertEquals("Runtime.InvalidEntrypoint", ask(function));

            bootstrap("exit 4");
            assertEquals("Runtime.ExitError", ask(function));
        }
    }

    @Test
    void whatTheFunctionPrintsIsHandedOnAndInTheLogFile() throws IOException {
        try (LocalFunction function = start("echo one; echo two; exit 3")) {
            assertThrows(
                    IllegalStateException.class, () -> function.awaitStart(Duration.ofMinutes(1)));
        }

        assertEquals(List.of("one", "two"), printed);
        assertEquals(printed, Files.readAllLines(directory.resolve("function.log")));
    }

    @Test
    void aRestartedFunctionIsAnotherProcess() throws IOException {
        try (LocalFunction function = start("exec sleep 600")) {
            bootstrap("echo another; exit 1");

            function.restart();

            var refusal =
                    assertThrows(
                            IllegalStateException.class,
                            () -> function.awaitStart(Duration.ofMinutes(1)));
            assertEquals("The function does not start: another", refusal.getMessage());
        }
    }

    private static String ask(LocalFunction function) {
        return assertInstanceOf(
                        Errored.class,
                        function.ask(new byte[] {'{', '}'}, "request-1", RuntimeApi.traceId()))
                .type();
    }

    private LocalFunction start(String commands) throws IOException {
        return LocalFunction.start(
                bootstrap(commands),
                Map.of(),
                Duration.ofMinutes(1),
                directory.resolve("function.log"),
                printed::add);
    }

    private Path bootstrap(String commands) throws IOException {
        Path file = directory.resolve("bootstrap");
        Files.writeString(file, "#!/bin/sh\n" + commands + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }
}
