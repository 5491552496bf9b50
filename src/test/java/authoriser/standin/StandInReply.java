package authoriser.standin;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** What a stand-in does with one request: an answer, or one of the ways in which servers fail. */
@FunctionalInterface
public interface StandInReply {
    void to(HttpExchange exchange) throws IOException, InterruptedException;

    /** An answer of JSON with status 200. */
    static StandInReply json(String body) {
        return json(200, body);
    }

    static StandInReply json(int status, String body) {
        return of(status, Map.of("Content-Type", "application/json"), utf8(body));
    }

    /** A status with an empty body. */
    static StandInReply status(int status) {
        return of(status, Map.of(), new byte[0]);
    }

    static StandInReply of(int status, Map<String, String> headers, byte[] body) {
        return exchange -> {
            headers.forEach(exchange.getResponseHeaders()::set);
            boolean empty = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, empty ? -1 : body.length);
            if (!empty) {
                exchange.getResponseBody().write(body);
                // Before the rest of the request is read, which may fail
                exchange.getResponseBody().flush();
            }
            exchange.close();
        };
    }

    /** Sends the caller elsewhere. */
    static StandInReply redirect(String location) {
        return of(302, Map.of("Location", location), new byte[0]);
    }

    /** Closes the connection without a word, as a load balancer does whose target is gone. */
    static StandInReply broken() {
        return HttpExchange::close;
    }

    /** Announces the whole body, sends half of it and closes the connection. */
    static StandInReply truncated(String body) {
        return exchange -> {
            byte[] whole = utf8(body);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, whole.length);
            exchange.getResponseBody().write(whole, 0, whole.length / 2);
            exchange.getResponseBody().flush();
            exchange.close();
        };
    }

    /**
     * Sends the body byte by byte with a pause before each, so that no single read ever times out.
     */
    static StandInReply trickling(String body, Duration pause) {
        return exchange -> {
            byte[] whole = utf8(body);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, whole.length);
            for (byte one : whole) {
                Thread.sleep(pause);
                exchange.getResponseBody().write(one);
                exchange.getResponseBody().flush();
            }
            exchange.close();
        };
    }

    /** The reply after a while: a server's slowness, not a test's wait. */
    default StandInReply after(Duration delay) {
        return exchange -> {
            Thread.sleep(delay);
            to(exchange);
        };
    }

    /** The reply once the latch opens, for tests that decide themselves what happens meanwhile. */
    default StandInReply once(CountDownLatch open) {
        return exchange -> {
            open.await();
            to(exchange);
        };
    }

    /** No reply for as long as the stand-in lives. */
    static StandInReply never() {
        return status(503).once(new CountDownLatch(1));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
