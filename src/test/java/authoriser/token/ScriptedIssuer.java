package authoriser.token;

import authoriser.http.HttpCall;
import authoriser.http.HttpSender;
import authoriser.http.Reply;
import authoriser.standin.SigningKey;
import authoriser.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The JWKS endpoint of an issuer. It replies as the test says, and counts the calls. */
final class ScriptedIssuer implements HttpSender {
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();
    private final List<Duration> timesAllowed = new CopyOnWriteArrayList<>();
    private final List<Thread> callers = new CopyOnWriteArrayList<>();
    private volatile HttpSender behaviour;

    private ScriptedIssuer(HttpSender behaviour) {
        this.behaviour = behaviour;
    }

    static ScriptedIssuer publishing(SigningKey... keys) {
        return new ScriptedIssuer(answering(200, SampleKeys.setOf(keys)));
    }

    static ScriptedIssuer failing() {
        return new ScriptedIssuer(answering(503, new byte[0]));
    }

    /** Publishes other keys from now on. */
    void publish(SigningKey... keys) {
        answer(200, SampleKeys.setOf(keys));
    }

    /** Responds with status 503 from now on. */
    void fail() {
        answer(503, new byte[0]);
    }

    /** Replies in this way from now on. */
    void answer(int status, byte[] body) {
        behave(answering(status, body));
    }

    void behave(HttpSender next) {
        behaviour = next;
    }

    /** Stops each call from now on at a gate. After the gate, the reply is the same as before. */
    Gate close() {
        HttpSender before = behaviour;
        Gate gate = new Gate();
        behave((call, deadline) -> {
            gate.pass();
            return before.send(call, deadline);
        });
        return gate;
    }

    int calls() {
        return callers.size();
    }

    int mostAtOnce() {
        return mostAtOnce.get();
    }

    /** The time that the last call was allowed to take. */
    Duration lastTimeAllowed() {
        return timesAllowed.getLast();
    }

    /** The thread of the last call. */
    Thread lastCaller() {
        return callers.getLast();
    }

    @Override
    public Reply send(HttpCall call, Deadline deadline) {
        mostAtOnce.accumulateAndGet(running.incrementAndGet(), Math::max);
        timesAllowed.add(Duration.ofMillis(deadline.remainingMillis()));
        callers.add(Thread.currentThread());
        try {
            return behaviour.send(call, deadline);
        } finally {
            running.decrementAndGet();
        }
    }

    private static HttpSender answering(int status, byte[] body) {
        return (call, deadline) -> new Reply.Answered(status, body);
    }

    /** Calls wait here until the test opens the gate. */
    static final class Gate {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch open = new CountDownLatch(1);

        /** Waits until a call is at the gate. */
        void awaitCall() {
            await(reached);
        }

        void open() {
            open.countDown();
        }

        private void pass() {
            reached.countDown();
            await(open);
        }

        private static void await(CountDownLatch latch) {
            try {
                if (!latch.await(60, TimeUnit.SECONDS)) {
                    throw new AssertionError("nothing happened at the gate");
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
