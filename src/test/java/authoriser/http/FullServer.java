package authoriser.http;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * A server whose queue of connections is full: the kernel drops further ones without a word, as a
 * firewall does.
 */
final class FullServer implements Closeable {
    private final List<Closeable> open = new ArrayList<>();
    private final InetSocketAddress address;

    FullServer() throws IOException {
        ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.4"));
        open.add(listener);
        address = (InetSocketAddress) listener.getLocalSocketAddress();
        boolean accepted = true;
        while (accepted) {
            SocketChannel waiting = SocketChannel.open();
            open.add(waiting);
            waiting.configureBlocking(false);
            accepted = waiting.connect(address) || waiting.finishConnect();
        }
    }

    InetSocketAddress address() {
        return address;
    }

    @Override
    public void close() throws IOException {
        for (Closeable each : open) {
            each.close();
        }
    }
}
