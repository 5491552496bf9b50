package authoriser.http;

import authoriser.standin.ScriptedServer;

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
}
