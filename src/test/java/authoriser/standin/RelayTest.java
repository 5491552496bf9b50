package authoriser.standin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RelayTest {
    private static final byte[] HELLO = {1, 2, 3};

    private ScriptedServer echo;
    private Relay relay;

    @BeforeEach
    void start() {
        echo =
                ScriptedServer.plain(
                        peer -> peer.input().transferTo(peer.transport().getOutputStream()));
        relay = Relay.to(echo.url("localhost"));
    }

    @AfterEach
    void end() {
        relay.close();
        echo.close();
    }

    @Test
    void passesOnBothWays() throws IOException {
        try (Socket caller = connected()) {
            assertArrayEquals(HELLO, echoed(caller));
        }
        assertEquals(1, relay.connections());
    }

    @Test
    void refusesWhileItIsDownAndIsBackOnTheSamePort() throws IOException {
        try (Socket before = connected()) {
            assertArrayEquals(HELLO, echoed(before));

            relay.down();
            assertEquals(0, echoed(before).length);
            assertThrows(ConnectException.class, this::connected);

            relay.up();
            try (Socket after = connected()) {
                assertArrayEquals(HELLO, echoed(after));
            }
        }
    }

    @Test
    void closesWhatItIsToldToCut() throws IOException {
        try (Socket before = connected()) {
            assertArrayEquals(HELLO, echoed(before));

            relay.cut();

            assertEquals(0, echoed(before).length);
            try (Socket after = connected()) {
                assertArrayEquals(HELLO, echoed(after));
            }
        }
    }

    @Test
    void saysNothingWhileItIsSilent() throws IOException {
        relay.fallSilent();
        try (Socket caller = connected()) {
            caller.setSoTimeout(100);
            assertThrows(SocketTimeoutException.class, () -> echoed(caller));
        }
        relay.speak();
        try (Socket caller = connected()) {
            assertArrayEquals(HELLO, echoed(caller));
        }
    }

    @Test
    void letsNothingPassOnAStalledConnectionAndAllOnANewOne() throws IOException {
        try (Socket before = connected()) {
            assertArrayEquals(HELLO, echoed(before));

            relay.stall();

            before.setSoTimeout(100);
            assertThrows(SocketTimeoutException.class, () -> echoed(before));
            try (Socket after = connected()) {
                assertArrayEquals(HELLO, echoed(after));
            }
        }
    }

    private Socket connected() throws IOException {
        URI uri = URI.create(relay.url(echo.url("localhost")));
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), uri.getPort());
        socket.setSoTimeout(10_000);
        return socket;
    }

    /** What comes back of a greeting: all of it, or nothing from a connection that is closed. */
    private static byte[] echoed(Socket caller) throws IOException {
        try {
            caller.getOutputStream().write(HELLO);
            return caller.getInputStream().readNBytes(HELLO.length);
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            return new byte[0];
        }
    }
}
