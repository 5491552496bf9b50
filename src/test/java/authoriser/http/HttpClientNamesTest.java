package authoriser.http;

import static authoriser.http.Replies.text;
import static authoriser.standin.ScriptedServer.always;
import static authoriser.standin.ScriptedServer.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertLinesMatch;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.standin.Certificates;
import authoriser.standin.LoopbackOnly;
import authoriser.standin.ScriptedServer;
import authoriser.time.Deadline;
import authoriser.trust.TrustStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How the client chooses an address of a host name. */
@Timeout(60)
final class HttpClientNamesTest {
    private static final InetAddress HERE = loopback(1);

    /** A loopback address without a server. */
    private static final InetAddress WITHOUT_SERVER = loopback(2);

    private final HttpClient client =
            new HttpClient(InstantSource.system(), TlsLayer.trusting(TrustStore.ofJvm()));

    private static InetAddress loopback(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** Defines a name. {@code .test} is reserved for tests (RFC 2606 section 2). */
    private static String named(String host, InetAddress... addresses) {
        LoopbackOnly.name(host, () -> addresses);
        return host;
    }

    private static Deadline within(Duration time) {
        return Deadline.in(time, InstantSource.system());
    }

    private static HttpClient trusting(Certificates certificates) {
        return new HttpClient(
                InstantSource.system(),
                TlsLayer.trusting(
                        new TrustStore(
                                certificates.trustStore().toFile(),
                                "PKCS12",
                                Optional.of(certificates.trustStorePassword()))));
    }

    private static String ask(HttpClient client, Endpoint endpoint) {
        return text(
                client.send(
                        HttpCall.getOnce(endpoint, "application/json"),
                        within(Duration.ofSeconds(20))));
    }

    @Test
    void connectsToTheAddressOfAHost() {
        try (ScriptedServer server = ScriptedServer.plain(always(ok("{}")))) {
            String host = named("one-address.test", HERE);

            assertEquals("200 {}", ask(client, ServerEndpoint.of(server, host)));
        }
    }

    @Test
    void triesTheNextAddressIfTheFirstRefuses() {
        try (ScriptedServer server = ScriptedServer.plain(always(ok("{}")))) {
            String host = named("two-addresses.test", WITHOUT_SERVER, HERE);

            assertEquals("200 {}", ask(client, ServerEndpoint.of(server, host)));
        }
    }

    @Test
    void beginsWithTheFirstOfThreeAddresses() {
        try (ScriptedServer server = ScriptedServer.plain(always(ok("{}")));
                ScriptedServer first =
                        ScriptedServer.at(WITHOUT_SERVER, server.port(), always(ok("[]")))) {
            String host = named("three-addresses.test", WITHOUT_SERVER, loopback(3), HERE);

            assertEquals("200 []", ask(client, ServerEndpoint.of(server, host)));
            assertEquals(1, first.connections());
        }
    }

    @Test
    void triesTheNextAddressIfTheFirstDoesNotAccept() throws IOException {
        try (FullServer full = new FullServer();
                ScriptedServer server =
                        ScriptedServer.at(HERE, full.address().getPort(), always(ok("{}")))) {
            String host = named("full.test", full.address().getAddress(), HERE);
            HttpCall call = HttpCall.getOnce(ServerEndpoint.of(server, host), "application/json");

            assertEquals("200 {}", text(client.send(call, within(Duration.ofSeconds(4)))));
        }
    }

    @Test
    void usesTheWholeTimeIfNoAddressAccepts() throws IOException {
        try (FullServer full = new FullServer()) {
            InetAddress address = full.address().getAddress();
            String host = named("twice-full.test", address, address);
            Endpoint endpoint =
                    Endpoint.parse("http://" + host + ":" + full.address().getPort() + "/")
                            .orElseThrow();
            long begun = System.nanoTime();

            client.send(
                    HttpCall.getOnce(endpoint, "application/json"), within(Duration.ofSeconds(1)));

            long millis = (System.nanoTime() - begun) / 1_000_000;
            assertTrue(millis >= 900, () -> millis + " ms");
        }
    }

    @Test
    void beginsWithAnotherAddressAfterNoResponse() throws InterruptedException {
        String host = named("mute.test", WITHOUT_SERVER, HERE);
        try (ScriptedServer server = ScriptedServer.plain(always(ok("{}")))) {
            assertLeftAfterOneTry(client, server, host, Duration.ofMillis(500));
        }
    }

    @Test
    void beginsWithAnotherAddressAfterAHandshakeTimeOut(@TempDir Path directory)
            throws InterruptedException {
        String host = named("stalled.test", WITHOUT_SERVER, HERE);
        Certificates certificates = Certificates.forHost(directory, host);
        try (ScriptedServer server =
                ScriptedServer.tls(certificates.serverContext(), always(ok("{}")))) {
            assertLeftAfterOneTry(trusting(certificates), server, host, Duration.ofSeconds(1));
        }
    }

    /** The first address of the host accepts connections, but sends nothing. */
    private static void assertLeftAfterOneTry(
            HttpClient client, ScriptedServer server, String host, Duration time)
            throws InterruptedException {
        CountDownLatch connected = new CountDownLatch(1);
        try (ScriptedServer mute =
                ScriptedServer.at(WITHOUT_SERVER, server.port(), _ -> connected.countDown())) {
            HttpCall call = HttpCall.getOnce(ServerEndpoint.of(server, host), "application/json");

            Reply first = client.send(call, within(time));

            assertTrue(text(first).contains("no whole answer within"), text(first));
            assertEquals("200 {}", ask(client, ServerEndpoint.of(server, host)));
            connected.await();
            assertEquals(1, mute.connections());
        }
    }

    @Test
    void reportsRefusedConnectionsIfNoAddressAccepts() {
        try (ScriptedServer server = ScriptedServer.plain(always(ok("{}")))) {
            String host = named("no-server.test", WITHOUT_SERVER, loopback(3));

            assertEquals(
                    "no-server.test:" + server.port() + ": the connection was refused",
                    ask(client, ServerEndpoint.of(server, host)));
        }
    }

    @Test
    void reportsAHostWithoutAddress() {
        assertEquals(
                "unheard-of.test: the host's name is not known",
                ask(client, Endpoint.parse("http://unheard-of.test/secret").orElseThrow()));
    }

    @Test
    void endsAtTheDeadlineIfTheNameServerSendsNothing() {
        CountDownLatch silence = new CountDownLatch(1);
        String host = "silence.test";
        LoopbackOnly.silence(host, silence);
        HttpCall call =
                HttpCall.getOnce(
                        Endpoint.parse("http://" + host + "/").orElseThrow(), "application/json");

        String reply = text(client.send(call, within(Duration.ofMillis(200))));

        silence.countDown();
        assertLinesMatch(
                List.of("silence\\.test: no whole answer within (200|1\\d\\d) ms"), List.of(reply));
    }

    @Test
    void sendsAndChecksTheHostNameInTls(@TempDir Path directory) {
        Certificates certificates = Certificates.forHost(directory, "named.test");
        CompletableFuture<String> serverName = new CompletableFuture<>();
        HttpClient secured = trusting(certificates);
        try (ScriptedServer server =
                ScriptedServer.tls(
                        certificates.serverContext(),
                        peer -> {
                            peer.secure(socket ->
                                    socket.addHandshakeCompletedListener(event ->
                                            serverName.complete(serverName(event.getSession()))));
                            always(ok("{}")).serve(peer);
                        })) {
            String right = named("named.test", HERE);
            String other = named("other-name.test", HERE);

            assertEquals("200 {}", ask(secured, ServerEndpoint.of(server, right)));
            assertEquals("named.test", serverName.join());
            assertEquals(
                    "other-name.test:" + server.port() + ": its certificate is for another host",
                    ask(secured, ServerEndpoint.of(server, other)));
        }
    }

    private static String serverName(Object session) {
        return ((ExtendedSSLSession) session)
                .getRequestedServerNames().stream()
                        .map(name -> ((SNIHostName) name).getAsciiName())
                        .findFirst()
                        .orElse("");
    }
}
