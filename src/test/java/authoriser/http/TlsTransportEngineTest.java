package authoriser.http;

import static authoriser.http.StubEngine.result;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.standin.ScriptedServer;
import authoriser.standin.ScriptedServer.Script;
import authoriser.time.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a TLS connection does with each result of its engine. */
@Timeout(60)
final class TlsTransportEngineTest {
    private static final HandshakeStatus DONE = HandshakeStatus.NOT_HANDSHAKING;

    private final StubEngine engine = new StubEngine();
    private final FirstHandshake first = new FirstHandshake();
    private ScriptedServer server = ScriptedServer.plain(peer -> peer.input().read());

    @AfterEach
    void closeServer() {
        server.close();
    }

    private void serve(Script script) {
        server.close();
        server = ScriptedServer.plain(script);
    }

    /** The peer says this, and waits for the end. */
    private void say(String bytes) {
        serve(peer -> {
            peer.say(bytes);
            peer.input().read();
        });
    }

    private Transport connected(Duration time) throws IOException {
        TcpTransport tcp =
                TcpTransport.connect(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()),
                        Deadline.in(time, InstantSource.system()));
        return TlsTransport.over(tcp, engine, new ArrayDeque<>(), first);
    }

    private Transport connected() throws IOException {
        return connected(Duration.ofSeconds(20));
    }

    private void assertFails(Class<? extends IOException> type, String message) {
        IOException failure = assertThrows(IOException.class, this::connected);
        assertEquals(type, failure.getClass());
        assertEquals(message, failure.getMessage());
        assertFalse(first.isCompleted());
    }

    // The handshake

    @Test
    void remembersThatTheFirstHandshakeWasCompleted() throws IOException {
        assertFalse(first.isCompleted());

        connected().close();

        assertTrue(first.isCompleted());
    }

    @Test
    void failsIfThePeerClosesTlsDuringTheHandshake() {
        say("x");
        engine.beginsWith(HandshakeStatus.NEED_UNWRAP)
                .unwraps(result(Status.CLOSED, HandshakeStatus.NEED_UNWRAP, 0, 0));

        assertFails(SocketException.class, "ended during the handshake");
    }

    @Test
    void failsIfARecordHasMoreContentThanTheBufferHolds() {
        say("x");
        engine.beginsWith(HandshakeStatus.NEED_UNWRAP)
                .unwraps(result(Status.BUFFER_OVERFLOW, HandshakeStatus.NEED_UNWRAP, 0, 0));

        assertFails(SSLException.class, "a record that is too long");
    }

    @Test
    void failsIfARecordHasMoreBytesThanTheBufferHolds() {
        say("x".repeat(100_000));
        engine.beginsWith(HandshakeStatus.NEED_UNWRAP)
                .unwraps(result(Status.BUFFER_UNDERFLOW, HandshakeStatus.NEED_UNWRAP, 0, 0));

        assertFails(SSLException.class, "a record that is too long");
    }

    @Test
    void failsIfTheEngineHasNothingToSend() {
        engine.beginsWith(HandshakeStatus.NEED_WRAP);

        assertFails(SSLException.class, "nothing can be sent");
    }

    @Test
    void endsAtTheDeadlineIfTheEngineTakesNothing() {
        say("x");
        engine.beginsWith(HandshakeStatus.NEED_UNWRAP)
                .unwraps(result(Status.OK, HandshakeStatus.NEED_UNWRAP, 0, 0));

        assertThrows(SocketTimeoutException.class, () -> connected(Duration.ofMillis(500)));
    }

    @Test
    void asksTheEngineOnlyWhenThereAreBytes() throws IOException {
        say("x");
        engine.beginsWith(HandshakeStatus.NEED_UNWRAP)
                .unwraps(result(Status.OK, HandshakeStatus.FINISHED, 1, 0));

        connected().close();

        assertEquals(List.of(1), engine.unwrapped());
    }

    // Content

    @Test
    void failsIfTheEngineNeitherTakesContentNorMakesARecord() throws IOException {
        engine.wraps(result(Status.OK, DONE, 0, 0));
        try (Transport transport = connected()) {
            SSLException failure =
                    assertThrows(SSLException.class, () -> transport.write(new byte[1]));
            assertEquals("nothing can be sent", failure.getMessage());
        }
    }

    @Test
    void goesOnIfTheEngineTakesContentAndMakesNoRecordYet() throws IOException {
        engine.wraps(result(Status.OK, DONE, 1, 0), result(Status.OK, DONE, 1, 1));
        Transport transport = connected();

        transport.write(new byte[2]);

        assertEquals(2, engine.wrapCount());
    }

    @Test
    void goesOnIfTheEngineMakesARecordWithoutContentFirst() throws IOException {
        engine.wraps(result(Status.OK, DONE, 0, 1), result(Status.OK, DONE, 1, 1));
        Transport transport = connected();

        transport.write(new byte[1]);

        assertEquals(2, engine.wrapCount());
    }

    @Test
    void isNotSilentIfThePeerClosesTls() throws IOException {
        say("xy");
        engine.unwraps(result(Status.OK, DONE, 1, 1), result(Status.CLOSED, DONE, 1, 0));
        try (Transport transport = connected()) {
            assertEquals(1, transport.read(new byte[1], 0, 1));

            assertFalse(transport.isSilent());
        }
    }

    @Test
    void isNotSilentIfThreeReadsAllFindRecords() throws Exception {
        CountDownLatch said = new CountDownLatch(1);
        serve(peer -> {
            peer.say("x".repeat(50_000)); // three times as much as the buffer holds, or less
            peer.delivered();
            said.countDown();
            peer.input().read();
        });
        engine.unwraps(result(Status.OK, DONE, 50_000, 0));
        try (Transport transport = connected()) {
            said.await();

            assertFalse(transport.isSilent());
            assertTrue(transport.isSilent());
        }
    }

    // The end

    @Test
    void sendsWhatTheEngineMakesAtTheEnd() throws IOException {
        CompletableFuture<String> heard = new CompletableFuture<>();
        serve(peer ->
                heard.complete(new String(peer.input().readAllBytes(), StandardCharsets.US_ASCII)));
        engine.wraps(result(Status.OK, DONE, 0, 3), result(Status.CLOSED, DONE, 0, 0));

        connected().close();

        assertEquals("ccc", heard.join());
        assertEquals(2, engine.wrapCount());
    }

    @Test
    void endsThoughTheEngineAlwaysHasSomethingToSend() throws IOException {
        engine.wraps(result(Status.OK, DONE, 0, 1));

        connected().close();

        assertEquals(3, engine.wrapCount());
    }
}
