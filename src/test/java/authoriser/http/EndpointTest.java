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
    void readsTheOriginAndTheTarget() {
        assertEquals(
                new Endpoint(new Endpoint.Origin(true, "api.example.com", 8443), "/v1/ask?a=b&c"),
                parsed("https://api.example.com:8443/v1/ask?a=b&c"));
    }

    @ParameterizedTest
    @CsvSource({"https://api.example.com,443", "http://api.example.com,80"})
    void hasThePortOfTheSchemeWithoutAPort(String url, int port) {
        assertEquals(port, parsed(url).origin().port());
    }

    @Test
    void acceptsTheHighestPort() {
        assertEquals(65_535, parsed("https://api.example.com:65535/").origin().port());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://api.example.com:443/a",
                "https://api.example.com:8443/a",
                "https://example.com/a"
            })
    void hasAnotherOriginForAnotherSchemeHostOrPort(String other) {
        Endpoint.Origin origin = parsed("https://api.example.com/a").origin();

        assertNotEquals(origin, parsed(other).origin());
        assertEquals(origin, parsed("https://api.example.com:443/b").origin());
        assertEquals(
                origin.hashCode(), parsed("https://api.example.com:443/b").origin().hashCode());
    }

    @Test
    void acceptsEveryVisibleCharacterThatAUrlMayHold() {
        assertEquals(
                "/!$&'()*+,-._~:;=@?/~!",
                parsed("https://a.example/!$&'()*+,-._~:;=@?/~!").target());
    }

    @Test
    void hasTheRootAsTargetWithoutAPath() {
        assertEquals("/", parsed("https://api.example.com").target());
        assertEquals("/?a=b", parsed("https://api.example.com?a=b").target());
    }

    @Test
    void ignoresTheCaseOfSchemeAndHost() {
        assertEquals(parsed("https://api.example.com/A"), parsed("HTTPS://API.Example.COM/A"));
    }

    @Test
    void omitsThePortOfTheSchemeInTheHostHeader() {
        assertEquals(
                "api.example.com", parsed("https://api.example.com:443/").origin().authority());
        assertEquals("api.example.com", parsed("http://api.example.com/").origin().authority());
        assertEquals(
                "api.example.com:80", parsed("https://api.example.com:80/").origin().authority());
        assertEquals("[::1]:3000", parsed("http://[::1]:3000/").origin().authority());
    }

    @Test
    void keepsEscapes() {
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
                "https://[fe80::1%eth0]/",
                "https://[fe80::1%25eth0]/",
                "https://api.example.com\r\nX: y/",
                "https://api.example.com\\@evil.example.com/",
                " https://api.example.com/"
            })
    void refusesATextThatIsNotAPlainHttpUrl(String url) {
        assertEquals(Optional.empty(), Endpoint.parse(url));
        assertNotEquals(Optional.empty(), Endpoint.problemOf(url));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    https://api_1.example.com/a?b  | holds the host name api_1.example.com, whose underscore Java's URI parser refuses
                    https://api_1.example.com:84/  | holds the host name api_1.example.com, whose underscore Java's URI parser refuses
                    https://-api.example.com/a?b   | holds the host name -api.example.com, which Java's URI parser refuses
                    https://api.example.1/a?b      | holds the host name api.example.1, which Java's URI parser refuses
                    https://api..example.com/      | holds the host name api..example.com, which Java's URI parser refuses
                    https://127.1/                 | holds the host name 127.1, which Java's URI parser refuses
                    https://äpi.example.com/       | holds the host name äpi.example.com, which Java's URI parser refuses
                    https://user:s3@api.example.com/a | must not hold user information
                    https://user:s3@api_1.example/a | must not hold user information
                    https://api.example.com/#a     | must not hold a fragment
                    https://api.example.com:0/a    | holds the port 0, which is not from 1 to 65535
                    https://api.example.com:65536/ | holds the port 65536, which is not from 1 to 65535
                    https://api.example.com:port/  | holds a port that is not a number from 1 to 65535
                    https://[fe80::1%25eth0]/      | holds an IPv6 address with a zone
                    https://api.example.com:65535/ä | holds a character beyond ASCII in its path or query, which must be percent-encoded
                    https://api.example.com/ä      | holds a character beyond ASCII in its path or query, which must be percent-encoded
                    https://api.example.com/a b    | must be an absolute https URL, and Java's URI parser refuses it: Illegal character in path at index 25
                    api.example.com/a              | must be an absolute https URL, and does not begin with https://
                    ftp://api.example.com/a        | must be an absolute https URL, and does not begin with https://
                    https:///a                     | must be an absolute https URL, and names no host
                    https://:443/                  | must be an absolute https URL, and names no host
                    """)
    void reportsTheProblemWithoutSecretParts(String url, String problem) {
        assertEquals(Optional.of(problem), Endpoint.problemOf(url));
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://api.example.com/a", "http://[::1]:3000/", "https://10.0.0.1"})
    void reportsNoProblemForAValidUrl(String url) {
        assertEquals(Optional.empty(), Endpoint.problemOf(url));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost/",
                "http://LOCALHOST:3000/",
                "http://127.0.0.1/",
                "http://127.1.2.3:8080/",
                "http://127.0.0.9/",
                "http://[::1]/"
            })
    void isLoopbackForLocalHosts(String url) {
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
    void isNotLoopbackForHostsWithASimilarName(String url) {
        assertEquals(false, parsed(url).origin().loopback());
    }
}
