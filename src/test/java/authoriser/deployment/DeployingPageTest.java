package authoriser.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Compares the page on deployment with the template. */
class DeployingPageTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String page;

    /** All documents, one after the other. */
    private final String documents;

    DeployingPageTest() throws IOException {
        page = Pages.read("deploying.md");
        StringBuilder text = new StringBuilder();
        for (Path document : Pages.all()) {
            text.append(Files.readString(document)).append('\n');
        }
        documents = text.toString();
    }

    @Test
    void everyParameterHasTheDefaultOfTheTemplate() throws IOException {
        Map<String, Object> parameters = Template.read(Path.of("template.yaml")).parameters();

        for (List<String> row : Tables.rows(page, "parameter", "default")) {
            String name = Tables.codeWords(row.get(0)).getFirst();
            Object standard =
                    Template.object(parameters.getOrDefault(name, Map.of())).get("Default");
            String code =
                    standard == null
                            ? "must be given"
                            : standard.equals("") ? "" : "`" + standard + "`";
            assertEquals(code, row.get(1), name);
        }
    }

    @Test
    void everyParameterHasTheLimitsOfTheTemplate() throws IOException {
        Map<String, Object> parameters = Template.read(Path.of("template.yaml")).parameters();
        int limits = 0;

        for (List<String> row : Tables.rows(page, "parameter", "default", "meaning")) {
            Map<String, Object> parameter =
                    Template.object(parameters.get(Tables.codeWords(row.get(0)).getFirst()));
            var range =
                    Pattern.compile("(?<!\\d)(-?\\d+) to (\\d+)")
                            .matcher(String.valueOf(parameter.get("ConstraintDescription")));
            String expected = "";
            if (parameter.containsKey("MinValue")) {
                expected = parameter.get("MinValue") + " to " + parameter.get("MaxValue");
            } else if (range.find()) {
                expected = range.group();
            }
            if (!expected.isEmpty()) {
                assertTrue(row.get(2).contains(expected), row + ": " + expected);
                limits++;
            }
        }

        assertTrue(limits > 9);
    }

    @Test
    void everyWordThatAParameterAllowsIsExplained() throws IOException {
        Map<String, Object> parameters = Template.read(Path.of("template.yaml")).parameters();

        for (List<String> row : Tables.rows(page, "parameter", "default", "meaning")) {
            Map<String, Object> parameter =
                    Template.object(parameters.get(Tables.codeWords(row.get(0)).getFirst()));
            if (parameter.get("AllowedValues") instanceof List<?> values
                    && values.getFirst() instanceof String) {
                for (Object value : values) {
                    assertTrue(
                            Tables.codeWords(row.get(2)).contains(value.toString()),
                            row + ": " + value);
                }
            }
        }
    }

    /** Where a parameter takes less than its setting. */
    @Test
    void aLowerLimitIsThatOfTheTemplate() throws IOException {
        Map<String, Object> parameters = Template.read(Path.of("template.yaml")).parameters();
        var timeout =
                Pattern.compile("`ValidationServiceTimeoutMs` is at most (\\d+)").matcher(page);
        var headers = Pattern.compile("`ValidatedHeaders` has at most (\\d+) char").matcher(page);

        assertTrue(timeout.find() && headers.find());
        assertTrue(
                constraint(parameters, "ValidationServiceTimeoutMs")
                        .endsWith(" to " + timeout.group(1)));
        assertEquals(
                Template.object(parameters.get("ValidatedHeaders")).get("MaxLength").toString(),
                headers.group(1));
    }

    private static String constraint(Map<String, Object> parameters, String name) {
        return Template.object(parameters.get(name)).get("ConstraintDescription").toString();
    }

    @Test
    void outputsThatThePagesNameExist() throws IOException {
        Set<String> outputs = Template.read(Path.of("template.yaml")).section("Outputs").keySet();
        var named = Pattern.compile("\\boutput `(\\w+)`").matcher(documents);

        while (named.find()) {
            assertTrue(outputs.contains(named.group(1)), named.group());
        }
    }

    @Test
    void commandsSetTheVariablesThatTheyUse() {
        var block = Pattern.compile("(?s)```sh\n(.*?)```").matcher(documents);
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
    void outputsThatCommandsUseExist() throws IOException {
        Set<String> outputs = Template.read(Path.of("template.yaml")).section("Outputs").keySet();
        var asked = Pattern.compile("\\$\\(output (\\w+)\\)").matcher(documents);

        while (asked.find()) {
            assertTrue(outputs.contains(asked.group(1)), asked.group());
        }
    }

    /** The identity sources are the cache key, so each snippet must name all of them. */
    @Test
    void snippetsHaveTokenAndHeaderForIdentitySources() {
        List<JsonNode> snippets =
                Pattern.compile("(?s)```yaml\n(.*?)```")
                        .matcher(page)
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
}
