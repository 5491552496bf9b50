package authoriser.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the README says of deploying, against the template and the files. */
class ReadmeTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path FILE = Path.of("README.md");

    private final String readme;

    ReadmeTest() throws IOException {
        readme = Files.readString(FILE);
    }

    @Test
    void everySettingAndParameterIsExplainedAndNoneMore() throws IOException {
        assertEquals(
                Set.copyOf(Template.read(Path.of("template.yaml")).parameters().keySet()),
                Tables.firstCells(readme, Set.of("setting", "variable", "parameter")));
    }

    @Test
    void outputsThatItNamesAreThere() throws IOException {
        Set<String> outputs = Template.read(Path.of("template.yaml")).section("Outputs").keySet();
        var named = Pattern.compile("\\boutput `(\\w+)`").matcher(readme);

        while (named.find()) {
            assertTrue(outputs.contains(named.group(1)), named.group());
        }
    }

    @Test
    void commandsSetTheVariablesThatTheyUse() {
        var block = Pattern.compile("(?s)```sh\n(.*?)```").matcher(readme);
        int blocks = 0;

        while (block.find()) {
            var used = Pattern.compile("\\$\\{?([A-Z_]+)").matcher(block.group(1));
            while (used.find()) {
                assertTrue(
                        used.group(1).equals("TOKEN")
                                || block.group(1)
                                        .substring(0, used.start())
                                        .contains(used.group(1) + "="),
                        used.group() + " in " + block.group(1));
            }
            blocks++;
        }
        assertTrue(blocks > 5);
    }

    @Test
    void outputsThatCommandsAskForAreThere() throws IOException {
        Set<String> outputs = Template.read(Path.of("template.yaml")).section("Outputs").keySet();
        var asked = Pattern.compile("\\$\\(output (\\w+)\\)").matcher(readme);

        while (asked.find()) {
            assertTrue(outputs.contains(asked.group(1)), asked.group());
        }
    }

    /** The cache key: a request without one of these must not be answered for one with it. */
    @Test
    void snippetsHaveTokenAndHeaderForIdentitySources() {
        List<JsonNode> snippets =
                Pattern.compile("(?s)```yaml\n(.*?)```")
                        .matcher(readme)
                        .results()
                        .map(found -> JSON.valueToTree(Template.of(found.group(1)).document()))
                        .map(JsonNode.class::cast)
                        .toList();
        List<String> openApi =
                snippets.stream()
                        .map(snippet -> snippet.findPath("identitySource").asText())
                        .filter(sources -> !sources.isEmpty())
                        .toList();
        List<JsonNode> sam =
                snippets.stream()
                        .map(snippet -> snippet.findPath("Identity"))
                        .filter(identity -> !identity.isMissingNode())
                        .toList();

        assertEquals(
                List.of("method.request.header.Authorization, method.request.header.X-Tenant-Id"),
                openApi);
        assertEquals(
                "[{\"Headers\":[\"Authorization\",\"X-Tenant-Id\"],\"ReauthorizeEvery\":300}]",
                sam.toString());
    }

    @Test
    void filesThatItNamesAreThere() {
        var named = Pattern.compile("src/[\\w/.-]+\\w").matcher(readme);

        while (named.find()) {
            assertTrue(Files.exists(Path.of(named.group())), named.group());
        }
    }
}
