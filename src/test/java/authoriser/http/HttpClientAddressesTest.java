package authoriser.http;

import static authoriser.standin.ScriptedServer.always;
import static authoriser.standin.ScriptedServer.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import authoriser.standin.Certificates;
import authoriser.standin.Identity;
import authoriser.standin.Identity.Order;
import authoriser.standin.ScriptedServer;
import authoriser.time.Deadline;
import authoriser.trust.TrustStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** URLs with an address instead of a host name. */
@Timeout(60)
final class HttpClientAddressesTest {
    private static final Identity AUTHORITY =
            Identity.selfSigned(Order.of("authority").authority());

    @TempDir private Path directory;

    /** Skips the test if the machine has no such address. */
    private static InetAddress local(String host) throws IOException {
        InetAddress address = InetAddress.getByName(host);
        boolean there = true;
        try (ServerSocket socket = new ServerSocket(0, 1, address)) {
            assertTrue(socket.isBound());
        } catch (IOException e) {
            there = false;
        }
        assumeTrue(there, "this machine has no " + host);
        return address;
    }

    private Certificates certificateFor(String... hosts) {
        return Certificates.of(
                directory, AUTHORITY, AUTHORITY.signs(Order.of("server").hosts(hosts)));
    }

    private static String ask(TlsLibrary provider, Certificates certificates, Endpoint endpoint) {
        TrustStore trusted =
                new TrustStore(
                        certificates.trustStore().toFile(),
                        "PKCS12",
                        Optional.of(certificates.trustStorePassword()));
        Reply reply =
                new HttpClient(InstantSource.system(), provider.trusting(trusted))
                        .send(
                                HttpCall.getOnce(endpoint, "application/json"),
                                Deadline.in(Duration.ofSeconds(20), InstantSource.system()));
        return switch (reply) {
            case Reply.Answered(int status, byte[] body, _) ->
                    status + " " + new String(body, StandardCharsets.US_ASCII);
            case Reply.Failed(String detail, _, _) -> detail;
        };
    }

    @ParameterizedTest
    @CsvSource({
        "NATIVE, [::1]",
        "NATIVE, [0:0:0:0:0:0:0:1]",
        "NATIVE, [::0001]",
        "NATIVE, 127.0.0.1",
        "JDK, [::1]",
        "JDK, [0:0:0:0:0:0:0:1]",
        "JDK, [::0001]",
        "JDK, 127.0.0.1"
    })
    void trustsAHostByTheAddressInItsCertificate(TlsLibrary provider, String host)
            throws IOException {
        Certificates certificates = certificateFor("::1", "127.0.0.1");
        CompletableFuture<SSLSession> session = new CompletableFuture<>();
        try (ScriptedServer server =
                ScriptedServer.tlsAt(
                        local(host),
                        certificates.serverContext(),
                        peer -> {
                            peer.secure(socket ->
                                    socket.addHandshakeCompletedListener(
                                            event -> session.complete(event.getSession())));
                            always(ok("{}")).serve(peer);
                        })) {

            assertEquals("200 {}", ask(provider, certificates, ServerEndpoint.of(server, host)));

            String header = "\r\nHost: " + host + ":" + server.port() + "\r\n";
            assertTrue(server.requests().getFirst().contains(header), server.requests()::toString);
            // An address must not be sent as server name (RFC 6066 section 3)
            assertEquals(0, ((ExtendedSSLSession) session.join()).getRequestedServerNames().size());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "NATIVE, [::1], 127.0.0.1",
        "NATIVE, [::1], ::2",
        "NATIVE, 127.0.0.1, 127.0.0.2",
        "NATIVE, 127.0.0.1, localhost",
        "JDK, [::1], 127.0.0.1",
        "JDK, [::1], ::2",
        "JDK, 127.0.0.1, 127.0.0.2",
        "JDK, 127.0.0.1, localhost"
    })
    void refusesACertificateForAnotherAddress(TlsLibrary provider, String host, String other)
            throws IOException {
        Certificates certificates = certificateFor(other);
        try (ScriptedServer server =
                ScriptedServer.tlsAt(local(host), certificates.serverContext(), always(ok("{}")))) {

            assertEquals(
                    host + ":" + server.port() + ": its certificate is for another host",
                    ask(provider, certificates, ServerEndpoint.of(server, host)));
        }
    }

    @Test
    void reachesAnAddressOfIpVersion6WithoutTls() throws IOException {
        try (ScriptedServer server = ScriptedServer.at(local("::1"), 0, always(ok("{}")))) {
            String reply =
                    ask(TlsLibrary.JDK, certificateFor("::1"), ServerEndpoint.of(server, "[::1]"));

            assertEquals("200 {}", reply);
            String header = "\r\nHost: [::1]:" + server.port() + "\r\n";
            assertTrue(server.requests().getFirst().contains(header), server.requests()::toString);
        }
    }
}
