package authoriser.http;

import static authoriser.http.ScriptedServer.always;
import static authoriser.http.ScriptedServer.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertLinesMatch;

import authoriser.http.ScriptedServer.Peer;
import authoriser.http.ScriptedServer.Script;
import authoriser.local.Certificates;
import authoriser.local.ManualClock;
import authoriser.time.Deadline;
import authoriser.trust.TrustStore;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client against real TLS, and against what pretends to be. */
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

    /** A server below TLS: what it says is taken for records. */
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
                .header("Authorization", "Bearer not-to-be-told")
                .header("Content-Type", "application/json")
                .body(new byte[] {'{', '}'});
    }

    private static String ask(HttpClient client, ScriptedServer server) {
        return text(
                client.send(question("127.0.0.1", server.port()), within(Duration.ofSeconds(20))));
    }

    /** An answer's status and body, or a failure's detail. */
    private static String text(Reply reply) {
        return switch (reply) {
            case Reply.Answered(int status, byte[] body, _) ->
                    status + " " + new String(body, StandardCharsets.ISO_8859_1);
            case Reply.Failed(String detail, _, _) -> detail;
        };
    }

    private static String failure(ScriptedServer server, String what) {
        return "127.0.0.1:" + server.port() + ": " + what;
    }

    // Who is trusted

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1"})
    void aHostIsTrustedByTheNameOrAddressInItsCertificate(String host) {
        ScriptedServer server = server(good, always(ok("{}")));

        Reply reply =
                trusting(good).send(question(host, server.port()), within(Duration.ofSeconds(20)));

        assertEquals("200 {}", text(reply));
    }

    @Test
    void aCertificateOfAnotherHostIsRefused() throws InterruptedException {
        assertRefused(
                server(foreign, always(ok("{}"))), foreign, "its certificate is for another host");
    }

    @Test
    void aCertificateOfAnUnknownAuthorityIsRefused() throws InterruptedException {
        assertRefused(
                server(good, always(ok("{}"))),
                foreign,
                "its certificate is from no authority in the trust store");
    }

    @Test
    void anExpiredCertificateIsRefused() throws InterruptedException {
        assertRefused(server(expired, always(ok("{}"))), expired, "its certificate has expired");
    }

    private static final String SETTING = " (javax.net.ssl.trustStore) ";

    @Test
    void aTrustStoreReadWithoutItsPasswordHoldsNothing() throws InterruptedException {
        assertUnusable(
                new TrustStore(good.trustStore().toFile(), "PKCS12", Optional.empty()),
                "holds no certificate; to read one that is sealed with a password,"
                        + " javax.net.ssl.trustStorePassword must be set");
    }

    @Test
    void aTrustStoreThatIsNotThereTrustsNobody() throws InterruptedException {
        assertUnusable(
                new TrustStore(
                        good.trustStore().resolveSibling("none.p12").toFile(),
                        "PKCS12",
                        Optional.empty()),
                "does not exist");
    }

    @Test
    void aTrustStoreThatIsNoFileTrustsNobody() throws InterruptedException {
        assertUnusable(
                new TrustStore(good.trustStore().getParent().toFile(), "PKCS12", Optional.empty()),
                "cannot be read");
    }

    @Test
    void aTrustStoreWithAnotherPasswordTrustsNobody() throws InterruptedException {
        assertUnusable(
                new TrustStore(good.trustStore().toFile(), "PKCS12", Optional.of("n0t-th1s")),
                "does not open with javax.net.ssl.trustStorePassword");
    }

    @ParameterizedTest
    @ValueSource(strings = {"JCEKS", "no-such-type"})
    void aTrustStoreOfAnotherTypeTrustsNobody(String type) throws InterruptedException {
        assertUnusable(
                new TrustStore(
                        good.trustStore().toFile(), type, Optional.of(good.trustStorePassword())),
                "is no key store of the type " + type + " (javax.net.ssl.trustStoreType)");
    }

    @Test
    void aFileThatIsNoTrustStoreTrustsNobody() throws InterruptedException {
        assertUnusable(
                new TrustStore(good.authorityFile().toFile(), "PKCS12", Optional.empty()),
                "is no key store of the type PKCS12 (javax.net.ssl.trustStoreType)");
    }

    private void assertUnusable(TrustStore store, String problem) throws InterruptedException {
        ScriptedServer server = server(good, always(ok("{}")));

        String reply = ask(trusting(store), server);

        assertEquals(failure(server, "the trust store " + store.file() + SETTING + problem), reply);
        assertEquals(List.of(), server.requests());
        server.awaitLeft(1);
    }

    @Test
    void aTrustStoreThatComesLaterIsRead(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("later.p12");
        HttpClient client =
                trusting(
                        new TrustStore(
                                file.toFile(), "PKCS12", Optional.of(good.trustStorePassword())));
        ScriptedServer server = server(good, always(ok("{}")));

        assertEquals(
                failure(server, "the trust store " + file + SETTING + "does not exist"),
                ask(client, server));
        Files.copy(good.trustStore(), file);

        assertEquals("200 {}", ask(client, server));
    }

    /** No request goes to a server that isn't who it should be, and no connection stays. */
    private void assertRefused(ScriptedServer server, Certificates trusted, String detail)
            throws InterruptedException {
        HttpClient client = trusting(trusted);

        client.prepare(server.endpoint(), within(Duration.ofSeconds(20)));
        String reply = ask(client, server);

        assertEquals(failure(server, detail), reply);
        assertEquals(List.of(), server.requests());
        server.awaitLeft(2);
    }

    // What TLS is spoken

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void bothSafeVersionsAreSpoken(String version) {
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

    private static String[] only(String version) {
        return new String[] {version};
    }

    @ParameterizedTest
    @ValueSource(strings = {"0300", "0301", "0302"})
    void anOlderVersionIsRefused(String version) throws InterruptedException {
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
    void onlySafeVersionsCiphersAndSignaturesAreOffered() {
        CompletableFuture<byte[]> hello = new CompletableFuture<>();
        ScriptedServer server = raw(peer -> hello.complete(clientHello(peer)));

        trusting(good).send(question("127.0.0.1", server.port()), within(Duration.ofMillis(500)));

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
        // BoringSSL offers RSA with SHA-1, last of all, and cannot be told otherwise
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
    void aServerWithoutTlsIsRefused() {
        ScriptedServer server =
                raw(peer -> {
                    clientHello(peer);
                    peer.say("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
                });

        assertEquals(failure(server, "the peer does not speak TLS"), ask(trusting(good), server));
    }

    private static final String NOT_AGREED = "no TLS version or cipher suite suits both sides";

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1", "TLSv1.1"})
    void aServerOfAnOlderVersionIsRefused(String version) {
        ScriptedServer server =
                server(
                        good,
                        peer -> peer.secure(socket -> socket.setEnabledProtocols(only(version))));

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
    void aServerWithoutForwardSecrecyOrAuthenticatedEncryptionIsRefused(String cipher) {
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
    void aCipherThatWasNotOfferedIsRefused() {
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
        "40, no TLS version or cipher suite suits both sides (alert handshake_failure)",
        "70, no TLS version or cipher suite suits both sides (alert protocol_version)",
        "71, no TLS version or cipher suite suits both sides (alert insufficient_security)",
        "42, the peer sent the TLS alert bad_certificate",
        "48, the peer sent the TLS alert unknown_ca",
        "80, the peer sent the TLS alert internal_error",
        "112, the peer sent the TLS alert unrecognized_name",
        "116, the peer sent the TLS alert certificate_required",
        "0, the connection was closed during the TLS handshake"
    })
    void anAlertOfThePeerIsNamed(int alert, String detail) {
        ScriptedServer server =
                raw(peer -> {
                    clientHello(peer);
                    write(peer, new byte[] {21, 3, 3, 0, 2, 2, (byte) alert});
                });

        assertEquals(failure(server, detail), ask(trusting(good), server));
    }

    @Test
    void aServerThatAsksForAClientsCertificateIsNamedByItsAlert() {
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
    void aHandshakeThatThePeerBreaksOffIsAFailure() {
        ScriptedServer server =
                raw(peer -> {
                    clientHello(peer);
                    peer.end();
                });

        assertEquals(failure(server, CLOSED), ask(trusting(good), server));
    }

    private static final String CLOSED = "the connection was closed during the TLS handshake";

    @Test
    void aHandshakeThatThePeerResetsIsAFailure() {
        ScriptedServer server =
                raw(peer -> {
                    clientHello(peer);
                    peer.transport().setSoLinger(true, 0);
                    peer.transport().close();
                });

        assertEquals(failure(server, CLOSED), ask(trusting(good), server));
    }

    /** Reads the first handshake message, which fits one record. */
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

    // Keeping connections

    @Test
    void aConnectionPreparedIsTheOneUsed() {
        ScriptedServer server = server(good, always(ok("{}")));
        HttpClient client = trusting(good);

        client.prepare(server.endpoint(), within(Duration.ofSeconds(20)));

        assertEquals(
                List.of("200 {}", "200 {}"), List.of(ask(client, server), ask(client, server)));
        assertEquals(1, server.connections());
    }

    @Test
    void sessionTicketsDoNotEndAConnection() {
        ScriptedServer server =
                server(
                        good,
                        peer -> {
                            peer.secure(socket -> socket.setEnabledProtocols(only("TLSv1.3")));
                            always(ok("{}")).serve(peer); // a ticket has gone out before
                        });
        HttpClient client = trusting(good);
        client.prepare(server.endpoint(), within(Duration.ofSeconds(20)));

        for (int i = 0; i < 100; i++) {
            assertEquals("200 {}", ask(client, server));
        }

        assertEquals(1, server.connections());
    }

    @Test
    void newKeysOfThePeerAreNoAnswer() throws InterruptedException {
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
    void newKeysOfThePeerThatComeInTwoPartsAreNoAnswer() throws InterruptedException {
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
        // the JDK's engine has an answer to send, and such a connection is not used again
        assertEquals(provider == TlsLibrary.NATIVE ? 1 : 2, server.connections());
    }

    @Test
    void aConnectionOnWhichThePeerSaidFarewellIsNotUsed() throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        ScriptedServer server =
                server(
                        good,
                        peer -> {
                            peer.request();
                            peer.say(ok("one"));
                            answered.await();
                            peer.transport().setSoLinger(true, 10); // closing waits for delivery
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
    void aConnectionThatEndedWithoutFarewellFailsOnceAndIsNotUsedAgain() {
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

    // What the peer says unasked must not be taken for the answer to the next request

    @Test
    void whatComesInOneRecordWithAnAnswerIsNotTakenForTheNext() {
        String answer = ok("one");
        int head = answer.length() - "one".length();

        assertNotTakenForTheNext(answer.substring(0, head), answer.substring(head) + ok("forged"));
    }

    @Test
    void aRecordThatComesAtOnceWithAnAnswersIsNotTakenForTheNext() {
        assertNotTakenForTheNext(ok("one"), ok("forged"));
    }

    private void assertNotTakenForTheNext(String... records) {
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

    // Bodies that end with the connection: an attacker can end it, but not say farewell

    @Test
    void aBodyMayEndWithTheFarewell() {
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
    void aBodyThatEndsWithoutFarewellIsCutOff(String part) {
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

    // Deadlines

    private void assertTimesOut(ScriptedServer server) throws InterruptedException {
        Reply reply =
                trusting(good)
                        .send(question("127.0.0.1", server.port()), within(Duration.ofMillis(500)));

        assertLinesMatch(
                List.of("127\\.0\\.0\\.1:\\d+: no whole answer within (500|4\\d\\d) ms"),
                List.of(text(reply)));
        server.awaitLeft(1); // and no connection is left behind
    }

    @Test
    void aPeerThatDoesNotShakeHandsIsLeftAtTheDeadline() throws InterruptedException {
        assertTimesOut(raw(peer -> {}));
    }

    @Test
    void aPeerThatTricklesItsHandshakeIsLeftAtTheDeadline() throws InterruptedException {
        assertTimesOut(
                raw(peer -> {
                    clientHello(peer);
                    write(peer, HexFormat.of().parseHex("1603034000" + "02003ffc"));
                    peer.trickle("x");
                }));
    }

    @Test
    void aPeerThatTricklesWithinARecordIsLeftAtTheDeadline() throws InterruptedException {
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
                                Thread.sleep(10); // the server's slowness
                            }
                        }));
    }

    @Test
    void aPeerThatTricklesRecordsIsLeftAtTheDeadline() throws InterruptedException {
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
