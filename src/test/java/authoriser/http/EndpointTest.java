package authoriser.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EndpointTest {

    private static Endpoint parsed(String url) {
        return Endpoint.parse(url).orElseThrow();
    }

    @Test
    void aUrlIsTakenApart() {
        assertEquals(
                new Endpoint(new Endpoint.Origin(true, "api.example.com", 8443), "/v1/ask?a=b&c"),
                parsed("https://api.example.com:8443/v1/ask?a=b&c"));
    }

    @ParameterizedTest
    @CsvSource({"https://api.example.com,443", "http://api.example.com,80"})
    void aUrlWithoutPortHasThePortOfItsScheme(String url, int port) {
        assertEquals(port, parsed(url).origin().port());
    }

    @Test
    void theHighestPortIsAPort() {
        assertEquals(65_535, parsed("https://api.example.com:65535/").origin().port());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://api.example.com:443/a",
                "https://api.example.com:8443/a",
                "https://example.com/a"
            })
    void connectionsAreSharedByNobodyElse(String other) {
        Endpoint.Origin origin = parsed("https://api.example.com/a").origin();

        assertNotEquals(origin, parsed(other).origin());
        assertEquals(origin, parsed("https://api.example.com:443/b").origin());
        assertEquals(
                origin.hashCode(), parsed("https://api.example.com:443/b").origin().hashCode());
    }

    @Test
    void aUrlWithoutPathAsksForTheRoot() {
        assertEquals("/", parsed("https://api.example.com").target());
        assertEquals("/?a=b", parsed("https://api.example.com?a=b").target());
    }

    @Test
    void schemeAndHostHaveNoCase() {
        assertEquals(parsed("https://api.example.com/A"), parsed("HTTPS://API.Example.COM/A"));
    }

    @Test
    void thePortOfTheSchemeIsNotSaidInTheHostHeader() {
        assertEquals(
                "api.example.com", parsed("https://api.example.com:443/").origin().authority());
        assertEquals("api.example.com", parsed("http://api.example.com/").origin().authority());
        assertEquals(
                "api.example.com:80", parsed("https://api.example.com:80/").origin().authority());
        assertEquals("[::1]:3000", parsed("http://[::1]:3000/").origin().authority());
    }

    @Test
    void escapesStayAsTheyAre() {
        assertEquals(
                "/a%2Fb%0d%0ax?q=%20",
                parsed("https://api.example.com/a%2Fb%0d%0ax?q=%20").target());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "api.example.com",
                "/path",
                "ftp://api.example.com/",
                "file:///etc/passwd",
                "https:",
                "https:api.example.com",
                "https://",
                "https:///path",
                "https://:443/",
                "https://user@api.example.com/",
                "https://user:secret@api.example.com/",
                "https://@api.example.com/",
                "https://api.example.com/#fragment",
                "https://api.example.com/#",
                "https://api.example.com:0/",
                "https://api.example.com:65536/",
                "https://api.example.com:-1/",
                "https://api.example.com:port/",
                "https://api.example.com/a b",
                "https://api.example.com/a\r\nX-Injected: b",
                "https://api.example.com/a\nb",
                "https://api.example.com/ä",
                "https://api.example.com/?q=€",
                "https://api_1.example.com/",
                "https://api.example.com\r\nX: y/",
                "https://api.example.com\\@evil.example.com/",
                " https://api.example.com/"
            })
    void whatIsNoPlainHttpUrlIsNoEndpoint(String url) {
        assertEquals(Optional.empty(), Endpoint.parse(url));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost/",
                "http://LOCALHOST:3000/",
                "http://127.0.0.1/",
                "http://127.1.2.3:8080/",
                "http://[::1]/"
            })
    void theMachineItselfIsLoopback(String url) {
        assertEquals(true, parsed(url).origin().loopback());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost.example.com/",
                "http://127.0.0.1.example.com/",
                "http://127.example/",
                "http://notlocalhost/",
                "http://128.0.0.1/",
                "http://10.0.0.1/",
                "http://0.0.0.0/",
                "http://[::2]/",
                "http://[::ffff:127.0.0.1]/"
            })
    void otherHostsAreNotLoopbackWhateverTheirNamesBeginWith(String url) {
        assertEquals(false, parsed(url).origin().loopback());
    }
}
