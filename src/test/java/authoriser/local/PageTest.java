package authoriser.local;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.lambda.RuntimeApi;
import authoriser.lambda.RuntimeApi.Answered;
import authoriser.lambda.RuntimeApi.Errored;
import authoriser.lambda.RuntimeApi.Outcome;
import authoriser.standin.LoopbackServer;
import authoriser.standin.ManualClock;
import authoriser.standin.PretendCognito;
import authoriser.standin.PretendValidation;
import authoriser.standin.SigningKey;
import authoriser.standin.TestJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page, its buttons, and what both refuse. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageTest {
    private static final String TOKEN = "Authorization: Bearer the-token-itself";
    private static final String TENANT = "X-Tenant-Id: acme";
    private static final SigningKey KEY = SigningKey.generate("key");

    private PretendCognito cognito;
    private PretendValidation validation;
    private ManualClock clock;
    private LogLines lines;
    private LoopbackServer server;
    private LoopbackServer real;

    /** What the function comes to, by API Gateway's id of the request. */
    private Function<String, Outcome> function;

    private int ended;

    @BeforeAll
    void start() {
        cognito = PretendCognito.start(KEY);
        validation = PretendValidation.start(cognito);
        server = LoopbackServer.http(0, request -> current.answer(request));
        real = LoopbackServer.http(0, request -> ofRealParts.answer(request));
    }

    @AfterAll
    void stop() {
        real.close();
        server.close();
        validation.close();
        cognito.close();
    }

    private LocalGateway current;
    private LocalGateway ofRealParts;

    @BeforeEach
    void freshGateway() {
        clock = ManualClock.at("2026-03-01T12:00:00Z");
        lines = new LogLines();
        ended = 0;
        function = _ -> allow("jane");
        current = gateway(Map.of());
        ofRealParts =
                gateway(
                        Map.of(
                                "CognitoIssuer", "https://issuer.example.com",
                                "ValidationServiceUrl", "https://service.example.com",
                                "ValidationServiceClientSecretValue", "the-own-secret"));
        cognito.jwks().usually();
        cognito.token().usually();
        validation.validate().usually();
    }

    private LocalGateway gateway(Map<String, String> environment) {
        return LocalGateway.of(
                cognito,
                validation,
                LocalSettings.of(environment, cognito, validation),
                (_, requestId, _) -> function.apply(requestId),
                () -> ended++,
                lines,
                new ResultCache(Duration.ofMinutes(5), clock),
                clock);
    }

    // The page and the API

    @Test
    void thePageIsAtTheRootForABrowser() throws IOException {
        Response response = get("/");

        assertEquals(200, response.status());
        assertTrue(response.head().contains("Content-type: text/html; charset=utf-8"));
        assertTrue(response.body().startsWith("<!doctype html>\n<html lang=\"en-GB\">"));
    }

    @Test
    void withATokenTheRootIsARouteOfTheApi() throws IOException {
        Response response = get("/", TOKEN, TENANT);

        assertEquals(200, response.status());
        assertTrue(response.body().contains("\"principalId\":\"jane\""), response.body());
    }

    @Test
    void onlyTheStyleAndTheScriptOfTheNonceMayRun() throws IOException {
        Response response = get("/");
        Matcher policy =
                Pattern.compile(
                                "default-src 'none'; style-src 'nonce-([^']+)'; script-src"
                                        + " 'nonce-([^']+)'; ")
                        .matcher(response.head());

        assertTrue(policy.find(), response.head());
        assertEquals(policy.group(1), policy.group(2));
        assertTrue(response.body().contains("<style nonce=\"" + policy.group(1) + "\">"));
        assertTrue(response.body().contains("<script nonce=\"" + policy.group(1) + "\">"));
        assertEquals(1, response.body().split("<script").length - 1);
        assertFalse(response.body().contains(" style="));
        assertFalse(response.body().contains(" onclick="));
    }

    @Test
    void eachPageHasANonceOfItsOwn() throws IOException {
        assertNotEquals(
                get("/").body().split("nonce=\"", 2)[1].split("\"", 2)[0],
                get("/").body().split("nonce=\"", 2)[1].split("\"", 2)[0]);
    }

    // Other sites in the same browser

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "localhost.evil.example",
                "127.0.0.1.evil.example:3000",
                "localhost:3000@evil.example",
                "localhost:x",
                "[::1].evil.example",
                "[::2]",
                "0.0.0.0",
                "",
            })
    void anotherHostGetsNeitherThePageNorATokenNorAChange(String host) throws IOException {
        for (String request : List.of("GET /", "GET /_local/tokens", "POST /_local/issuer/down")) {
            assertEquals(403, send(server, request, "Host: " + host, "Content-Length: 0").status());
        }
        assertEquals(200, keys());
    }

    @Test
    void withoutAHostOrWithTwoThereIsNoPage() throws IOException {
        assertEquals(403, send(server, "GET /").status());
        assertEquals(403, send(server, "GET /", "Host: localhost", "Host: evil.example").status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost:3000",
                "LocalHost",
                "127.0.0.1",
                "127.0.0.1:80",
                "[::1]:3000"
            })
    void thisMachinesHostGetsThePage(String host) throws IOException {
        assertEquals(200, send(server, "GET /", "Host: " + host).status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site",
                "Origin: https://evil.example",
                "Origin: http://localhost:8080",
                "Origin: null",
            })
    void anotherSiteChangesNothing(String header) throws IOException {
        for (String path :
                List.of("issuer/down", "cache/flush", "function/restart", "token-endpoint/hang")) {
            assertEquals(403, post("/_local/" + path, header).status());
        }
        assertEquals(200, keys());
        assertEquals(0, ended);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE", "OPTIONS"})
    void onlyPostChangesAnything(String method) throws IOException {
        assertEquals(
                405,
                send(
                                server,
                                method + " /_local/issuer/down",
                                "Host: localhost",
                                "Content-Length: 0")
                        .status());
        assertEquals(200, keys());
    }

    @Test
    void theButtonsOfThePageItselfChangeSomething() throws IOException {
        Response response =
                post(
                        "/_local/issuer/down",
                        "Sec-Fetch-Site: same-origin",
                        "Origin: http://localhost",
                        "Accept: text/html,*/*");

        assertEquals(303, response.status());
        assertTrue(response.head().contains("Location: /#faults"), response.head());
        assertEquals(503, keys());
    }

    // Faults

    @Test
    void aClientWithoutABrowserGetsTheNewStateInJson() throws IOException {
        assertEquals(
                "{\"validationService\":\"down\"}\n",
                post("/_local/validation-service/down").body());
    }

    @ParameterizedTest
    @CsvSource({"up, 200, {", "down, 503, ''", "slow, 200, {", "wrong, 200, <!doctype html>"})
    void theIssuerAnswersAsSwitched(String state, int status, String begin) throws Exception {
        post("/_local/issuer/" + state);

        assertEquals(status, keys());
        assertTrue(keySet().startsWith(begin), keySet());
    }

    @Test
    void thePressedButtonIsThatOfTheState() throws IOException {
        post("/_local/token-endpoint/wrong");

        assertTrue(
                get("/").body()
                        .contains(
                                "aria-label=\"Token endpoint wrong: answers an HTML page with"
                                        + " status 200\" aria-pressed=\"true\""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "issuer/gone",
                "issuer",
                "issuer/",
                "issuer/down/",
                "nothing/down",
                "cache/fill",
                "",
            })
    void anUnknownPathIsA404(String path) throws IOException {
        assertEquals(404, post("/_local/" + path).status());
    }

    @Test
    void theFunctionsEnvironmentCanBeEnded() throws IOException {
        assertEquals(200, post("/_local/function/restart").status());

        assertEquals(1, ended);
    }

    @Test
    void realPartsHaveNoFaultsAndARealIssuerMakesNoTokens() throws IOException {
        for (String request :
                List.of(
                        "POST /_local/issuer/down",
                        "POST /_local/validation-service/down",
                        "GET /_local/tokens")) {
            assertEquals(404, send(real, request, "Host: localhost", "Content-Length: 0").status());
        }
        String page = send(real, "GET /", "Host: localhost").body();
        assertFalse(page.contains("action=\"/_local/tokens\""), page);
        assertFalse(page.contains("action=\"/_local/issuer/"), page);
        assertTrue(page.contains("action=\"/_local/token-endpoint/down\""), page);
        assertTrue(page.contains("issuer: real (CognitoIssuer)"), page);
    }

    // Tokens and secrets

    @Test
    void theGatewayMakesTokensOfTheStandInIssuer() throws IOException {
        assertEquals(
                3, get("/_local/tokens?sub=joe").body().split("\\.").length, "parts of a token");
        assertEquals(400, get("/_local/tokens?colour=blue").status());
    }

    @Test
    void thePageShowsNoTokenAndNoSecret() throws IOException {
        get("/orders", TOKEN, TENANT);

        String page = get("/").body() + send(real, "GET /", "Host: localhost").body();

        assertFalse(page.contains("the-token-itself"));
        assertFalse(page.contains(PretendCognito.SERVICE_CLIENT_SECRET));
        assertFalse(page.contains("the-own-secret"));
    }

    // Decisions

    @Test
    void whatACallerSendsIsEscaped() throws IOException {
        function = _ -> allow("<script>alert(1)</script>");
        get("/%3Cscript%3E'&amp;", TOKEN, "X-Tenant-Id: \"><script>alert(2)</script>");

        String page = get("/").body();

        assertEquals(1, page.split("<script").length - 1, page);
        assertTrue(page.contains("GET /%3Cscript%3E&#39;&amp;amp;"), page);
        assertTrue(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), page);
        assertTrue(page.contains("&quot;&gt;&lt;script&gt;alert(2)&lt;/script&gt;"), page);
    }

    @Test
    void aReasonOfTheFunctionIsEscaped() throws IOException {
        function = _ -> RuntimeApi.error("a.b.Failure", "<script>alert(3)</script>");
        get("/orders", TOKEN, TENANT);

        String page = get("/").body();

        assertEquals(1, page.split("<script").length - 1, page);
        assertTrue(page.contains("&lt;script&gt;alert(3)&lt;/script&gt;"), page);
    }

    @Test
    void theFailedCheckIsThatOfTheLogLine() throws IOException {
        function = requestId -> logged(requestId, "token_expired", unauthorized());
        get("/orders", TOKEN, TENANT);

        String page = get("/").body();

        assertEquals("pass", check(page, "aud"));
        assertEquals("fail", check(page, "exp"));
        assertEquals("not made", check(page, "signature"));
        assertTrue(page.contains("unauthorized token_expired"), page);
        assertTrue(page.contains("The caller must get a new token."), page);
    }

    @Test
    void allChecksOfAnAllowPass() throws IOException {
        function = requestId -> logged(requestId, "allowed", allow("jane"));
        get("/orders", TOKEN, TENANT);

        String page = get("/").body();

        assertEquals("pass", check(page, "event"));
        assertEquals("pass", check(page, "size of the answer"));
    }

    @Test
    void anAnswerFromTheCacheMadeNoCheckAndNamesItsOrigin() throws IOException {
        get("/orders", TOKEN, TENANT);
        get("/orders/7", TOKEN, TENANT);

        String page = get("/").body();

        assertEquals("not made", check(page, "exp"));
        assertTrue(page.contains("<a href=\"#d1\" id=\"o2\">request GET /orders</a>"), page);
    }

    @Test
    void thePolicyIsShownWithWhatItMeansForEachRoute() throws IOException {
        get("/orders", TOKEN, TENANT);

        String page = get("/").body();

        assertTrue(page.contains("<td>arn:aws:execute-api:*:*:*/local/*/orders*</td>"), page);
        assertEquals("allowed", check(page, "GET /orders"));
        assertEquals("denied: no statement allows it", check(page, "GET /admin/*"));
        assertEquals("denied: no statement allows it", check(page, "GET /shifts/*"));
    }

    @Test
    void theNewestDecisionIsFirstAndFiftyAreKept() throws IOException {
        for (int i = 1; i <= 51; i++) {
            get("/orders/" + i);
        }

        String page = get("/").body();

        assertTrue(page.indexOf("id=\"d51\"") < page.indexOf("id=\"d50\""));
        assertTrue(page.contains("id=\"d2\""));
        assertFalse(page.contains("id=\"d1\""));
    }

    // The cache

    @Test
    void theCacheIsShownWithItsRemainingTime() throws IOException {
        get("/orders", TOKEN, TENANT);
        clock.advance(Duration.ofSeconds(61));

        assertTrue(
                get("/").body()
                        .contains(
                                "<tr><th scope=\"row\">jane</th>\n<td>X-Tenant-Id: acme</td>\n"
                                        + "<td>allowed</td>\n<td>3 min 59 s</td>\n</tr>"));
    }

    @Test
    void theCacheCanBeFlushed() throws IOException {
        get("/orders", TOKEN, TENANT);

        assertEquals("{\"cache\":\"empty\"}\n", post("/_local/cache/flush").body());

        assertTrue(get("/").body().contains("<p>It is empty.</p>"));
    }

    private static Outcome allow(String principal) {
        return new Answered(
                TestJson.bytes(
                        Map.of(
                                "principalId",
                                principal,
                                "policyDocument",
                                Map.of(
                                        "Version",
                                        "2012-10-17",
                                        "Statement",
                                        List.of(
                                                Map.of(
                                                        "Effect",
                                                        "Allow",
                                                        "Action",
                                                        "execute-api:Invoke",
                                                        "Resource",
                                                        List.of(
                                                                "arn:aws:execute-api:*:*:*/local/*/orders*",
                                                                "arn:aws:execute-api:*:*:*/local/GET/",
                                                                "arn:aws:execute-api:*:*:*/local/GET/%3C*")))))));
    }

    private static Outcome unauthorized() {
        return new Errored("java.lang.RuntimeException", "Unauthorized", new byte[0]);
    }

    private Outcome logged(String requestId, String reason, Outcome outcome) {
        lines.accept(TestJson.text(Map.of("apiRequestId", requestId, "reason", reason)));
        return outcome;
    }

    /** The cell beside the first row header with this text. */
    private static String check(String page, String title) {
        Matcher cell =
                Pattern.compile(
                                "<th scope=\"row\">"
                                        + Pattern.quote(title)
                                        + "</th>\n<td class=\"[a-z]+\">([^<]*)</td>")
                        .matcher(page);
        assertTrue(cell.find(), title);
        return cell.group(1);
    }

    private int keys() throws IOException {
        return jwks().statusCode();
    }

    private String keySet() throws IOException {
        return jwks().body();
    }

    private java.net.http.HttpResponse<String> jwks() throws IOException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create(cognito.jwksUrl())).build(),
                    BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private record Response(int status, String head, String body) {}

    private Response get(String path, String... headers) throws IOException {
        return send(server, "GET " + path, with("Host: localhost", headers));
    }

    private Response post(String path, String... headers) throws IOException {
        return send(
                server,
                "POST " + path,
                with("Content-Length: 0", with("Host: localhost", headers)));
    }

    private static String[] with(String first, String... others) {
        String[] all = new String[others.length + 1];
        all[0] = first;
        System.arraycopy(others, 0, all, 1, others.length);
        return all;
    }

    /** Sends a request as it is written, with any host. */
    private static Response send(LoopbackServer to, String request, String... headers)
            throws IOException {
        StringBuilder text = new StringBuilder(request).append(" HTTP/1.1\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        text.append("Connection: close\r\n\r\n");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), to.port())) {
            socket.getOutputStream().write(text.toString().getBytes(ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
            String[] headAndBody = answer.split("\r\n\r\n", 2);
            return new Response(
                    Integer.parseInt(answer.split(" ", 3)[1]), headAndBody[0], headAndBody[1]);
        }
    }
}
