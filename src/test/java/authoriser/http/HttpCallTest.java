package authoriser.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpCallTest {
    private static final Endpoint ENDPOINT =
            Endpoint.parse("https://api.example.com:8443/v1/ask?a=b").orElseThrow();

    private static String text(HttpCall call) {
        return new String(call.message(), StandardCharsets.UTF_8);
    }

    @Test
    void writesAGetRequest() {
        HttpCall call = HttpCall.getOnce(ENDPOINT, "text/plain, application/json");

        assertEquals(
                """
                GET /v1/ask?a=b HTTP/1.1\r
                Host: api.example.com:8443\r
                Accept: text/plain, application/json\r
                Accept-Encoding: identity\r
                User-Agent: cognito-request-authoriser\r
                Connection: close\r
                \r
                """,
                text(call));
        assertFalse(call.keepAlive());
    }

    @Test
    void hasTheTargetOfItsUrl() {
        assertEquals("/v1/ask?a=b", HttpCall.getOnce(ENDPOINT, "application/json").target());
    }

    @Test
    void writesAPostRequest() {
        HttpCall call =
                HttpCall.post(ENDPOINT)
                        .header("Authorization", "Bearer abc")
                        .header("Content-Type", "application/json")
                        .body("{\"ü\":1}".getBytes(StandardCharsets.UTF_8));

        assertEquals(
                """
                POST /v1/ask?a=b HTTP/1.1\r
                Host: api.example.com:8443\r
                Accept: application/json\r
                Accept-Encoding: identity\r
                User-Agent: cognito-request-authoriser\r
                Authorization: Bearer abc\r
                Content-Type: application/json\r
                Content-Length: 8\r
                \r
                {"ü":1}\
                """,
                text(call));
        assertTrue(call.keepAlive());
    }

    @Test
    void sendsConnectionCloseInAPostRequestWithItsOwnConnection() {
        HttpCall call =
                HttpCall.postOnce(ENDPOINT).header("Content-Type", "text/plain").body(new byte[0]);

        assertEquals(
                """
                POST /v1/ask?a=b HTTP/1.1\r
                Host: api.example.com:8443\r
                Accept: application/json\r
                Accept-Encoding: identity\r
                User-Agent: cognito-request-authoriser\r
                Connection: close\r
                Content-Type: text/plain\r
                Content-Length: 0\r
                \r
                """,
                text(call));
        assertFalse(call.keepAlive());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\r\nX: b",
                "a\nb",
                "a\rb",
                "a\0b",
                "a\tb",
                "a\u007fb",
                "a\u00e4b",
                "\u560d"
            })
    void refusesAHeaderValueWithALineBreakAndDoesNotRepeatIt(String value) {
        HttpCall.Head head = HttpCall.post(ENDPOINT);

        var refused =
                assertThrows(
                        IllegalArgumentException.class, () -> head.header("X-Secret-Name", value));

        assertEquals(
                "a header value holds a character that HTTP does not allow", refused.getMessage());
    }

    @Test
    void acceptsEveryPrintableCharacterInAHeaderValue() {
        StringBuilder all = new StringBuilder("x");
        for (char c = 0x20; c <= 0x7e; c++) {
            all.append(c);
        }

        HttpCall call =
                HttpCall.post(ENDPOINT)
                        .header("X", all.toString())
                        .header("Content-Type", "a/b")
                        .body(new byte[0]);

        assertTrue(text(call).contains("\r\nX: " + all + "\r\n"));
    }

    @Test
    void printsOnlyItsHost() {
        HttpCall call =
                HttpCall.post(ENDPOINT)
                        .header("Authorization", "Bearer abc")
                        .header("Content-Type", "application/json")
                        .body(new byte[] {'x'});

        assertEquals("HttpCall[api.example.com:8443]", call.toString());
    }
}
