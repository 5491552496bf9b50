package authoriser.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.config.Config;
import authoriser.config.Environment;
import authoriser.config.InvalidSettings;
import authoriser.config.Setting;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Compares the page on settings with the code and the template. */
class SettingsPageTest {
    private final String page;

    SettingsPageTest() throws IOException {
        page = Pages.read("settings.md");
    }

    private record Row(String variable, String required, String standard, String meaning) {}

    private List<Row> rows() {
        List<Row> rows =
                Tables.rows(page, "variable", "required", "default", "meaning").stream()
                        .map(row ->
                                new Row(
                                        Tables.codeWords(row.get(0)).getFirst(),
                                        row.get(1),
                                        row.get(2),
                                        row.get(3)))
                        .toList();
        assertFalse(rows.isEmpty());
        return rows;
    }

    @Test
    void everySettingIsExplainedOnceAndInTheOrderOfTheCode() {
        assertEquals(
                Arrays.stream(Setting.values()).map(Setting::variable).toList(),
                rows().stream().map(Row::variable).toList());
    }

    @Test
    void exactlyTheSettingsAndParametersAreExplained() throws IOException {
        Set<String> explained = new TreeSet<>();
        for (String text : List.of(page, Pages.read("deploying.md"))) {
            explained.addAll(Tables.firstCells(text, Set.of("setting", "variable", "parameter")));
        }

        assertEquals(
                Set.copyOf(Template.read(Path.of("template.yaml")).parameters().keySet()),
                explained);
    }

    /** A changed value must give another result, so that the comparison is effective. */
    @Test
    void aDefaultValueIsTheOneOfTheCode() {
        Map<String, String> changed =
                Map.of(
                        "ValidationServiceTimeoutMs", "2001",
                        "InvalidTokenResponse", "unauthorized",
                        "PolicyExpiry", "off",
                        "ClockSkewSeconds", "1",
                        "LogAllowEvery", "2");
        Config unset = parse();
        Set<String> checked = new TreeSet<>();
        for (Row row : rows()) {
            if (row.standard.matches("`\\w+`")) {
                String standard = Tables.codeWords(row.standard).getFirst();
                assertEquals(unset, parse(row.variable, standard), row.variable);
                assertNotEquals(
                        unset, parse(row.variable, changed.get(row.variable)), row.variable);
                checked.add(row.variable);
            }
        }

        assertEquals(new TreeSet<>(changed.keySet()), checked);
    }

    @Test
    void theDefaultOfTheJwksUrlIsTheOneOfTheCode() {
        String issuer = "https://issuer.example.com";
        String url =
                Tables.codeWords(standard("CognitoJwksUrl")).getFirst().replace("ISSUER", issuer);

        assertEquals(
                parse("CognitoIssuer", issuer),
                parse("CognitoIssuer", issuer, "CognitoJwksUrl", url));
    }

    @Test
    void theDefaultOfAudienceRequiredIsTheOneOfTheCode() {
        assertEquals("`on` if `CognitoAudiences` is set, else `off`", standard("AudienceRequired"));
        assertEquals(
                parse("CognitoAudiences", "orders", "AudienceRequired", "on"),
                parse("CognitoAudiences", "orders"));
        assertEquals(parse("AudienceRequired", "off"), parse());
    }

    @Test
    void aSettingIsRequiredIfThePageSaysSo() {
        for (Row row : rows()) {
            String problem = problemWithout(row.variable);
            switch (row.required) {
                case "yes" -> assertTrue(problem.contains(row.variable), row.variable);
                case "no" -> assertEquals("", problem, row.variable);
                case "unless `CognitoIssuer` is set" -> {
                    assertTrue(problem.contains(row.variable), row.variable);
                    parse(row.variable, null, "CognitoIssuer", "https://issuer.example.com");
                }
                case "one of the two" ->
                        assertTrue(
                                problemWithout(
                                                "ValidationServiceClientSecretValue",
                                                "ValidationServiceClientSecretArn")
                                        .contains(row.variable),
                                row.variable);
                default -> throw new AssertionError(row.required);
            }
        }
    }

    @Test
    void aRangeIsTheOneOfTheCode() {
        int ranges = 0;
        for (Row row : rows()) {
            var range = Pattern.compile("\\b(\\d+) to (\\d+)\\b").matcher(row.meaning);
            if (range.find()) {
                int least = Integer.parseInt(range.group(1));
                int most = Integer.parseInt(range.group(2));
                parse(row.variable, Integer.toString(least));
                parse(row.variable, Integer.toString(most));
                assertNotEquals("", problemWith(row.variable, Integer.toString(least - 1)));
                assertNotEquals("", problemWith(row.variable, Integer.toString(most + 1)));
                ranges++;
            }
        }

        assertEquals(3, ranges);
    }

    @Test
    void aSettingIsRequiredOnThePageIfItIsRequiredInTheCode() {
        for (Setting setting : Setting.values()) {
            assertEquals(
                    setting.required(),
                    row(setting.variable()).required.equals("yes"),
                    setting.variable());
        }
    }

    @Test
    void thePageHasTheDefaultOfEachSettingThatHasOne() {
        for (Setting setting : Setting.values()) {
            String standard = standard(setting.variable());
            setting.fallback()
                    .ifPresentOrElse(
                            value -> assertEquals("`" + value + "`", standard, setting.variable()),
                            () -> assertFalse(standard.matches("`\\w+`"), setting.variable()));
        }
    }

    @Test
    void thePageHasTheLeastAndTheLargestNumberOfEachSettingThatIsANumber() {
        for (Setting setting : Setting.values()) {
            String range = setting.most() == 0 ? "" : setting.least() + " to " + setting.most();
            var found =
                    Pattern.compile("\\b\\d+ to \\d+\\b").matcher(row(setting.variable()).meaning);
            assertEquals(range, found.find() ? found.group() : "", setting.variable());
        }
    }

    /** Such as "{@code ValidationServiceTimeoutMs} (2000 ms by default)". */
    @Test
    void aDefaultInTheTextOfAPageIsThatOfTheCode() throws IOException {
        var stated = Pattern.compile("`(\\w+)`\\s+\\((\\w+)(?: ms)?\\s+by\\s+default\\)");
        int found = 0;
        for (Path file : Pages.all()) {
            for (var match : stated.matcher(Files.readString(file)).results().toList()) {
                assertEquals(fallback(match.group(1)), match.group(2), file + ": " + match.group());
                found++;
            }
        }

        assertTrue(found > 0);
    }

    private static String fallback(String variable) {
        return Arrays.stream(Setting.values())
                .filter(setting -> setting.variable().equals(variable))
                .findFirst()
                .flatMap(Setting::fallback)
                .orElse("");
    }

    @Test
    void theNumberOfHeadersOnThePageIsAccepted() {
        Row row = row("ValidatedHeaders");
        var most = Pattern.compile("At most (\\d+)\\.").matcher(row.meaning);
        assertTrue(most.find());
        int number = Integer.parseInt(most.group(1));

        parse(row.variable, headers(number));
        assertNotEquals("", problemWith(row.variable, headers(number + 1)));
    }

    @Test
    void theNumberOfRulesOnThePageIsAccepted() {
        var most =
                Pattern.compile("room for (\\d+) rules with\\s+paths of (\\d+) characters")
                        .matcher(page);
        assertTrue(most.find());
        int number = Integer.parseInt(most.group(1));
        int length = Integer.parseInt(most.group(2));

        parseWithLimits(rules(number, length));
        assertFalse(startsWithLimits(rules(number + 1, length)));
    }

    private Row row(String variable) {
        return rows().stream()
                .filter(row -> row.variable.equals(variable))
                .findFirst()
                .orElseThrow();
    }

    private String standard(String variable) {
        return row(variable).standard;
    }

    private static String headers(int number) {
        return IntStream.range(0, number).mapToObj(i -> "X-" + i).collect(Collectors.joining(","));
    }

    private static String rules(int number, int length) {
        ObjectNode rules = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < number; i++) {
            String end = Integer.toString(i);
            rules.putArray("GET /" + "x".repeat(length - 1 - end.length()) + end).add("s");
        }
        return rules.toString();
    }

    private static void parseWithLimits(String rules) {
        Config.parse(Environment.with("ScopeRules", rules), new authoriser.policy.AnswerLimits());
    }

    private static boolean startsWithLimits(String rules) {
        try {
            parseWithLimits(rules);
            return true;
        } catch (InvalidSettings e) {
            return false;
        }
    }

    private static Config parse(String... namesAndValues) {
        return Config.parse(Environment.with(namesAndValues), Environment.UNCHECKED);
    }

    private static String problemWith(String... namesAndValues) {
        try {
            parse(namesAndValues);
            return "";
        } catch (InvalidSettings e) {
            return e.getMessage();
        }
    }

    private static String problemWithout(String... names) {
        String[] namesAndValues = new String[2 * names.length];
        for (int i = 0; i < names.length; i++) {
            namesAndValues[2 * i] = names[i];
        }
        return problemWith(namesAndValues);
    }
}
