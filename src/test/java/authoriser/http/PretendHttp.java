package authoriser.http;

import authoriser.time.Deadline;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A network in memory: each host answers as its script says, and what it was sent is kept. */
public final class PretendHttp implements HttpSender {
    private final Map<String, Function<Sent, Reply>> hosts = new HashMap<>();
    private final List<Sent> sent = new ArrayList<>();

    /** A request as it would have gone over the wire, and the time it was given. */
    public record Sent(String host, String message, Deadline deadline) {
        /** What stands behind the head. */
        public String body() {
            return message.substring(message.indexOf("\r\n\r\n") + 4);
        }
    }

    /** Lets a host answer like this from now on. */
    public synchronized PretendHttp on(String host, Function<Sent, Reply> answers) {
        hosts.put(host, answers);
        return this;
    }

    /** Lets a host answer every request with this JSON from now on. */
    public PretendHttp on(String host, String json) {
        return on(host, 200, json);
    }

    /** Lets a host answer every request with this status and body from now on. */
    public PretendHttp on(String host, int status, String body) {
        return on(host, _ -> answer(status, body));
    }

    /** Lets a host answer nothing from now on. */
    public PretendHttp down(String host) {
        return on(host, _ -> new Reply.Failed(host + ": connection refused"));
    }

    public static Reply answer(int status, String body) {
        return new Reply.Answered(status, body.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Reply send(HttpCall call, Deadline deadline) {
        Sent request =
                new Sent(
                        call.endpoint().origin().authority(),
                        new String(call.message(), StandardCharsets.UTF_8),
                        deadline);
        Function<Sent, Reply> host;
        synchronized (this) {
            sent.add(request);
            host = hosts.getOrDefault(request.host, _ -> new Reply.Failed("no such host"));
        }
        return host.apply(request);
    }

    /** Forgets everything sent so far. */
    public synchronized void forget() {
        sent.clear();
    }

    /** Everything sent so far, oldest first. */
    public synchronized List<Sent> sent() {
        return List.copyOf(sent);
    }

    /** Everything sent to one host so far, oldest first. */
    public List<Sent> sentTo(String host) {
        return sent().stream().filter(request -> request.host.equals(host)).toList();
    }

    /** The hosts in the order in which they were asked. */
    public List<String> hostsAsked() {
        return sent().stream().map(Sent::host).toList();
    }
}
