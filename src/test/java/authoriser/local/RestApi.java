package authoriser.local;

import authoriser.lambda.RuntimeApi;
import authoriser.lambda.RuntimeApi.Answered;
import authoriser.lambda.RuntimeApi.Errored;
import authoriser.standin.PolicyEvaluator.InvalidPolicy;
import authoriser.standin.ReceivedRequest;
import authoriser.standin.TestJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A REST API of API Gateway: every route asks a REQUEST authoriser, except {@code OPTIONS}, and
 * leads to a backend that shows what it was handed.
 */
final class RestApi {
    /** Limits of API Gateway, in bytes. */
    private static final int LARGEST_HEADERS = 10_240;

    private static final int LARGEST_METHOD_ARN = 1_600;

    private static final String DENIED = "User is not authorized to access this resource";

    private final List<String> identitySources;
    private final ResultCache cache;
    private final Authoriser authoriser;
    private final InstantSource clock;

    /**
     * Sets up the API.
     *
     * @param identitySources the names of the headers that must be there and that make the cache
     *     key, in their order
     */
    RestApi(
            List<String> identitySources,
            ResultCache cache,
            Authoriser authoriser,
            InstantSource clock) {
        this.identitySources = List.copyOf(identitySources);
        this.cache = cache;
        this.authoriser = authoriser;
        this.clock = clock;
    }

    /** The function, asked with an event. */
    @FunctionalInterface
    interface Authoriser {
        RuntimeApi.Outcome ask(byte[] event, String requestId, String traceId);
    }

    /** Who had the last word on a request. */
    enum DecidedBy {
        FUNCTION,
        CACHE,
        /** API Gateway itself, without asking anybody. */
        GATEWAY
    }

    /**
     * What became of one request, and why.
     *
     * @param requestId API Gateway's id of the request, which the function's log line has as well
     * @param answer the function's answer that was applied, new or from the cache
     */
    record Passage(
            String requestId,
            int status,
            Map<String, String> headers,
            String body,
            String decision,
            DecidedBy by,
            Optional<AuthoriserAnswer> answer,
            Duration time) {
        private Passage with(AuthoriserAnswer applied) {
            return new Passage(
                    requestId, status, headers, body, decision, by, Optional.of(applied), time);
        }
    }

    Passage pass(ReceivedRequest request) {
        RestEvent event =
                new RestEvent(
                        request,
                        UUID.randomUUID().toString(),
                        RuntimeApi.traceId(),
                        clock.instant());
        if (headerBytes(request) > LARGEST_HEADERS) {
            return tooLarge(event, 431, "headers too large");
        }
        if (event.methodArn().getBytes(StandardCharsets.UTF_8).length > LARGEST_METHOD_ARN) {
            return tooLarge(event, 414, "method ARN too large");
        }
        if (request.method().equals("OPTIONS")) {
            return passage(event, 204, openHeaders(), "", "open", DecidedBy.GATEWAY);
        }
        Optional<List<String>> identity = identity(request);
        if (identity.isEmpty()) {
            return refused(
                    event,
                    GatewayResponse.UNAUTHORIZED,
                    "identity source missing",
                    DecidedBy.GATEWAY);
        }
        return cache.find(identity.get())
                .map(answer -> apply(answer, event, DecidedBy.CACHE))
                .orElseGet(() -> ask(event, identity.get()));
    }

    private static int headerBytes(ReceivedRequest request) {
        int bytes = 0;
        for (Map.Entry<String, List<String>> header : request.headers().entrySet()) {
            for (String value : header.getValue()) {
                bytes += header.getKey().length() + value.length();
            }
        }
        return bytes;
    }

    private Passage tooLarge(RestEvent event, int status, String decision) {
        String body = TestJson.text(Map.of("message", decision));
        return passage(event, status, openHeaders(), body, decision, DecidedBy.GATEWAY);
    }

    private Passage ask(RestEvent event, List<String> identity) {
        return switch (authoriser.ask(event.bytes(), event.requestId(), event.traceId())) {
            case Answered answered -> take(answered, event, identity);
            case Errored(_, String message, _) when message.equals("Unauthorized") ->
                    refused(
                            event,
                            GatewayResponse.UNAUTHORIZED,
                            "unauthorized",
                            DecidedBy.FUNCTION);
            case Errored(_, String message, _) ->
                    refused(event, GatewayResponse.AUTHORIZER_FAILURE, message, DecidedBy.FUNCTION);
        };
    }

    /**
     * Applies the answer and keeps it, be it Allow or Deny; one that can't be applied isn't kept.
     */
    private Passage take(Answered answered, RestEvent event, List<String> identity) {
        try {
            AuthoriserAnswer answer = AuthoriserAnswer.parse(answered.body());
            Passage passage = apply(answer, event, DecidedBy.FUNCTION);
            cache.keep(identity, answer);
            return passage;
        } catch (InvalidPolicy e) {
            return refused(
                    event,
                    GatewayResponse.AUTHORIZER_CONFIGURATION_ERROR,
                    "invalid answer: " + e.getMessage(),
                    DecidedBy.FUNCTION);
        }
    }

    private Passage apply(AuthoriserAnswer answer, RestEvent event, DecidedBy by) {
        // A Deny without a reason stands in an answer that allows in general, but not this route
        String reason = answer.context().getOrDefault("reason", "this route");
        Passage passage =
                switch (answer.verdict(event.methodArn(), clock.instant())) {
                    case ALLOW ->
                            passage(event, 200, openHeaders(), echo(event, answer), "allow", by);
                    case EXPLICIT_DENY ->
                            denied(
                                    event,
                                    answer,
                                    "deny " + reason,
                                    DENIED + " with an explicit deny",
                                    by);
                    case IMPLICIT_DENY -> denied(event, answer, "no statement allows", DENIED, by);
                };
        return passage.with(answer);
    }

    private Passage denied(
            RestEvent event, AuthoriserAnswer answer, String decision, String error, DecidedBy by) {
        GatewayResponse response = GatewayResponse.ACCESS_DENIED;
        String body = response.body(event.requestId(), answer.context(), error);
        return passage(event, response.status(), response.headers(), body, decision, by);
    }

    private Passage refused(
            RestEvent event, GatewayResponse response, String decision, DecidedBy by) {
        String body = response.body(event.requestId(), Map.of(), "");
        return passage(event, response.status(), response.headers(), body, decision, by);
    }

    private Passage passage(
            RestEvent event,
            int status,
            Map<String, String> headers,
            String body,
            String decision,
            DecidedBy by) {
        Duration time = Duration.between(event.receivedAt(), clock.instant());
        return new Passage(
                event.requestId(), status, headers, body, decision, by, Optional.empty(), time);
    }

    /** The values that make the cache key; nothing when one is missing or empty. */
    private Optional<List<String>> identity(ReceivedRequest request) {
        List<String> values = new ArrayList<>();
        for (String source : identitySources) {
            List<String> sent = request.headerValues(source);
            if (sent.isEmpty() || sent.getLast().isEmpty()) {
                return Optional.empty();
            }
            values.add(sent.getLast());
        }
        return Optional.of(values);
    }

    private static String echo(RestEvent event, AuthoriserAnswer answer) {
        Map<String, Object> authorizer = new LinkedHashMap<>();
        authorizer.put("principalId", answer.principalId());
        authorizer.putAll(answer.context());
        Map<String, Object> echo = new LinkedHashMap<>();
        echo.put("method", event.request().method());
        echo.put("path", event.request().path());
        echo.put("authorizer", authorizer);
        // What a backend reads as $context.identity.apiKey
        answer.usageIdentifierKey().ifPresent(key -> echo.put("apiKey", key));
        return TestJson.text(echo);
    }

    private static Map<String, String> openHeaders() {
        return Map.of(
                "Content-Type", "application/json",
                "Access-Control-Allow-Origin", "*",
                "Access-Control-Allow-Methods", "*",
                "Access-Control-Allow-Headers", "*, Authorization");
    }
}
