package authoriser.http;

import static authoriser.standin.ScriptedServer.always;
import static authoriser.standin.ScriptedServer.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;

import authoriser.standin.Certificates;
import authoriser.standin.ManualClock;
import authoriser.standin.ScriptedServer;
import authoriser.standin.ScriptedServer.Peer;
import authoriser.standin.ScriptedServer.Script;
import authoriser.time.Deadline;
import authoriser.trust.TrustStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Unsolicited data on an idle connection, at any time, makes the client close the connection. The
 * first try of the next caller then uses a new connection.
 */
@Timeout(60)
final class KeptConnectionTest {
    private static final String FORGED = ok("{\"allowed\":true}");
    private static final Duration CALL_LIMIT = Duration.ofSeconds(2);
    private static final Duration PREPARATION_LIMIT = Duration.ofSeconds(5);
    private static final Duration KEEP_LIMIT = Duration.ofSeconds(50);

    private enum Wire {
        HTTP,
        TLS_NATIVE,
        TLS_JDK
    }

    /** Unsolicited data or an unsolicited action of the server. */
    private enum Unasked {
        NOTHING {
            @Override
            void happen(Peer peer) {}
        },
        ONE_BYTE {
            @Override
            void happen(Peer peer) throws Exception {
                peer.raw(peer.record(FORGED), 0, 1);
            }
        },
        HALF_A_RECORD {
            private byte[] record = {};

            @Override
            void happen(Peer peer) throws Exception {
                record = peer.record(FORGED);
                peer.raw(record, 0, record.length / 2);
            }

            @Override
            void onRequest(Peer peer) throws Exception {
                peer.raw(record, record.length / 2, record.length);
            }
        },
        RECORD {
            @Override
            void happen(Peer peer) throws Exception {
                peer.say(FORGED.substring(0, 20));
            }

            @Override
            void onRequest(Peer peer) throws Exception {
                peer.say(FORGED.substring(20));
            }
        },
        ANSWER {
            @Override
            void happen(Peer peer) throws Exception {
                peer.say(FORGED);
            }
        },
        ANSWER_AND_FAREWELL {
            @Override
            void happen(Peer peer) throws Exception {
                peer.say("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
                peer.farewell();
            }
        },
        FAREWELL {
            @Override
            void happen(Peer peer) throws Exception {
                peer.farewell();
            }
        },
        TCP_END {
            @Override
            void happen(Peer peer) throws Exception {
                peer.drop();
            }
        },
        RESET {
            @Override
            void happen(Peer peer) throws Exception {
                peer.reset();
            }
        };

        abstract void happen(Peer peer) throws Exception;

        /** What the server does if a request nevertheless arrives. */
        void onRequest(Peer peer) throws Exception {}
    }

    private enum Moment {
        RIGHT_AFTER(Duration.ZERO),
        AFTER_THE_LIMIT_OF_THE_CALL(PREPARATION_LIMIT),
        AFTER_THE_LIMIT_OF_KEEPING(KEEP_LIMIT);

        private final Duration later;

        Moment(Duration later) {
            this.later = later;
        }
    }

    private enum Use {
        PREPARED,
        USED
    }

    private static Certificates certificates;

    private final ManualClock clock = ManualClock.anytime();
    private final List<ScriptedServer> servers = new ArrayList<>();

    @BeforeAll
    static void makeCertificates(@TempDir Path directory) {
        certificates = Certificates.create(directory);
    }

    @AfterEach
    void closeServers() {
        servers.forEach(ScriptedServer::close);
    }

    private ScriptedServer server(Wire wire, Script... scripts) {
        ScriptedServer server =
                wire == Wire.HTTP
                        ? ScriptedServer.plain(scripts)
                        : ScriptedServer.tls(certificates.serverContext(), scripts);
        servers.add(server);
        return server;
    }

    private HttpClient client(Wire wire) {
        TrustStore store =
                new TrustStore(
                        certificates.trustStore().toFile(),
                        "PKCS12",
                        Optional.of(certificates.trustStorePassword()));
        return new HttpClient(
                clock, wire == Wire.TLS_JDK ? TlsLayer.ofJdk(store) : TlsLayer.trusting(store));
    }

    private String ask(HttpClient client, ScriptedServer server) {
        HttpCall call = HttpCall.post(ServerEndpoint.of(server)).body(new byte[] {'{', '}'});
        return switch (client.send(call, Deadline.in(CALL_LIMIT, clock))) {
            case Reply.Answered(int status, byte[] body, _) ->
                    status + " " + new String(body, StandardCharsets.ISO_8859_1);
            case Reply.Failed(String detail, _, _) -> detail;
        };
    }

    static Stream<Arguments> matrix() {
        List<Arguments> all = new ArrayList<>();
        for (Unasked unasked : Unasked.values()) {
            for (Moment moment : Moment.values()) {
                for (Wire wire : Wire.values()) {
                    for (Use use : Use.values()) {
                        all.add(Arguments.of(unasked, moment, wire, use));
                    }
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("matrix")
    void givesTheNextCallerItsOwnResponseInTheFirstTry(
            Unasked unasked, Moment moment, Wire wire, Use use) throws InterruptedException {
        CountDownLatch idle = new CountDownLatch(1);
        CountDownLatch happened = new CountDownLatch(1);
        ScriptedServer server =
                server(
                        wire,
                        peer -> {
                            if (use == Use.USED) {
                                peer.request();
                                peer.say(ok("first"));
                            } else {
                                peer.input(); // does the handshake
                            }
                            idle.await();
                            unasked.happen(peer);
                            peer.delivered();
                            happened.countDown();
                            peer.request();
                            unasked.onRequest(peer);
                            peer.say(ok("same connection"));
                        },
                        always(ok("new connection")));
        HttpClient client = client(wire);
        if (use == Use.USED) {
            assertEquals("200 first", ask(client, server));
        } else {
            client.prepare(ServerEndpoint.of(server), Deadline.in(PREPARATION_LIMIT, clock));
        }

        idle.countDown();
        happened.await();
        clock.advance(moment.later);
        String answer = ask(client, server);

        boolean fit = unasked == Unasked.NOTHING && moment != Moment.AFTER_THE_LIMIT_OF_KEEPING;
        assertEquals(fit ? "200 same connection" : "200 new connection", answer);
        assertEquals(fit ? 1 : 2, server.connections());
        assertEquals(use == Use.USED ? 2 : 1, server.requests().size()); // no request is sent twice
    }
}
