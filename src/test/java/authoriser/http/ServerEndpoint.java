package authoriser.http;

import authoriser.standin.ScriptedServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Where the client finds a scripted server. */
final class ServerEndpoint {
    private ServerEndpoint() {}

    /** The server by address, so that there is no second address to try. */
    static Endpoint of(ScriptedServer server) {
        return of(server, "127.0.0.1");
    }

    static Endpoint of(ScriptedServer server, String host) {
        return Endpoint.parse(server.url(host) + "/ask").orElseThrow();
    }

    /** An endpoint without a server. */
    static Endpoint unreachable(String path) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Endpoint.parse("http://127.0.0.1:" + socket.getLocalPort() + "/" + path)
                    .orElseThrow();
        }
    }
}
