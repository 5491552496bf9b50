package authoriser.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import authoriser.AuthoriserHandler;
import authoriser.InMemoryFunction;
import authoriser.event.RequestEvent;
import authoriser.json.JsonDocument;
import authoriser.lambda.RuntimeApi;
import authoriser.lambda.RuntimeApi.Answered;
import authoriser.lambda.RuntimeApi.Errored;
import authoriser.local.RestApi.Passage;
import authoriser.policy.Unauthorized;
import authoriser.policy.Undecided;
import authoriser.standin.Events;
import authoriser.standin.PolicyEvaluator;
import authoriser.standin.ReceivedRequest;
import authoriser.standin.SigningKey;
import authoriser.standin.TestJson;
import authoriser.standin.Tokens;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.Headers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The page for those who come from another authoriser: each row, sent through the function. */
class ComingFromTest {
    private static final Path PAGE = Path.of("src/docs/coming-from.md");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern SETTING = Pattern.compile("`([A-Za-z]+)=([^`]*)`");
    private static final Pattern STATUS = Pattern.compile("\\b[2-5][0-9]{2}\\b");
    private static final Pattern SOURCE = Pattern.compile("\\[([0-9]+)]");
    private static final SigningKey OTHER_KEY = SigningKey.generate("another-key");
    private static final String TENANT = "X-Tenant-Id";

    /** What a caller can send, by the words of the page without marks for code. */
    private static final Map<String, Situation> SITUATIONS = situations();

    /** A row of a table. */
    private record Row(boolean httpApi, String sends, String before, String after, String keep) {
        @Override
        public String toString() {
            return (httpApi ? "HTTP API: " : "REST API: ") + sends;
        }
    }

    /** What a caller, or the backend, sees of the last request. */
    private record Seen(
            int status, String by, String reason, Set<String> context, Set<String> headers) {}

    @FunctionalInterface
    private interface Situation {
        Seen of(InMemoryFunction function, Gateway gateway);
    }

    /** API Gateway with the function behind it. */
    private interface Gateway {
        Seen send(String method, String path, Headers headers);

        default Seen get(Headers headers) {
            return send("GET", "/orders/42", headers);
        }

        /** A request with this token and a good header value. */
        default Seen with(String token) {
            return get(headers("Bearer " + token, "acme"));
        }
    }

    private static Headers headers(String authorization, String tenant) {
        Headers headers = new Headers();
        headers.set("Authorization", authorization);
        headers.set(TENANT, tenant);
        return headers;
    }

    private static Map<String, Situation> situations() {
        Map<String, Situation> all = new LinkedHashMap<>();
        all.put(
                "no Authorization header",
                (_, gateway) -> {
                    Headers headers = headers("", "acme");
                    headers.remove("Authorization");
                    return gateway.get(headers);
                });
        all.put(
                "the token without Bearer",
                (function, gateway) -> gateway.get(headers(function.tokens.access(), "acme")));
        all.put("something that is no token", (_, gateway) -> gateway.with("no-token"));
        all.put("an expired token", ComingFromTest::expired);
        all.put("an expired token, from a browser", ComingFromTest::expired);
        all.put(
                "a bad signature",
                (function, gateway) ->
                        gateway.with(
                                function.tokens
                                        .signedWith(SigningKey.generate(InMemoryFunction.KEY.kid()))
                                        .access()));
        all.put(
                "a token of another user pool",
                (function, gateway) ->
                        gateway.with(
                                function.tokens
                                        .issuedBy(InMemoryFunction.ISSUER + "Other")
                                        .access()));
        all.put(
                "a key that the pool does not publish",
                (function, gateway) ->
                        gateway.with(function.tokens.signedWith(OTHER_KEY).access()));
        all.put(
                "a key that was published after the start",
                (function, gateway) -> {
                    gateway.with(function.tokens.access());
                    function.http.on(
                            InMemoryFunction.KEYS,
                            TestJson.text(Map.of("keys", List.of(OTHER_KEY.jwk()))));
                    return gateway.with(function.tokens.signedWith(OTHER_KEY).access());
                });
        all.put("an ID token", (function, gateway) -> gateway.with(function.tokens.id()));
        all.put(
                "a token that is not valid yet",
                (function, gateway) -> {
                    long later = function.clock.instant().plusSeconds(60).getEpochSecond();
                    return gateway.with(function.tokens.access(Tokens.with("nbf", later)));
                });
        all.put("a good access token", ComingFromTest::good);
        all.put("an access token without the route's scope", ComingFromTest::good);
        all.put("a good access token, and the backend reads the subject", ComingFromTest::good);
        all.put("a good access token, and the backend reads the groups", ComingFromTest::good);
        all.put("a good access token, and the backend reads the scopes", ComingFromTest::good);
        all.put(
                "a good access token, and the backend reads another claim",
                (function, gateway) ->
                        gateway.with(function.tokens.access(Tokens.with("custom:tenant", "acme"))));
        all.put(
                "a token of another app client",
                (function, gateway) -> gateway.with(function.tokens.machine()));
        all.put(
                "an access token for another API",
                (function, gateway) ->
                        gateway.with(
                                function.tokens.access(
                                        Tokens.with("aud", "https://other-api.example.com"))));
        all.put(
                "a request without the validated header",
                (function, gateway) -> {
                    Headers headers = headers("Bearer " + function.tokens.access(), "");
                    headers.remove(TENANT);
                    return gateway.get(headers);
                });
        all.put(
                "a header value that the service refuses",
                (function, gateway) -> {
                    function.http.on(
                            InMemoryFunction.VALIDATION, "{\"allowed\":false,\"reason\":\"no\"}");
                    return good(function, gateway);
                });
        all.put(
                "a header value that the service refuses with status 403",
                (function, gateway) -> {
                    function.http.on(InMemoryFunction.VALIDATION, 403, "");
                    return good(function, gateway);
                });
        all.put(
                "a request while the validation service is down",
                (function, gateway) -> {
                    function.http.down(InMemoryFunction.VALIDATION);
                    return good(function, gateway);
                });
        all.put(
                "a CORS preflight request",
                (_, gateway) -> gateway.send("OPTIONS", "/orders/42", new Headers()));
        all.put(
                "the same token on another route",
                (function, gateway) -> {
                    String token = function.tokens.access();
                    gateway.with(token);
                    return gateway.send(
                            "GET", "/orders/43/lines", headers("Bearer " + token, "acme"));
                });
        all.put(
                "the same token with another header value",
                (function, gateway) -> {
                    String token = function.tokens.access();
                    gateway.with(token);
                    return gateway.get(headers("Bearer " + token, "globex"));
                });
        all.put(
                "the same request again",
                (function, gateway) -> {
                    String token = function.tokens.access();
                    gateway.with(token);
                    return gateway.with(token);
                });
        return all;
    }

    private static Seen good(InMemoryFunction function, Gateway gateway) {
        return gateway.with(function.tokens.access());
    }

    private static Seen expired(InMemoryFunction function, Gateway gateway) {
        return gateway.with(function.tokens.access(Tokens.expiringAt(function.clock.instant())));
    }

    // The page

    private static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        boolean httpApi = false;
        for (String line : Files.readAllLines(PAGE)) {
            if (line.startsWith("## ")) {
                httpApi = line.contains("HTTP API");
            }
            if (line.startsWith("| ")
                    && !line.startsWith("| the caller")
                    && !line.startsWith("| -")) {
                String[] cells = line.substring(2, line.length() - 2).split(" \\| ", -1);
                assertEquals(4, cells.length, line);
                rows.add(new Row(httpApi, cells[0].replace("`", ""), cells[1], cells[2], cells[3]));
            }
        }
        return rows;
    }

    static List<Row> rowsWithSettings() throws IOException {
        return rows().stream().filter(row -> !row.keep.startsWith("–")).toList();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void withTheDefaultSettingsACallerSeesWhatThePageSays(Row row) {
        assertSeen(row.after, seen(row, Map.of()));
    }

    @ParameterizedTest
    @MethodSource("rowsWithSettings")
    void withTheSettingOfTheLastColumnACallerSeesWhatThePageSays(Row row) {
        Map<String, String> settings = new LinkedHashMap<>();
        Matcher setting = SETTING.matcher(row.keep);
        int end = 0;
        while (setting.find()) {
            settings.put(setting.group(1), setting.group(2));
            end = setting.end();
        }
        assertFalse(settings.isEmpty(), row.keep);

        assertSeen(row.keep.substring(end), seen(row, settings));
    }

    @Test
    void everySituationIsOnThePage() throws IOException {
        Set<String> shown = new TreeSet<>();
        rows().forEach(row -> shown.add(row.sends));

        assertEquals(new TreeSet<>(SITUATIONS.keySet()), shown);
    }

    @Test
    void everySourceIsListedAndEveryListedSourceIsUsed() throws IOException {
        Set<String> used = new TreeSet<>();
        Set<String> listed = new TreeSet<>();
        for (String line : Files.readAllLines(PAGE)) {
            if (line.matches("[0-9]+\\. .*")) {
                listed.add(line.substring(0, line.indexOf('.')));
            } else {
                SOURCE.matcher(line).results().forEach(found -> used.add(found.group(1)));
            }
        }

        assertEquals(listed, used);
        assertEquals(10, listed.size());
    }

    private static void assertSeen(String cell, Seen seen) {
        Matcher status = STATUS.matcher(cell);
        assertTrue(status.find(), cell);
        assertEquals(Integer.parseInt(status.group()), seen.status, seen::toString);
        Matcher code = CODE.matcher(cell);
        String word = code.find() ? code.group(1) : "";
        if (seen.status == 200 && !word.isEmpty()) {
            assertTrue(seen.context.contains(word), seen::toString);
        } else if (!seen.headers.contains(word)) {
            assertEquals(word, seen.reason, seen::toString);
        }
        assertFalse(seen.context.contains("claims"), "API Gateway has a meaning for this key");
        if (cell.contains(" by the ")) {
            assertTrue(cell.contains(" by the " + seen.by), seen::toString);
        }
    }

    private static Seen seen(Row row, Map<String, String> settings) {
        List<String> ofFunction = new ArrayList<>();
        settings.forEach((name, value) -> {
            if (!name.equals("ResultTtlSeconds")) {
                ofFunction.add(name);
                ofFunction.add(value);
            }
        });
        InMemoryFunction function = new InMemoryFunction(ofFunction.toArray(String[]::new));
        Lambda lambda = new Lambda(function.handler());
        long timeToLive = Long.parseLong(settings.getOrDefault("ResultTtlSeconds", "300"));
        Gateway gateway =
                row.httpApi
                        ? httpApi(function, lambda)
                        : restApi(function, lambda, Duration.ofSeconds(timeToLive));
        Situation situation = SITUATIONS.get(row.sends);
        assertTrue(situation != null, () -> "no such situation: " + row.sends);
        return situation.of(function, gateway);
    }

    // API Gateway

    private static Gateway restApi(InMemoryFunction function, Lambda lambda, Duration timeToLive) {
        RestApi api =
                new RestApi(
                        List.of("Authorization", TENANT),
                        new ResultCache(timeToLive, function.clock),
                        lambda,
                        function.clock);
        return (method, path, headers) -> {
            var sender = new InetSocketAddress(InetAddress.getLoopbackAddress(), 50_000);
            Passage passage =
                    api.pass(
                            new ReceivedRequest(
                                    method, URI.create(path), headers, new byte[0], sender));
            JsonNode body =
                    passage.body().isEmpty()
                            ? TestJson.object()
                            : TestJson.read(passage.body().getBytes(UTF_8));
            return new Seen(
                    passage.status(),
                    passage.by().name().toLowerCase(Locale.ROOT),
                    body.path("reason").asText(),
                    names(body.path("authorizer")),
                    passage.headers().keySet());
        };
    }

    /** An HTTP API with payload 2.0, whose callers see no reason: it is that of the log. */
    private static Gateway httpApi(InMemoryFunction function, Lambda lambda) {
        return (_, _, headers) -> {
            if (!headers.containsKey("Authorization") || !headers.containsKey(TENANT)) {
                return new Seen(401, "gateway", "", Set.of(), Set.of());
            }
            byte[] event =
                    Events.httpV2(
                            "",
                            changed ->
                                    Events.header(TENANT, headers.getFirst(TENANT))
                                            .apply(
                                                    Events.header(
                                                                    "Authorization",
                                                                    headers.getFirst(
                                                                            "Authorization"))
                                                            .apply(changed)));
            return switch (lambda.ask(event, "", "")) {
                case Errored error ->
                        new Seen(
                                error.message().equals("Unauthorized") ? 401 : 500,
                                "function",
                                "",
                                Set.of(),
                                Set.of());
                case Answered answered -> {
                    AuthoriserAnswer answer = AuthoriserAnswer.parse(answered.body());
                    String arn = TestJson.read(event).path("routeArn").asText();
                    boolean allowed =
                            answer.verdict(arn, function.clock.instant())
                                    == PolicyEvaluator.Verdict.ALLOW;
                    yield new Seen(
                            allowed ? 200 : 403,
                            "function",
                            answer.context().getOrDefault("reason", ""),
                            answer.context().keySet(),
                            Set.of());
                }
            };
        };
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** The handler, called as Lambda calls it. */
    private record Lambda(AuthoriserHandler handler) implements RestApi.Authoriser {
        @Override
        public RuntimeApi.Outcome ask(byte[] event, String requestId, String traceId) {
            Context context = mock();
            when(context.getAwsRequestId()).thenReturn("8476a536-e9f4-11e8-9739-2dfe598c3fcd");
            when(context.getRemainingTimeInMillis()).thenReturn(3_000);
            when(context.getLogger()).thenReturn(mock(LambdaLogger.class));
            try {
                JsonDocument answer =
                        handler.handleRequest(
                                RequestEvent.read(new ByteArrayInputStream(event)), context);
                ByteArrayOutputStream json = new ByteArrayOutputStream();
                answer.writeTo(json);
                return new Answered(json.toByteArray());
            } catch (Unauthorized | Undecided e) {
                return new Errored(e.getClass().getName(), e.getMessage(), new byte[0]);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
