package authoriser.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.util.Timeout;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compares our reader of responses with the one of HttpCore 5, with the same responses. In each
 * difference our reader refuses the response or closes the connection, and HttpCore does not.
 */
class HttpCoreComparisonTest {
    private static final int ANSWERS = 8_000;
    private static final long SEED = 9112;

    /** Responses that only HttpCore refuses, with the section of the standard that allows them. */
    private static final Map<String, String> TAKEN_BY_RULE =
            Map.of(
                    "Multiple Content-Length headers",
                    "RFC 9110 section 8.6: several lengths that are equal may be taken as one");

    /** The number of responses of each kind. */
    private static final Map<String, Integer> KINDS =
            Map.ofEntries(
                    Map.entry("both refuse", 4071),
                    Map.entry("both take", 2322),
                    Map.entry("ours closes the connection", 24),
                    Map.entry("HttpCore refuses: Multiple Content-Length headers", 230),
                    Map.entry("ours refuses: a body with status 204", 30),
                    Map.entry("ours refuses: a broken chunk", 36),
                    Map.entry("ours refuses: a broken header", 260),
                    Map.entry("ours refuses: a content coding that was not asked for", 20),
                    Map.entry("ours refuses: a control character", 359),
                    Map.entry("ours refuses: a transfer coding of HTTP/1.0", 10),
                    Map.entry("ours refuses: an unknown transfer coding", 43),
                    Map.entry("ours refuses: no usable status", 111),
                    Map.entry("ours refuses: not a number", 101),
                    Map.entry("ours refuses: not an HTTP/1.1 answer", 211),
                    Map.entry("ours refuses: the connection ended", 76),
                    Map.entry("ours refuses: two lengths", 96));

    private static List<Pair> pairs;

    /** The result of a client for a response. */
    private sealed interface Outcome {}

    private record Taken(int status, String body, Reply.Fields fields, boolean keepsAlive)
            implements Outcome {
        Taken closing() {
            return new Taken(status, body, fields, false);
        }
    }

    private record Refused(String why) implements Outcome {}

    /** The results of both clients for one response. */
    private record Pair(String answer, Outcome ours, Outcome httpCores) {
        String kind() {
            return switch (ours) {
                case Refused refused ->
                        httpCores instanceof Taken ? "ours refuses: " + refused.why : "both refuse";
                case Taken taken ->
                        switch (httpCores) {
                            case Refused refused -> "HttpCore refuses: " + refused.why;
                            case Taken other -> kind(taken, other);
                        };
            };
        }

        private static String kind(Taken ours, Taken httpCores) {
            if (ours.equals(httpCores)) {
                return "both take";
            }
            return ours.equals(httpCores.closing())
                    ? "ours closes the connection"
                    : "both take, and read differently";
        }

        @Override
        public String toString() {
            String line = answer.replace("\r", "\\r").replace("\n", "\\n");
            return "\n" + line + "\n  ours: " + ours + "\n  HttpCore: " + httpCores;
        }
    }

    @BeforeAll
    static void readAnswers() {
        RandomAnswers answers = new RandomAnswers(SEED);
        pairs =
                Stream.generate(answers::next)
                        .limit(ANSWERS)
                        .map(answer -> new Pair(answer, ours(answer), httpCores(answer)))
                        .toList();
    }

    @Test
    void bothReadTheSameIfBothAcceptAResponse() {
        assertEquals(List.of(), ofKind("both take, and read differently"::equals));
    }

    @Test
    void ourReaderAcceptsWhatHttpCoreRefusesOnlyIfAStandardAllowsIt() {
        Set<String> listed =
                TAKEN_BY_RULE.keySet().stream()
                        .map(why -> "HttpCore refuses: " + why)
                        .collect(Collectors.toSet());

        assertEquals(
                List.of(),
                ofKind(kind -> kind.startsWith("HttpCore refuses") && !listed.contains(kind)));
    }

    @Test
    void eachKindOfDifferenceIsListedWithItsNumber() {
        Map<String, Integer> counts = new TreeMap<>();
        pairs.forEach(pair -> counts.merge(pair.kind(), 1, Integer::sum));

        assertEquals(new TreeMap<>(KINDS), counts);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n+5\r\nhello\r\n-0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nX: a\u0000b\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello"
            })
    void httpCoreAcceptsTheseResponsesThatOurReaderRefuses(String answer) {
        assertInstanceOf(Refused.class, ours(answer));
        assertEquals(new Taken(200, "hello", Reply.Fields.NONE, true), httpCores(answer));
    }

    /** The first responses of a kind. */
    private static List<Pair> ofKind(Predicate<String> kind) {
        return pairs.stream().filter(pair -> kind.test(pair.kind())).limit(3).toList();
    }

    private static Outcome ours(String answer) {
        InputStream input = input(answer);
        ResponseReader reader = new ResponseReader(input::read);
        try {
            Reply.Answered read = reader.read();
            return new Taken(read.status(), text(read.body()), read.fields(), reader.keepsAlive());
        } catch (ProtocolException e) {
            return new Refused(e.getMessage());
        } catch (EOFException _) {
            return new Refused("the connection ended");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Outcome httpCores(String answer) {
        ClassicHttpRequest request = new BasicClassicHttpRequest("GET", "/");
        HttpCoreContext context = HttpCoreContext.create();
        try (var connection = new DefaultBHttpClientConnection(Http1Config.DEFAULT)) {
            connection.bind(new PlayedSocket(input(answer)));
            ClassicHttpResponse response =
                    new HttpRequestExecutor().execute(request, connection, context);
            boolean keepsAlive =
                    DefaultConnectionReuseStrategy.INSTANCE.keepAlive(request, response, context);
            byte[] body =
                    response.getEntity() == null
                            ? new byte[0]
                            : EntityUtils.toByteArray(response.getEntity());
            boolean more = connection.isDataAvailable(Timeout.ONE_MILLISECOND);
            return new Taken(response.getCode(), text(body), fields(response), keepsAlive && !more);
        } catch (IOException | HttpException | RuntimeException e) {
            return new Refused(String.valueOf(e.getMessage()));
        }
    }

    private static Reply.Fields fields(ClassicHttpResponse response) {
        Reply.Fields fields =
                new Reply.Fields(
                        values(response, "WWW-Authenticate"),
                        values(response, "Cache-Control"),
                        values(response, "Age"),
                        values(response, "Vary"));
        return fields.equals(new Reply.Fields(null, null, null, null)) ? Reply.Fields.NONE : fields;
    }

    private static String values(ClassicHttpResponse response, String name) {
        Header[] headers = response.getHeaders(name);
        return headers.length == 0
                ? null
                : Arrays.stream(headers).map(Header::getValue).collect(Collectors.joining(","));
    }

    private static InputStream input(String answer) {
        return new ByteArrayInputStream(answer.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** A socket whose peer has sent a response and then closed the connection. */
    private static final class PlayedSocket extends Socket {
        private final InputStream input;

        PlayedSocket(InputStream input) {
            this.input = input;
        }

        @Override
        public InputStream getInputStream() {
            return input;
        }

        @Override
        public void setSoTimeout(int milliseconds) {
            // all bytes are already available
        }

        @Override
        public int getSoTimeout() {
            return 0;
        }

        @Override
        public OutputStream getOutputStream() {
            return OutputStream.nullOutputStream();
        }
    }
}
