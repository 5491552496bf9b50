package authoriser.fuzzing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.AuthoriserHandler;
import authoriser.EventSerializer;
import authoriser.InMemoryFunction;
import authoriser.event.RequestEvent;
import authoriser.http.PretendHttp;
import authoriser.json.JsonDocument;
import authoriser.lambda.InvocationContext;
import authoriser.policy.CheckedAnswer;
import authoriser.policy.Unauthorized;
import authoriser.policy.Undecided;
import authoriser.standin.Events;
import authoriser.standin.Tokens;
import authoriser.telemetry.EmfLine;
import com.amazonaws.services.lambda.runtime.Context;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The function, asked as the runtime client asks it. Every answer and every log line is checked:
 * API Gateway must accept the one, CloudWatch the other.
 */
final class CheckedFunction {
    /** What an input writes where a good token belongs. */
    static final String TOKEN_PLACE = "REPLACE_WITH_ACCESS_TOKEN";

    /** The settings of a function that uses every part of a request. */
    private static final String[] SETTINGS = {
        "ValidatedHeaders", "X-Tenant-Id,X-Channel",
        "CognitoClientIds", Tokens.CLIENT_ID,
        "RequiredScopes", "orders/read",
        "ScopeRules", "{\"* /admin/*\":[\"admin\"],\"GET /orders/*\":[\"orders/read\"]}",
        "GroupRules", "{\"DELETE /orders/*\":[\"managers\"]}",
        "ContextClaims", "origin_jti,custom:tenant=tenant",
        "ServiceClaims", "origin_jti,auth_time,custom:tenant"
    };

    /** The good token expires late, because some targets move the clock with each input. */
    private static final Instant LATE = Instant.parse("9990-01-01T00:00:00Z");

    private final InMemoryFunction function;
    private final AuthoriserHandler handler;
    private final EventSerializer serializer = new EventSerializer();
    private final List<byte[]> lines = new ArrayList<>();
    private final Context context =
            new InvocationContext(
                    "5f5e1d1c-0000-4000-8000-000000000000", null, () -> 3_000, lines::add);
    private final String token;
    private final List<byte[]> goodEvents;
    private final List<Outcome> goodOutcomes = new ArrayList<>();
    private int next;

    enum Kind {
        ALLOW,
        DENY,
        UNAUTHORIZED,
        ERROR
    }

    /**
     * What an invocation ended with.
     *
     * @param text the answer's JSON, or the message of the error
     */
    record Outcome(Kind kind, String text, Optional<CheckedAnswer> answer) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Outcome outcome
                    && kind == outcome.kind
                    && text.equals(outcome.text);
        }

        @Override
        public int hashCode() {
            return text.hashCode();
        }
    }

    /** A function with these settings besides. It has not been asked anything yet. */
    CheckedFunction(String... settings) {
        this(
                new InMemoryFunction(
                        Stream.of(SETTINGS, settings).flatMap(Stream::of).toArray(String[]::new)));
    }

    /** This function, which has not been asked anything yet. */
    CheckedFunction(InMemoryFunction function) {
        this.function = function;
        handler = function.handler();
        token =
                function.tokens.access(claims -> {
                    claims.put("custom:tenant", "acme");
                    claims.put("exp", LATE.getEpochSecond());
                    return claims;
                });
        goodEvents =
                List.of(
                        Events.rest(token),
                        Events.httpV1(token),
                        Events.httpV2(token),
                        Events.websocket(token));
    }

    /** The same function, which has answered a good request of each shape. */
    static CheckedFunction warm(String... settings) {
        CheckedFunction warm = new CheckedFunction(settings);
        for (byte[] event : warm.goodEvents) {
            Outcome outcome = warm.answer(event);
            assertEquals(Kind.ALLOW, outcome.kind(), outcome.text());
            warm.goodOutcomes.add(outcome);
        }
        return warm;
    }

    InMemoryFunction function() {
        return function;
    }

    PretendHttp http() {
        return function.http;
    }

    /** A token that is good in every respect. */
    String token() {
        return token;
    }

    /** The input with a good token wherever it asks for one. */
    byte[] withToken(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        return text.contains(TOKEN_PLACE)
                ? text.replace(TOKEN_PLACE, token).getBytes(StandardCharsets.ISO_8859_1)
                : input;
    }

    /** Answers an event. Fails if the answer or the log line is not one that AWS accepts. */
    Outcome answer(byte[] event) {
        lines.clear();
        Outcome outcome = outcome(event);
        assertEquals(1, lines.size(), "log lines");
        byte[] line = lines.getFirst();
        if (!isSelfCheck(line)) {
            EmfLine.parse(line);
        }
        assertFalse(
                new String(line, StandardCharsets.UTF_8).contains(InMemoryFunction.SERVICE_TOKEN),
                "a service token in the log");
        return outcome;
    }

    private Outcome outcome(byte[] event) {
        try {
            RequestEvent read =
                    serializer.fromJson(new ByteArrayInputStream(event), RequestEvent.class);
            JsonDocument document = handler.handleRequest(read, context);
            String text = new String(CheckedAnswer.jsonOf(document), StandardCharsets.UTF_8);
            if (isSelfCheck(lines.getLast())) {
                return new Outcome(Kind.ERROR, text, Optional.empty());
            }
            CheckedAnswer answer = CheckedAnswer.of(document);
            boolean allows =
                    answer.statements().stream().anyMatch(one -> one.effect().equals("Allow"));
            return new Outcome(allows ? Kind.ALLOW : Kind.DENY, text, Optional.of(answer));
        } catch (Unauthorized e) {
            assertEquals("Unauthorized", e.getMessage());
            return new Outcome(Kind.UNAUTHORIZED, e.getMessage(), Optional.empty());
        } catch (Undecided e) {
            return new Outcome(Kind.ERROR, e.getMessage(), Optional.empty());
        }
    }

    /** A self-check is no answer to API Gateway, which never asks for one. */
    private static boolean isSelfCheck(byte[] line) {
        return new String(line, StandardCharsets.UTF_8).startsWith("{\"selfCheck\"");
    }

    /** Asks a good request, each time in the next shape. It must be answered as the first time. */
    void assertAnswersAsBefore() {
        next = (next + 1) % goodEvents.size();
        assertEquals(goodOutcomes.get(next), answer(goodEvents.get(next)));
        function.http.forget();
    }

    /** Asks a good request, which must be allowed. */
    void assertAllows() {
        Outcome outcome = answer(goodEvents.getFirst());
        assertEquals(Kind.ALLOW, outcome.kind(), outcome.text());
    }

    /** Answers a good request. */
    Outcome answerGoodEvent() {
        return answer(goodEvents.getFirst());
    }

    /** Whether the validation service was asked since the last good request. */
    void assertServiceWasAsked() {
        assertTrue(
                !function.http.sentTo(InMemoryFunction.VALIDATION).isEmpty(),
                "an Allow without a question to the service");
    }
}
