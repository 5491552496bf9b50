package authoriser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.config.Environment;
import authoriser.config.InvalidSettings;
import authoriser.decision.Decision;
import authoriser.event.RequestEvent;
import authoriser.http.HttpClient;
import authoriser.http.HttpSender;
import authoriser.http.TlsLayer;
import authoriser.invocation.Invocation;
import authoriser.standin.Events;
import authoriser.standin.ManualClock;
import authoriser.standin.PretendCognito;
import authoriser.standin.PretendValidation;
import authoriser.standin.ScriptedServer;
import authoriser.standin.SigningKey;
import authoriser.standin.StandInReply;
import authoriser.time.Deadline;
import authoriser.trust.TrustStore;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole function with stand-ins for its peers, and its work before the first request. */
class WiringTest {
    private static final SigningKey KEY = SigningKey.generate("key+/1=");

    private final ManualClock clock = ManualClock.at("2026-11-24T04:00:00Z");
    private final PretendCognito cognito = PretendCognito.start(KEY);
    private final PretendValidation validation = PretendValidation.start(cognito);

    @AfterEach
    void stop() {
        validation.close();
        cognito.close();
    }

    @Test
    void sendsNoRequestWhenItIsCreated() {
        wiring();

        assertEquals(0, cognito.jwksCalls() + cognito.tokenCalls() + validation.calls());
    }

    @Test
    void fetchesKeysAndATokenForTheFirstRequest() {
        assertInstanceOf(Decision.Allow.class, decide(wiring()));

        assertEquals(1, cognito.jwksCalls());
        assertEquals(1, cognito.tokenCalls());
        assertEquals(1, validation.calls());
    }

    @Test
    void fetchesNothingForTheFirstRequestAfterPriming() {
        Wiring wiring = wiring();

        prime(wiring);

        assertEquals(1, cognito.jwksCalls());
        assertEquals(1, cognito.tokenCalls());
        assertEquals(0, validation.calls());
        assertInstanceOf(Decision.Allow.class, decide(wiring));
        assertEquals(1, cognito.jwksCalls());
        assertEquals(1, cognito.tokenCalls());
        assertEquals(1, validation.calls());
    }

    @Test
    void primesTheKeysOfEveryIssuer() {
        try (PretendCognito another = PretendCognito.start(KEY)) {
            Wiring wiring = wiring("CognitoIssuer", cognito.issuer() + "," + another.issuer());

            prime(wiring);

            assertEquals(1, cognito.jwksCalls());
            assertEquals(1, another.jwksCalls());
            assertInstanceOf(Decision.Allow.class, decide(wiring, another.tokens(clock).access()));
            assertEquals(1, another.jwksCalls());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"keys", "token", "both"})
    void triesAgainInTheFirstRequestAfterPrimingFailed(String failing) {
        if (!failing.equals("token")) {
            cognito.jwks().next(StandInReply.status(503));
        }
        if (!failing.equals("keys")) {
            cognito.token().next(StandInReply.broken());
        }
        Wiring wiring = wiring();

        prime(wiring);

        assertInstanceOf(Decision.Allow.class, decide(wiring));
    }

    @Test
    void startsAlsoIfTheValidationServiceIsDown() {
        validation.close();
        Wiring wiring = wiring();

        prime(wiring);

        assertEquals(1, cognito.jwksCalls());
        assertInstanceOf(Decision.Undecided.class, decide(wiring));
    }

    @Test
    void opensAConnectionToTheValidationServiceInPriming() throws InterruptedException {
        CountDownLatch opened = new CountDownLatch(1);
        try (ScriptedServer service = ScriptedServer.plain(_ -> opened.countDown())) {
            Wiring wiring = wiring("ValidationServiceUrl", service.url("127.0.0.1"));

            prime(wiring);

            assertTrue(opened.await(10, TimeUnit.SECONDS));
        }
    }

    private Readiness prime(Wiring wiring) {
        return new Priming(wiring.upstreams(), clock).run();
    }

    @Test
    void reportsThatPrimingReachedAllPeers() {
        Readiness readiness = prime(wiring());

        assertTrue(readiness.complete());
        assertEquals(Map.of(cognito.issuer(), Optional.empty()), readiness.keys());
    }

    @Test
    void reportsEachPeerThatPrimingDidNotReach() {
        cognito.jwks().next(StandInReply.status(503));
        cognito.token().next(StandInReply.status(429));
        validation.close();

        Readiness readiness = prime(wiring());

        String host = cognito.issuer().replaceAll("https?://|/.*", "");
        assertFalse(readiness.complete());
        assertEquals(
                Map.of(cognito.issuer(), Optional.of(host + ": the keys' status is 503")),
                readiness.keys());
        assertEquals(
                Optional.of(host + ": the token endpoint's status is 429"),
                readiness.serviceToken());
        assertEquals(
                Optional.of(
                        validation.url().replaceAll("https?://|/.*", "")
                                + ": the connection was refused"),
                readiness.connection());
    }

    /** Each reading of the clock advances it by a second, so that five seconds pass fast. */
    @Test
    @Timeout(20)
    void endsPrimingIfPeersDoNotRespond() {
        cognito.jwks().always(StandInReply.never());
        cognito.token().always(StandInReply.never());
        AtomicLong seconds = new AtomicLong();
        Instant start = clock.instant();
        InstantSource hasty = () -> start.plusSeconds(seconds.getAndIncrement());

        Wiring wiring = Wiring.of(environment(), http(hasty), hasty);

        Readiness readiness = new Priming(wiring.upstreams(), hasty).run();

        assertFalse(readiness.complete());

        assertTrue(seconds.get() > 5);
    }

    @Test
    void refusesInvalidSettings() {
        Map<String, String> environment = environment("PolicyExpiry", "never");

        InvalidSettings thrown =
                assertThrows(
                        InvalidSettings.class, () -> Wiring.of(environment, http(clock), clock));

        assertFalse(thrown.getMessage().contains(PretendCognito.SERVICE_CLIENT_SECRET));
    }

    @Test
    void refusesRulesThatDoNotFitIntoAPolicy() {
        Map<String, String> environment =
                environment("ScopeRules", "{\"GET /" + "x".repeat(500) + "\":[\"s\"]}");

        InvalidSettings thrown =
                assertThrows(
                        InvalidSettings.class, () -> Wiring.of(environment, http(clock), clock));

        assertEquals(
                "The settings are not usable:\n"
                        + "  - ScopeRules holds a path of 501 characters, too long for a policy",
                thrown.getMessage());
    }

    /** CloudWatch separates the metrics of two deployments by the name of the function. */
    @ParameterizedTest
    @ValueSource(strings = {"orders-authoriser", "local"})
    void writesTheFunctionNameWithMetrics(String name) throws Exception {
        Wiring wiring = wiring("AWS_LAMBDA_FUNCTION_NAME", name.equals("local") ? null : name);
        Decision decision = decide(wiring);

        String line =
                new String(
                        wiring.telemetry()
                                .write(
                                        decision,
                                        Optional.empty(),
                                        invocation(),
                                        "id",
                                        false,
                                        false),
                        StandardCharsets.UTF_8);

        assertTrue(line.contains("\"Namespace\":\"CognitoRequestAuthoriser/" + name + "\""));
    }

    /** The version is used to compare two versions of one alias. */
    @ParameterizedTest
    @CsvSource({"7, 7", ", $LATEST"})
    void writesTheFunctionVersionInEachLine(String version, String written) throws Exception {
        Wiring wiring = wiring("AWS_LAMBDA_FUNCTION_VERSION", version);

        byte[] line =
                wiring.telemetry()
                        .write(decide(wiring), Optional.empty(), invocation(), "id", false, false);

        assertTrue(
                new String(line, StandardCharsets.UTF_8)
                        .contains("\"functionVersion\":\"" + written + "\""));
    }

    private Wiring wiring(String... changes) {
        return Wiring.of(environment(changes), http(clock), clock);
    }

    private static HttpSender http(InstantSource clock) {
        return new HttpClient(clock, TlsLayer.trusting(TrustStore.ofJvm()));
    }

    private Map<String, String> environment(String... changes) {
        Map<String, String> environment =
                Environment.with(
                        "CognitoUserPoolId",
                        null,
                        "CognitoIssuer",
                        cognito.issuer(),
                        "ValidationServiceUrl",
                        validation.url(),
                        "ValidationServiceTokenUrl",
                        cognito.tokenUrl(),
                        "ValidationServiceClientIdValue",
                        PretendCognito.SERVICE_CLIENT_ID,
                        "ValidationServiceClientSecretValue",
                        PretendCognito.SERVICE_CLIENT_SECRET);
        for (int i = 0; i < changes.length; i += 2) {
            if (changes[i + 1] != null) {
                environment.put(changes[i], changes[i + 1]);
            }
        }
        return environment;
    }

    private Decision decide(Wiring wiring) {
        return decide(wiring, cognito.tokens(clock).access());
    }

    private Decision decide(Wiring wiring, String token) {
        var event = RequestEvent.read(new ByteArrayInputStream(Events.rest(token)));
        return wiring.authoriser().decide(wiring.parser().parse(event).orElseThrow(), invocation());
    }

    private Invocation invocation() {
        return new Invocation(Deadline.in(Duration.ofSeconds(3), clock), Optional.empty());
    }
}
