package authoriser.standin;

import static authoriser.standin.PolicyEvaluator.Verdict.ALLOW;
import static authoriser.standin.PolicyEvaluator.Verdict.EXPLICIT_DENY;
import static authoriser.standin.PolicyEvaluator.Verdict.IMPLICIT_DENY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import authoriser.standin.PolicyEvaluator.InvalidPolicy;
import authoriser.standin.PolicyEvaluator.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyEvaluatorTest {
    private static final String STAGE = "arn:aws:execute-api:eu-west-1:123456789012:abc/prod/";
    private static final Instant NOON = Instant.parse("2026-02-27T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "*, '', true",
        "*, GET/orders/42, true",
        "GET/orders/*, GET/orders/42, true",
        "GET/orders/*, GET/orders/42/lines/7, true",
        "GET/orders/*, GET/orders, false",
        "*/orders, GET/public/orders, true",
        "*/orders, GET/orders/42, false",
        "GET/*/lines, GET/orders/42/lines, true",
        "GET/?, GET/a, true",
        "GET/?, GET/, false",
        "GET?orders, GET/orders, true",
        "GET/a*b*c, GET/a-b-b-c, true",
        "GET/a*b*c, GET/a-c-b, false",
        "GET/Orders, GET/orders, false",
        "GET/**, GET/, true"
    })
    void wildcardsAreGreedyAcrossSlashes(String pattern, String text, boolean matches) {
        assertEquals(matches, PolicyEvaluator.matches(pattern, text));
    }

    @Test
    void anAllowThatMatchesLetsPass() {
        assertEquals(ALLOW, judge(statement("Allow", "*", ""), "GET/orders"));
    }

    @Test
    void whatNoStatementMatchesIsDenied() {
        assertEquals(IMPLICIT_DENY, judge(statement("Allow", "GET/orders", ""), "POST/orders"));
    }

    @Test
    void anExplicitDenyWinsOverAnAllowWhereverItStands() {
        String allow = statement("Allow", "*", "");
        String deny = statement("Deny", "GET/admin/*", "");

        assertEquals(EXPLICIT_DENY, judge(allow + "," + deny, "GET/admin/users"));
        assertEquals(EXPLICIT_DENY, judge(deny + "," + allow, "GET/admin/users"));
        assertEquals(ALLOW, judge(deny + "," + allow, "GET/orders"));
    }

    @Test
    void anotherStageOrApiIsNotMatched() {
        String policy = document(statement("Allow", "*", ""));

        assertEquals(
                IMPLICIT_DENY, evaluate(policy, STAGE.replace("/prod/", "/test/") + "GET/orders"));
        assertEquals(IMPLICIT_DENY, evaluate(policy, STAGE.replace(":abc/", ":abd/") + "GET/"));
    }

    @ParameterizedTest
    @CsvSource({
        "execute-api:Invoke, ALLOW",
        "execute-api:invoke, ALLOW",
        "execute-api:*, ALLOW",
        "*, ALLOW",
        "execute-api:ManageConnections, IMPLICIT_DENY"
    })
    void onlyTheInvokeActionCounts(String action, Verdict verdict) {
        String statement = statement("Allow", "*", "").replace("execute-api:Invoke", action);

        assertEquals(verdict, judge(statement, "GET/orders"));
    }

    @ParameterizedTest
    @CsvSource({
        "DateLessThan, 2026-02-27T12:00:01Z, ALLOW",
        "DateLessThan, 2026-02-27T12:00:00Z, IMPLICIT_DENY",
        "DateLessThanEquals, 2026-02-27T12:00:00Z, ALLOW",
        "DateLessThanEquals, 2026-02-27T11:59:59Z, IMPLICIT_DENY",
        "DateGreaterThan, 2026-02-27T11:59:59Z, ALLOW",
        "DateGreaterThan, 2026-02-27T12:00:00Z, IMPLICIT_DENY",
        "DateGreaterThanEquals, 2026-02-27T12:00:00Z, ALLOW",
        "DateGreaterThanEquals, 2026-02-27T12:00:01Z, IMPLICIT_DENY",
        "DateEquals, 2026-02-27T12:00:00Z, ALLOW",
        "DateNotEquals, 2026-02-27T12:00:00Z, IMPLICIT_DENY",
        "DateLessThan, 1772193601, ALLOW",
        "DateLessThan, 1772193600, IMPLICIT_DENY"
    })
    void aConditionOnTheCurrentTimeMustHold(String operator, String date, Verdict verdict) {
        String condition =
                ",\"Condition\":{\"%s\":{\"aws:CurrentTime\":\"%s\"}}".formatted(operator, date);

        assertEquals(verdict, judge(statement("Allow", "*", condition), "GET/orders"));
    }

    @Test
    void aDenyWhoseConditionFailsDoesNotDeny() {
        String past =
                ",\"Condition\":{\"DateLessThan\":{\"aws:CurrentTime\":\"2026-01-01T00:00:00Z\"}}";

        assertEquals(
                ALLOW,
                judge(statement("Allow", "*", "") + "," + statement("Deny", "*", past), "GET/a"));
    }

    @Test
    void resourcesAndActionsMayBeLists() {
        String statement =
                """
                {"Effect":"Allow","Action":["execute-api:Invoke"],
                 "Resource":["%1$sGET/a","%1$sGET/b"]}\
                """
                        .formatted(STAGE);

        assertEquals(ALLOW, judge(statement, "GET/b"));
        assertEquals(IMPLICIT_DENY, judge(statement, "GET/c"));
    }

    @Test
    void aResourceOfMoreThan512CharactersIsNoPolicy() {
        String longest = "x".repeat(512 - STAGE.length());

        assertEquals(IMPLICIT_DENY, judge(statement("Allow", longest, ""), "GET/a"));
        assertThrows(
                InvalidPolicy.class, () -> judge(statement("Allow", longest + "x", ""), "GET/a"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "{\"Version\":\"2012-10-17\"}",
                "{\"Version\":\"2012-10-17\",\"Statement\":[]}",
                "{\"Version\":\"2012-10-17\",\"Statement\":[{}]}",
                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Permit\","
                        + "\"Action\":\"*\",\"Resource\":\"*\"}]}",
                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
                        + "\"Action\":\"*\"}]}",
                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
                        + "\"Action\":\"*\",\"Resource\":[]}]}",
                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
                        + "\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":null}]}",
                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
                        + "\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{}}]}",
                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"effect\":\"Allow\","
                        + "\"action\":\"*\",\"resource\":\"*\"}]}",
                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
                        + "\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":"
                        + "{\"IpAddress\":{\"aws:SourceIp\":\"10.0.0.0/8\"}}}]}",
                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
                        + "\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":"
                        + "{\"DateLessThan\":{\"aws:CurrentTime\":\"tomorrow\"}}}]}",
                "{\"version\":\"2012-10-17\",\"statement\":[]}"
            })
    void whatCantBeAppliedIsAnErrorAndNoVerdict(String document) {
        assertThrows(InvalidPolicy.class, () -> evaluate(document, STAGE + "GET/orders"));
    }

    private static Verdict judge(String statements, String methodAndPath) {
        return evaluate(document(statements), STAGE + methodAndPath);
    }

    private static Verdict evaluate(String document, String methodArn) {
        return PolicyEvaluator.evaluate(
                TestJson.read(document.getBytes(StandardCharsets.UTF_8)), methodArn, NOON);
    }

    private static String document(String statements) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":[" + statements + "]}";
    }

    private static String statement(String effect, String methodAndPath, String more) {
        return "{\"Effect\":\"%s\",\"Action\":\"execute-api:Invoke\",\"Resource\":\"%s\"%s}"
                .formatted(effect, STAGE + methodAndPath, more);
    }
}
