package authoriser.token;

import static authoriser.token.JwkSetCacheTest.assertFound;
import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Named.named;

import authoriser.http.Endpoint;
import authoriser.http.HttpClient;
import authoriser.http.TlsLayer;
import authoriser.invocation.Invocations;
import authoriser.standin.ManualClock;
import authoriser.standin.SigningKey;
import authoriser.trust.TrustStore;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The cache over HTTP, with valid and invalid responses. */
@Timeout(60)
class JwkSetCacheIT {
    private static final SigningKey ONE = SampleKeys.ONE;
    private static final SigningKey TWO = SampleKeys.TWO;
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int LIMIT = 64 * 1024;
    private static final String JWKS = "/pool/.well-known/jwks.json";

    private static final WireMockServer SERVER =
            new WireMockServer(wireMockConfig().bindAddress("127.0.0.1").dynamicPort());

    private final ManualClock clock = ManualClock.anytime();
    private final InstantSource realClock = InstantSource.system();
    private final HttpClient http =
            new HttpClient(realClock, TlsLayer.trusting(TrustStore.ofJvm()));

    @BeforeAll
    static void start() {
        SERVER.start();
    }

    @AfterAll
    static void stop() {
        SERVER.stop();
    }

    @BeforeEach
    void publishOne() {
        SERVER.resetAll();
        publish(ONE);
    }

    @Test
    void sendsOneGetRequest() {
        assertFound(ONE, find(store(TIMEOUT), ONE.kid()));

        SERVER.verify(
                1,
                getRequestedFor(urlEqualTo(JWKS))
                        .withHeader(
                                "Accept", equalTo("application/jwk-set+json, application/json")));
        assertEquals(1, SERVER.getAllServeEvents().size());
    }

    /** RFC 9110 section 15.5.7: the media type of key sets is not that of JSON. */
    @Test
    void acceptsTheMediaTypeOfKeySets() {
        SERVER.resetAll();
        SERVER.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(406)));
        SERVER.stubFor(
                get(JWKS)
                        .withHeader("Accept", containing("application/jwk-set+json"))
                        .willReturn(
                                aResponse()
                                        .withHeader("Content-Type", "application/jwk-set+json")
                                        .withBody(SampleKeys.setOf(ONE))));

        assertFound(ONE, find(store(TIMEOUT), ONE.kid()));
    }

    @Test
    void readsASetOf64Kibibytes() {
        answer(aResponse().withBody(padded(LIMIT)));

        assertFound(ONE, find(store(TIMEOUT), ONE.kid()));
    }

    @Test
    void findsANewKeyAfterARotation() {
        JwkSetCache store = store(TIMEOUT);
        find(store, ONE.kid());
        publish(TWO);

        assertFound(TWO, find(store, TWO.kid()));
    }

    static Stream<Named<ResponseDefinitionBuilder>> badAnswers() {
        byte[] good = SampleKeys.setOf(TWO);
        return Stream.of(
                named("redirect", aResponse().withStatus(302).withHeader("Location", "/elsewhere")),
                named(
                        "redirect with a body",
                        aResponse()
                                .withStatus(308)
                                .withHeader("Location", "/elsewhere")
                                .withBody(good)),
                named(
                        "HTML",
                        aResponse()
                                .withHeader("Content-Type", "text/html")
                                .withBody("<html><body>Sign in</body></html>")),
                named("empty set", aResponse().withBody("{\"keys\":[]}")),
                named("one byte too many", aResponse().withBody(padded(LIMIT + 1))),
                named("5 MB", aResponse().withBody(padded(5_000_000))),
                named(
                        "5 MB in chunks",
                        aResponse().withChunkedDribbleDelay(5, 10).withBody(padded(5_000_000))),
                named("403", aResponse().withStatus(403).withBody("{\"message\":\"Forbidden\"}")),
                named("503", aResponse().withStatus(503)),
                named("no answer", aResponse().withFault(Fault.EMPTY_RESPONSE)),
                named("reset", aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)),
                named("rubbish", aResponse().withFault(Fault.RANDOM_DATA_THEN_CLOSE)),
                named("cut off", aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK)));
    }

    @ParameterizedTest
    @MethodSource("badAnswers")
    void keepsTheSetAfterAnInvalidResponseUntilTheNextValidOne(ResponseDefinitionBuilder answer) {
        JwkSetCache store = store(TIMEOUT);
        find(store, ONE.kid());
        answer(answer);

        assertInstanceOf(KeyLookup.Unavailable.class, find(store, TWO.kid()));
        assertFound(ONE, find(store, ONE.kid()));

        publish(TWO);
        clock.advance(JwkSetCache.FORCED_INTERVAL);
        assertFound(TWO, find(store, TWO.kid()));
    }

    @Test
    void doesNotFollowARedirect() {
        SERVER.stubFor(get("/elsewhere").willReturn(aResponse().withBody(SampleKeys.setOf(TWO))));
        SERVER.stubFor(
                get(JWKS)
                        .willReturn(
                                aResponse().withStatus(302).withHeader("Location", "/elsewhere")));

        assertEquals(
                new KeyLookup.Unavailable(authority() + ": the keys' status is 302"),
                find(store(TIMEOUT), TWO.kid()));
        SERVER.verify(0, getRequestedFor(urlEqualTo("/elsewhere")));
    }

    static Stream<Named<ResponseDefinitionBuilder>> slowAnswers() {
        return Stream.of(
                named("silence", aResponse().withFixedDelay(10_000)),
                named(
                        "trickle",
                        aResponse()
                                .withChunkedDribbleDelay(200, 10_000)
                                .withBody(SampleKeys.setOf(ONE))));
    }

    @ParameterizedTest
    @MethodSource("slowAnswers")
    void endsAtTheTimeOutIfTheEndpointIsSlow(ResponseDefinitionBuilder answer) {
        answer(answer);
        Instant start = realClock.instant();

        KeyLookup lookup = find(store(Duration.ofMillis(300)), ONE.kid());

        // time may pass between setting the limit and reading it
        String detail = ((KeyLookup.Unavailable) lookup).detail();
        assertTrue(
                detail.matches(".*: no whole answer within (300|2\\d\\d) ms")
                        && detail.startsWith(authority()),
                detail);
        assertTrue(Duration.between(start, realClock.instant()).compareTo(TIMEOUT) < 0);
    }

    @Test
    void reportsAnEndpointThatRefusesConnections() {
        Endpoint unreachable = Endpoint.parse("http://127.0.0.1:1" + JWKS).orElseThrow();

        assertEquals(
                new KeyLookup.Unavailable("127.0.0.1:1: the connection was refused"),
                find(new JwkSetCache(http, unreachable, TIMEOUT, clock), ONE.kid()));
    }

    private KeyLookup find(JwkSetCache store, String keyId) {
        return store.find(keyId, Invocations.in(Duration.ofSeconds(9), realClock));
    }

    private JwkSetCache store(Duration timeout) {
        Endpoint endpoint = Endpoint.parse("http://" + authority() + JWKS).orElseThrow();
        return new JwkSetCache(http, endpoint, timeout, clock);
    }

    private static String authority() {
        return "127.0.0.1:" + SERVER.port();
    }

    private static void publish(SigningKey... keys) {
        answer(aResponse().withBody(SampleKeys.setOf(keys)));
    }

    private static void answer(ResponseDefinitionBuilder answer) {
        SERVER.stubFor(any(anyUrl()).willReturn(answer));
    }

    /** A valid set with blanks after it. */
    private static byte[] padded(int length) {
        String set = new String(SampleKeys.setOf(ONE), UTF_8);
        return (set + " ".repeat(length - set.length())).getBytes(UTF_8);
    }
}
