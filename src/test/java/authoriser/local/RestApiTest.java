package authoriser.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.lambda.RuntimeApi.Answered;
import authoriser.lambda.RuntimeApi.Errored;
import authoriser.lambda.RuntimeApi.Outcome;
import authoriser.local.RestApi.DecidedBy;
import authoriser.local.RestApi.Passage;
import authoriser.standin.ReceivedRequest;
import authoriser.standin.TestJson;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.Headers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RestApiTest {
    private static final String STAGE =
            "arn:aws:execute-api:eu-west-1:123456789012:local00001/local/";
    private static final String ALLOW_ALL =
            "{\"Effect\":\"Allow\",\"Action\":\"execute-api:Invoke\",\"Resource\":\""
                    + STAGE
                    + "*\"}";

    private final List<JsonNode> asked = new ArrayList<>();
    private Instant now = Instant.parse("2026-02-27T12:00:00Z");
    private Outcome outcome = answer(ALLOW_ALL, "{\"subject\":\"jane\",\"limit\":5}");
    private final RestApi api =
            new RestApi(
                    List.of("Authorization", "X-Tenant-Id"),
                    new ResultCache(Duration.ofSeconds(300), () -> now),
                    (event, _, _) -> {
                        asked.add(TestJson.read(event));
                        return outcome;
                    },
                    () -> now);

    @Test
    void theBackendSeesTheContextAsStrings() {
        Passage passage = api.pass(good("GET", "/orders/42"));

        assertEquals(200, passage.status());
        assertEquals(
                "{\"method\":\"GET\",\"path\":\"/orders/42\",\"authorizer\":"
                        + "{\"principalId\":\"jane\",\"subject\":\"jane\",\"limit\":\"5\"}}",
                passage.body());
    }

    @Test
    void theBackendSeesTheApiKeyThatTheAnswerNames() {
        outcome =
                new Answered(
                        outcome.text()
                                .replaceFirst("\\{", "{\"usageIdentifierKey\":\"a-key\",")
                                .getBytes(UTF_8));

        JsonNode body = TestJson.read(api.pass(good("GET", "/orders")).body().getBytes(UTF_8));

        assertEquals("a-key", body.path("apiKey").asText());
    }

    @Test
    void theFunctionGetsAWholeRestEvent() {
        api.pass(request("GET", "/orders/42?a=1&a=2&b=x%20y", good()));

        JsonNode event = asked.getFirst();
        assertEquals("REQUEST", event.path("type").asText());
        assertEquals(STAGE + "GET/orders/42", event.path("methodArn").asText());
        assertEquals("acme", event.path("headers").path("X-Tenant-Id").asText());
        assertEquals("[\"acme\"]", event.path("multiValueHeaders").path("X-Tenant-Id").toString());
        assertEquals("2", event.path("queryStringParameters").path("a").asText());
        assertEquals(
                "[\"1\",\"2\"]",
                event.path("multiValueQueryStringParameters").path("a").toString());
        assertEquals("x y", event.path("queryStringParameters").path("b").asText());
        assertEquals("orders/42", event.path("pathParameters").path("proxy").asText());
        assertTrue(event.path("requestContext").path("identity").path("caller").isNull());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization", "X-Tenant-Id"})
    void aMissingIdentitySourceIsUnauthorizedWithoutTheFunction(String name) {
        Headers headers = good();
        headers.remove(name);
        Passage passage = api.pass(request("GET", "/orders", headers));

        assertEquals(401, passage.status());
        assertEquals("Bearer realm=\"api\"", passage.headers().get("WWW-Authenticate"));
        assertEquals(DecidedBy.GATEWAY, passage.by());
        assertEquals(0, asked.size());
    }

    @Test
    void anEmptyIdentitySourceCountsAsMissing() {
        Headers headers = good();
        headers.set("X-Tenant-Id", "");

        assertEquals(401, api.pass(request("GET", "/orders", headers)).status());
        assertEquals(0, asked.size());
    }

    @Test
    void aCachedAnswerServesOtherRoutes() {
        outcome = answer(ALLOW_ALL + "," + deny("GET/admin/*"), "{}");
        api.pass(good("GET", "/orders"));

        assertEquals(200, api.pass(good("POST", "/other")).status());
        assertEquals(403, api.pass(good("GET", "/admin/users")).status());
        assertEquals(DecidedBy.CACHE, api.pass(good("GET", "/orders")).by());
        assertEquals(1, asked.size());
    }

    @Test
    void anotherTenantIsAskedFor() {
        api.pass(good("GET", "/orders"));
        Headers headers = good();
        headers.set("X-Tenant-Id", "globex");
        api.pass(request("GET", "/orders", headers));

        assertEquals(2, asked.size());
    }

    @Test
    void aDenyIsCachedAndItsReasonShown() {
        outcome = answer(deny("*"), "{\"reason\":\"token_expired\",\"message\":\"It has ended\"}");
        api.pass(good("GET", "/orders"));
        Passage passage = api.pass(good("GET", "/orders"));

        assertEquals(403, passage.status());
        assertEquals("deny token_expired", passage.decision());
        assertEquals(DecidedBy.CACHE, passage.by());
        JsonNode body = TestJson.read(passage.body().getBytes(UTF_8));
        assertEquals("token_expired", body.path("reason").asText());
        assertEquals("It has ended", body.path("message").asText());
    }

    @Test
    void aConditionEndsACachedAllow() {
        String untilNoonAndAMinute =
                ALLOW_ALL.replace(
                        "\"Action\"",
                        "\"Condition\":{\"DateLessThan\":"
                                + "{\"aws:CurrentTime\":\"2026-02-27T12:01:00Z\"}},\"Action\"");
        outcome = answer(untilNoonAndAMinute, "{}");

        assertEquals(200, api.pass(good("GET", "/orders")).status());
        now = now.plusSeconds(60);
        Passage after = api.pass(good("GET", "/orders"));
        assertEquals(403, after.status());
        assertEquals("no statement allows", after.decision());
        assertEquals(DecidedBy.CACHE, after.by());
    }

    @Test
    void anErrorIsNotCached() {
        outcome = new Errored("a.b.Undecided", "The service is down", new byte[0]);
        assertEquals(500, api.pass(good("GET", "/orders")).status());
        outcome = answer(ALLOW_ALL, "{}");

        assertEquals(200, api.pass(good("GET", "/orders")).status());
        assertEquals(2, asked.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Unauthorized: expired", "unauthorized", "Unauthorized "})
    void onlyTheExactMessageIsUnauthorized(String message) {
        outcome = new Errored("a.b.Refusal", "Unauthorized", new byte[0]);
        assertEquals(401, api.pass(good("GET", "/orders")).status());
        outcome = new Errored("a.b.Refusal", message, new byte[0]);
        assertEquals(500, api.pass(good("GET", "/orders")).status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "Allow",
                "{",
                "null",
                "true",
                "[]",
                "\"Allow\"",
                "{} {}",
                "{\"principalId\":\"\\ud8\"}",
                "{}",
                "{\"principalId\":\"jane\"}",
                "{\"principalId\":{},\"policyDocument\":{}}",
                "{\"principalId\":\"jane\",\"policyDocument\":\"Allow\"}",
                "{\"principalId\":\"jane\",\"policyDocument\":{\"Version\":[],\"Statement\":\"\"}}",
                "{\"policyDocument\":{\"Version\":\"2012-10-17\",\"Statement\":[]}}",
                "{\"principalId\":\"jane\",\"policyDocument\":{\"Version\":\"2012-10-17\"}}"
            })
    void anAnswerThatIsNoneIsAnErrorAndNotCached(String answer) {
        outcome = new Answered(answer.getBytes(UTF_8));

        assertEquals(500, api.pass(good("GET", "/orders")).status());
        assertEquals(500, api.pass(good("GET", "/orders")).status());
        assertEquals(2, asked.size());
    }

    @Test
    void anAnswerThatIsNotUtf8IsAnError() {
        byte[] answer = answer(ALLOW_ALL, "{\"subject\":\"j?ne\"}").body();
        answer[new String(answer, UTF_8).indexOf('?')] = (byte) 0xff;
        outcome = new Answered(answer);

        Passage passage = api.pass(good("GET", "/orders"));

        assertEquals(500, passage.status());
        assertEquals("invalid answer: it is not JSON", passage.decision());
    }

    @Test
    void anAnswerThatIsFollowedByMoreIsAnError() {
        outcome = new Answered((answer(ALLOW_ALL, "{}").text() + "{}").getBytes(UTF_8));

        assertEquals(500, api.pass(good("GET", "/orders")).status());
    }

    @Test
    void anAnswerThatIsNestedTooDeeplyIsAnError() {
        outcome = new Answered(("{\"a\":" + "[".repeat(100_000)).getBytes(UTF_8));

        assertEquals(500, api.pass(good("GET", "/orders")).status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"text\"", "5"})
    void aContextThatIsNoObjectIsAnError(String context) {
        outcome = answer(ALLOW_ALL, context);

        assertEquals(500, api.pass(good("GET", "/orders")).status());
    }

    @Test
    void anAbsentContextIsEmpty() {
        outcome = answer(ALLOW_ALL, "null");

        assertEquals(200, api.pass(good("GET", "/orders")).status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"DateLessThan\":\"2030-01-01T00:00:00Z\"}",
                "{\"DateLessThan\":{}}",
                "{\"DateLessThan\":{\"aws:CurrentTime\":\"99999999999999999\"}}",
                "{\"DateLessThan\":{\"aws:CurrentTime\":\"soon\"}}",
                "\"text\""
            })
    void aConditionThatCantBeReadIsAnError(String condition) {
        outcome =
                answer(
                        ALLOW_ALL.replace(
                                "\"Action\"", "\"Condition\":" + condition + ",\"Action\""),
                        "{}");

        assertEquals(500, api.pass(good("GET", "/orders")).status());
    }

    @Test
    void whatFollowsTwoSlashesIsPartOfThePath() {
        outcome = answer(deny("GET//admin/*") + "," + ALLOW_ALL, "{}");

        assertEquals(403, api.pass(good("GET", "//admin/users")).status());
        assertEquals(200, api.pass(good("GET", "/users")).status());
    }

    @Test
    void headersAreTakenUpToTheLimitOfApiGateway() {
        Headers headers = good();
        headers.set(
                "X-Fill",
                "a".repeat(10_240 - "AuthorizationBearer tokenX-Tenant-IdacmeX-Fill".length()));
        assertEquals(200, api.pass(request("GET", "/orders", headers)).status());

        headers.set("X-Fill", headers.getFirst("X-Fill") + "a");
        assertEquals(431, api.pass(request("GET", "/orders", headers)).status());
        assertEquals(1, asked.size());
    }

    @Test
    void aMethodArnIsTakenUpToTheLimitOfApiGateway() {
        String path = "/" + "a".repeat(1_600 - (STAGE + "GET/").length());
        assertEquals(200, api.pass(good("GET", path)).status());

        assertEquals(414, api.pass(good("GET", path + "a")).status());
        assertEquals(1, asked.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[1]", "{\"a\":\"b\"}"})
    void aContextValueThatIsNotSimpleIsAnError(String value) {
        outcome = answer(ALLOW_ALL, "{\"groups\":" + value + "}");

        assertEquals(500, api.pass(good("GET", "/orders")).status());
    }

    @Test
    void optionsPassesOpenly() {
        Passage passage = api.pass(request("OPTIONS", "/orders", new Headers()));

        assertEquals(204, passage.status());
        assertEquals("*", passage.headers().get("Access-Control-Allow-Origin"));
        assertEquals(0, asked.size());
    }

    private static Answered answer(String statements, String context) {
        String json =
                "{\"principalId\":\"jane\",\"policyDocument\":{\"Version\":\"2012-10-17\","
                        + "\"Statement\":[%s]},\"context\":%s}".formatted(statements, context);
        return new Answered(json.getBytes(UTF_8));
    }

    private static String deny(String methodAndPath) {
        return ALLOW_ALL.replace("Allow", "Deny").replace(STAGE + "*", STAGE + methodAndPath);
    }

    private static ReceivedRequest good(String method, String path) {
        return request(method, path, good());
    }

    private static Headers good() {
        Headers headers = new Headers();
        headers.set("Authorization", "Bearer token");
        headers.set("X-Tenant-Id", "acme");
        return headers;
    }

    private static ReceivedRequest request(String method, String uri, Headers headers) {
        var sender = new InetSocketAddress(InetAddress.getLoopbackAddress(), 50_000);
        return new ReceivedRequest(method, URI.create(uri), headers, new byte[0], sender);
    }
}
