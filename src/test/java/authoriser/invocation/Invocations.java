package authoriser.invocation;

import authoriser.time.Deadline;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** Invocations without a trace. */
public final class Invocations {

    private Invocations() {}

    /** An invocation that begins now and has this time. */
    public static Invocation in(Duration time, InstantSource clock) {
        return new Invocation(Deadline.in(time, clock), Optional.empty());
    }
}
