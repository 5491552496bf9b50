package authoriser.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.json.UnexpectedJson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventReaderTest {
    private static final String ARN =
            "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod/GET/";

    private final RequestParser parser = new RequestParser(List.of("X-Tenant-Id"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "true",
                "7",
                "\"text\"",
                "[]",
                "[{}]",
                "{",
                "{\"type\":\"REQUEST\",\"methodArn\":",
                "{\"type\":\"REQUEST\",\"methodArn\":\"" + ARN + "\"",
                "{\"type\":\"REQUEST\",\"methodArn\":\""
                        + ARN
                        + "\",\"headers\":{\"X-Tenant-Id\":\"acme\"}",
                "{\"type\":\"REQUEST\",\"methodArn\":\""
                        + ARN
                        + "\",\"headers\":{\"X-Tenant-Id\":\"ac",
                "{'type':'REQUEST','methodArn':'" + ARN + "'}",
                "{\"type\":\"REQUEST\",\"methodArn\" \"" + ARN + "\"}"
            })
    void refusesAnEventThatIsNotAJsonObject(String event) {
        assertEquals(Optional.empty(), parser.parse(read(event)));
    }

    @Test
    void refusesAnEventIfTheStreamFails() {
        InputStream broken =
                new InputStream() {
                    @Override
                    public int read() throws java.io.IOException {
                        throw new java.io.IOException("broken");
                    }
                };

        assertEquals(Optional.empty(), parser.parse(RequestEvent.read(broken)));
    }

    @Test
    void refusesAnEventWithDeepNesting() {
        String deep = "[".repeat(100_000);

        assertEquals(
                Optional.empty(),
                parser.parse(
                        read("{\"type\":\"REQUEST\",\"methodArn\":\"" + ARN + "\",\"x\":" + deep)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "7", "true", "[\"" + ARN + "\"]", "{\"arn\":\"" + ARN + "\"}"})
    void refusesAnArnThatIsNotAString(String arn) {
        assertEquals(
                Optional.empty(),
                parser.parse(read("{\"type\":\"REQUEST\",\"methodArn\":" + arn + "}")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "7", "\"X-Tenant-Id: acme\"", "[\"acme\"]", "{}"})
    void ignoresHeadersThatAreNotAnObject(String headers) {
        assertEquals(
                new Headers.Missing("X-Tenant-Id"),
                headers(
                        "{\"type\":\"REQUEST\",\"methodArn\":\""
                                + ARN
                                + "\",\"headers\":"
                                + headers
                                + ",\"multiValueHeaders\":"
                                + headers
                                + "}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "7", "true", "[\"acme\"]", "{\"value\":\"acme\"}"})
    void ignoresAHeaderThatIsNotAString(String value) {
        assertEquals(
                new Headers.Missing("X-Tenant-Id"),
                headers(
                        "{\"type\":\"REQUEST\",\"methodArn\":\""
                                + ARN
                                + "\",\"headers\":{\"X-Tenant-Id\":"
                                + value
                                + "}}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "7", "\"acme\"", "{}", "[]", "[null]", "[7,[\"acme\"],{}]"})
    void ignoresAMultiValueHeaderWithoutStrings(String value) {
        assertEquals(
                new Headers.Missing("X-Tenant-Id"),
                headers(
                        "{\"type\":\"REQUEST\",\"methodArn\":\""
                                + ARN
                                + "\",\"multiValueHeaders\":{\"X-Tenant-Id\":"
                                + value
                                + "}}"));
    }

    @Test
    void decodesEveryEscape() {
        var complete =
                (Headers.Complete)
                        headers(
                                "{\"type\":\"REQUEST\",\"methodArn\":\""
                                        + ARN
                                        + "\",\"headers\":{\"X-Tenant-\\u0049d\":\"\\u0061c\\\\me"
                                        + " \\\"\u00e9\\u00e9\"}}");

        assertEquals("ac\\me \"éé", complete.values().get("x-tenant-id"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "true", "7", "\"text\"", "[]", "[{}]"})
    void throwsAtAnEventThatIsNotAnObject(String event) {
        assertThrows(UnexpectedJson.class, () -> values(event));
    }

    // Long values. A repeated value is compared, and not read again.

    private static final String LONG = "Bearer " + "x".repeat(1_000);

    private static List<EventReader.Value> values(String event) throws IOException {
        return EventReader.read(
                        event.getBytes(StandardCharsets.UTF_8),
                        new HeaderNames(List.of("X-Tenant-Id")))
                .values();
    }

    /** A header that the event has in {@code headers}, and twice in {@code multiValueHeaders}. */
    private static String threeTimes(String value) {
        String text = '"' + value + '"';
        return "{\"headers\":{\"X-Tenant-Id\":"
                + text
                + "},\"multiValueHeaders\":{\"X-Tenant-Id\":["
                + text
                + ","
                + text
                + "]}}";
    }

    @Test
    void keepsAValueOf200CharactersOnce() throws IOException {
        assertEquals(1, values(threeTimes("x".repeat(200))).size());
    }

    @Test
    void keepsAShorterValueAsOftenAsItIsThere() throws IOException {
        assertEquals(3, values(threeTimes("x".repeat(199))).size());
    }

    private Credential credential(String start, String single, String... multiple) {
        String event =
                start
                        + "{\"type\":\"REQUEST\",\"methodArn\":\""
                        + ARN
                        + "\",\"headers\":{\"Authorization\":\""
                        + single
                        + "\"},\"multiValueHeaders\":{\"authorization\":[\""
                        + String.join("\",\"", multiple)
                        + "\"]}}";
        return parser.parse(read(event)).orElseThrow().credential();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\r\n"})
    void acceptsARepeatedLongValue(String start) {
        assertInstanceOf(Credential.Bearer.class, credential(start, LONG, LONG));
        assertInstanceOf(Credential.Bearer.class, credential(start, LONG, LONG, LONG));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\r\n"})
    void findsLongValuesThatDifferAmbiguous(String start) {
        String last = LONG.substring(1) + "y";
        for (String other :
                List.of(
                        LONG + "x",
                        LONG.substring(1),
                        LONG.substring(0, LONG.length() - 1),
                        LONG.substring(0, LONG.length() - 1) + "y",
                        LONG.substring(0, LONG.length() - 3) + "yxx",
                        "Bearer y" + LONG.substring(8),
                        last)) {
            assertInstanceOf(Credential.Ambiguous.class, credential(start, LONG, other));
            assertInstanceOf(Credential.Ambiguous.class, credential(start, LONG, LONG, other));
            assertInstanceOf(Credential.Ambiguous.class, credential(start, other, LONG, LONG));
        }
    }

    @Test
    void acceptsARepeatedLongValueWithAnotherEscape() {
        String escaped = LONG.replaceFirst("x", "\\\\u0078");

        assertInstanceOf(Credential.Bearer.class, credential("", LONG, escaped));
        assertInstanceOf(Credential.Bearer.class, credential("", escaped, LONG, escaped));
    }

    @Test
    void readsTheSameLongValueOfTwoHeaders() {
        String event =
                "{\"type\":\"REQUEST\",\"methodArn\":\"%s\",\"headers\":{\"Authorization\":\"%s\",\"X-Tenant-Id\":\"%s\"}}"
                        .formatted(ARN, LONG, LONG);

        AccessRequest request = parser.parse(read(event)).orElseThrow();

        assertInstanceOf(Credential.Bearer.class, request.credential());
        assertEquals(new Headers.Complete(Map.of("x-tenant-id", LONG)), request.headers());
    }

    @Test
    void readsTheMembersInAnyOrder() {
        assertTrue(
                parser.parse(
                                read(
                                        "{\"headers\":{},\"requestContext\":{\"x\":[{}]},"
                                                + "\"methodArn\":\""
                                                + ARN
                                                + "\",\"version\":\"1.0\",\"type\":\"REQUEST\"}"))
                        .isPresent());
    }

    @Test
    void stopsReadingWhenEverythingWasFound() {
        assertTrue(
                parser.parse(
                                read(
                                        "{\"type\":\"REQUEST\",\"methodArn\":\""
                                                + ARN
                                                + "\",\"headers\":{},\"multiValueHeaders\":{},"
                                                + "\"requestContext\":{},\"stageVariables\":"))
                        .isPresent());
    }

    @Test
    void readsHeadersAfterMultiValueHeaders() {
        assertEquals(
                new Headers.Ambiguous("X-Tenant-Id"),
                headers(
                        "{\"multiValueHeaders\":{\"X-Tenant-Id\":[\"acme\"]},"
                                + "\"type\":\"REQUEST\",\"methodArn\":\""
                                + ARN
                                + "\",\"headers\":{\"x-tenant-id\":\"other\"}}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",\"type\":null",
                ",\"type\":7",
                ",\"type\":[\"REQUEST\"]",
                ",\"type\":\"TOKEN\"",
                ",\"requestContext\":{\"type\":\"REQUEST\"}"
            })
    void readsTheTypeAfterAllOtherMembers(String type) {
        String event =
                "{\"methodArn\":\""
                        + ARN
                        + "\",\"headers\":{\"X-Tenant-Id\":\"acme\"},\"multiValueHeaders\":{}";

        assertEquals(Optional.empty(), parser.parse(read(event + type + "}")));
        assertEquals(
                new Headers.Complete(Map.of("x-tenant-id", "acme")),
                headers(event + ",\"type\":\"REQUEST\"}"));
    }

    private AccessRequest withContext(String requestContext) {
        return parser.parse(
                        read(
                                "{\"type\":\"REQUEST\",\"requestContext\":"
                                        + requestContext
                                        + ",\"methodArn\":\""
                                        + ARN
                                        + "\",\"headers\":{}}"))
                .orElseThrow();
    }

    @Test
    void readsTheRequestIdFromTheContext() {
        assertEquals(
                Optional.of("7a1b"),
                withContext(
                                "{\"identity\":{\"requestId\":\"other\"},\"requestId\":\"7a1b\","
                                        + "\"authorizer\":{\"requestId\":\"other\"}}")
                        .apiRequestId());
    }

    @Test
    void readsTheRequestIdAfterAllOtherMembers() {
        AccessRequest request =
                parser.parse(
                                read(
                                        "{\"type\":\"REQUEST\",\"methodArn\":\""
                                                + ARN
                                                + "\",\"headers\":{},\"multiValueHeaders\":{},"
                                                + "\"requestContext\":{\"requestId\":\"7a1b\"}}"))
                        .orElseThrow();

        assertEquals(Optional.of("7a1b"), request.apiRequestId());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"null", "7", "[]", "{}", "{\"requestId\":null}", "{\"requestId\":\"\"}"})
    void hasNoRequestIdWithoutOneInTheContext(String requestContext) {
        assertEquals(Optional.empty(), withContext(requestContext).apiRequestId());
    }

    @Test
    void ignoresARequestIdOfMoreThan64Characters() {
        String longest = "x".repeat(64);

        assertEquals(
                Optional.of(longest),
                withContext("{\"requestId\":\"" + longest + "\"}").apiRequestId());
        assertEquals(
                Optional.empty(),
                withContext("{\"requestId\":\"" + longest + "x\"}").apiRequestId());
    }

    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private Optional<String> traceparent(String headers) {
        return parser.parse(
                        read(
                                "{\"type\":\"REQUEST\",\"methodArn\":\""
                                        + ARN
                                        + "\",\"headers\":"
                                        + headers
                                        + "}"))
                .orElseThrow()
                .traceparent();
    }

    @Test
    void readsAWellFormedTraceparent() {
        assertEquals(Optional.of(TRACE), traceparent("{\"TraceParent\":\" " + TRACE + "\"}"));
    }

    @Test
    void ignoresAnyOtherTraceparent() {
        String other = TRACE.replace('b', 'c');

        assertEquals(Optional.empty(), traceparent("{}"));
        assertEquals(Optional.empty(), traceparent("{\"traceparent\":\"00-0\"}"));
        assertEquals(
                Optional.empty(),
                traceparent(
                        "{\"traceparent\":\"" + TRACE + "\",\"Traceparent\":\"" + other + "\"}"));
    }

    @Test
    void readsTraceparentAlsoAsAValidatedHeader() {
        RequestParser both = new RequestParser(List.of("X-Tenant-Id", "Traceparent"));
        AccessRequest request =
                both.parse(
                                read(
                                        "{\"type\":\"REQUEST\",\"methodArn\":\""
                                                + ARN
                                                + "\",\"headers\":{\"X-Tenant-Id\":\"acme\","
                                                + "\"traceparent\":\""
                                                + TRACE
                                                + "\"}}"))
                        .orElseThrow();

        assertEquals(Optional.of(TRACE), request.traceparent());
        assertEquals(
                new Headers.Complete(Map.of("x-tenant-id", "acme", "traceparent", TRACE)),
                request.headers());
    }

    @Test
    void readsTraceparentAlsoAsTheFirstValidatedHeader() {
        RequestParser first = new RequestParser(List.of("Traceparent"));
        AccessRequest request =
                first.parse(
                                read(
                                        "{\"type\":\"REQUEST\",\"methodArn\":\""
                                                + ARN
                                                + "\",\"headers\":{\"traceparent\":\""
                                                + TRACE
                                                + "\"}}"))
                        .orElseThrow();

        assertEquals(Optional.of(TRACE), request.traceparent());
        assertEquals(new Headers.Complete(Map.of("traceparent", TRACE)), request.headers());
    }

    private Headers headers(String event) {
        return parser.parse(read(event)).orElseThrow().headers();
    }

    private static RequestEvent read(String event) {
        return RequestEvent.read(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)));
    }
}
