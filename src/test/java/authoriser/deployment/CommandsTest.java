package authoriser.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Each block of commands in the documents is run by a check, or this test says why not. */
class CommandsTest {
    private static final Pattern COMMANDS =
            Pattern.compile("(?ms)^ *```(sh|console)\n(.*?)^ *```$");
    private static final Pattern LANGUAGE = Pattern.compile("(?m)^ *```(\\w*)$");

    /** In a script: which block of which page it runs, as the first that has these words. */
    private static final Pattern RUN =
            Pattern.compile("(?m)^(page|operations|service_page) ('[^']+'|\\S+)");

    private static final Map<String, String> PAGES =
            Map.of(
                    "page", "deploying.md",
                    "operations", "operations.md",
                    "service_page", "validation-service.md");

    /** Commands that no check runs as they are, by words of them, with the reason. */
    private static final Map<String, String> NOT_RUN =
            Map.of(
                    "sam build",
                    "needs the SAM CLI, Docker and the base images; .ci/image runs the image",
                    "mvn -Pfuzz -Dfuzz=token",
                    "takes more than an hour; CorpusTest gives the targets the inputs that are kept",
                    "ValidationServiceUrl=https://validation.example.com/validate mvn -Plocal",
                    "takes a user pool; OwnSettingsIT starts the local gateway with own settings",
                    "src/deploy/bench authoriser 512 1024 1769",
                    "takes an account of AWS; BenchScriptTest runs the script with played answers");

    private record Block(Path page, String language, String text) {}

    @Test
    void eachBlockOfCommandsIsRunOrHasAReason() throws IOException {
        List<Block> left = new ArrayList<>(blocks());

        left.removeAll(run());
        left.removeIf(block -> block.language().equals("console") && isTranscript(block));
        left.removeIf(block -> NOT_RUN.keySet().stream().anyMatch(block.text()::contains));

        assertEquals(List.of(), left);
    }

    @Test
    void eachReasonIsForOneBlock() throws IOException {
        for (String words : NOT_RUN.keySet()) {
            List<Block> found =
                    blocks().stream().filter(block -> block.text().contains(words)).toList();

            assertEquals(1, found.size(), words);
            assertTrue(!run().contains(found.getFirst()), words);
        }
    }

    @Test
    void eachScriptThatRunsCommandsIsAStepOfTheChecks() throws IOException {
        String checks = Files.readString(Path.of(".ci/run"));

        for (String step : List.of("emulator", "first_minutes")) {
            assertTrue(checks.contains("\n" + step + "() {\n    .ci/" + step.replace('_', '-')));
            assertTrue(Pattern.compile("(?m)^for check in .*\\b" + step).matcher(checks).find());
        }
    }

    /** A block without a language, or with another, would be missed above. */
    @Test
    void commandsAreInBlocksOfTheShell() throws IOException {
        Pattern command =
                Pattern.compile("(?m)^(mvn|aws|curl|docker|sam|git|src/\\w+|target/\\w+) ");
        List<String> others = new ArrayList<>();
        for (Path page : Pages.all()) {
            boolean inside = false;
            String language = "";
            for (String line : Files.readAllLines(page)) {
                var fence = LANGUAGE.matcher(line);
                if (fence.matches()) {
                    inside = !inside;
                    language = fence.group(1);
                } else if (inside
                        && !Set.of("sh", "console").contains(language)
                        && command.matcher(line).find()) {
                    others.add(page + ": " + line);
                }
            }
        }

        assertEquals(List.of(), others);
    }

    @Test
    void eachProfileThatACommandNamesExists() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        Set<String> missing = new TreeSet<>();
        for (Path page : Pages.all()) {
            Pattern.compile("\\bmvn [^`\n]*?-P(?<profile>[\\w-]+)")
                    .matcher(Files.readString(page))
                    .results()
                    .map(found -> found.group("profile"))
                    .filter(profile -> !pom.contains("<id>" + profile + "</id>"))
                    .forEach(missing::add);
        }

        assertEquals(Set.of(), missing);
    }

    /** The blocks that .ci/emulator and .ci/first-minutes run. */
    private static List<Block> run() throws IOException {
        List<Block> run = new ArrayList<>();
        for (String script : List.of(".ci/emulator", ".ci/first-minutes")) {
            var line = RUN.matcher(Files.readString(Path.of(script)));
            while (line.find()) {
                Path page = Pages.DOCS.resolve(PAGES.get(line.group(1)));
                String words = line.group(2).replace("'", "");
                Optional<Block> block =
                        blocks().stream()
                                .filter(one -> one.page().equals(page))
                                .filter(one -> one.text().contains(words))
                                .findFirst();
                assertTrue(block.isPresent(), script + " runs what is not there: " + words);
                run.add(block.get());
            }
        }
        return run;
    }

    /** Whether {@code .ci/first-minutes} has written it. */
    private static boolean isTranscript(Block block) {
        try {
            String page = Pages.read("first-minutes.md");
            int from = page.indexOf("<!-- transcript");
            int to = page.indexOf("<!-- end");
            int at = page.indexOf(block.text());
            return block.page().endsWith("first-minutes.md") && from < at && at < to;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Block> blocks() throws IOException {
        List<Block> blocks = new ArrayList<>();
        for (Path page : Pages.all()) {
            COMMANDS.matcher(Files.readString(page))
                    .results()
                    .map(found -> new Block(page, found.group(1), found.group(2)))
                    .forEach(blocks::add);
        }
        return blocks;
    }
}
