package authoriser.http;

import static authoriser.http.Replies.text;
import static authoriser.standin.ScriptedServer.always;
import static authoriser.standin.ScriptedServer.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertLinesMatch;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.standin.ManualClock;
import authoriser.standin.ScriptedServer;
import authoriser.standin.ScriptedServer.Peer;
import authoriser.standin.ScriptedServer.Script;
import authoriser.time.Deadline;
import authoriser.trust.TrustStore;
import java.io.IOException;
import java.net.NoRouteToHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uses real sockets. The test sets the clock by which idle time is measured. */
@Timeout(60)
final class HttpClientTest {
    private static final String SECRET = "secret-value";

    private final ManualClock clock = ManualClock.at("2026-03-01T12:00:00Z");
    private final HttpClient client = new HttpClient(clock, TlsLayer.trusting(TrustStore.ofJvm()));
    private final List<ScriptedServer> servers = new ArrayList<>();

    @AfterEach
    void closeServers() {
        servers.forEach(ScriptedServer::close);
    }

    private ScriptedServer server(Script... scripts) {
        ScriptedServer server = ScriptedServer.plain(scripts);
        servers.add(server);
        return server;
    }

    private static Deadline within(Duration time) {
        return Deadline.in(time, InstantSource.system());
    }

    private static HttpCall question(ScriptedServer server) {
        return question(ServerEndpoint.of(server), "{}");
    }

    private static HttpCall question(Endpoint endpoint, String body) {
        return HttpCall.post(endpoint)
                .header("Authorization", "Bearer " + SECRET)
                .header("Content-Type", "application/json")
                .body(body.getBytes(StandardCharsets.UTF_8));
    }

    private String ask(ScriptedServer server) {
        return text(client.send(question(server), within(Duration.ofSeconds(20))));
    }

    private static String failure(ScriptedServer server, String what) {
        return "127.0.0.1:" + server.port() + ": " + what;
    }

    private static <T> void inParallel(int threads, Callable<T> work) throws Exception {
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Future<T>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                all.add(executor.submit(work));
            }
            for (Future<T> one : all) {
                one.get();
            }
        }
    }

    @Nested
    class Exchange {

        @Test
        void sendsTheRequestUnchanged() {
            ScriptedServer server = server(always(ok("{}")));
            HttpCall call = question(server);

            client.send(call, within(Duration.ofSeconds(20)));

            assertEquals(
                    List.of(new String(call.message(), StandardCharsets.UTF_8)), server.requests());
        }

        @ParameterizedTest
        @ValueSource(ints = {200, 204, 301, 400, 401, 403, 404, 429, 500, 503, 599})
        void returnsAnyStatus(int status) {
            ScriptedServer server =
                    server(always("HTTP/1.1 " + status + " X\r\nContent-Length: 0\r\n\r\n"));

            assertEquals(status + " ", ask(server));
        }

        @Test
        void readsAChunkedBody() {
            ScriptedServer server =
                    server(
                            always(
                                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                            + "2\r\n{\"\r\n4\r\na\":1\r\n1\r\n}\r\n0\r\n\r\n"));

            assertEquals("200 {\"a\":1}", ask(server));
            assertEquals("200 {\"a\":1}", ask(server));
            assertEquals(1, server.connections());
        }

        @Test
        void readsABodyThatEndsWithTheConnection() {
            ScriptedServer server =
                    server(peer -> {
                        peer.request();
                        peer.say("HTTP/1.1 200 OK\r\n\r\nhello");
                        peer.end();
                    });

            assertEquals("200 hello", ask(server));
            assertEquals("200 hello", ask(server));
            assertEquals(2, server.connections());
        }

        @Test
        void skipsAnInterimResponse() {
            ScriptedServer server = server(always("HTTP/1.1 100 Continue\r\n\r\n" + ok("hello")));

            assertEquals("200 hello", ask(server));
        }

        @Test
        void refusesABodyOfMoreThan64Kibibytes() {
            ScriptedServer server =
                    server(always(ok("x".repeat(65_536))), always(ok("x".repeat(65_537))));

            assertEquals("200 " + "x".repeat(65_536), ask(server));
            clock.advance(Duration.ofHours(1));
            assertEquals(failure(server, "a body of more than 65536 bytes"), ask(server));
        }

        @Test
        void doesNotFollowARedirect() {
            ScriptedServer elsewhere = server(always(ok("{}")));
            ScriptedServer server =
                    server(
                            always(
                                    "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:"
                                            + elsewhere.port()
                                            + "/ask\r\nContent-Length: 0\r\n\r\n"));

            assertEquals("307 ", ask(server));
            assertEquals(1, server.requests().size());
            assertEquals(0, elsewhere.connections());
        }

        @Test
        void sendsNoRequestTwice() {
            ScriptedServer server = server(Peer::request, always(ok("{}")));

            client.send(question(server), within(Duration.ofMillis(200)));

            assertEquals(1, server.requests().size());
            assertEquals(1, server.connections());
        }
    }

    @Nested
    class IdleConnection {

        @Test
        void isUsedForTheNextRequest() {
            ScriptedServer server = server(always(ok("{}")));

            for (int i = 0; i < 100; i++) {
                assertEquals("200 {}", ask(server));
            }

            assertEquals(1, server.connections());
        }

        @Test
        void isNotUsedForAnotherHost() {
            ScriptedServer one = server(always(ok("one")));
            ScriptedServer other = server(always(ok("other")));

            assertEquals(
                    List.of("200 one", "200 other", "200 one"),
                    List.of(ask(one), ask(other), ask(one)));
            assertEquals(List.of(1, 1), List.of(one.connections(), other.connections()));
        }

        @Test
        void isClosedIfThePeerSendsClose() throws InterruptedException {
            ScriptedServer server =
                    server(
                            always(
                                    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n"
                                            + "{}"));

            assertEquals("200 {}", ask(server));
            server.awaitLeft(1);
            assertEquals("200 {}", ask(server));
            assertEquals(2, server.connections());
        }

        @Test
        void isUsedForFiftySeconds() throws InterruptedException {
            ScriptedServer server = server(always(ok("{}")));

            ask(server);
            clock.advance(Duration.ofSeconds(50).minusNanos(1));
            ask(server);
            assertEquals(1, server.connections());

            clock.advance(Duration.ofSeconds(50));
            assertEquals("200 {}", ask(server));
            server.awaitLeft(1);
            assertEquals(2, server.connections());
        }

        @Test
        void isUsedUntilOneSecondBeforeTheKeepAliveTimeoutOfThePeer() throws InterruptedException {
            ScriptedServer server =
                    server(
                            always(
                                    "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5\r\n"
                                            + "Content-Length: 2\r\n\r\n{}"));

            ask(server);
            clock.advance(Duration.ofSeconds(4).minusNanos(1));
            ask(server);
            assertEquals(1, server.connections());

            clock.advance(Duration.ofSeconds(4));
            assertEquals("200 {}", ask(server));
            server.awaitLeft(1);
            assertEquals(2, server.connections());
        }

        @ParameterizedTest
        @ValueSource(strings = {"timeout=0", "timeout=1"})
        void isClosedIfTheKeepAliveTimeoutIsOneSecondOrLess(String limit) {
            ScriptedServer server =
                    server(
                            always(
                                    "HTTP/1.1 200 OK\r\nKeep-Alive: "
                                            + limit
                                            + "\r\nContent-Length: 2\r\n\r\n{}"));

            ask(server);
            ask(server);

            assertEquals(2, server.connections());
        }

        @Test
        void isUsedForFiftySecondsAlsoIfThePeerAllowsMore() {
            ScriptedServer server =
                    server(
                            always(
                                    "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=600\r\n"
                                            + "Content-Length: 2\r\n\r\n{}"));

            ask(server);
            clock.advance(Duration.ofSeconds(50));
            ask(server);

            assertEquals(2, server.connections());
        }

        @Test
        void failsOneRequestAtMostIfThePeerClosedIt() {
            ScriptedServer server =
                    server(
                            peer -> {
                                peer.request();
                                peer.say(ok("one"));
                                peer.request();
                                peer.end();
                            },
                            always(ok("two")));

            assertEquals("200 one", ask(server));
            assertEquals(failure(server, "the connection was closed"), ask(server));
            assertEquals("200 two", ask(server));
        }

        @Test
        void isClosedAfterAFailureOfAnotherConnectionToTheSameHost() throws Exception {
            CountDownLatch bothAsked = new CountDownLatch(2);
            Script together =
                    peer -> {
                        peer.request();
                        bothAsked.countDown();
                        bothAsked.await();
                        peer.say(ok("{}"));
                        peer.request();
                        peer.say("nonsense\r\n");
                    };
            ScriptedServer server = server(together, together, always(ok("fresh")));
            ScriptedServer bystander = server(always(ok("{}")));
            ask(bystander);
            inParallel(2, () -> ask(server));

            assertEquals(failure(server, "not an HTTP/1.1 answer"), ask(server));

            server.awaitLeft(2);
            assertEquals("200 fresh", ask(server));
            ask(bystander);
            assertEquals(1, bystander.connections());
        }

        @Test
        void isNotUsedAfterTheClockWasSetBack() {
            ScriptedServer server = server(always(ok("{}")));

            ask(server);
            clock.advance(Duration.ofMillis(-1));
            ask(server);

            assertEquals(2, server.connections());
        }

        @Test
        void isNotUsedForARequestWithAConnectionOfItsOwn() throws InterruptedException {
            ScriptedServer server = server(always(ok("{}")));
            HttpCall call = HttpCall.getOnce(ServerEndpoint.of(server), "application/json");

            ask(server);
            client.send(call, within(Duration.ofSeconds(20)));
            client.send(call, within(Duration.ofSeconds(20)));
            server.awaitLeft(2);
            ask(server);

            assertEquals(3, server.connections());
        }
    }

    @Nested
    class UnsolicitedData {

        @Test
        void afterAResponseIsNotTheNextResponse() {
            ScriptedServer server = server(always(ok("one") + ok("forged")), always(ok("two")));

            assertEquals("200 one", ask(server));
            assertEquals("200 two", ask(server));
        }

        @Test
        void onAnIdleConnectionIsNotTheNextResponse() throws InterruptedException {
            CountDownLatch answered = new CountDownLatch(1);
            CountDownLatch forged = new CountDownLatch(1);
            ScriptedServer server =
                    server(
                            peer -> {
                                peer.request();
                                peer.say(ok("one"));
                                answered.await();
                                peer.say(ok("forged"));
                                peer.transport()
                                        .setSoLinger(
                                                true,
                                                10); // close() waits until the data is delivered
                                peer.end();
                                forged.countDown();
                            },
                            always(ok("two")));

            assertEquals("200 one", ask(server));
            answered.countDown();
            forged.await();

            assertEquals("200 two", ask(server));
        }

        @Test
        void onANewConnectionIsNotTheResponse() {
            CountDownLatch said = new CountDownLatch(1);
            ScriptedServer server =
                    server(
                            peer -> {
                                peer.say("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
                                peer.delivered();
                                said.countDown();
                            },
                            always(ok("two")));
            HttpClient afterwards =
                    new HttpClient(
                            () -> { // the client reads the clock when a connection becomes idle
                                awaitUnchecked(said);
                                return clock.instant();
                            },
                            TlsLayer.trusting(TrustStore.ofJvm()));

            Reply first = afterwards.send(question(server), within(Duration.ofSeconds(20)));
            Reply second = afterwards.send(question(server), within(Duration.ofSeconds(20)));

            assertEquals(failure(server, "an answer before the request"), text(first));
            assertEquals("200 two", text(second));
            assertEquals(1, server.requests().size());
        }

        private static void awaitUnchecked(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Nested
    class PreparedConnection {

        @Test
        void isUsedForTheNextRequest() {
            ScriptedServer server = server(always(ok("{}")));

            client.prepare(ServerEndpoint.of(server), within(Duration.ofSeconds(20)));

            assertEquals("200 {}", ask(server));
            assertEquals(1, server.connections());
        }

        @Test
        void replacesTheIdleConnection() throws InterruptedException {
            ScriptedServer server = server(always(ok("{}")));
            client.prepare(ServerEndpoint.of(server), within(Duration.ofSeconds(20)));

            client.prepare(ServerEndpoint.of(server), within(Duration.ofSeconds(20)));

            server.awaitLeft(1);
            assertEquals("200 {}", ask(server));
            assertEquals(2, server.connections());
        }

        @Test
        void isAbsentIfTheServerCannotBeReached() throws IOException {
            Endpoint unreachable = ServerEndpoint.unreachable(SECRET);

            Optional<String> problem = client.prepare(unreachable, within(Duration.ofSeconds(20)));

            String refused = unreachable.origin().authority() + ": the connection was refused";
            assertEquals(Optional.of(refused), problem);
            assertEquals(
                    refused,
                    text(client.send(question(unreachable, "{}"), within(Duration.ofSeconds(20)))));
        }
    }

    @Nested
    class Failure {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "HTTP/1.1 500 X\r\nContent-Length: 65537\r\n\r\n",
                    "HTTP/1.1 500 X\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"
                })
        void afterTheStatusHasTheFlagStatus(String message) {
            ScriptedServer server = server(sendAndClose(message));

            assertTrue(failed(server, Duration.ofSeconds(20)).status());
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "HTTP/1.1 50", "HTTP/1.1 100 Continue\r\n\r\n", "SSH-2.0\r\n"})
        void beforeTheStatusDoesNotHaveTheFlagStatus(String message) {
            ScriptedServer server = server(sendAndClose(message));

            assertFalse(failed(server, Duration.ofSeconds(20)).status());
        }

        @Test
        void doesNotHaveTheFlagStatusBecauseOfAnEarlierResponse() {
            ScriptedServer server =
                    server(peer -> {
                        peer.request();
                        peer.say(ok("{}"));
                        peer.request();
                        peer.end();
                    });
            ask(server);

            assertFalse(failed(server, Duration.ofSeconds(20)).status());
        }

        @Test
        void isATimeOutWithoutTheFlagStatusIfTheBodyIsLate() {
            ScriptedServer server =
                    server(peer -> {
                        peer.request();
                        peer.say("HTTP/1.1 500 X\r\nContent-Length: 1\r\n\r\n");
                    });

            Reply.Failed failed = failed(server, Duration.ofMillis(300));

            assertTrue(failed.timeOut());
            assertFalse(failed.status());
        }

        private static ScriptedServer.Script sendAndClose(String message) {
            return peer -> {
                peer.request();
                peer.say(message);
                peer.end();
            };
        }

        private Reply.Failed failed(ScriptedServer server, Duration limit) {
            return (Reply.Failed) client.send(question(server), within(limit));
        }

        @Test
        void followsAClosedConnection() {
            ScriptedServer server =
                    server(peer -> {
                        peer.request();
                        peer.end();
                    });

            assertEquals(failure(server, "the connection was closed"), ask(server));
        }

        @Test
        void followsAnIncompleteResponse() {
            ScriptedServer server =
                    server(peer -> {
                        peer.request();
                        peer.say("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}");
                        peer.end();
                    });

            assertEquals(failure(server, "the connection was closed"), ask(server));
        }

        @Test
        void followsAResetConnection() {
            ScriptedServer server =
                    server(peer -> {
                        peer.request();
                        peer.transport().setSoLinger(true, 0); // close() sends RST
                        peer.transport().close();
                    });

            assertEquals(failure(server, "the connection broke"), ask(server));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "secret-value\r\n\r\n",
                    "HTTP/1.1 secret-value\r\n\r\n",
                    "HTTP/1.1 200 OK\r\nsecret-value\r\n\r\n",
                    "HTTP/1.1 200 OK\r\nContent-Length: secret-value\r\n\r\n",
                    "HTTP/1.1 200 OK\r\nContent-Encoding: secret-value\r\n\r\n",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: secret-value\r\n\r\n",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nsecret-value\r\n"
                })
        void doesNotContainDataOfTheRequestOrTheResponse(String answer) throws Exception {
            ScriptedServer server = server(always(answer));
            Reply reply = client.send(question(server), within(Duration.ofSeconds(20)));

            assertTrue(reply instanceof Reply.Failed(_, boolean timeOut, _) && !timeOut);
            assertTrue(!reply.toString().contains(SECRET), reply.toString());
            server.awaitLeft(1);
        }
    }

    @Nested
    class DeadlineOfTheRequest {

        /** Sends a request to a server whose response does not end. */
        private void assertTimesOut(Script script) throws InterruptedException {
            ScriptedServer server = server(script);

            Reply reply = client.send(question(server), within(Duration.ofMillis(200)));

            assertTrue(reply instanceof Reply.Failed(_, boolean timeOut, _) && timeOut);
            assertLinesMatch(
                    List.of("127\\.0\\.0\\.1:\\d+: no whole answer within (200|1\\d\\d) ms"),
                    List.of(text(reply)));
            server.awaitLeft(1); // the client has closed the connection
        }

        @Test
        void isKeptIfThePeerSendsNothing() throws InterruptedException {
            assertTimesOut(Peer::request);
        }

        @Test
        void isKeptIfTheStatusLineIsSlow() throws InterruptedException {
            assertTimesOut(peer -> {
                peer.request();
                peer.say("HTTP/1.1 200 ");
                peer.trickle("O");
            });
        }

        @Test
        void isKeptIfTheFieldLinesAreSlow() throws InterruptedException {
            assertTimesOut(peer -> {
                peer.request();
                peer.say("HTTP/1.1 200 OK\r\n");
                peer.trickle("X: y\r\n");
            });
        }

        @Test
        void isKeptIfInterimResponsesDoNotEnd() throws InterruptedException {
            assertTimesOut(peer -> {
                peer.request();
                peer.trickle("HTTP/1.1 102 Processing\r\n\r\n");
            });
        }

        @Test
        void isKeptIfTheBodyIsSlow() throws InterruptedException {
            assertTimesOut(peer -> {
                peer.request();
                peer.say("HTTP/1.1 200 OK\r\nContent-Length: 65536\r\n\r\n");
                peer.trickle("x");
            });
        }

        @Test
        void isKeptIfTheChunksAreSlow() throws InterruptedException {
            assertTimesOut(peer -> {
                peer.request();
                peer.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                peer.trickle("1\r\nx\r\n");
            });
        }

        @Test
        void isKeptIfABodyWithoutLengthIsSlow() throws InterruptedException {
            assertTimesOut(peer -> {
                peer.request();
                peer.say("HTTP/1.1 200 OK\r\n\r\n");
                peer.trickle("x");
            });
        }

        @Test
        void isTheOneOfTheRequestOnAReusedConnection() {
            ScriptedServer server =
                    server(peer -> {
                        peer.request();
                        peer.say(ok("one"));
                        peer.request(); // silence
                    });
            ask(server);

            Reply reply = client.send(question(server), within(Duration.ofMillis(200)));

            assertTrue(text(reply).contains("no whole answer within"), text(reply));
            assertEquals(1, server.connections());
        }

        @Test
        void preventsTheRequestIfItHasPassed() {
            ScriptedServer server = server(always(ok("{}")));
            ask(server);

            Reply reply = client.send(question(server), within(Duration.ZERO));

            assertEquals(failure(server, "no time is left for the request"), text(reply));
            assertEquals("200 {}", ask(server));
            assertEquals(2, server.requests().size());
            assertEquals(1, server.connections());
        }

        @Test
        void isKeptIfThePeerDoesNotRead() throws InterruptedException {
            CountDownLatch done = new CountDownLatch(1);
            ScriptedServer server = server(peer -> done.await());
            HttpCall large = question(ServerEndpoint.of(server), "x".repeat(32 * 1024 * 1024));

            Reply reply = client.send(large, within(Duration.ofMillis(200)));

            assertTrue(text(reply).contains("no whole answer within"), text(reply));
            done.countDown();
        }

        @Test
        void isKeptIfTheResponseComesBeforeTheWholeRequestIsSent() throws InterruptedException {
            ScriptedServer server =
                    server(
                            peer -> {
                                peer.input().read();
                                peer.say(ok("early"));
                                new CountDownLatch(1).await(); // and does not read further
                            },
                            always(ok("two")));
            HttpCall large = question(ServerEndpoint.of(server), "x".repeat(32 * 1024 * 1024));

            Reply reply = client.send(large, within(Duration.ofMillis(200)));

            assertTrue(text(reply).contains("no whole answer within"), text(reply));
            assertEquals("200 two", ask(server));
        }
    }

    @Nested
    class SeveralThreads {

        @Test
        void getTheirOwnResponses() throws Exception {
            ScriptedServer server =
                    server(peer -> {
                        while (true) {
                            String request = peer.request();
                            peer.say(ok(request.substring(request.indexOf("\r\n\r\n") + 4)));
                        }
                    });

            inParallel(
                    8,
                    () -> {
                        for (int i = 0; i < 100; i++) {
                            String body = Thread.currentThread().threadId() + "/" + i;
                            HttpCall call = question(ServerEndpoint.of(server), body);
                            assertEquals(
                                    "200 " + body,
                                    text(client.send(call, within(Duration.ofSeconds(20)))));
                        }
                        return null;
                    });

            assertTrue(server.connections() <= 8, () -> "connections: " + server.connections());
            assertEquals(800, server.requests().size());
        }

        @Test
        void areNotStartedByTheClient() {
            ScriptedServer server = server(always(ok("{}")), Peer::request);

            ask(server);
            client.send(
                    HttpCall.getOnce(ServerEndpoint.of(server), "application/json"),
                    within(Duration.ofMillis(50)));

            assertEquals(List.of(), threadsAtWork());
        }

        /**
         * The other platform threads that run code of this package. The servers use virtual
         * threads.
         */
        private static List<String> threadsAtWork() {
            return Thread.getAllStackTraces().entrySet().stream()
                    .filter(entry -> entry.getKey() != Thread.currentThread())
                    .filter(entry ->
                            Stream.of(entry.getValue())
                                    .anyMatch(frame ->
                                            frame.getClassName().startsWith("authoriser.http.")))
                    .map(entry -> entry.getKey().getName())
                    .toList();
        }
    }

    @Test
    void describesAHostWithoutARoute() {
        assertEquals(
                "there is no route to the host",
                HttpClient.describe(new NoRouteToHostException("to 10.1.2.3"), 1));
    }
}
