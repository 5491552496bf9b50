package authoriser.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.lambda.RuntimeApi.Errored;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FunctionProcessTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir Path directory;

    @Test
    void theProcessGetsTheEnvironmentGivenAndNothingOfOurs() throws IOException {
        Path bootstrap = script("env");
        try (var function = FunctionProcess.start(bootstrap, Map.of("Setting", "a value"))) {
            assertEquals(0, function.exit().join());
            List<String> names =
                    function.lines().stream()
                            .map(line -> line.replaceFirst("=.*", ""))
                            .filter(name -> !List.of("PWD", "_", "SHLVL", "OLDPWD").contains(name))
                            .sorted()
                            .toList();

            assertEquals(List.of("JAVA_HOME", "LANG", "PATH", "Setting", "TZ"), names);
            assertTrue(function.lines().contains("Setting=a value"));
        }
    }

    @Test
    void bothOutputsAreOnRecord() throws IOException {
        Path bootstrap = script("echo out; echo err >&2");
        try (var function = FunctionProcess.start(bootstrap, Map.of())) {
            function.exit().join();

            assertEquals("out\nerr", function.output());
        }
    }

    @Test
    void aLineIsToldAsSoonAsItIsPrinted() throws IOException {
        Path bootstrap = script("echo one; echo two; exec sleep 600");
        try (var function = FunctionProcess.start(bootstrap, Map.of())) {
            assertEquals("two", function.line("two"::equals, LIMIT));
        }
    }

    @Test
    void aLineThatCanNoLongerComeIsNotWaitedFor() throws IOException {
        Path bootstrap = script("echo one");
        try (var function = FunctionProcess.start(bootstrap, Map.of())) {
            assertThrows(IllegalStateException.class, () -> function.line("two"::equals, LIMIT));
        }
    }

    @Test
    void closingEndsTheProcessAndItsChildren() throws IOException {
        Path bootstrap = script("sleep 600 & echo $!; wait");
        ProcessHandle child;
        FunctionProcess function = FunctionProcess.start(bootstrap, Map.of());
        try (function) {
            String pid = function.line(_ -> true, LIMIT);
            child = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        }

        assertFalse(function.isAlive());
        child.onExit().join();
    }

    @Test
    void terminatingLetsTheProcessFinish() throws IOException {
        Path bootstrap =
                // the child says so itself: a signal between its fork and its exec would be lost on
                // it
                script(
                        "trap 'kill $!; echo finished; exit 7' TERM;"
                                + " sh -c 'echo ready; exec sleep 600' & wait");
        try (var function = FunctionProcess.start(bootstrap, Map.of())) {
            function.line("ready"::equals, LIMIT);

            assertEquals(7, function.terminate(LIMIT));
            assertEquals("ready\nfinished", function.output());
        }
    }

    @Test
    void anInvocationEndsWithTheProcess() throws IOException {
        Path bootstrap = script("exit 3");
        try (RuntimeApi api = RuntimeApi.start();
                var function = FunctionProcess.start(bootstrap, api, Map.of())) {
            Errored errored =
                    assertInstanceOf(Errored.class, api.invoke(new byte[] {'{', '}'}, LIMIT));

            assertEquals("Runtime.ExitError", errored.type());
            assertEquals("Runtime exited with status 3", errored.message());
            assertFalse(function.isAlive());
        }
    }

    private Path script(String commands) throws IOException {
        Path script = Files.writeString(directory.resolve("bootstrap"), "#!/bin/sh\n" + commands);
        assertTrue(script.toFile().setExecutable(true));
        return script;
    }
}
