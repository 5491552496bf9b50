package authoriser;

import static authoriser.InMemoryFunction.KEYS;
import static authoriser.InMemoryFunction.LOGIN;
import static authoriser.InMemoryFunction.VALIDATION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;
import static org.mockito.Mockito.withSettings;

import authoriser.event.RequestEvent;
import authoriser.json.CollidingNames;
import authoriser.policy.CheckedAnswer;
import authoriser.policy.Unauthorized;
import authoriser.policy.Undecided;
import authoriser.standin.Events;
import authoriser.standin.SigningKey;
import authoriser.standin.Tokens;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests of unverified callers do not change the response to another caller. */
class HostileRequestsTest {
    private static final int ROUNDS = 50;
    private static final int COLLISION_ROUNDS = 30;

    private final InMemoryFunction function =
            new InMemoryFunction(
                    "ValidatedHeaders", "X-Tenant-Id,X-Channel",
                    "CognitoClientIds", Tokens.CLIENT_ID,
                    "RequiredScopes", "orders/read");
    private final AuthoriserHandler handler = function.handler();
    private final Context context = context();

    @Test
    void doNotChangeTheResponseToAValidRequestOfEachShape() {
        String token = withClaimsOfItsOwn(new CollidingNames(1));
        List<byte[]> good =
                List.of(
                        Events.rest(token),
                        Events.httpV1(token),
                        Events.httpV2(token),
                        Events.websocket(token));
        List<String> before = answers(good);
        before.forEach(answer -> assertTrue(isAllow(answer), answer));
        HostileRequests hostile = new HostileRequests(1, function.tokens);

        for (int round = 0; round < ROUNDS; round++) {
            for (byte[] event : hostile.round()) {
                assertFalse(isAllow(answer(event)), "allowed in round " + round);
                function.clock.advance(Duration.ofMillis(50));
            }
            assertEquals(before, answers(good), "round " + round);
        }
    }

    @Test
    void causeNoValidationRequestAndOneFetchOfKeysInTenSeconds() {
        HostileRequests hostile = new HostileRequests(2, function.tokens);

        for (int round = 0; round < 10; round++) {
            for (byte[] event : hostile.round()) {
                answer(event);
            }
            function.clock.advance(Duration.ofSeconds(10));
        }

        assertEquals(List.of(), function.http.sentTo(VALIDATION));
        assertEquals(List.of(), function.http.sentTo(LOGIN));
        assertTrue(function.http.sentTo(KEYS).size() <= 1 + 10);
    }

    /** A place where an unverified caller can choose member names. */
    enum Place {
        TOKEN_PAYLOAD(names ->
                Events.rest(
                        unsigned(
                                "{\"kid\":\"any\",\"alg\":\"RS256\"}",
                                CollidingNames.object(names)))),
        TOKEN_HEADER(names -> Events.rest(unsigned(CollidingNames.object(names), "{}"))),
        HEADERS_OF_REST(names ->
                Events.rest(
                        "any",
                        event -> put(put(event, "headers", names), "multiValueHeaders", names))),
        HEADERS_OF_PAYLOAD_2(names -> Events.httpV2("any", event -> put(event, "headers", names))),
        QUERY_OF_PAYLOAD_2(
                names -> Events.httpV2("any", event -> put(event, "queryStringParameters", names)));

        private final Function<List<String>, byte[]> event;

        Place(Function<List<String>, byte[]> event) {
            this.event = event;
        }

        private static String unsigned(String header, String payload) {
            return SigningKey.encode(header) + "." + SigningKey.encode(payload) + ".AAAA";
        }

        private static ObjectNode put(ObjectNode event, String member, List<String> names) {
            ObjectNode object = event.withObjectProperty(member);
            names.forEach(name -> object.put(name, "x"));
            return event;
        }
    }

    @ParameterizedTest
    @EnumSource
    void doNotPreventAnAllowAfterCollidingNamesIn(Place place) {
        CollidingNames names = new CollidingNames(1);

        for (int round = 0; round < COLLISION_ROUNDS; round++) {
            for (List<String> document : names.round()) {
                answer(place.event.apply(document));
            }
            String token = withClaimsOfItsOwn(names);
            for (byte[] good : List.of(Events.rest(token), Events.httpV2(token))) {
                String answer = answer(good);
                assertTrue(isAllow(answer), "round " + round + ": " + answer);
            }
        }
    }

    /** A valid token. A parser may already know the names of the claims that all tokens have. */
    private String withClaimsOfItsOwn(CollidingNames names) {
        return function.tokens.access(claims -> {
            names.different(40).forEach(name -> claims.put("custom:" + name, "x"));
            return claims;
        });
    }

    private List<String> answers(List<byte[]> events) {
        List<String> answers = new ArrayList<>();
        events.forEach(event -> answers.add(answer(event)));
        return answers;
    }

    /** The bytes of the response as text, or the message of the error. */
    private String answer(byte[] event) {
        try {
            byte[] json =
                    CheckedAnswer.jsonOf(
                            handler.handleRequest(
                                    RequestEvent.read(new ByteArrayInputStream(event)), context));
            return new String(json, StandardCharsets.UTF_8);
        } catch (Unauthorized | Undecided e) {
            return e.getMessage();
        }
    }

    private static boolean isAllow(String answer) {
        return answer.contains("\"Effect\":\"Allow\"");
    }

    private static Context context() {
        Context context = mock(withSettings().stubOnly());
        when(context.getRemainingTimeInMillis()).thenReturn(3_000);
        when(context.getLogger())
                .thenReturn(
                        new LambdaLogger() {
                            @Override
                            public void log(String message) {}

                            @Override
                            public void log(byte[] message) {}
                        });
        return context;
    }
}
