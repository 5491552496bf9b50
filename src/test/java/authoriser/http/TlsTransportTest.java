package authoriser.http;

import static authoriser.standin.ScriptedServer.always;
import static authoriser.standin.ScriptedServer.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.crypto.NativeProvider;
import authoriser.standin.Certificates;
import authoriser.standin.ScriptedServer;
import authoriser.standin.ScriptedServer.Peer;
import authoriser.standin.ScriptedServer.Script;
import authoriser.time.Deadline;
import authoriser.trust.PeerTrust;
import authoriser.trust.TrustStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The resources of a TLS connection, which are released when it ends. */
@Timeout(60)
final class TlsTransportTest {
    private static Certificates good;
    private static Certificates foreign;

    private final Deque<RecordBuffers> spare = new ArrayDeque<>();
    private final List<ScriptedServer> servers = new ArrayList<>();
    private final SSLEngine engine = engine(good);

    @BeforeAll
    static void makeCertificates(@TempDir Path directory) {
        good = Certificates.create(directory.resolve("good"));
        foreign = Certificates.create(directory.resolve("foreign"));
    }

    @AfterEach
    void closeServers() {
        servers.forEach(ScriptedServer::close);
    }

    private ScriptedServer server(Certificates certificates, Script... scripts) {
        ScriptedServer server = ScriptedServer.tls(certificates.serverContext(), scripts);
        servers.add(server);
        return server;
    }

    /** An engine of the native provider that trusts one authority. */
    private static SSLEngine engine(Certificates trusted) {
        try {
            TrustStore store =
                    new TrustStore(
                            trusted.trustStore().toFile(),
                            "PKCS12",
                            Optional.of(trusted.trustStorePassword()));
            SSLContext context = SSLContext.getInstance("TLS", NativeProvider.find().orElseThrow());
            context.init(null, new TrustManager[] {PeerTrust.in(store)}, null);
            SSLEngine made = context.createSSLEngine("localhost", 443);
            made.setUseClientMode(true);
            return made;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TcpTransport connected(ScriptedServer server) throws IOException {
        return TcpTransport.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()),
                Deadline.in(Duration.ofSeconds(20), InstantSource.system()));
    }

    private Transport secured(ScriptedServer server) throws IOException {
        return TlsTransport.over(connected(server), engine, spare, new FirstHandshake());
    }

    /** Whether the native memory behind the engine was freed. */
    private boolean freed() throws ReflectiveOperationException {
        Object conscrypt = field(engine, "delegate");
        Object ssl = field(conscrypt, "ssl");
        Method isClosed = ssl.getClass().getDeclaredMethod("isClosed");
        isClosed.setAccessible(true);
        long bio = (long) field(field(conscrypt, "networkBio"), "bio");
        return (boolean) isClosed.invoke(ssl) && bio == 0;
    }

    private static Object field(Object owner, String name) throws ReflectiveOperationException {
        Field field = owner.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(owner);
    }

    private static String read(Transport transport, int length) throws IOException {
        byte[] bytes = new byte[length];
        int filled = 0;
        while (filled < length) {
            int read = transport.read(bytes, filled, length - filled);
            assertTrue(read > 0, "an end");
            filled += read;
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    // Native memory, which would otherwise be freed only after a garbage collection

    @Test
    void freesNativeMemoryWhenTheConnectionEnds() throws Exception {
        Transport transport = secured(server(good, Peer::input));

        assertFalse(freed());
        transport.close();

        assertTrue(freed());
    }

    @Test
    void freesNativeMemoryWhenTheCertificateIsRefused() throws Exception {
        ScriptedServer server = server(foreign, Peer::input);

        assertThrows(IOException.class, () -> secured(server));

        assertTrue(freed());
        server.awaitLeft(1);
    }

    @Test
    void freesNativeMemoryWhenThePeerEndsTheHandshake() throws Exception {
        ScriptedServer server =
                server(
                        good,
                        peer -> {
                            peer.transport().getInputStream().read();
                            peer.reset();
                        });

        assertThrows(IOException.class, () -> secured(server));

        assertTrue(freed());
    }

    @Test
    void freesNativeMemoryWhenThePeerDoesNotUseTls() throws Exception {
        ScriptedServer server = server(good, peer -> peer.raw(new byte[100], 0, 100));

        assertThrows(IOException.class, () -> secured(server));

        assertTrue(freed());
    }

    @Test
    void freesNativeMemoryWhenThePeerEndsTheConnection() throws Exception {
        ScriptedServer server =
                server(
                        good,
                        peer -> {
                            peer.say("x");
                            peer.end();
                        });
        Transport transport = secured(server);
        read(transport, 1);

        assertEquals(-1, transport.read(new byte[1], 0, 1));
        transport.close();

        assertTrue(freed());
    }

    @Test
    void freesNativeMemoryWhenThePeerResetsTheConnection() throws Exception {
        ScriptedServer server =
                server(
                        good,
                        peer -> {
                            peer.say("x");
                            peer.input().read();
                            peer.reset();
                        });
        Transport transport = secured(server);
        read(transport, 1);
        transport.write(new byte[] {'x'});

        assertThrows(IOException.class, () -> transport.read(new byte[1], 0, 1));
        transport.close();

        assertTrue(freed());
    }

    @Test
    void closesWithoutDelayIfThePeerDoesNotRead() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        ScriptedServer server =
                server(
                        good,
                        peer -> {
                            peer.input();
                            done.await();
                        });
        Transport transport = secured(server);
        transport.deadline(Deadline.in(Duration.ofMillis(200), InstantSource.system()));
        assertThrows(IOException.class, () -> transport.write(new byte[32 * 1024 * 1024]));

        transport.close();

        assertTrue(freed());
        done.countDown();
    }

    // Buffers

    @Test
    void reusesBuffersAfterTheEnd() throws Exception {
        Transport transport = secured(server(good, Peer::input));
        assertEquals(0, spare.size());

        transport.close();
        transport.close(); // two connections would share a buffer that was released twice

        assertEquals(1, spare.size());
    }

    @Test
    void reusesBuffersOfAFailedHandshake() {
        ScriptedServer server = server(foreign, Peer::input);

        assertThrows(IOException.class, () -> secured(server));

        assertEquals(1, spare.size());
    }

    @Test
    void clearsBuffersOfAnEarlierConnection() throws Exception {
        ScriptedServer server = server(good, peer -> peer.say("left behind"));
        Transport transport = secured(server);
        read(transport, 1);

        transport.close();

        RecordBuffers used = spare.getFirst();
        assertEquals(
                0, used.received.remaining() + used.content.remaining() + used.sent.remaining());
        assertThrows(IOException.class, () -> transport.read(new byte[1], 0, 1));
        assertThrows(IOException.class, () -> transport.write(new byte[1]));
        assertFalse(transport.silent());
    }

    @Test
    void leavesNoMemoryOutsideTheHeap() {
        ScriptedServer server =
                server(
                        good,
                        always(
                                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"));
        TrustStore store =
                new TrustStore(
                        good.trustStore().toFile(),
                        "PKCS12",
                        Optional.of(good.trustStorePassword()));
        HttpClient client = new HttpClient(InstantSource.system(), TlsLayer.trusting(store));
        HttpCall call = HttpCall.post(ServerEndpoint.of(server)).body(new byte[0]);
        ask(client, call);
        long before = memoryOutsideTheHeap();

        for (int i = 0; i < 100; i++) {
            ask(client, call);
        }

        long each = (memoryOutsideTheHeap() - before) / 100;
        assertTrue(each < 4096, () -> "bytes for each connection: " + each);
        assertEquals(101, server.connections());
    }

    private static void ask(HttpClient client, HttpCall call) {
        Reply reply =
                client.send(call, Deadline.in(Duration.ofSeconds(20), InstantSource.system()));
        assertTrue(reply instanceof Reply.Answered, reply::toString);
    }

    private static long memoryOutsideTheHeap() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    // Content

    @Test
    void transfersManyRecordsInBothDirections() throws Exception {
        String message = "0123456789abcdef".repeat(5_000);
        ScriptedServer server =
                server(
                        good,
                        peer -> {
                            ByteArrayOutputStream heard = new ByteArrayOutputStream();
                            heard.write(peer.input().readNBytes(message.length()));
                            peer.say(heard.toString(StandardCharsets.ISO_8859_1));
                        });
        Transport transport = secured(server);

        transport.write(message.getBytes(StandardCharsets.ISO_8859_1));

        assertEquals(message, read(transport, message.length()));
    }

    @Test
    void reportsSilenceIndependentlyOfTheDeadline() throws Exception {
        CountDownLatch said = new CountDownLatch(1);
        CountDownLatch wanted = new CountDownLatch(1);
        ScriptedServer server =
                server(
                        good,
                        peer -> {
                            peer.input();
                            wanted.await();
                            peer.say(ok("{}"));
                            peer.delivered();
                            said.countDown();
                        });
        Transport transport = secured(server);
        transport.deadline(Deadline.in(Duration.ZERO, InstantSource.system()));

        assertTrue(transport.silent());
        wanted.countDown();
        said.await();
        assertFalse(transport.silent());
    }
}
