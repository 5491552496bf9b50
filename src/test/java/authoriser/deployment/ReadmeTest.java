package authoriser.deployment;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.config.Config;
import authoriser.config.Environment;
import authoriser.config.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Compares the README with the code and the pages. */
class ReadmeTest {
    private static final int MOST_LINES = 200;

    private final String readme;

    ReadmeTest() throws IOException {
        readme = Files.readString(Pages.README);
    }

    @Test
    void hasAtMostTwoHundredLines() {
        assertTrue(readme.lines().count() <= MOST_LINES, () -> readme.lines().count() + " lines");
    }

    @Test
    void namesSettingsThatExist() {
        Set<String> settings = new TreeSet<>();
        Arrays.stream(Setting.values()).map(Setting::variable).forEach(settings::add);
        Set<String> named = Tables.firstCells(readme, Set.of("variable"));

        assertTrue(named.size() > 5 && settings.containsAll(named), named.toString());
    }

    /** With the settings of the table and no others, the function starts. */
    @Test
    void namesEverySettingThatMustBeSet() {
        Map<String, String> environment =
                Environment.with(
                        Setting.VALIDATION_SERVICE_CLIENT_SECRET_VALUE.variable(),
                        null,
                        Setting.VALIDATION_SERVICE_CLIENT_SECRET_ARN.variable(),
                        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:client-AbCdEf");
        environment.keySet().retainAll(Tables.firstCells(readme, Set.of("variable")));

        assertDoesNotThrow(() -> Config.parse(environment, Environment.UNCHECKED));
    }

    @Test
    void defaultsAreThoseOfTheCode() {
        Map<String, String> stated = new TreeMap<>();
        for (List<String> row : Tables.rows(readme, "variable")) {
            var standard = Pattern.compile("`(\\w+)`, the default").matcher(row.getLast());
            if (standard.find()) {
                stated.put(Tables.codeWords(row.getFirst()).getFirst(), standard.group(1));
            }
        }
        Map<String, String> defaults = new TreeMap<>();
        for (Setting setting : Setting.values()) {
            if (Tables.firstCells(readme, Set.of("variable")).contains(setting.variable())) {
                setting.fallback().ifPresent(value -> defaults.put(setting.variable(), value));
            }
        }

        assertEquals(defaults, stated);
    }

    @Test
    void namesEveryPage() throws IOException {
        for (Path page : Pages.all()) {
            boolean note = page.getParent() != null && page.getParent().endsWith("decisions");
            if (!note && !page.equals(Pages.README)) {
                assertTrue(readme.contains("(" + page + ")"), page.toString());
            }
        }
    }

    @Test
    void limitsAreThoseOfTheCode() throws IOException {
        Map<String, String> limits = new LinkedHashMap<>();
        limits.put("token", kilobytes("token.CompactJws.SIZE_LIMIT"));
        limits.put("validated headers", text("config.SettingsReader.HEADERS_LIMIT"));
        limits.put("answer to API Gateway", kilobytes("policy.PolicyWriter.SIZE_LIMIT"));
        limits.put(
                "answer of an issuer, the token endpoint or the validation service",
                kilobytes("http.HttpClient.BODY_LIMIT"));
        limits.put("rules for routes, with paths of 20 characters", rulesOfThePage());
        limits.put("RSA key of the issuer, least", bits("token.JwkSet.LEAST_BITS"));
        limits.put("RSA key of the issuer, most", bits("token.JwkSet.MOST_BITS"));
        limits.put(
                "RSA exponent of the issuer's key, most", bits("token.JwkSet.MOST_EXPONENT_BITS"));
        limits.put(
                "age of the issuer's keys in use, while the issuer is down",
                duration("token.JwkSetCache.HARD_AGE").toHours() + " hours");
        limits.put(
                "age from which the issuer's keys are renewed",
                duration("token.JwkSetCache.SOFT_AGE").toMinutes() + " minutes");
        limits.put(
                "questions in a row without an answer until the service is not asked for a while",
                text("validation.CircuitBreaker.LIMIT"));
        limits.put(
                "reuse of an answer of the validation service, if it allows it",
                thousands("validation.Freshness.LONGEST_SECONDS") + " s");

        Map<String, String> written = new LinkedHashMap<>();
        Tables.rows(readme, "what", "limit").forEach(row -> written.put(row.get(0), row.get(1)));
        assertEquals(limits, written);
    }

    /** {@link SettingsPageTest} compares the page with the code. */
    private static String rulesOfThePage() throws IOException {
        var rules =
                Pattern.compile("room for (\\d+) rules with\\s+paths of 20 characters")
                        .matcher(Pages.read("settings.md"));
        assertTrue(rules.find());
        return rules.group(1);
    }

    @Test
    void costsAreThoseOfThePage() throws IOException {
        String page = Pages.read("cost.md");
        List<String> costs =
                Pattern.compile("(\\d+\\.\\d+) USD")
                        .matcher(readme)
                        .results()
                        .map(found -> found.group(1))
                        .toList();

        assertEquals(
                List.of(cost(page, "a million invocations, arm64"), cost(page, "their log lines")),
                costs);
    }

    private static String cost(String page, String what) {
        return Tables.rows(page, "what", "usd").stream()
                .filter(row -> row.get(0).equals(what))
                .findFirst()
                .orElseThrow()
                .get(1);
    }

    @Test
    void sampleRequestsAreThoseOfTheLocalGateway() throws IOException {
        List<String> samples =
                Pattern.compile("new Sample\\(\\s*\"([^\"]+)\"")
                        .matcher(
                                Files.readString(
                                        Path.of(
                                                "src/test/java/authoriser/local/"
                                                        + "SampleRequests.java")))
                        .results()
                        .map(found -> found.group(1))
                        .toList();
        List<MatchResult> shown =
                Pattern.compile("(?m)^ ?(\\d+)  (.+?) +GET ").matcher(readme).results().toList();

        assertTrue(shown.size() > 5);
        for (MatchResult row : shown) {
            assertEquals(
                    samples.get(Integer.parseInt(row.group(1)) - 1),
                    row.group(2).strip(),
                    row.group());
        }
    }

    private static String kilobytes(String constant) {
        return (int) Constants.of(constant) / 1024 + " KB";
    }

    private static String bits(String constant) {
        return thousands(constant) + " bits";
    }

    private static String thousands(String constant) {
        return "%,d".formatted(((Number) Constants.of(constant)).longValue());
    }

    private static String text(String constant) {
        return Constants.of(constant).toString();
    }

    private static Duration duration(String constant) {
        return (Duration) Constants.of(constant);
    }
}
