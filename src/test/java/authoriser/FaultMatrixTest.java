package authoriser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.config.Environment;
import authoriser.event.RequestEvent;
import authoriser.http.TlsLayer;
import authoriser.json.JsonDocument;
import authoriser.policy.Unauthorized;
import authoriser.policy.Undecided;
import authoriser.standin.Events;
import authoriser.standin.ManualClock;
import authoriser.standin.PretendSecretsManager;
import authoriser.standin.SigningKey;
import authoriser.standin.Tokens;
import authoriser.trust.TrustStore;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.Mockito;

/**
 * Each fault of each peer in each state of the function, over HTTP and TLS on loopback.
 *
 * <p>The result is the page {@code src/docs/faults.md}. {@code mvn test -Dtest=FaultMatrixTest
 * -Dfaults.write} writes the page. The clock of the function does not advance by itself: the peers
 * advance it where time is to pass. So a fault that needs no time must end by something other than
 * a deadline, or the test does not end.
 */
@Timeout(600)
class FaultMatrixTest {
    private static final Path PAGE = Path.of("src", "docs", "faults.md");
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SigningKey KEY = SigningKey.generate("key-1");
    private static final SigningKey NEXT_KEY = SigningKey.generate("key-2");

    /** The time that Lambda says is left, and what the function may use of it. */
    private static final int INVOCATION_MILLIS = 3_000;

    private static final Duration USABLE = Duration.ofMillis(2_800);

    @TempDir private static Path directory;

    private static Fault.TlsOfPeers tls;
    private static TlsLayer clientTls;
    private static final Map<Peer, FaultyPeer> PEERS = new EnumMap<>(Peer.class);
    private static final ManualClock CLOCK = ManualClock.at(START);

    private static volatile List<SigningKey> published = List.of(KEY);
    private static volatile String secret = "secret-1";

    private static final Tokens TOKENS = new Tokens(KEY, "https://issuer.example/pool", CLOCK);

    /** The peers of the function. */
    private enum Peer {
        KEYS("keys", "{\"keys\":{\"kty\":\"RSA\"}}"),
        TOKEN(
                "token endpoint",
                "{\"access_token\":[\"a\"],\"token_type\":\"Bearer\",\"expires_in\":3600}"),
        SERVICE("validation service", "{\"allowed\":\"true\"}"),
        SECRETS("Secrets Manager", "{\"SecretString\":{\"client_secret\":\"a\"}}");

        private final String title;
        private final String wrongTypes;

        Peer(String title, String wrongTypes) {
            this.title = title;
            this.wrongTypes = wrongTypes;
        }

        String good(String request) {
            return switch (this) {
                case KEYS -> json(Map.of("keys", published.stream().map(SigningKey::jwk).toList()));
                case TOKEN ->
                        request.contains("Authorization: Basic " + credentials() + "\r\n")
                                ? "{\"access_token\":\"t\",\"token_type\":\"Bearer\","
                                        + "\"expires_in\":3600}"
                                : "HTTP/1.1 400 Bad Request\r\nContent-Length: 26\r\n\r\n"
                                        + "{\"error\":\"invalid_client\"}";
                case SERVICE -> "{\"allowed\":true}";
                case SECRETS -> json(Map.of("SecretString", secret));
            };
        }

        private static String credentials() {
            String pair = "client:" + secret;
            return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** A state of the function when a peer's fault begins, and what the contract demands then. */
    private enum State {
        KEYS_COLD(Peer.KEYS, "no keys yet", "500 `keys_unavailable`", 1),
        KEYS_DUE(Peer.KEYS, "15 minutes old, renewal due", "Allow", 30),
        KEYS_OLD(Peer.KEYS, "24 hours old", "500 `keys_unavailable`", 1),
        KEYS_ROTATED(Peer.KEYS, "a token names a new key", "500 `keys_unavailable`", 10),
        TOKEN_COLD(Peer.TOKEN, "no service token yet", "500 `service_token_unavailable`", 0),
        TOKEN_DUE(Peer.TOKEN, "three quarters of its life are over, renewal due", "Allow", 10),
        TOKEN_OLD(Peer.TOKEN, "service token expired", "500 `service_token_unavailable`", 0),
        SERVICE_COLD(Peer.SERVICE, "no connection yet", "500 `validation_unavailable`", 0),
        SERVICE_WARM(Peer.SERVICE, "a connection is kept", "500 `validation_unavailable`", 0),
        SECRET_COLD(Peer.SECRETS, "secret not read yet", "500 `service_token_unavailable`", 0),
        SECRET_UNCHANGED(Peer.SECRETS, "secret read, and not changed since", "Allow", 3600),
        SECRET_DUE(Peer.SECRETS, "secret rotated, renewal of the service token due", "Allow", 10),
        SECRET_OLD(
                Peer.SECRETS,
                "secret rotated, service token expired",
                "500 `service_token_unavailable`",
                0);

        private final Peer peer;
        private final String words;
        private final String demanded;

        /** After the fault, the peer is asked again within this time. */
        private final Duration pause;

        State(Peer peer, String words, String demanded, int pauseSeconds) {
            this.peer = peer;
            this.words = words;
            this.demanded = demanded;
            this.pause = Duration.ofSeconds(pauseSeconds);
        }

        /** Whether the function has decided before the fault begins. */
        boolean warm() {
            return switch (this) {
                case KEYS_COLD, TOKEN_COLD, SERVICE_COLD, SECRET_COLD -> false;
                default -> true;
            };
        }

        /** Whether the peer is asked beside the request, which does not wait for the answer. */
        boolean ahead() {
            return switch (this) {
                case KEYS_DUE, TOKEN_DUE, SECRET_DUE -> true;
                default -> false;
            };
        }

        /** The time from the first decision to the fault. */
        Duration age() {
            return switch (this) {
                case KEYS_DUE -> Duration.ofMinutes(15);
                case KEYS_OLD -> Duration.ofHours(24);
                case KEYS_ROTATED -> Duration.ofSeconds(10);
                case TOKEN_DUE, SECRET_DUE -> Duration.ofMinutes(45);
                case TOKEN_OLD, SECRET_UNCHANGED, SECRET_OLD -> Duration.ofHours(1);
                default -> Duration.ZERO;
            };
        }

        /** What has changed at the peers since the first decision. */
        void change() {
            switch (this) {
                case KEYS_ROTATED -> published = List.of(KEY, NEXT_KEY);
                case SECRET_DUE, SECRET_OLD -> secret = "secret-2";
                default -> {}
            }
        }

        /** The row of this state in the page. */
        String row() {
            String again =
                    switch (this) {
                        case SECRET_UNCHANGED -> "not needed";
                        default ->
                                pause.isZero()
                                        ? "with the next request"
                                        : "after " + pause.toSeconds() + " s";
                    };
            return "| " + String.join(" | ", peer.title, words, demanded, again) + " |\n";
        }

        SigningKey key() {
            return this == KEYS_ROTATED ? NEXT_KEY : KEY;
        }
    }

    /**
     * What came of a request.
     *
     * @param answer what API Gateway gets
     * @param detail the detail in the log line; empty if it has none
     */
    private record Result(String answer, String detail) {}

    @BeforeAll
    static void start() {
        tls = Fault.TlsOfPeers.in(directory);
        clientTls =
                TlsLayer.trusting(
                        new TrustStore(
                                tls.good().trustStore().toFile(),
                                "PKCS12",
                                Optional.of(tls.good().trustStorePassword())));
        for (Peer peer : Peer.values()) {
            PEERS.put(peer, new FaultyPeer(tls.good().serverContext(), peer::good));
        }
    }

    @AfterAll
    static void stop() {
        PEERS.values().forEach(FaultyPeer::close);
    }

    @Test
    void isThePageOfTheDocuments() throws IOException {
        StringBuilder states = new StringBuilder();
        Map<Fault, Map<Peer, String>> details = new EnumMap<>(Fault.class);
        for (State state : State.values()) {
            for (Fault fault : Fault.values()) {
                String detail = new Cell(fault, state).detail();
                if (!detail.isEmpty()) {
                    String before =
                            details.computeIfAbsent(fault, _ -> new EnumMap<>(Peer.class))
                                    .put(state.peer, detail);
                    assertTrue(before == null || before.equals(detail), before + " and " + detail);
                }
            }
            states.append(state.row());
        }
        String page = page(states.toString(), rows(details));
        if (System.getProperty("faults.write") != null) {
            Files.writeString(PAGE, page);
        }

        assertEquals(Files.readString(PAGE), page);
    }

    private static String rows(Map<Fault, Map<Peer, String>> details) {
        StringBuilder rows = new StringBuilder();
        details.forEach((fault, byPeer) -> {
            rows.append("| ").append(fault).append(" |");
            byPeer.values().forEach(detail -> rows.append(" `").append(detail).append("` |"));
            rows.append('\n');
        });
        return rows.toString();
    }

    private static String page(String states, String details) {
        int faults = Fault.values().length;
        int cells = faults * State.values().length;
        return """
        # Faults of the peers

        For the person on call. This page shows what a request gets while a peer has a fault, and the `detail` of the log line for
        each fault. `mvn test -Dtest=FaultMatrixTest` produces each of the %d faults in each state, %d cases in all, over HTTP and
        TLS. It fails if a result differs from this page. With `-Dfaults.write`, it writes this page.

        ## What a request gets

        In one state, every fault has the same result. A fault of a peer is never a Deny. API Gateway does not cache a 500. Each
        request ends within the invocation's time. After the fault, the function recovers by itself: the last column has the time
        after which a request asks the peer again.

        | peer | state when the fault begins | a request gets | the peer is asked again |
        | --- | --- | --- | --- |
        %s
        - The validation service is not asked for 1, 2, 4, then 5 seconds after 5 questions in a row without an answer.
        - While a peer continues to fail, the pauses between fetches of keys or service tokens grow to 10 seconds.
        - Keys that are held are used until they are 24 hours old. So a token of such a key is allowed also while the key of another
          token is not found.

        ## The detail in the log

        A line with 500 has the `detail`. A line of an Allow has none. In the names of the columns, HOST is the host and port of
        the peer, and N is `ValidationServiceTimeoutMs`.

        | fault | keys, `HOST: ` and | token endpoint, `HOST: ` and | validation service, `HOST: ` and | Secrets Manager, `Secrets Manager: ` and |
        | --- | --- | --- | --- | --- |
        %s\
        """
                .formatted(faults, cells, states, details);
    }

    /** One fault in one state, with a function of its own. */
    private static final class Cell {
        private final Fault fault;
        private final State state;
        private final FaultyPeer peer;
        private final AuthoriserHandler handler;

        Cell(Fault fault, State state) {
            this.fault = fault;
            this.state = state;
            this.peer = PEERS.get(state.peer);
            CLOCK.set(START);
            published = List.of(KEY);
            secret = "secret-1";
            this.handler = new AuthoriserHandler(Wiring.of(settings(fault), clientTls, CLOCK));
        }

        /** Checks the results; returns the detail in the log line during the fault. */
        String detail() {
            String name = fault + ", " + state;
            if (state.warm()) {
                assertEquals("Allow", decide(KEY).answer, name + ", before");
            }
            CLOCK.advance(state.age());
            state.change();
            Instant begun = CLOCK.instant();
            // Beside a renewal, time passes when the request has its answer
            CountDownLatch timePasses = new CountDownLatch(state.ahead() ? 1 : 0);
            peer.begin(
                    fault.in(
                            tls,
                            state.peer.wrongTypes,
                            time -> {
                                timePasses.await();
                                CLOCK.advance(time);
                            }));
            Result during = decide(state.key());
            timePasses.countDown();
            awaitRenewals();
            Duration taken = Duration.between(begun, CLOCK.instant());

            assertEquals(state.demanded, during.answer, name);
            assertTrue(taken.compareTo(USABLE) < 0, name + " took " + taken);
            if (state == State.KEYS_ROTATED) {
                assertEquals("Allow", decide(KEY).answer, name + ", a token of the old key");
            }

            peer.heal();
            CLOCK.advance(state.pause);
            int before = peer.goodAnswers();
            assertEquals("Allow", decide(state.key()).answer, name + ", afterwards");
            awaitRenewals();
            boolean asked = peer.goodAnswers() > before;
            assertEquals(state != State.SECRET_UNCHANGED, asked, name + ", afterwards asked");
            assertFalse(peer.targets().contains(Fault.ELSEWHERE), name + " is followed");
            return during.detail;
        }

        private Result decide(SigningKey key) {
            RequestEvent event =
                    RequestEvent.read(
                            new ByteArrayInputStream(Events.rest(TOKENS.signedWith(key).access())));
            ByteArrayOutputStream log = new ByteArrayOutputStream();
            String answer;
            try {
                answer = effect(handler.handleRequest(event, context(log)));
            } catch (Unauthorized e) {
                answer = "401";
            } catch (Undecided e) {
                answer = "500";
            }
            JsonNode line = read(log.toByteArray());
            String reason = line.path("reason").asText();
            String detail =
                    line.path("detail")
                            .asText()
                            .replace(peer.authority(), "HOST")
                            .replaceFirst("^HOST: ", "")
                            .replaceFirst("^Secrets Manager: ", "")
                            .replace(" " + fault.callLimit().toMillis() + " ms", " N ms");
            return new Result(
                    answer.equals("Allow") ? answer : answer + " `" + reason + "`", detail);
        }
    }

    private static Map<String, String> settings(Fault fault) {
        return Environment.with(
                "CognitoUserPoolId",
                null,
                "CognitoIssuer",
                TOKENS.issuer(),
                "CognitoJwksUrl",
                PEERS.get(Peer.KEYS).url("/jwks"),
                "ValidationServiceUrl",
                PEERS.get(Peer.SERVICE).url("/validate"),
                "ValidationServiceTokenUrl",
                PEERS.get(Peer.TOKEN).url("/token"),
                "ValidationServiceClientIdValue",
                "client",
                "ValidationServiceClientSecretValue",
                null,
                "ValidationServiceClientSecretArn",
                PretendSecretsManager.ARN,
                "ValidationServiceTimeoutMs",
                Long.toString(fault.callLimit().toMillis()),
                "AWS_ENDPOINT_URL_SECRETS_MANAGER",
                PEERS.get(Peer.SECRETS).url("/"),
                "AWS_REGION",
                "eu-west-1",
                "AWS_ACCESS_KEY_ID",
                "LOCALONLY",
                "AWS_SECRET_ACCESS_KEY",
                "local-only");
    }

    private static String effect(JsonDocument policy) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            policy.writeTo(bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return read(bytes.toByteArray()).at("/policyDocument/Statement/0/Effect").asText();
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode read(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Context context(ByteArrayOutputStream log) {
        LambdaLogger logger =
                new LambdaLogger() {
                    @Override
                    public void log(String message) {
                        throw new IllegalStateException();
                    }

                    @Override
                    public void log(byte[] message) {
                        log.writeBytes(message);
                    }
                };
        Context context = Mockito.mock(Mockito.withSettings().stubOnly());
        Mockito.when(context.getRemainingTimeInMillis()).thenReturn(INVOCATION_MILLIS);
        Mockito.when(context.getAwsRequestId()).thenReturn("id");
        Mockito.when(context.getLogger()).thenReturn(logger);
        return context;
    }

    /** Waits for the renewals that go on after the answer. */
    private static void awaitRenewals() {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("renew-")) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }
}
