package authoriser.standin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the stand-in issuer makes of a query for a token. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokenMintTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final HttpClient client = HttpClient.newHttpClient();
    private LoopbackServer server;
    private PretendCognito issuer;

    @BeforeAll
    void start() {
        Tokens tokens =
                new Tokens(SigningKey.generate("key"), "https://issuer", ManualClock.at(NOW));
        server = LoopbackServer.http(0, new TokenMint(() -> tokens)::answer);
        issuer = PretendCognito.start(SigningKey.generate("key"));
    }

    @AfterAll
    void stop() {
        issuer.close();
        server.close();
        client.close();
    }

    @Test
    void aTokenWithoutParametersIsAGoodAccessToken() throws Exception {
        JsonNode claims = claims("");

        assertEquals("https://issuer", claims.path("iss").asText());
        assertEquals("access", claims.path("token_use").asText());
        assertEquals(NOW.plusSeconds(3600).getEpochSecond(), claims.path("exp").asLong());
    }

    @ParameterizedTest
    @CsvSource({
        "sub=joe, sub, \"joe\"",
        "username=joe%20doe, username, \"joe doe\"",
        "client_id=app, client_id, \"app\"",
        "token_use=id, token_use, \"id\"",
        "scope=orders/read, scope, \"orders/read\"",
        "scope=a+b&scope=c, scope, \"a b c\"",
    })
    void aParameterIsAClaim(String query, String name, String value) throws Exception {
        assertEquals(value, claims(query).path(name).toString());
    }

    @Test
    void repeatedAndSpaceSeparatedGroupsAreOneArray() throws Exception {
        assertEquals(
                "[\"a\",\"b\",\"c\"]",
                claims("group=a%20b&group=c").path("cognito:groups").toString());
    }

    @Test
    void oneAudienceIsAStringAndSeveralAreAnArray() throws Exception {
        assertEquals("\"x\"", claims("aud=x").path("aud").toString());
        assertEquals("[\"x\",\"y\"]", claims("aud=x&aud=y").path("aud").toString());
    }

    @ParameterizedTest
    @CsvSource({"sub,sub", "scope,scope", "group,cognito:groups", "client_id,client_id"})
    void anEmptyParameterLeavesTheClaimOut(String parameter, String claim) throws Exception {
        assertFalse(claims(parameter + "=").has(claim));
    }

    @Test
    void aTokenThatHasExpiredWasIssuedBeforeItsEnd() throws Exception {
        JsonNode claims = claims("expires=-10");

        assertEquals(NOW.minusSeconds(10).getEpochSecond(), claims.path("exp").asLong());
        assertEquals(NOW.minusSeconds(3610).getEpochSecond(), claims.path("iat").asLong());
    }

    @Test
    void aTokenThatExpiresLaterIsIssuedNow() throws Exception {
        JsonNode claims = claims("expires=10");

        assertEquals(NOW.plusSeconds(10).getEpochSecond(), claims.path("exp").asLong());
        assertEquals(NOW.getEpochSecond(), claims.path("iat").asLong());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "colour=blue",
                "expires=soon",
                "expires=",
                "expires=1.5",
                "expires=315360001",
                "expires=99999999999999999999",
                "sub=a&sub=b",
                "token_use=refresh",
                "=",
            })
    void aWrongQueryIsA400WithTheParameters(String query) throws Exception {
        HttpResponse<String> response = get(query);

        assertEquals(400, response.statusCode());
        assertTrue(response.body().endsWith(TokenMint.PARAMETERS), response.body());
    }

    @Test
    void aTokenIsPlainTextThatIsNotStored() throws Exception {
        HttpResponse<String> response = get("");

        assertEquals(
                "text/plain; charset=utf-8",
                response.headers().firstValue("Content-Type").orElseThrow());
        assertEquals("no-store", response.headers().firstValue("Cache-Control").orElseThrow());
    }

    @Test
    void anotherMethodThanGetIsA405() throws Exception {
        HttpResponse<String> response =
                client.send(
                        HttpRequest.newBuilder(URI.create(server.url() + "/tokens"))
                                .POST(BodyPublishers.noBody())
                                .build(),
                        BodyHandlers.ofString());

        assertEquals(405, response.statusCode());
    }

    @Test
    void theStandInIssuerMakesTokensOfItsOwn() throws Exception {
        String token =
                client.send(
                                HttpRequest.newBuilder(URI.create(issuer.mintUrl() + "?sub=joe"))
                                        .build(),
                                BodyHandlers.ofString())
                        .body();

        assertEquals(issuer.issuer(), content(token).path("iss").asText());
        assertEquals("joe", content(token).path("sub").asText());
    }

    private JsonNode claims(String query) throws Exception {
        HttpResponse<String> response = get(query);
        assertEquals(200, response.statusCode(), response.body());
        return content(response.body());
    }

    private static JsonNode content(String token) {
        return TestJson.read(Base64.getUrlDecoder().decode(token.split("\\.")[1]));
    }

    private HttpResponse<String> get(String query) throws Exception {
        return client.send(
                HttpRequest.newBuilder(
                                URI.create(
                                        server.url()
                                                + "/tokens"
                                                + (query.isEmpty() ? "" : "?" + query)))
                        .build(),
                BodyHandlers.ofString());
    }
}
