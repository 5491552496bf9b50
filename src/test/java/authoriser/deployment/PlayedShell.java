package authoriser.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Runs scripts like a step of the pipeline, in a directory with the files that they need. Scripts
 * replace commands such as {@code aws}, and record each call.
 */
final class PlayedShell {
    private final Path directory;
    private final Map<String, String> played = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();

    /** The replies of {@code aws}, by a shell pattern of its arguments. The first match is used. */
    private final StringBuilder answers = new StringBuilder();

    PlayedShell(Path directory) throws IOException {
        this.directory = directory;
        for (String file :
                List.of(
                        "Dockerfile",
                        "template.yaml",
                        "src/deploy/bench",
                        "src/deploy/image",
                        "src/deploy/release",
                        "src/deploy/signature")) {
            Path copy = directory.resolve(file);
            Files.createDirectories(copy.getParent());
            Files.copy(Path.of(file), copy);
        }
    }

    void set(String variable, String value) {
        environment.put(variable, value);
    }

    void play(String command, String script) {
        played.put(command, script);
    }

    void aws(String pattern, String script) {
        String words = Pattern.compile("[^*]+").matcher(pattern).replaceAll("'$0'");
        answers.append('*').append(words).append(") ").append(script).append(" ;;\n");
    }

    void write(String file, String text) throws IOException {
        Files.writeString(directory.resolve(file), text);
    }

    String read(String file) throws IOException {
        return Files.readString(directory.resolve(file));
    }

    boolean has(String file) {
        return Files.exists(directory.resolve(file));
    }

    void delete(String file) throws IOException {
        Files.delete(directory.resolve(file));
    }

    /** Runs commands one after another, until one fails. */
    Run run(String... script) throws IOException, InterruptedException {
        Path bin = Files.createDirectories(directory.resolve("bin"));
        played.put("aws", "case \"$*\" in\n" + answers + "esac");
        for (Map.Entry<String, String> command : played.entrySet()) {
            Path file = bin.resolve(command.getKey());
            Files.writeString(
                    file,
                    "#!/bin/bash\necho \""
                            + command.getKey()
                            + " $*\" >> calls\n"
                            + command.getValue()
                            + "\n");
            assertTrue(file.toFile().setExecutable(true));
        }
        write("script", String.join("\n", script));
        var builder = new ProcessBuilder("/bin/bash", "-e", "script");
        builder.directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put("PATH", bin + ":/usr/bin:/bin");
        builder.environment().put("TMPDIR", directory.toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        Path calls = directory.resolve("calls");
        return new Run(status, output, Files.exists(calls) ? Files.readAllLines(calls) : List.of());
    }

    /**
     * The result of a run.
     *
     * @param calls the calls of replaced commands in order, each with its arguments
     */
    record Run(int status, String output, List<String> calls) {
        List<String> calls(String start) {
            return calls.stream().filter(call -> call.startsWith(start)).toList();
        }

        /** The only call that begins with this text. */
        String call(String start) {
            List<String> found = calls(start);
            assertEquals(1, found.size(), start + " among " + calls);
            return found.getFirst();
        }

        void assertSucceeds() {
            assertEquals(0, status, output);
        }

        void assertFails(String message) {
            assertTrue(status != 0, output);
            assertTrue(output.contains(message), output);
        }
    }
}
