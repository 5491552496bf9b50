package authoriser.standin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the stand-in of the validation service answers by itself. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PretendValidationTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private PretendValidation service;

    @BeforeAll
    void start() {
        service = PretendValidation.start("good-token"::equals);
    }

    @AfterAll
    void stop() {
        service.close();
        client.close();
    }

    private HttpResponse<String> ask(String token, String question) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(service.url()))
                        .header("Authorization", "Bearer " + token)
                        .POST(BodyPublishers.ofString(question))
                        .build(),
                BodyHandlers.ofString());
    }

    private JsonNode answer(String principal, String headers) throws Exception {
        String question = "{\"principal\":" + principal + ",\"headers\":" + headers + "}";
        return TestJson.read(ask("good-token", question).body().getBytes(UTF_8));
    }

    @Test
    void aQuestionWithoutClaimsIsAllowedWithALittleContext() throws Exception {
        assertEquals(
                "{\"allowed\":true,"
                        + "\"context\":{\"plan\":\"gold\",\"dailyLimit\":500,\"trial\":false}}",
                answer("{\"subject\":\"jane\"}", "{\"x-tenant-id\":\"acme\"}").toString());
    }

    @Test
    void theContextRepeatsTheClaimsOfTheQuestion() throws Exception {
        assertEquals(
                "{\"origin_jti\":\"a-session\",\"roles\":[1,null]}",
                answer("{\"claims\":{\"origin_jti\":\"a-session\",\"roles\":[1,null]}}", "{}")
                        .at("/context/serviceClaims")
                        .asText());
    }

    @Test
    void aMeteredHeaderValueBringsAnApiKey() throws Exception {
        assertEquals(
                PretendValidation.API_KEY,
                answer("{}", "{\"x-tenant-id\":\"metered-tenant\"}")
                        .path("usageIdentifierKey")
                        .asText());
    }

    @Test
    void aBlockedHeaderValueIsRefusedAndTheHeaderNamed() throws Exception {
        assertEquals(
                "{\"allowed\":false,\"reason\":\"x-tenant-id is blocked\"}",
                answer("{}", "{\"x-channel\":\"metered\",\"x-tenant-id\":\"a blocked one\"}")
                        .toString());
    }

    @Test
    void anotherTokenIsUnauthorized() throws Exception {
        assertEquals(401, ask("another-token", "{}").statusCode());
    }
}
