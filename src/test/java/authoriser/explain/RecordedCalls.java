package authoriser.explain;

import authoriser.config.Config;
import authoriser.http.Endpoint;
import authoriser.http.HttpCall;
import authoriser.http.HttpCalls;
import authoriser.http.HttpSender;
import authoriser.http.Reply;
import authoriser.time.Deadline;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Sends requests by another sender, and keeps who was asked, the result and the time it took. */
public final class RecordedCalls implements HttpSender {
    private final HttpSender sender;
    private final Config config;
    private final List<Call> calls = new CopyOnWriteArrayList<>();

    /** Who was asked. */
    enum Peer {
        ISSUER("keys of the issuer"),
        TOKEN_ENDPOINT("token endpoint"),
        VALIDATION_SERVICE("validation service"),
        SECRETS_MANAGER("Secrets Manager");

        private final String text;

        Peer(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    /**
     * One request and its result.
     *
     * @param host the host that was asked; the rest of the URL may hold a secret
     * @param result the status, or what failed
     */
    record Call(Peer peer, String host, Reply reply, long nanos) {
        String result() {
            return switch (reply.kind()) {
                case ANSWERED -> {
                    Reply.Answered answer = (Reply.Answered) reply;
                    yield answer.status() + ", " + answer.body().length + " bytes";
                }
                case FAILED -> ((Reply.Failed) reply).detail();
            };
        }
    }

    /** Records what is sent by {@code sender} for these settings. */
    public RecordedCalls(HttpSender sender, Config config) {
        this.sender = sender;
        this.config = config;
    }

    List<Call> calls() {
        return calls;
    }

    /** The last request to this peer. */
    Optional<Call> last(Peer peer) {
        return calls.reversed().stream().filter(call -> call.peer() == peer).findFirst();
    }

    @Override
    public Reply send(HttpCall call, Deadline deadline) {
        long start = System.nanoTime();
        Reply reply = sender.send(call, deadline);
        Endpoint endpoint = HttpCalls.endpointOf(call);
        calls.add(
                new Call(
                        peer(endpoint),
                        endpoint.origin().authority(),
                        reply,
                        System.nanoTime() - start));
        return reply;
    }

    @Override
    public Optional<String> prepare(Endpoint endpoint, Deadline deadline) {
        return sender.prepare(endpoint, deadline);
    }

    private Peer peer(Endpoint endpoint) {
        if (config.issuers().stream().anyMatch(issuer -> issuer.jwks().equals(endpoint))) {
            return Peer.ISSUER;
        }
        if (config.service().tokenUrl().equals(endpoint)) {
            return Peer.TOKEN_ENDPOINT;
        }
        return config.service().url().equals(endpoint)
                ? Peer.VALIDATION_SERVICE
                : Peer.SECRETS_MANAGER;
    }
}
