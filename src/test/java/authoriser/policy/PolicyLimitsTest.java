package authoriser.policy;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.config.RouteRule;
import authoriser.decision.Decision;
import authoriser.event.ExecuteApiArn;
import authoriser.json.JsonDocument;
import authoriser.reason.Reason;
import authoriser.token.VerifiedToken;
import authoriser.token.VerifiedTokens;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The response has at most 8 KB, and a resource has at most 512 characters. */
class PolicyLimitsTest {
    private static final Instant NOW = Instant.ofEpochSecond(VerifiedTokens.EXPIRES_AT - 60);

    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    @Test
    void omitsTheLastGroupsThatDoNotFit() {
        List<String> groups = names("group-", 700);

        CheckedAnswer allow = allow(VerifiedTokens.user(List.of("orders/read"), groups), Map.of());

        assertCutShort(groups, allow.context().get("groups"), ",");
        assertEquals("orders/read", allow.context().get("scope"));
    }

    @Test
    void omitsTheLastScopesThatDoNotFit() {
        List<String> scopes = names("orders/scope-", 700);

        CheckedAnswer allow =
                allow(VerifiedTokens.user(scopes, List.of("clerks")), Map.of("plan", "gold"));

        assertCutShort(scopes, allow.context().get("scope"), " ");
        assertEquals("gold", allow.context().get("plan"));
    }

    @Test
    void writesAsManyGroupsAsFit() {
        VerifiedToken token = VerifiedTokens.user(List.of(), names("g", 5_000));

        JsonDocument answer =
                Policies.allow(Policies.writer(), token, Map.of(), Policies.ARN).orElseThrow();

        assertTrue(answer.size() > 8_192 - "g5000,".length(), () -> answer.size() + " bytes");
    }

    @Test
    void mayHaveExactly8192Bytes() {
        VerifiedToken token = VerifiedTokens.user(List.of(), List.of("clerks"));
        int rest = answerTo(token, Map.of("x", "")).orElseThrow().size();
        String filling = "x".repeat(8_192 - rest);

        JsonDocument answer = answerTo(token, Map.of("x", filling)).orElseThrow();
        CheckedAnswer oneLonger =
                CheckedAnswer.of(answerTo(token, Map.of("x", filling + "x")).orElseThrow());

        assertEquals(8_192, answer.size());
        assertEquals("clerks", CheckedAnswer.of(answer).context().get("groups"));
        assertEquals("", oneLonger.context().get("groups"));
    }

    @Test
    void mayHaveExactly8192BytesWithOmittedGroups() {
        int rest =
                answerTo(VerifiedTokens.user(List.of(), List.of()), Map.of()).orElseThrow().size();
        String first = "x".repeat(8_192 - rest - ",last".length());

        JsonDocument answer =
                answerTo(VerifiedTokens.user(List.of(), List.of(first, "last", "more")), Map.of())
                        .orElseThrow();

        assertEquals(8_192, answer.size());
        assertEquals(first + ",last", CheckedAnswer.of(answer).context().get("groups"));
    }

    /** The context of the service may be important for the backend, so no value is omitted. */
    @Test
    void isAbsentIfTheContextOfTheServiceDoesNotFit() {
        VerifiedToken token = VerifiedTokens.machine();
        int rest = answerTo(token, Map.of("x", "")).orElseThrow().size();
        String filling = "x".repeat(8_192 - rest);

        assertEquals(8_192, answerTo(token, Map.of("x", filling)).orElseThrow().size());
        assertEquals(Optional.empty(), answerTo(token, Map.of("x", filling + "x")));
        assertEquals(Optional.empty(), answerTo(token, Map.of("x", "x".repeat(60_000))));
    }

    @Test
    void allowsRoutesOfScopesThatAreOmitted() {
        List<String> scopes = new ArrayList<>(names("orders/scope-", 900));
        scopes.add("admin");
        PolicyWriter writer = Policies.writer(Policies.rule("GET", "/admin", "admin"));

        CheckedAnswer allow = Policies.allow(writer, VerifiedTokens.user(scopes, List.of()));

        assertFalse(allow.context().get("scope").contains("admin"));
        assertTrue(allow.allows(Policies.STAGE + "/GET/admin", NOW));
    }

    /** Escapes and characters outside ASCII take several bytes each. */
    @ParameterizedTest
    @ValueSource(strings = {"\"", "\\", "\n", "\u0000", "\u007f", "é", "日", "\ud83d\ude00"})
    void countsEveryCharacterInBytes(String character) {
        List<String> groups =
                IntStream.range(0, 2_000).mapToObj(i -> character.repeat(3) + i).toList();

        CheckedAnswer allow = allow(VerifiedTokens.user(List.of(), groups), Map.of());

        assertCutShort(groups, allow.context().get("groups"), ",");
    }

    /** Space that a long name did not use must not be given to another name. */
    @ParameterizedTest
    @ValueSource(strings = {"\n", "\t", "\ud83d\ude00"})
    void givesUnusedSpaceToNoOtherName(String character) {
        List<String> groups = new ArrayList<>(names("group-", 700));
        groups.add(character.repeat(2_000));

        CheckedAnswer allow = allow(VerifiedTokens.user(List.of(), groups), Map.of());

        assertCutShort(groups, allow.context().get("groups"), ",");
    }

    @Test
    void refusesAPathThatDoesNotFitWithTheLongestStage() {
        int room = 512 - Policies.LONGEST_ARN.stage().length() - "/GET".length();
        RouteRule longest = Policies.rule("GET", path(room, "*"), "s");

        assertEquals(Optional.empty(), RoutePolicy.problemOf(List.of(longest)));
        assertEquals(
                Optional.of("holds a path of " + (room + 1) + " characters, too long for a policy"),
                RoutePolicy.problemOf(List.of(Policies.rule("GET", path(room + 1, "*"), "s"))));
        CheckedAnswer allow =
                CheckedAnswer.of(
                        Policies.allow(
                                        Policies.writer(longest),
                                        VerifiedTokens.machine("other"),
                                        Map.of(),
                                        Policies.LONGEST_ARN)
                                .orElseThrow());
        assertFalse(allow.allows(Policies.LONGEST_ARN.stage() + "/GET" + path(room, "?"), NOW));
    }

    @Test
    void countsTheLongestMethodForARuleOfEveryMethod() {
        int room = 512 - Policies.LONGEST_ARN.stage().length() - "/OPTIONS".length();

        assertEquals(
                Optional.empty(),
                RoutePolicy.problemOf(List.of(Policies.rule("*", path(room, "*"), "s"))));
        assertTrue(
                RoutePolicy.problemOf(List.of(Policies.rule("*", path(room + 1, "*"), "s")))
                        .isPresent());
    }

    /** The numbers of README and settings.md. */
    @Test
    void acceptsTwentyFourRulesWithPathsOfTwentyCharacters() {
        assertEquals(24, mostRules("GET", 20));
        assertEquals(3, mostRules("*", 20));
    }

    /** With the longest names, and with more scopes and groups than fit. */
    @ParameterizedTest
    @CsvSource({"GET, 5", "GET, 20", "GET, 60", "OPTIONS, 20", "*, 5", "*, 20", "*, 100"})
    void fitsWithTheGreatestNumberOfRulesAndTheLongestStage(String method, int length) {
        List<RouteRule> rules = rules(mostRules(method, length), method, length);

        CheckedAnswer allow =
                CheckedAnswer.of(
                        Policies.allow(
                                        Policies.writer(rules),
                                        longestToken(),
                                        Map.of("key", "x".repeat(640)),
                                        Policies.LONGEST_ARN)
                                .orElseThrow());

        for (RouteRule rule : rules) {
            String tested = method.equals("*") ? "PATCH" : method;
            String route = Policies.LONGEST_ARN.stage() + "/" + tested + rule.path();
            assertTrue(allow.deniesExplicitly(route.replace("*", "any"), NOW), route);
        }
    }

    @Test
    void countsRulesAsTheyAreWritten() {
        List<RouteRule> rules = rules(30, "GET", 30);

        int each =
                sizeOnLongestStage(rules.subList(0, 20)) - sizeOnLongestStage(rules.subList(0, 19));
        int allowed =
                METHODS.stream()
                        .mapToInt(method ->
                                ("\"" + Policies.LONGEST_ARN.stage() + "/" + method + "/*\",")
                                        .length())
                        .sum();

        assertEquals(
                Optional.of(
                        "needs a policy of up to "
                                + (1_400 + allowed + 30 * each)
                                + " bytes (counted with a stage name of 128 characters, and a rule"
                                + " for * as 7 rules), and API Gateway accepts 8192"),
                RoutePolicy.problemOf(rules));
    }

    @Test
    void acceptsRulesThatNeedExactly8192Bytes() {
        int most = mostRules("GET", 40);
        List<RouteRule> rules = rules(most - 1, "GET", 40);
        int left = 40;
        while (RoutePolicy.problemOf(with(rules, longRule(left + 1))).isEmpty()) {
            left++;
        }

        assertEquals(Optional.empty(), RoutePolicy.problemOf(with(rules, longRule(left))));
        assertTrue(
                RoutePolicy.problemOf(with(rules, longRule(left + 1)))
                        .orElseThrow()
                        .startsWith("needs a policy of up to 8193 bytes "));
    }

    private static RouteRule longRule(int length) {
        return Policies.rule("GET", path(length, "*"), "s");
    }

    /** The greatest number of rules with paths of this length that are accepted. */
    private static int mostRules(String method, int length) {
        int count = 0;
        while (RoutePolicy.problemOf(rules(count + 1, method, length)).isEmpty()) {
            count++;
        }
        return count;
    }

    /** This number of different rules, with paths of this length. */
    private static List<RouteRule> rules(int count, String method, int length) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    String end = (char) ('A' + i / 10) + "" + i % 10 + "*";
                    String path = "/" + "x".repeat(length - 1 - end.length()) + end;
                    return Policies.rule(method, path, "scope-" + i);
                })
                .toList();
    }

    private static int sizeOnLongestStage(List<RouteRule> rules) {
        return Policies.allow(
                        Policies.writer(rules),
                        VerifiedTokens.machine("other"),
                        Map.of(),
                        Policies.LONGEST_ARN)
                .orElseThrow()
                .size();
    }

    /** A user name is at most 128 characters long in Cognito, and a subject is a UUID. */
    private static VerifiedToken longestToken() {
        return VerifiedTokens.of(
                VerifiedTokens.SUBJECT,
                Optional.of("u".repeat(128)),
                names("orders/scope-", 300),
                names("group-", 200),
                VerifiedTokens.EXPIRES_AT);
    }

    @Test
    void countsTheSameRouteOnce() {
        List<RouteRule> rules = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            rules.add(Policies.rule("GET", "/same*", "scope-" + i));
        }

        assertEquals(Optional.empty(), RoutePolicy.problemOf(rules));
        assertEquals(
                1,
                Policies.allow(Policies.writer(rules), VerifiedTokens.machine())
                        .statements()
                        .get(1)
                        .resources()
                        .size());
    }

    /** The function does not start with these rules. */
    @Test
    void isAbsentIfTheRulesDoNotFit() {
        List<RouteRule> rules = rules(60, "GET", 20);

        assertEquals(
                Optional.empty(),
                Policies.allow(
                        Policies.writer(rules),
                        VerifiedTokens.machine(),
                        Map.of(),
                        Policies.LONGEST_ARN));
    }

    @Test
    void fitsForTheLongestDeny() {
        String longestName = "\u0000".repeat(255);
        Decision decision =
                new Decision.Forbidden(
                        Optional.of(
                                VerifiedTokens.of(
                                        longestName,
                                        Optional.of(longestName),
                                        names("s", 500),
                                        names("g", 500),
                                        1)),
                        Reason.VALIDATION_REFUSED,
                        "");

        CheckedAnswer deny =
                CheckedAnswer.of(Policies.deny(decision, "日".repeat(9_999), Policies.LONGEST_ARN));

        assertEquals(longestName, deny.principalId());
    }

    /** API Gateway does not send such an ARN. Its policy would be too long. */
    @Test
    void refusesAnArnWhoseStageIsTooLongForAResource() {
        String part = "a".repeat(128);
        String start = "arn:" + part + ":execute-api:" + part + ":" + part + ":";
        String api = "b".repeat(512 - start.length() - "/prod/*".length());

        assertTrue(ExecuteApiArn.parse(start + api + "/prod/GET/x").isPresent());
        assertEquals(Optional.empty(), ExecuteApiArn.parse(start + api + "b/prod/GET/x"));
    }

    @Test
    void isAbsentIfAResourceIsTooLong() {
        VerifiedToken token = VerifiedTokens.machine();
        ExecuteApiArn of500 =
                new ExecuteApiArn(Policies.STAGE + "s".repeat(500 - Policies.STAGE.length()));

        assertTrue(
                Policies.allow(
                                Policies.writer(Policies.rule("GET", "/admin7*", "admin")),
                                token,
                                Map.of(),
                                of500)
                        .isPresent());
        assertEquals(
                Optional.empty(),
                Policies.allow(
                        Policies.writer(Policies.rule("GET", "/admin78*", "admin")),
                        token,
                        Map.of(),
                        of500));
    }

    /** There is no response only if it is too long also without scopes and groups. */
    @Test
    void isValidOrAbsentForRandomInput() {
        for (int i = 1; i <= 300; i++) {
            int seed = i;
            assertAll("seed " + seed, () -> checkRandomAnswer(new Random(seed)));
        }
    }

    private static void checkRandomAnswer(Random random) {
        List<RouteRule> rules = new ArrayList<>();
        for (int i = random.nextInt(61); i > 0; i--) {
            rules.add(
                    Policies.rule(
                            random.nextInt(10) == 0 ? "*" : "GET",
                            "/" + "x".repeat(random.nextInt(40)) + i + "*",
                            "scope-" + random.nextInt(40)));
        }
        if (RoutePolicy.problemOf(rules).isPresent()) {
            rules = rules.subList(0, Math.min(rules.size(), 5));
        }
        List<String> scopes = texts(random, random.nextInt(300), ' ');
        List<String> groups = texts(random, random.nextInt(300), ',');
        Map<String, String> added = new LinkedHashMap<>();
        for (String key : texts(random, random.nextInt(12), '\u0000')) {
            added.put(key, text(random, random.nextInt(random.nextBoolean() ? 40 : 1_500)));
        }
        VerifiedToken token =
                VerifiedTokens.of(
                        text(random, 1 + random.nextInt(254)),
                        random.nextBoolean()
                                ? Optional.of(text(random, random.nextInt(255)))
                                : Optional.empty(),
                        scopes,
                        groups,
                        random.nextLong(253_402_300_800L));
        VerifiedToken bare =
                VerifiedTokens.of(
                        token.subject(), token.username(), List.of(), List.of(), token.expiresAt());
        PolicyWriter writer = Policies.writer(rules);

        Optional<JsonDocument> answer = Policies.allow(writer, token, added, Policies.ARN);

        if (answer.isEmpty()) {
            List<RouteRule> lacked =
                    rules.stream()
                            .filter(rule -> rule.names().stream().noneMatch(scopes::contains))
                            .toList();
            assertEquals(
                    Optional.empty(),
                    Policies.allow(Policies.writer(lacked), bare, added, Policies.ARN));
            return;
        }
        Map<String, String> context = CheckedAnswer.of(answer.get()).context();
        assertCutShort(List.copyOf(new LinkedHashSet<>(scopes)), context.get("scope"), " ");
        assertCutShort(groups, context.get("groups"), ",");
        added.keySet().removeIf(key -> !new ContextKeys(List.of()).freeFor(key));
        Map<String, String> others = new LinkedHashMap<>(context);
        others.keySet()
                .removeAll(
                        Set.of(
                                "subject",
                                "issuer",
                                "username",
                                "clientId",
                                "scope",
                                "groups",
                                "expiresAt"));
        assertEquals(added, others);
    }

    private static Optional<JsonDocument> answerTo(
            VerifiedToken token, Map<String, String> context) {
        return Policies.allow(Policies.writer(), token, context, Policies.ARN);
    }

    private static CheckedAnswer allow(VerifiedToken token, Map<String, String> context) {
        return CheckedAnswer.of(answerTo(token, context).orElseThrow());
    }

    /** Checks that {@code written} is all names, or the first ones, each complete. */
    private static void assertCutShort(List<String> names, String written, String separator) {
        String all = String.join(separator, names);
        assertTrue(all.startsWith(written), () -> written + " is not the beginning of " + all);
        assertTrue(
                written.isEmpty()
                        || written.length() == all.length()
                        || all.startsWith(separator, written.length()),
                () -> written + " ends within a name");
    }

    private static List<String> names(String start, int count) {
        return IntStream.range(0, count).mapToObj(i -> start + i).toList();
    }

    /** A path of this length. */
    private static String path(int length, String end) {
        return "/" + "x".repeat(length - 2) + end;
    }

    private static List<RouteRule> with(List<RouteRule> rules, RouteRule another) {
        List<RouteRule> all = new ArrayList<>(rules);
        all.add(another);
        return all;
    }

    private static List<String> texts(Random random, int count, char without) {
        return IntStream.range(0, count)
                .mapToObj(i -> text(random, 1 + random.nextInt(60)).replace(without, '_'))
                .toList();
    }

    private static String text(Random random, int length) {
        String[] characters = {"a", "b", "/", "\"", "\\", "\n", "\u0001", "é", "日", "\ud83d\ude00"};
        int kinds = 1 + random.nextInt(characters.length);
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append(characters[random.nextInt(kinds)]);
        }
        return text.toString();
    }
}
