package authoriser;

import authoriser.config.Environment;
import authoriser.event.RequestEvent;
import authoriser.http.HttpSender;
import authoriser.http.Reply;
import authoriser.invocation.Invocation;
import authoriser.lambda.InvocationContext;
import authoriser.standin.Events;
import authoriser.standin.ManualClock;
import authoriser.standin.SigningKey;
import authoriser.standin.Tokens;
import authoriser.time.Deadline;
import com.amazonaws.services.lambda.runtime.Context;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The whole function with a network in memory that costs next to nothing, to be measured. */
final class MemoryFunction {
    static final SigningKey KEY = SigningKey.generate("bench+key/1=");

    private static final byte[] TOKEN =
            bytes("{\"access_token\":\"service-token\",\"expires_in\":3600}");
    private static final byte[] ALLOWED =
            bytes("{\"allowed\":true,\"context\":{\"plan\":\"gold\"}}");

    final ManualClock clock = ManualClock.at("2026-11-24T04:00:00Z");
    final Tokens tokens = new Tokens(KEY, InMemoryFunction.ISSUER, clock);
    final Wiring wiring;
    private final AuthoriserHandler handler;
    private final Context context =
            new InvocationContext(
                    "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
                    "Root=1-69a1c2d3-4b5c6d7e8f90a1b2c3d4e5f6;Parent=53995c3f42cd8ad8;Sampled=0",
                    () -> 5_000,
                    _ -> {});

    /** Makes a function whose issuer publishes so many keys, with settings by name and value. */
    MemoryFunction(int keys, String... settings) {
        byte[] jwks = jwks(keys);
        HttpSender network =
                (call, deadline) ->
                        new Reply.Answered(
                                200,
                                call.target().endsWith("jwks.json")
                                        ? jwks
                                        : call.target().endsWith("token") ? TOKEN : ALLOWED);
        wiring = Wiring.of(Environment.with(settings), network, clock);
        handler = new AuthoriserHandler(wiring);
    }

    /** Goes through one invocation, from the event's bytes to the answer. */
    Object invoke(byte[] event) {
        return handler.handleRequest(RequestEvent.read(new ByteArrayInputStream(event)), context);
    }

    /** An event with a good token of at least so many bytes, and headers by name and value. */
    byte[] event(int tokenBytes, String... headers) {
        String token = tokens.access();
        if (token.length() < tokenBytes) {
            int padding = (tokenBytes - token.length()) * 3 / 4;
            token = tokens.access(Tokens.with("origin_jti", "x".repeat(padding)));
        }
        return Events.rest(token, headers);
    }

    Invocation invocation() {
        return new Invocation(Deadline.in(Duration.ofSeconds(5), clock), Optional.empty());
    }

    private static byte[] jwks(int keys) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (int i = 1; i < keys; i++) {
            Map<String, Object> other = new java.util.LinkedHashMap<>(KEY.jwk());
            other.put("kid", "other+key/" + i + "=");
            all.add(other);
        }
        all.add(KEY.jwk());
        try {
            return bytes(new ObjectMapper().writeValueAsString(Map.of("keys", all)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
