package authoriser;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One handler shared by threads, as with {@code AWS_LAMBDA_MAX_CONCURRENCY}. */
@State(Scope.Benchmark)
public class ThreadsBenchmark {
    private MemoryFunction function;
    private byte[] event;

    @Setup
    public void prepare() {
        function = new MemoryFunction(2);
        event = function.event(0);
    }

    @Benchmark
    public Object wholeHandler() {
        return function.invoke(event);
    }
}
