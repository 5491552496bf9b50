package authoriser.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import authoriser.standin.Events;
import authoriser.token.VerifiedTokens;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestParserTest {
    private static final String TOKEN = "eyJhbGciOiJSUzI1NiJ9.e30.c2ln";

    private final RequestParser parser = new RequestParser(List.of("X-Tenant-Id", "X-Channel"));

    /** The four shapes of event, each with its sample and the stage in its ARN. */
    enum Shape {
        REST("rest", "a1b2c3d4e5/prod"),
        HTTP_V1("http-v1", "h1t2t3p4a5/$default"),
        HTTP_V2("http-v2", "h1t2t3p4a5/$default"),
        WEBSOCKET("websocket-connect", "w1e2b3s4o5/prod");

        private final String file;
        private final String stage;

        Shape(String file, String stage) {
            this.file = file;
            this.stage = "arn:aws:execute-api:eu-west-1:123456789012:" + stage;
        }

        byte[] event(UnaryOperator<ObjectNode> change) {
            return Events.file(file, TOKEN, change);
        }

        boolean joinsHeaders() {
            return this == HTTP_V2;
        }
    }

    /** A request as text, because the types of the request do not show their text. */
    private record Seen(String stage, String credential, Headers headers) {
        static Seen of(AccessRequest request) {
            return new Seen(
                    request.arn().stage(),
                    switch (request.credential()) {
                        case Credential.Bearer(var token) ->
                                "bearer " + VerifiedTokens.textOf(token);
                        case Credential.Absent() -> "absent";
                        case Credential.Ambiguous() -> "ambiguous";
                    },
                    request.headers());
        }
    }

    private void assertCredential(String credential, String authorization) {
        for (Shape shape : Shape.values()) {
            assertEquals(
                    credential,
                    credential(shape.event(Events.header("Authorization", authorization))));
        }
    }

    private Optional<Seen> parse(byte[] event) {
        return parser.parse(read(event)).map(Seen::of);
    }

    private Headers headers(byte[] event) {
        return parse(event).orElseThrow().headers();
    }

    private String credential(byte[] event) {
        return parse(event).orElseThrow().credential();
    }

    private static RequestEvent read(byte[] event) {
        return RequestEvent.read(new ByteArrayInputStream(event));
    }

    private static Headers complete(String tenant, String channel) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("x-tenant-id", tenant);
        values.put("x-channel", channel);
        return new Headers.Complete(values);
    }

    /** Two values as each shape has them. Payload 1.0 has two values only by two spellings. */
    private static UnaryOperator<ObjectNode> twice(
            Shape shape, String name, String first, String second) {
        if (shape != Shape.HTTP_V1) {
            return Events.header(name, first, second);
        }
        return event -> {
            Events.header(name, first).apply(event);
            event.withObjectProperty("headers").put(name.toLowerCase(Locale.ROOT), second);
            return event;
        };
    }

    @Test
    void givesTheStageOfEachEvent() {
        for (Shape shape : List.of(Shape.REST, Shape.WEBSOCKET, Shape.HTTP_V2, Shape.REST)) {
            assertEquals(
                    shape.stage,
                    parse(shape.event(UnaryOperator.identity())).orElseThrow().stage());
        }
    }

    @Test
    void keepsTheStageOfTheLastRequestAndNotThatOfAnUnusableArn() {
        ExecuteApiArn first = stage(Shape.REST.stage + "/GET/orders").orElseThrow();
        assertEquals(Optional.empty(), stage("arn:aws:execute-api"));

        assertSame(first, stage(Shape.REST.stage + "/POST/refunds").orElseThrow());
    }

    private Optional<ExecuteApiArn> stage(String arn) {
        byte[] event = Shape.REST.event(json -> json.put("methodArn", arn));
        return parser.parse(read(event)).map(AccessRequest::arn);
    }

    @Test
    void printsTheNamesOfTheValidatedHeaders() {
        assertEquals(
                "Complete[x-tenant-id, x-channel]",
                headers(Shape.REST.event(UnaryOperator.identity())).toString());
    }

    @Test
    void printsNothingOfAnEvent() {
        assertEquals("RequestEvent", read(Events.rest(TOKEN)).toString());
    }

    @Test
    void printsNoTokenAndNoHeaderValue() {
        RequestEvent event = read(Events.rest(TOKEN, "X-Tenant-Id", "tenant-canary"));

        String printed = event + " " + parser.parse(event);

        assertFalse(printed.contains("eyJ"), printed);
        assertFalse(printed.contains("canary"), printed);
    }

    @Test
    void comparesEventsByIdentity() {
        RequestEvent event = read(Events.rest(TOKEN));

        assertEquals(event, event);
        assertNotEquals(event, read(Events.rest(TOKEN)));
    }

    @Nested
    class Shapes {

        @ParameterizedTest
        @EnumSource
        void giveTheSameRequest(Shape shape) {
            assertEquals(
                    Optional.of(new Seen(shape.stage, "bearer " + TOKEN, complete("acme", "web"))),
                    parse(shape.event(UnaryOperator.identity())));
        }

        @ParameterizedTest
        @EnumSource
        void mayHaveUnknownMembers(Shape shape) {
            UnaryOperator<ObjectNode> more =
                    event -> {
                        event.put("later", 7).putNull("laterStill");
                        event.putObject("much").putArray("more").addObject().put("methodArn", "*");
                        event.withObjectProperty("requestContext").put("methodArn", "*");
                        return event;
                    };

            assertEquals(
                    Optional.of(new Seen(shape.stage, "bearer " + TOKEN, complete("acme", "web"))),
                    parse(shape.event(more)));
        }

        @Test
        void mayHaveOptionalMembersThatAreNull() {
            assertEquals(
                    Optional.of(
                            new Seen(
                                    "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5"
                                            + "/test-invoke-stage",
                                    "absent",
                                    new Headers.Missing("X-Tenant-Id"))),
                    parse(Events.file("rest-nulls", TOKEN)));
        }

        @ParameterizedTest
        @EnumSource
        void mayOmitOptionalMembers(Shape shape) {
            UnaryOperator<ObjectNode> onlyWhatMustBe =
                    event -> {
                        event.retain("type", "version", "methodArn", "routeArn");
                        return event;
                    };

            assertEquals(
                    Optional.of(
                            new Seen(shape.stage, "absent", new Headers.Missing("X-Tenant-Id"))),
                    parse(shape.event(onlyWhatMustBe)));
        }

        @ParameterizedTest
        @EnumSource
        void giveTheStageForAnyPath(Shape shape) {
            for (String path : List.of("*", "?", "a:b", "../x", "GET/*", "\"", "日本", "")) {
                UnaryOperator<ObjectNode> hostile =
                        event -> {
                            String arn = event.has("routeArn") ? "routeArn" : "methodArn";
                            return event.put(arn, shape.stage + "/GET/" + path);
                        };

                assertEquals(
                        Optional.of(
                                new Seen(shape.stage, "bearer " + TOKEN, complete("acme", "web"))),
                        parse(shape.event(hostile)));
            }
        }

        @ParameterizedTest
        @EnumSource
        void mayHaveTheirMembersInAnyOrder(Shape shape) {
            for (String last : List.of("type", "version", "headers", "methodArn", "routeArn")) {
                UnaryOperator<ObjectNode> moved =
                        event -> {
                            JsonNode member = event.remove(last);
                            if (member != null) {
                                event.set(last, member);
                            }
                            return event;
                        };

                assertEquals(
                        Optional.of(
                                new Seen(shape.stage, "bearer " + TOKEN, complete("acme", "web"))),
                        parse(shape.event(moved)),
                        last);
            }
        }
    }

    @Nested
    class HeaderMaps {

        @ParameterizedTest
        @EnumSource
        void mayHaveAHeaderThatIsNull(Shape shape) {
            UnaryOperator<ObjectNode> nulls =
                    event -> {
                        Events.withoutHeader("X-Channel").apply(event);
                        event.withObjectProperty("headers").putNull("X-Channel");
                        if (event.has("multiValueHeaders")) {
                            event.withObjectProperty("multiValueHeaders").putNull("X-Channel");
                        }
                        return event;
                    };

            assertEquals(
                    Optional.of(
                            new Seen(
                                    shape.stage,
                                    "bearer " + TOKEN,
                                    new Headers.Missing("X-Channel"))),
                    parse(shape.event(nulls)));
        }

        @ParameterizedTest
        @EnumSource
        void mayBeOnlyHeaders(Shape shape) {
            UnaryOperator<ObjectNode> noOthers =
                    event -> {
                        event.remove("multiValueHeaders");
                        return event;
                    };

            assertEquals(
                    Optional.of(new Seen(shape.stage, "bearer " + TOKEN, complete("acme", "web"))),
                    parse(shape.event(noOthers)));
        }

        @ParameterizedTest
        @EnumSource(names = {"REST", "WEBSOCKET"})
        void mayBeOnlyMultiValueHeaders(Shape shape) {
            UnaryOperator<ObjectNode> noOthers =
                    event -> {
                        event.remove("headers");
                        return event;
                    };

            assertEquals(
                    Optional.of(new Seen(shape.stage, "bearer " + TOKEN, complete("acme", "web"))),
                    parse(shape.event(noOthers)));
        }

        @ParameterizedTest
        @EnumSource
        void haveCaseInsensitiveNames(Shape shape) {
            for (UnaryOperator<String> spelling :
                    List.<UnaryOperator<String>>of(
                            name -> name.toLowerCase(Locale.ROOT),
                            name -> name.toUpperCase(Locale.ROOT),
                            name -> name.replace('t', 'T').replace('a', 'A'))) {
                UnaryOperator<ObjectNode> respelt =
                        event -> {
                            for (String holder : List.of("headers", "multiValueHeaders")) {
                                if (event.get(holder) instanceof ObjectNode headers) {
                                    ObjectNode renamed = event.objectNode();
                                    headers.properties()
                                            .forEach(header ->
                                                    renamed.set(
                                                            spelling.apply(header.getKey()),
                                                            header.getValue()));
                                    event.set(holder, renamed);
                                }
                            }
                            return event;
                        };

                assertEquals(
                        Optional.of(
                                new Seen(shape.stage, "bearer " + TOKEN, complete("acme", "web"))),
                        parse(shape.event(respelt)));
            }
        }

        @ParameterizedTest
        @EnumSource(names = {"REST", "WEBSOCKET"})
        void areAmbiguousIfTheirValuesDiffer(Shape shape) {
            UnaryOperator<ObjectNode> disagreeing =
                    event -> {
                        event.withObjectProperty("headers").put("X-Tenant-Id", "globex");
                        return event;
                    };

            assertEquals(new Headers.Ambiguous("X-Tenant-Id"), headers(shape.event(disagreeing)));
        }
    }

    @Nested
    class ValidatedHeaders {

        @Test
        void haveTheOrderOfTheSetting() {
            var reversed = new RequestParser(List.of("X-CHANNEL", "x-tenant-id"));
            Map<String, String> expected = new LinkedHashMap<>();
            expected.put("x-channel", "web");
            expected.put("x-tenant-id", "acme");

            Headers headers =
                    reversed.parse(read(Events.rest(TOKEN)))
                            .map(AccessRequest::headers)
                            .orElseThrow();

            assertEquals(
                    List.copyOf(expected.entrySet()),
                    List.copyOf(((Headers.Complete) headers).values().entrySet()));
        }

        @ParameterizedTest
        @EnumSource
        void areAmbiguousWithTwoValues(Shape shape) {
            assertEquals(
                    new Headers.Ambiguous("X-Tenant-Id"),
                    headers(shape.event(twice(shape, "X-Tenant-Id", "acme", "globex"))));
            assertEquals(
                    new Headers.Ambiguous("X-Tenant-Id"),
                    headers(shape.event(twice(shape, "X-Tenant-Id", "globex", "acme"))));
        }

        @Test
        void areAmbiguousInTheSampleWithADuplicateHeader() {
            assertEquals(
                    new Headers.Ambiguous("X-Tenant-Id"),
                    headers(Events.file("rest-duplicate-header", TOKEN)));
        }

        @ParameterizedTest
        @EnumSource
        void mayRepeatTheSameValue(Shape shape) {
            assertEquals(
                    complete("acme", "web"),
                    headers(shape.event(twice(shape, "X-Tenant-Id", "acme", "acme"))));
        }

        @ParameterizedTest
        @EnumSource
        void areAmbiguousIfTheValuesDifferInCase(Shape shape) {
            assertEquals(
                    new Headers.Ambiguous("X-Tenant-Id"),
                    headers(shape.event(twice(shape, "X-Tenant-Id", "acme", "Acme"))));
        }

        @ParameterizedTest
        @EnumSource
        void areAmbiguousWithAnEmptyAndAnotherValue(Shape shape) {
            assertEquals(
                    new Headers.Ambiguous("X-Tenant-Id"),
                    headers(shape.event(twice(shape, "X-Tenant-Id", "acme", ""))));
            assertEquals(
                    new Headers.Ambiguous("X-Tenant-Id"),
                    headers(shape.event(twice(shape, "X-Tenant-Id", "", "acme"))));
        }

        @ParameterizedTest
        @EnumSource
        void areAmbiguousWithTwoSpellingsOfTheName(Shape shape) {
            UnaryOperator<ObjectNode> twoSpellings =
                    event -> {
                        event.withObjectProperty("headers").put("x-TENANT-id", "globex");
                        return event;
                    };

            assertEquals(new Headers.Ambiguous("X-Tenant-Id"), headers(shape.event(twoSpellings)));
        }

        /** In payload 2.0 a value with a comma looks like two values, and is treated as two. */
        @ParameterizedTest
        @EnumSource
        void mayHaveACommaInTheValueExceptInPayload2(Shape shape) {
            assertEquals(
                    shape.joinsHeaders()
                            ? new Headers.Ambiguous("X-Tenant-Id")
                            : complete("acme, globex", "web"),
                    headers(shape.event(Events.header("X-Tenant-Id", "acme, globex"))));
        }

        @ParameterizedTest
        @ValueSource(strings = {"acme,acme", "acme, acme", "acme,acme , acme"})
        void mayRepeatTheSameValueInPayload2(String joined) {
            assertEquals(
                    complete("acme", "web"),
                    headers(Events.httpV2(TOKEN, Events.header("X-Tenant-Id", joined))));
        }

        @ParameterizedTest
        @ValueSource(strings = {"acme,", ",acme", "acme,,acme", "acme,globex", "acme,acme,globex"})
        void areAmbiguousWithDifferentValuesInPayload2(String joined) {
            assertEquals(
                    new Headers.Ambiguous("X-Tenant-Id"),
                    headers(Events.httpV2(TOKEN, Events.header("X-Tenant-Id", joined))));
        }

        @ParameterizedTest
        @EnumSource
        void reportTheFirstUnusableOneOfTheSetting(Shape shape) {
            UnaryOperator<ObjectNode> secondAmbiguous = twice(shape, "X-Channel", "web", "app");
            UnaryOperator<ObjectNode> bothUnusable =
                    event ->
                            Events.withoutHeader("X-Tenant-Id").apply(secondAmbiguous.apply(event));

            assertEquals(new Headers.Ambiguous("X-Channel"), headers(shape.event(secondAmbiguous)));
            assertEquals(new Headers.Missing("X-Tenant-Id"), headers(shape.event(bothUnusable)));
        }

        @ParameterizedTest
        @EnumSource
        void areNotAffectedByOtherHeadersWithSeveralValues(Shape shape) {
            assertEquals(
                    Optional.of(new Seen(shape.stage, "bearer " + TOKEN, complete("acme", "web"))),
                    parse(
                            shape.event(
                                    twice(shape, "X-Forwarded-For", "203.0.113.17", "10.0.0.1"))));
        }

        @ParameterizedTest
        @ValueSource(strings = {"", " ", "\t", " \t "})
        void areMissingIfTheValueIsBlank(String value) {
            for (Shape shape : Shape.values()) {
                assertEquals(
                        new Headers.Missing("X-Tenant-Id"),
                        headers(shape.event(Events.header("X-Tenant-Id", value))));
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {" acme", "acme ", "\tacme\t "})
        void areReadWithoutBlanksAroundTheValue(String value) {
            for (Shape shape : Shape.values()) {
                assertEquals(
                        complete("acme", "web"),
                        headers(shape.event(Events.header("X-Tenant-Id", value))));
            }
        }
    }

    @Nested
    class AuthorizationHeader {

        @ParameterizedTest
        @EnumSource
        void isAmbiguousWithTwoValues(Shape shape) {
            assertEquals(
                    "ambiguous",
                    credential(
                            shape.event(
                                    twice(
                                            shape,
                                            "Authorization",
                                            "Bearer " + TOKEN,
                                            "Bearer " + TOKEN + "x"))));
            assertEquals(
                    "ambiguous",
                    credential(
                            shape.event(
                                    twice(
                                            shape,
                                            "Authorization",
                                            "Basic amFuZTpzZWNyZXQ=",
                                            "Bearer " + TOKEN))));
        }

        @ParameterizedTest
        @EnumSource
        void mayRepeatItsValue(Shape shape) {
            assertEquals(
                    "bearer " + TOKEN,
                    credential(
                            shape.event(
                                    twice(
                                            shape,
                                            "Authorization",
                                            "Bearer " + TOKEN,
                                            "Bearer " + TOKEN))));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Bearer a.b.c",
                    "bearer a.b.c",
                    "BEARER a.b.c",
                    "bEaReR a.b.c",
                    "Bearer  a.b.c",
                    "Bearer     a.b.c",
                    " Bearer a.b.c ",
                    "\tBearer a.b.c\t"
                })
        void givesTheTokenAfterBearer(String authorization) {
            assertCredential("bearer a.b.c", authorization);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Bearer a b",
                    "Bearer a.b.c Bearer a.b.c",
                    "Bearer a\tb",
                    "Bearer \ta.b.c",
                    "Bearer a\u0000b",
                    "Bearer a\nX-Tenant-Id: acme"
                })
        void givesATokenWithWhiteSpaceUnchanged(String authorization) {
            assertCredential(
                    "bearer " + authorization.substring("Bearer ".length()), authorization);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    " ",
                    "Bearer",
                    "Bearer ",
                    "Bearer   ",
                    "Bearera.b.c",
                    "Bearer\ta.b.c",
                    "Bearer:a.b.c",
                    "Bearer\u00a0a.b.c",
                    "Bear er a.b.c",
                    "a.b.c",
                    "Basic amFuZTpzZWNyZXQ=",
                    "DPoP a.b.c",
                    "Digest a.b.c",
                    "Token Bearer a.b.c"
                })
        void givesNoCredentialWithoutBearerOrAToken(String authorization) {
            assertCredential("absent", authorization);
        }

        @Test
        void givesNoCredentialIfItIsAbsent() {
            assertEquals("absent", credential(Events.file("rest-no-token", TOKEN)));
            for (Shape shape : Shape.values()) {
                assertEquals(
                        "absent", credential(shape.event(Events.withoutHeader("Authorization"))));
            }
        }
    }

    @Nested
    class InvalidEvent {

        @ParameterizedTest
        @EnumSource
        void isRefusedWithoutTheArnOfItsShape(Shape shape) {
            UnaryOperator<ObjectNode> otherArn =
                    event ->
                            event.has("routeArn")
                                    ? event.<ObjectNode>set("methodArn", event.remove("routeArn"))
                                    : event.<ObjectNode>set("routeArn", event.remove("methodArn"));

            assertEquals(Optional.empty(), parse(shape.event(otherArn)));
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "*", "arn:aws:s3:::bucket/key/x", "not an ARN"})
        void isRefusedWithAnArnOfAnotherService(String arn) {
            assertEquals(
                    Optional.empty(),
                    parse(Events.rest(TOKEN, (ObjectNode event) -> event.put("methodArn", arn))));
            assertEquals(
                    Optional.empty(),
                    parse(Events.httpV2(TOKEN, (ObjectNode event) -> event.put("routeArn", arn))));
        }

        /** The event that API Gateway sends to an authoriser of type TOKEN. */
        @Test
        void isRefusedIfItIsForATokenAuthoriser() {
            String event =
                    """
                    {"type": "TOKEN", "authorizationToken": "Bearer %s",
                     "methodArn": "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod/GET/x"}
                    """
                            .formatted(TOKEN);

            assertEquals(Optional.empty(), parse(event.getBytes(StandardCharsets.UTF_8)));
        }

        @ParameterizedTest
        @EnumSource
        void isRefusedWithAnotherTypeOrNone(Shape shape) {
            for (String other : List.of("TOKEN", "request", "Request", "REQUEST ", "")) {
                assertEquals(
                        Optional.empty(),
                        parse(shape.event((ObjectNode event) -> event.put("type", other))));
            }
            assertEquals(
                    Optional.empty(),
                    parse(shape.event((ObjectNode event) -> event.putNull("type"))));
            assertEquals(
                    Optional.empty(),
                    parse(
                            shape.event(event -> {
                                event.remove("type");
                                return event;
                            })));
        }

        @ParameterizedTest
        @EnumSource(names = {"HTTP_V1", "HTTP_V2"})
        void isRefusedWithAnotherVersion(Shape shape) {
            for (String other : List.of("3.0", "2", "1", "")) {
                UnaryOperator<ObjectNode> both =
                        event -> {
                            event.put("version", other);
                            event.put("methodArn", shape.stage + "/GET/x");
                            event.put("routeArn", shape.stage + "/GET/x");
                            return event;
                        };

                assertEquals(Optional.empty(), parse(shape.event(both)));
            }
        }
    }
}
