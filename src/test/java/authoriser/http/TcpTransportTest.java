package authoriser.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.time.Deadline;
import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class TcpTransportTest {
    private static Deadline within(Duration time) {
        return Deadline.in(time, InstantSource.system());
    }

    private static TcpTransport connected(ServerSocket server) throws IOException {
        return TcpTransport.connect(
                (InetSocketAddress) server.getLocalSocketAddress(), within(Duration.ofSeconds(20)));
    }

    private static ServerSocket server() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @Test
    void endsAtTheDeadlineIfThePeerDoesNotAccept() throws IOException {
        try (FullServer full = new FullServer()) {
            assertThrows(
                    SocketTimeoutException.class,
                    () -> TcpTransport.connect(full.address(), within(Duration.ofMillis(200))));
        }
    }

    @Test
    void closesWhatARefusedConnectionOpened() throws IOException {
        InetSocketAddress nobody =
                new InetSocketAddress(
                        InetAddress.getLoopbackAddress(),
                        ServerEndpoint.unreachable("").origin().port());
        long before = openDescriptors();

        for (int i = 0; i < 50; i++) {
            assertThrows(
                    ConnectException.class,
                    () -> TcpTransport.connect(nobody, within(Duration.ofSeconds(20))));
        }

        long opened = openDescriptors() - before;
        assertTrue(opened < 50, () -> opened + " descriptors");
    }

    private static long openDescriptors() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getOpenFileDescriptorCount();
    }

    @Test
    void endsWhenItsThreadIsInterrupted() throws IOException {
        try (ServerSocket server = server();
                TcpTransport transport = connected(server)) {
            Thread.currentThread().interrupt();

            assertThrows(InterruptedIOException.class, () -> transport.read(new byte[1], 0, 1));
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    void writesMoreThanTheBuffersOfTheKernelHold() throws IOException {
        byte[] message = new byte[16 * 1024 * 1024 + 1];
        new Random(7).nextBytes(message);
        try (ServerSocket server = server();
                TcpTransport transport = connected(server);
                Socket accepted = server.accept()) {
            CompletableFuture<byte[]> heard =
                    CompletableFuture.supplyAsync(() -> read(accepted, message.length));

            transport.write(message);

            assertArrayEquals(message, heard.join());
        }
    }

    private static byte[] read(Socket socket, int length) {
        try {
            return socket.getInputStream().readNBytes(length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
