package authoriser.http;

import static authoriser.http.Replies.text;
import static authoriser.standin.ScriptedServer.always;
import static authoriser.standin.ScriptedServer.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertLinesMatch;

import authoriser.standin.Certificates;
import authoriser.standin.ManualClock;
import authoriser.standin.ScriptedServer;
import authoriser.standin.ScriptedServer.Peer;
import authoriser.standin.ScriptedServer.Script;
import authoriser.time.Deadline;
import authoriser.trust.TrustStore;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Uses real TLS servers, and servers that send invalid TLS records. */
@Timeout(60)
@ParameterizedClass
@EnumSource
final class HttpClientTlsTest {
    @Parameter TlsLibrary provider;

    private static Certificates good;
    private static Certificates foreign;
    private static Certificates expired;

    private final ManualClock clock = ManualClock.at("2026-03-01T12:00:00Z");
    private final List<ScriptedServer> servers = new ArrayList<>();

    @BeforeAll
    static void makeCertificates(@TempDir Path directory) {
        good = Certificates.create(directory.resolve("good"));
        foreign = Certificates.forHost(directory.resolve("foreign"), "validation.example.com");
        expired = Certificates.expired(directory.resolve("expired"));
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

    /** A server without TLS. It sends TLS records that the test has written. */
    private ScriptedServer raw(Script... scripts) {
        ScriptedServer server = ScriptedServer.plain(scripts);
        servers.add(server);
        return server;
    }

    private HttpClient trusting(Certificates certificates) {
        return trusting(
                new TrustStore(
                        certificates.trustStore().toFile(),
                        "PKCS12",
                        Optional.of(certificates.trustStorePassword())));
    }

    private HttpClient trusting(TrustStore store) {
        return new HttpClient(clock, provider.trusting(store));
    }

    private static Deadline within(Duration time) {
        return Deadline.in(time, InstantSource.system());
    }

    private static HttpCall question(String host, int port) {
        return HttpCall.post(Endpoint.parse("https://" + host + ":" + port + "/ask").orElseThrow())
                .header("Authorization", "Bearer secret-value")
                .header("Content-Type", "application/json")
                .body(new byte[] {'{', '}'});
    }

    private static String ask(HttpClient client, ScriptedServer server) {
        return text(
                client.send(question("127.0.0.1", server.port()), within(Duration.ofSeconds(20))));
    }

    private static String failure(ScriptedServer server, String what) {
        return "127.0.0.1:" + server.port() + ": " + what;
    }

    private static String[] only(String version) {
        return new String[] {version};
    }

    /** Reads the first handshake message, which is in one record. */
    private static byte[] clientHello(Peer peer) throws IOException {
        DataInputStream input = new DataInputStream(peer.transport().getInputStream());
        input.skipNBytes(3);
        return input.readNBytes(input.readUnsignedShort());
    }

    private static void write(Peer peer, byte[] bytes) throws IOException {
        OutputStream output = peer.transport().getOutputStream();
        output.write(bytes);
        output.flush();
    }

    @Nested
    class PeerCertificate {

        @ParameterizedTest
        @ValueSource(strings = {"localhost", "127.0.0.1"})
        void isAcceptedForTheNameAndTheAddressInIt(String host) {
            ScriptedServer server = server(good, always(ok("{}")));

            Reply reply =
                    trusting(good)
                            .send(question(host, server.port()), within(Duration.ofSeconds(20)));

            assertEquals("200 {}", text(reply));
        }

        @Test
        void isRefusedIfItIsForAnotherHost() throws InterruptedException {
            assertRefused(
                    server(foreign, always(ok("{}"))),
                    foreign,
                    "its certificate is for another host");
        }

        @Test
        void isRefusedIfItIsFromAnUnknownAuthority() throws InterruptedException {
            assertRefused(
                    server(good, always(ok("{}"))),
                    foreign,
                    "its certificate is not from an authority in the trust store");
        }

        @Test
        void isRefusedIfItHasExpired() throws InterruptedException {
            assertRefused(
                    server(expired, always(ok("{}"))), expired, "its certificate has expired");
        }

        /** The server gets no request, and the client closes each connection. */
        private void assertRefused(ScriptedServer server, Certificates trusted, String detail)
                throws InterruptedException {
            HttpClient client = trusting(trusted);

            client.prepare(ServerEndpoint.of(server), within(Duration.ofSeconds(20)));
            String reply = ask(client, server);

            assertEquals(failure(server, detail), reply);
            assertEquals(List.of(), server.requests());
            server.awaitLeft(2);
        }
    }

    @Nested
    class TrustStoreFile {

        private static final String SETTING = " (javax.net.ssl.trustStore) ";

        @Test
        void isUnusableWithoutItsPassword() throws InterruptedException {
            assertUnusable(
                    new TrustStore(good.trustStore().toFile(), "PKCS12", Optional.empty()),
                    "holds no certificate; to read one that is sealed with a password,"
                            + " javax.net.ssl.trustStorePassword must be set");
        }

        @Test
        void isUnusableIfItDoesNotExist() throws InterruptedException {
            assertUnusable(
                    new TrustStore(
                            good.trustStore().resolveSibling("none.p12").toFile(),
                            "PKCS12",
                            Optional.empty()),
                    "does not exist");
        }

        @Test
        void isUnusableIfItIsADirectory() throws InterruptedException {
            assertUnusable(
                    new TrustStore(
                            good.trustStore().getParent().toFile(), "PKCS12", Optional.empty()),
                    "cannot be read");
        }

        @Test
        void isUnusableWithAnotherPassword() throws InterruptedException {
            assertUnusable(
                    new TrustStore(good.trustStore().toFile(), "PKCS12", Optional.of("n0t-th1s")),
                    "does not open with javax.net.ssl.trustStorePassword");
        }

        @ParameterizedTest
        @ValueSource(strings = {"JCEKS", "no-such-type"})
        void isUnusableIfItHasAnotherType(String type) throws InterruptedException {
            assertUnusable(
                    new TrustStore(
                            good.trustStore().toFile(),
                            type,
                            Optional.of(good.trustStorePassword())),
                    "is not a key store of the type " + type + " (javax.net.ssl.trustStoreType)");
        }

        @Test
        void isUnusableIfItIsACertificate() throws InterruptedException {
            assertUnusable(
                    new TrustStore(good.authorityFile().toFile(), "PKCS12", Optional.empty()),
                    "is not a key store of the type PKCS12 (javax.net.ssl.trustStoreType)");
        }

        private void assertUnusable(TrustStore store, String problem) throws InterruptedException {
            ScriptedServer server = server(good, always(ok("{}")));

            String reply = ask(trusting(store), server);

            assertEquals(
                    failure(server, "the trust store " + store.file() + SETTING + problem), reply);
            assertEquals(List.of(), server.requests());
            server.awaitLeft(1);
        }

        @Test
        void isReadAgainForTheNextConnection(@TempDir Path directory) throws IOException {
            Path file = directory.resolve("later.p12");
            HttpClient client =
                    trusting(
                            new TrustStore(
                                    file.toFile(),
                                    "PKCS12",
                                    Optional.of(good.trustStorePassword())));
            ScriptedServer server = server(good, always(ok("{}")));

            assertEquals(
                    failure(server, "the trust store " + file + SETTING + "does not exist"),
                    ask(client, server));
            Files.copy(good.trustStore(), file);

            assertEquals("200 {}", ask(client, server));
        }
    }

    @Nested
    class Handshake {

        @ParameterizedTest
        @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
        void succeedsWithTls12AndTls13(String version) {
            ScriptedServer server =
                    server(
                            good,
                            peer -> {
                                peer.secure(socket -> socket.setEnabledProtocols(only(version)));
                                always(ok("{}")).serve(peer);
                            });
            HttpClient client = trusting(good);

            assertEquals(
                    List.of("200 {}", "200 {}"), List.of(ask(client, server), ask(client, server)));
            assertEquals(1, server.connections());
        }

        @ParameterizedTest
        @ValueSource(strings = {"0300", "0301", "0302"})
        void failsIfTheServerHelloHasAnOlderVersion(String version) throws InterruptedException {
            // a server hello (RFC 4346 section 7.4.1.3) that chooses ECDHE-RSA with AES-128-CBC
            String hello = version + "00".repeat(32) + "00" + "c013" + "00";
            String handshake = "02" + "000026" + hello;
            byte[] message = HexFormat.of().parseHex("16" + version + "002a" + handshake);
            ScriptedServer server =
                    raw(peer -> {
                        clientHello(peer);
                        write(peer, message);
                    });

            String reply = ask(trusting(good), server);

            assertEquals(failure(server, NOT_AGREED), reply);
            server.awaitLeft(1);
        }

        @Test
        void offersOnlySafeVersionsCiphersAndSignatures() {
            CompletableFuture<byte[]> hello = new CompletableFuture<>();
            ScriptedServer server = raw(peer -> hello.complete(clientHello(peer)));

            trusting(good)
                    .send(question("127.0.0.1", server.port()), within(Duration.ofMillis(500)));

            ByteBuffer message = ByteBuffer.wrap(hello.join());
            message.position(4 + 2 + 32); // type and length, version, random
            skip(message, message.get()); // session
            List<String> ciphers = new ArrayList<>();
            for (int left = message.getShort(); left > 0; left -= 2) {
                ciphers.add(hex(message.getShort()));
            }
            assertEquals(
                    List.of("1301", "1302", "1303", "c02b", "c02f", "c02c", "c030", "cca9", "cca8"),
                    ciphers);
            skip(message, message.get()); // compressions
            message.getShort();
            List<String> versions = new ArrayList<>();
            List<String> signatures = new ArrayList<>();
            while (message.hasRemaining()) {
                short type = message.getShort();
                short length = message.getShort();
                if (type == 43) { // supported_versions, RFC 8446 section 4.2.1
                    for (int left = message.get(); left > 0; left -= 2) {
                        versions.add(hex(message.getShort()));
                    }
                } else if (type == 13) { // signature_algorithms, RFC 8446 section 4.2.3
                    for (int left = message.getShort(); left > 0; left -= 2) {
                        signatures.add(hex(message.getShort()));
                    }
                } else {
                    skip(message, length);
                }
            }
            assertEquals(List.of("0304", "0303"), versions);
            // BoringSSL also offers RSA with SHA-1, as the last one. No setting changes this.
            List<String> others = new ArrayList<>(signatures);
            assertEquals(provider == TlsLibrary.NATIVE, others.remove("0201"));
            assertEquals(List.of(), others.stream().filter(scheme -> !isSha2(scheme)).toList());
        }

        private static boolean isSha2(String scheme) {
            boolean pss = scheme.compareTo("0804") >= 0 && scheme.compareTo("080b") <= 0;
            return pss || scheme.matches("0[456]0[13]");
        }

        private static void skip(ByteBuffer buffer, int length) {
            buffer.position(buffer.position() + length);
        }

        private static String hex(short number) {
            return HexFormat.of().toHexDigits(number);
        }

        @Test
        void failsIfTheServerDoesNotUseTls() {
            ScriptedServer server =
                    raw(peer -> {
                        clientHello(peer);
                        peer.say("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
                    });

            assertEquals(
                    failure(server, "the peer does not speak TLS"), ask(trusting(good), server));
        }

        private static final String NOT_AGREED =
                "both sides have no TLS version or cipher suite in common";

        @ParameterizedTest
        @ValueSource(strings = {"TLSv1", "TLSv1.1"})
        void failsIfTheServerSupportsOnlyAnOlderVersion(String version) {
            ScriptedServer server =
                    server(
                            good,
                            peer ->
                                    peer.secure(
                                            socket -> socket.setEnabledProtocols(only(version))));

            assertEquals(
                    failure(server, NOT_AGREED + " (alert protocol_version)"),
                    ask(trusting(good), server));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "TLS_RSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
                    "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"
                })
        void failsWithoutForwardSecrecyOrAuthenticatedEncryption(String cipher) {
            ScriptedServer server =
                    server(
                            good,
                            peer ->
                                    peer.secure(socket -> {
                                        socket.setEnabledProtocols(only("TLSv1.2"));
                                        socket.setEnabledCipherSuites(only(cipher));
                                    }));

            assertEquals(
                    failure(server, NOT_AGREED + " (alert handshake_failure)"),
                    ask(trusting(good), server));
        }

        @Test
        void failsIfTheServerChoosesACipherThatWasNotOffered() {
            // a server hello of TLS 1.2 (RFC 5246 section 7.4.1.3) that chooses RSA key exchange
            String hello = "0303" + "00".repeat(32) + "00" + "009c" + "00";
            ScriptedServer server =
                    raw(peer -> {
                        clientHello(peer);
                        write(peer, HexFormat.of().parseHex("160303002a02000026" + hello));
                    });

            assertEquals(failure(server, NOT_AGREED), ask(trusting(good), server));
        }

        @ParameterizedTest
        @CsvSource({
            "40, both sides have no TLS version or cipher suite in common (alert handshake_failure)",
            "70, both sides have no TLS version or cipher suite in common (alert protocol_version)",
            "71, both sides have no TLS version or cipher suite in common (alert insufficient_security)",
            "42, the peer sent the TLS alert bad_certificate",
            "48, the peer sent the TLS alert unknown_ca",
            "80, the peer sent the TLS alert internal_error",
            "112, the peer sent the TLS alert unrecognized_name",
            "116, the peer sent the TLS alert certificate_required",
            "0, the connection was closed during the TLS handshake"
        })
        void namesTheAlertOfThePeer(int alert, String detail) {
            ScriptedServer server =
                    raw(peer -> {
                        clientHello(peer);
                        write(peer, new byte[] {21, 3, 3, 0, 2, 2, (byte) alert});
                    });

            assertEquals(failure(server, detail), ask(trusting(good), server));
        }

        @Test
        void failsIfTheServerRequiresAClientCertificate() {
            ScriptedServer server =
                    server(
                            good,
                            peer -> {
                                peer.secure(socket -> socket.setNeedClientAuth(true));
                                always(ok("{}")).serve(peer);
                            });

            assertEquals(
                    failure(server, "the peer sent the TLS alert certificate_required"),
                    ask(trusting(good), server));
        }

        @Test
        void failsIfThePeerClosesTheConnection() {
            ScriptedServer server =
                    raw(peer -> {
                        clientHello(peer);
                        peer.end();
                    });

            assertEquals(failure(server, CLOSED), ask(trusting(good), server));
        }

        private static final String CLOSED = "the connection was closed during the TLS handshake";

        @Test
        void failsIfThePeerResetsTheConnection() {
            ScriptedServer server =
                    raw(peer -> {
                        clientHello(peer);
                        peer.transport().setSoLinger(true, 0);
                        peer.transport().close();
                    });

            assertEquals(failure(server, CLOSED), ask(trusting(good), server));
        }
    }

    @Nested
    class IdleConnection {

        @Test
        void isTheOneThatWasPrepared() {
            ScriptedServer server = server(good, always(ok("{}")));
            HttpClient client = trusting(good);

            client.prepare(ServerEndpoint.of(server), within(Duration.ofSeconds(20)));

            assertEquals(
                    List.of("200 {}", "200 {}"), List.of(ask(client, server), ask(client, server)));
            assertEquals(1, server.connections());
        }

        @Test
        void isUsedAfterASessionTicket() {
            ScriptedServer server =
                    server(
                            good,
                            peer -> {
                                peer.secure(socket -> socket.setEnabledProtocols(only("TLSv1.3")));
                                always(ok("{}"))
                                        .serve(peer); // the server has sent a session ticket before
                            });
            HttpClient client = trusting(good);
            client.prepare(ServerEndpoint.of(server), within(Duration.ofSeconds(20)));

            for (int i = 0; i < 100; i++) {
                assertEquals("200 {}", ask(client, server));
            }

            assertEquals(1, server.connections());
        }

        @Test
        void isUsedAfterAKeyUpdate() throws InterruptedException {
            CountDownLatch answered = new CountDownLatch(1);
            CountDownLatch updated = new CountDownLatch(1);
            AtomicReference<SSLSocket> secured = new AtomicReference<>();
            ScriptedServer server =
                    server(
                            good,
                            peer -> {
                                peer.secure(secured::set);
                                peer.request();
                                peer.say(ok("one"));
                                answered.await();
                                secured.get().startHandshake(); // in TLS 1.3 a KeyUpdate
                                peer.delivered();
                                updated.countDown();
                                peer.request();
                                peer.say(ok("two"));
                            },
                            always(ok("two")));
            HttpClient client = trusting(good);

            assertEquals("200 one", ask(client, server));
            answered.countDown();
            updated.await();

            assertEquals("200 two", ask(client, server));
        }

        @Test
        void isCheckedIfAKeyUpdateArrivesInTwoParts() throws InterruptedException {
            CountDownLatch answered = new CountDownLatch(1);
            CountDownLatch updated = new CountDownLatch(1);
            AtomicReference<SSLSocket> secured = new AtomicReference<>();
            ScriptedServer server =
                    server(
                            good,
                            peer -> {
                                peer.secure(secured::set);
                                peer.request();
                                byte[] records =
                                        peer.held(() -> {
                                            peer.say(ok("one"));
                                            secured.get().startHandshake();
                                        });
                                peer.raw(records, 0, records.length - 3);
                                answered.await();
                                peer.raw(records, records.length - 3, records.length);
                                peer.delivered();
                                updated.countDown();
                                peer.request();
                                peer.say(ok("two"));
                            },
                            always(ok("two")));
            HttpClient client = trusting(good);

            assertEquals("200 one", ask(client, server));
            answered.countDown();
            updated.await();

            assertEquals("200 two", ask(client, server));
            // the JDK's engine must answer the KeyUpdate, and such a connection is not used again
            assertEquals(provider == TlsLibrary.NATIVE ? 1 : 2, server.connections());
        }

        @Test
        void isNotUsedAfterCloseNotify() throws InterruptedException {
            CountDownLatch ended = new CountDownLatch(1);
            CountDownLatch answered = new CountDownLatch(1);
            ScriptedServer server =
                    server(
                            good,
                            peer -> {
                                peer.request();
                                peer.say(ok("one"));
                                answered.await();
                                peer.transport()
                                        .setSoLinger(
                                                true,
                                                10); // close() waits until the data is delivered
                                peer.end();
                                ended.countDown();
                            },
                            always(ok("two")));
            HttpClient client = trusting(good);

            assertEquals("200 one", ask(client, server));
            answered.countDown();
            ended.await();

            assertEquals("200 two", ask(client, server));
        }

        @Test
        void failsOneRequestAtMostIfItEndedWithoutCloseNotify() {
            ScriptedServer server =
                    server(
                            good,
                            peer -> {
                                peer.request();
                                peer.say(ok("one"));
                                peer.request();
                                peer.drop();
                            },
                            always(ok("two")));
            HttpClient client = trusting(good);

            assertEquals("200 one", ask(client, server));
            assertEquals(failure(server, "the connection broke"), ask(client, server));
            assertEquals("200 two", ask(client, server));
        }
    }

    @Nested
    class UnsolicitedData {

        @Test
        void inTheRecordOfAResponseIsNotTheNextResponse() {
            String answer = ok("one");
            int head = answer.length() - "one".length();

            assertNotTheNextResponse(
                    answer.substring(0, head), answer.substring(head) + ok("forged"));
        }

        @Test
        void inARecordAfterAResponseIsNotTheNextResponse() {
            assertNotTheNextResponse(ok("one"), ok("forged"));
        }

        private void assertNotTheNextResponse(String... records) {
            ScriptedServer server =
                    server(
                            good,
                            peer -> {
                                peer.request();
                                peer.sayAtOnce(records);
                            },
                            always(ok("two")));
            HttpClient client = trusting(good);

            assertEquals("200 one", ask(client, server));
            assertEquals("200 two", ask(client, server));
        }
    }

    /** An attacker can end the connection, but cannot send close_notify. */
    @Nested
    class BodyWithoutLength {

        @Test
        void endsWithCloseNotify() {
            ScriptedServer server =
                    server(
                            good,
                            peer -> {
                                peer.request();
                                peer.say("HTTP/1.1 200 OK\r\n\r\nhello");
                                peer.end();
                            });

            assertEquals("200 hello", ask(trusting(good), server));
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "hello"})
        void isAFailureWithoutCloseNotify(String part) {
            ScriptedServer server =
                    server(
                            good,
                            peer -> {
                                peer.request();
                                peer.say("HTTP/1.1 200 OK\r\n\r\n" + part);
                                peer.drop();
                            });

            assertEquals(failure(server, "the connection broke"), ask(trusting(good), server));
        }
    }

    @Nested
    class DeadlineOfTheRequest {

        private void assertTimesOut(ScriptedServer server) throws InterruptedException {
            Reply reply =
                    trusting(good)
                            .send(
                                    question("127.0.0.1", server.port()),
                                    within(Duration.ofMillis(500)));

            assertLinesMatch(
                    List.of("127\\.0\\.0\\.1:\\d+: no whole answer within (500|4\\d\\d) ms"),
                    List.of(text(reply)));
            server.awaitLeft(1); // the client has closed the connection
        }

        @Test
        void isKeptIfThePeerSendsNothing() throws InterruptedException {
            assertTimesOut(raw(peer -> {}));
        }

        @Test
        void isKeptIfTheHandshakeIsSlow() throws InterruptedException {
            assertTimesOut(
                    raw(peer -> {
                        clientHello(peer);
                        write(peer, HexFormat.of().parseHex("1603034000" + "02003ffc"));
                        peer.trickle("x");
                    }));
        }

        @Test
        void isKeptIfARecordIsSlow() throws InterruptedException {
            assertTimesOut(
                    server(
                            good,
                            peer -> {
                                peer.request();
                                ByteArrayOutputStream record = new ByteArrayOutputStream();
                                record.writeBytes(HexFormat.of().parseHex("1703034000"));
                                for (int i = 0; i < 0x4000; i++) {
                                    record.write(i);
                                }
                                for (byte one : record.toByteArray()) {
                                    write(peer, new byte[] {one});
                                    Thread.sleep(10); // makes the server slow
                                }
                            }));
        }

        @Test
        void isKeptIfTheRecordsAreSlow() throws InterruptedException {
            assertTimesOut(
                    server(
                            good,
                            peer -> {
                                peer.request();
                                peer.say("HTTP/1.1 200 OK\r\nContent-Length: 65536\r\n\r\n");
                                peer.trickle("x");
                            }));
        }
    }
}
