package authoriser.validation;

import static authoriser.validation.ServiceSettings.SECRET;
import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertLinesMatch;

import authoriser.config.Config;
import authoriser.config.Secret;
import authoriser.http.HttpClient;
import authoriser.http.TlsLayer;
import authoriser.invocation.Invocation;
import authoriser.reason.Reason;
import authoriser.secrets.SecretSource;
import authoriser.time.Deadline;
import authoriser.token.VerifiedToken;
import authoriser.token.VerifiedTokens;
import authoriser.trust.TrustStore;
import com.github.tomakehurst.wiremock.client.BasicCredentials;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The validation client over HTTP, with every fault that WireMock can simulate. */
@Timeout(60)
final class ValidationClientIT {
    private static final VerifiedToken CALLER =
            VerifiedTokens.user(List.of("orders/read"), List.of("staff"));
    private static final Map<String, String> HEADERS = Map.of("x-tenant-id", "acme");
    private static final Verdict PERMITTED = new Verdict.Permitted(Map.of("plan", "gold"));
    private static final String YES = "{\"allowed\":true,\"context\":{\"plan\":\"gold\"}}";
    private static final String TOKEN = "service-token-of-wiremock";

    /**
     * Sufficient for a good response on a busy machine, but short for the tests of the time-out.
     */
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    @RegisterExtension
    static final WireMockExtension WIREMOCK =
            WireMockExtension.newInstance()
                    .options(
                            WireMockConfiguration.wireMockConfig()
                                    .dynamicPort()
                                    .bindAddress("127.0.0.1"))
                    .build();

    private ValidationClient client;

    @BeforeEach
    void wire() {
        WIREMOCK.stubFor(
                post("/oauth2/token")
                        .willReturn(
                                okJson(
                                        "{\"access_token\":\""
                                                + TOKEN
                                                + "\",\"expires_in\":3600,"
                                                + "\"token_type\":\"Bearer\"}")));
        client = client(Duration.ofSeconds(20));
    }

    private static ValidationClient client(Duration timeout) {
        Config.Service service =
                ServiceSettings.service(
                        "http://127.0.0.1:" + WIREMOCK.getPort() + "/validate",
                        "http://127.0.0.1:" + WIREMOCK.getPort() + "/oauth2/token",
                        "service-client",
                        timeout);
        HttpClient http =
                new HttpClient(InstantSource.system(), TlsLayer.trusting(TrustStore.ofJvm()));
        ServiceTokens tokens =
                new ServiceTokens(
                        http,
                        service,
                        SecretSource.fixed(new Secret(SECRET)),
                        InstantSource.system());
        return new ValidationClient(http, service, tokens, InstantSource.system());
    }

    private Verdict validate() {
        return client.validate(
                CALLER,
                HEADERS,
                Optional.empty(),
                new Invocation(
                        Deadline.in(Duration.ofSeconds(40), InstantSource.system()),
                        Optional.of("Root=1-5759e988-bd862e3fe1be46a994272793")));
    }

    private static void always(ResponseDefinitionBuilder response) {
        WIREMOCK.stubFor(post("/validate").willReturn(response));
    }

    /** The first response is this one. The next response permits. */
    private static void onceThenYes(ResponseDefinitionBuilder first) {
        WIREMOCK.stubFor(
                post("/validate")
                        .inScenario("once")
                        .whenScenarioStateIs(Scenario.STARTED)
                        .willReturn(first)
                        .willSetStateTo("then"));
        WIREMOCK.stubFor(
                post("/validate")
                        .inScenario("once")
                        .whenScenarioStateIs("then")
                        .willReturn(okJson(YES)));
    }

    private static void assertAsked(int times) {
        WIREMOCK.verify(times, postRequestedFor(urlEqualTo("/validate")));
    }

    private static String detail(Verdict verdict) {
        Verdict.Unavailable unavailable = (Verdict.Unavailable) verdict;
        assertEquals(Reason.VALIDATION_UNAVAILABLE, unavailable.reason());
        return unavailable.detail();
    }

    @Test
    void permitsIfTheServiceAllows() {
        always(okJson(YES));

        assertEquals(PERMITTED, validate());

        WIREMOCK.verify(
                1,
                postRequestedFor(urlEqualTo("/validate"))
                        .withHeader("Authorization", equalTo("Bearer " + TOKEN))
                        .withHeader("Content-Type", equalTo("application/json"))
                        .withHeader(
                                "X-Amzn-Trace-Id",
                                equalTo("Root=1-5759e988-bd862e3fe1be46a994272793"))
                        .withRequestBody(
                                equalToJson(
                                        """
                                        {"principal": {
                                            "issuer": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34E",
                                            "subject": "9f2c1d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f",
                                            "username": "jane.doe",
                                            "clientId": "3n4b5urk1ft4fl3mg5e62d9ado",
                                            "scopes": ["orders/read"],
                                            "groups": ["staff"]},
                                         "headers": {"x-tenant-id": "acme"}}
                                        """)));
        WIREMOCK.verify(
                1,
                postRequestedFor(urlEqualTo("/oauth2/token"))
                        .withHeader("Content-Type", equalTo("application/x-www-form-urlencoded"))
                        .withBasicAuth(new BasicCredentials("service-client", SECRET))
                        .withFormParam("grant_type", equalTo("client_credentials")));
    }

    @Test
    void fetchesOneServiceTokenForAThousandRequestsOfEightThreads() throws Exception {
        always(okJson(YES));
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                all.add(threads.submit(() -> assertEquals(PERMITTED, validate())));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }

        assertAsked(1_000);
        WIREMOCK.verify(1, postRequestedFor(urlEqualTo("/oauth2/token")));
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void triesAgainAfterAFault(Fault fault) {
        onceThenYes(aResponse().withStatus(200).withFault(fault));

        assertEquals(PERMITTED, validate());
        assertAsked(2);
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void failsAfterTwoFaults(Fault fault) {
        always(aResponse().withStatus(200).withFault(fault));

        assertLinesMatch(
                List.of(
                        "127\\.0\\.0\\.1:\\d+: (the connection was closed|the connection broke"
                                + "|not an HTTP/1.1 answer|a broken chunk)"),
                List.of(detail(validate())));
        assertAsked(2);
    }

    @Test
    void triesAgainAfterAFaultOnAnIdleConnection() {
        always(okJson(YES));
        validate();
        WIREMOCK.resetRequests();
        onceThenYes(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));

        assertEquals(PERMITTED, validate());
        assertAsked(2);
    }

    @Test
    void waitsForAResponseWithinTheTimeOut() {
        always(okJson(YES).withFixedDelay(100));

        assertEquals(PERMITTED, validate());
        assertAsked(1);
    }

    @Test
    void failsAtTheTimeOutAndDoesNotTryAgain() {
        client = client(TIMEOUT);
        onceThenYes(okJson(YES).withFixedDelay(30_000));

        assertLinesMatch(
                List.of("127\\.0\\.0\\.1:\\d+: no whole answer within (1000|9\\d\\d) ms"),
                List.of(detail(validate())));
        assertAsked(1);
    }

    @Test
    void readsAResponseInManyPieces() {
        always(okJson(YES).withChunkedDribbleDelay(10, 100));

        assertEquals(PERMITTED, validate());
        assertAsked(1);
    }

    @Test
    void failsAtTheTimeOutIfTheResponseIsSlow() {
        client = client(TIMEOUT);
        always(okJson(YES).withChunkedDribbleDelay(20, 30_000));

        assertLinesMatch(
                List.of("127\\.0\\.0\\.1:\\d+: no whole answer within (1000|9\\d\\d) ms"),
                List.of(detail(validate())));
        assertAsked(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void doesNotFollowARedirect(int status) {
        WIREMOCK.stubFor(get(anyUrl()).willReturn(okJson(YES)));
        WIREMOCK.stubFor(post("/elsewhere").willReturn(okJson(YES)));
        always(aResponse().withStatus(status).withHeader("Location", "/elsewhere"));

        assertEquals(
                "127.0.0.1:" + WIREMOCK.getPort() + ": the status is " + status,
                detail(validate()));

        assertEquals(
                List.of("/oauth2/token", "/validate"),
                WIREMOCK.getServeEvents().getServeEvents().reversed().stream()
                        .map(event -> event.getRequest().getUrl())
                        .toList());
    }

    @Test
    void replacesARefusedServiceToken() {
        onceThenYes(aResponse().withStatus(401));

        assertEquals(PERMITTED, validate());
        assertAsked(2);
        WIREMOCK.verify(2, postRequestedFor(urlEqualTo("/oauth2/token")));
    }

    private static Stream<ResponseDefinitionBuilder> brokenTokenEndpoints() {
        return Stream.of(
                aResponse().withFault(Fault.EMPTY_RESPONSE),
                aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK),
                aResponse().withFault(Fault.RANDOM_DATA_THEN_CLOSE),
                aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER),
                aResponse().withStatus(503),
                aResponse().withStatus(302).withHeader("Location", "/validate"),
                okJson("{}"),
                okJson("x".repeat(70_000)));
    }

    @ParameterizedTest
    @MethodSource("brokenTokenEndpoints")
    void failsWithoutAValidationRequestIfTheTokenEndpointFails(ResponseDefinitionBuilder response) {
        WIREMOCK.stubFor(post("/oauth2/token").willReturn(response));

        Verdict verdict = validate();

        assertEquals(Reason.SERVICE_TOKEN_UNAVAILABLE, ((Verdict.Unavailable) verdict).reason());
        assertAsked(0);
    }

    @Test
    void failsIfTheResponseIsTooLarge() {
        always(okJson("{\"padding\":\"" + "x".repeat(65_536) + "\"}"));

        assertEquals(
                "127.0.0.1:" + WIREMOCK.getPort() + ": a body of more than 65536 bytes",
                detail(validate()));
    }

    @Test
    void requestsAnUncompressedResponse() {
        always(okJson(YES));

        validate();

        WIREMOCK.verify(
                postRequestedFor(urlEqualTo("/validate"))
                        .withHeader("Accept-Encoding", equalTo("identity")));
    }
}
