package authoriser.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.standin.ScriptedServer;
import authoriser.time.Deadline;
import authoriser.trust.TrustStore;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The offers of a handshake, read from its ClientHello (RFC 8446 section 4.1.2). */
@Timeout(60)
class ClientHelloTest {
    private static final int HANDSHAKE = 22;

    /** Extensions, RFC 8446 section 4.2. */
    private static final int SUPPORTED_GROUPS = 10;

    private static final int SUPPORTED_VERSIONS = 43;
    private static final int KEY_SHARE = 51;

    /** Groups, RFC 8446 section 4.2.7. */
    private static final int SECP256R1 = 0x17;

    private static final int SECP384R1 = 0x18;
    private static final int X25519 = 0x1d;
    private static final int X25519MLKEM768 = 0x11ec;

    private static final int TLS_1_2 = 0x303;
    private static final int TLS_1_3 = 0x304;

    @Test
    void offersTheHybridKeyAgreementFirstWithTheNativeLibrary() {
        Map<Integer, ByteBuffer> sent = extensionsSentBy(TlsLibrary.NATIVE);

        assertEquals(
                List.of(X25519MLKEM768, X25519, SECP256R1, SECP384R1),
                numbers(sent.get(SUPPORTED_GROUPS), 2));
        assertEquals(List.of(X25519MLKEM768, X25519), shares(sent.get(KEY_SHARE)));
    }

    /** For a share on P-256, the JDK computes tables at each start. */
    @Test
    void hasNoShareOnP256WithTheJdk() {
        Map<Integer, ByteBuffer> sent = extensionsSentBy(TlsLibrary.JDK);

        assertTrue(
                numbers(sent.get(SUPPORTED_GROUPS), 2)
                        .containsAll(List.of(X25519, SECP384R1, SECP256R1)));
        assertFalse(shares(sent.get(KEY_SHARE)).contains(SECP256R1));
    }

    @ParameterizedTest
    @EnumSource
    void offersNoVersionBelow12(TlsLibrary library) {
        assertEquals(
                List.of(TLS_1_3, TLS_1_2),
                numbers(extensionsSentBy(library).get(SUPPORTED_VERSIONS), 1));
    }

    private static Map<Integer, ByteBuffer> extensionsSentBy(TlsLibrary library) {
        InstantSource clock = InstantSource.system();
        CompletableFuture<ByteBuffer> hello = new CompletableFuture<>();
        try (ScriptedServer server = ScriptedServer.plain(peer -> read(peer, hello))) {
            Endpoint endpoint =
                    Endpoint.parse("https://localhost:" + server.port() + "/").orElseThrow();
            HttpClient client = new HttpClient(clock, library.trusting(TrustStore.ofJvm()));
            client.send(
                    HttpCall.getOnce(endpoint, "application/json"),
                    Deadline.in(Duration.ofSeconds(20), clock));
            return extensions(hello.join());
        }
    }

    private static void read(ScriptedServer.Peer peer, CompletableFuture<ByteBuffer> hello)
            throws IOException {
        try {
            hello.complete(handshake(peer.input()));
        } catch (IOException | AssertionError e) {
            hello.completeExceptionally(e);
        } finally {
            peer.end();
        }
    }

    /** The first handshake message, which may come in several records. */
    private static ByteBuffer handshake(InputStream connection) throws IOException {
        DataInputStream in = new DataInputStream(connection);
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        int length = 4;
        while (message.size() < length) {
            assertEquals(HANDSHAKE, in.readUnsignedByte());
            in.readUnsignedShort();
            message.write(in.readNBytes(in.readUnsignedShort()));
            length = 4 + (ByteBuffer.wrap(message.toByteArray()).getInt() & 0xffffff);
        }
        return ByteBuffer.wrap(message.toByteArray());
    }

    private static Map<Integer, ByteBuffer> extensions(ByteBuffer hello) {
        hello.position(4 + 2 + 32); // head, version, random
        skip(hello, hello.get() & 0xff); // session
        skip(hello, hello.getShort() & 0xffff); // cipher suites
        skip(hello, hello.get() & 0xff); // compression
        hello.getShort();
        Map<Integer, ByteBuffer> extensions = new HashMap<>();
        while (hello.hasRemaining()) {
            int type = hello.getShort() & 0xffff;
            int length = hello.getShort() & 0xffff;
            extensions.put(type, hello.slice(hello.position(), length));
            skip(hello, length);
        }
        return extensions;
    }

    private static void skip(ByteBuffer buffer, int length) {
        buffer.position(buffer.position() + length);
    }

    /** A vector of numbers of two octets, after its own length. GREASE is left out (RFC 8701). */
    private static List<Integer> numbers(ByteBuffer vector, int lengthOctets) {
        List<Integer> numbers = new ArrayList<>();
        skip(vector, lengthOctets);
        while (vector.hasRemaining()) {
            int number = vector.getShort() & 0xffff;
            if ((number & 0x0f0f) != 0x0a0a) {
                numbers.add(number);
            }
        }
        return numbers;
    }

    private static List<Integer> shares(ByteBuffer shares) {
        List<Integer> groups = new ArrayList<>();
        skip(shares, 2);
        while (shares.hasRemaining()) {
            int group = shares.getShort() & 0xffff;
            skip(shares, shares.getShort() & 0xffff);
            if ((group & 0x0f0f) != 0x0a0a) {
                groups.add(group);
            }
        }
        return groups;
    }
}
