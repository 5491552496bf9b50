package authoriser.standin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever arrives, the server answers. */
class LoopbackServerTest {
    private final LoopbackServer server =
            LoopbackServer.http(
                    0,
                    request ->
                            StandInReply.json(
                                    TestJson.text(request.body().length + request.rawPath())));

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense\r\n\r\n",
                "GET /%zz HTTP/1.1\r\n\r\n",
                "GET /a?b=%zz HTTP/1.1\r\n\r\n",
                "GET /a\\b HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nno colon\r\n\r\n",
                "GET / HTTP/1.1\r\nA b: c\r\n\r\n",
                "GET / HTTP/1.1\r\n: c\r\n\r\n",
                "POST / HTTP/1.1\r\nContent-Length: abc\r\n\r\n",
                "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n"
            })
    void aRequestThatCantBeReadGets400(String request) throws IOException {
        assertEquals(400, status(exchange(request)));
    }

    @Test
    void aPathMayBeginWithTwoSlashes() throws IOException {
        assertTrue(get("//admin/users").endsWith("\"0//admin/users\""));
    }

    @Test
    void aPathMayHaveLettersThatAreNotAscii() throws IOException {
        assertEquals(200, status(get("/\u00fc")));
    }

    @Test
    void aLongPathIsTaken() throws IOException {
        assertEquals(200, status(get("/" + "a".repeat(1_000_000))));
    }

    @Test
    void manyHeadersAreTaken() throws IOException {
        StringBuilder headers = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            headers.append("A").append(i).append(": b\r\n");
        }

        assertEquals(200, status(exchange("GET / HTTP/1.1\r\n" + headers + END)));
    }

    @Test
    void aBodyIsTakenUpToTheLimit() throws IOException {
        assertTrue(post(LoopbackServer.LARGEST_BODY).contains(LoopbackServer.LARGEST_BODY + "/"));
        assertEquals(413, status(post(LoopbackServer.LARGEST_BODY + 1)));
        assertEquals(413, status(post(3 * LoopbackServer.LARGEST_BODY)));
    }

    @Test
    void aFaultOfOursIsA500() throws IOException {
        try (LoopbackServer faulty =
                LoopbackServer.http(
                        0,
                        _ -> {
                            throw new IllegalStateException("shown by a test");
                        })) {
            String answer = exchange(faulty, "GET / HTTP/1.1\r\n" + END);

            assertEquals(500, status(answer));
        }
    }

    @Test
    void aFaultWhileAnsweringIsA500() throws IOException {
        StandInReply reply =
                exchange -> {
                    exchange.getResponseHeaders().set("X-Half", "done");
                    throw new IllegalStateException("shown by a test");
                };
        try (LoopbackServer faulty = LoopbackServer.http(0, _ -> reply)) {
            assertEquals(500, status(exchange(faulty, "GET / HTTP/1.1\r\n" + END)));
        }
    }

    private static final String END = "Connection: close\r\n\r\n";

    private String get(String path) throws IOException {
        return exchange("GET " + path + " HTTP/1.1\r\n" + END);
    }

    private String post(int bytes) throws IOException {
        return exchange(
                "POST / HTTP/1.1\r\nContent-Length: " + bytes + "\r\n" + END + "a".repeat(bytes));
    }

    private String exchange(String request) throws IOException {
        return exchange(server, request);
    }

    private static String exchange(LoopbackServer server, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(ISO_8859_1));
            out.flush();
            // After a body that can't be read, the server drops what follows, up to its end
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    private static int status(String answer) {
        assertTrue(answer.startsWith("HTTP/1.1 "), "No response, but: " + answer);
        return Integer.parseInt(answer.substring(9, 12));
    }
}
