package authoriser;

import authoriser.decision.Decision;
import authoriser.event.AccessRequest;
import authoriser.event.RequestEvent;
import authoriser.policy.PolicyWriter;
import authoriser.policy.RoutePolicy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What each part of a decision costs, and the whole of it. */
@State(Scope.Benchmark)
public class PartsBenchmark {
    private MemoryFunction function;
    private byte[] event;
    private AccessRequest request;
    private PolicyWriter policies;
    private Decision.Allow allow;

    @Setup
    public void prepare() {
        function = new MemoryFunction(2);
        event = function.event(0);
        request = function.wiring.parser().parse(read()).orElseThrow();
        policies =
                new PolicyWriter(
                        new RoutePolicy(List.of(), List.of()), List.of(), true, Duration.ZERO);
        allow = (Decision.Allow) decision();
    }

    /** From the event's bytes to the request. */
    @Benchmark
    public Object event() {
        return function.wiring.parser().parse(read());
    }

    /** From the request to the decision, the network's part left out. */
    @Benchmark
    public Object decision() {
        return function.wiring.authoriser().decide(request, function.invocation());
    }

    /** From the decision to the answer. */
    @Benchmark
    public Object policy() throws IOException {
        return policies.allow(allow, request.arn());
    }

    /** All of it, and the log line. */
    @Benchmark
    public Object wholeHandler() {
        return function.invoke(event);
    }

    private RequestEvent read() {
        return RequestEvent.read(new ByteArrayInputStream(event));
    }
}
