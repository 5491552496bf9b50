package authoriser;

import authoriser.lambda.FunctionProcess;
import authoriser.lambda.RuntimeApi;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** The function in a process of its own, whose every answer must be an Allow. */
final class MeasuredFunction implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final RuntimeApi lambda = RuntimeApi.start();
    private final AtomicLong ready = new AtomicLong();
    private final long started;
    private final FunctionProcess process;

    private MeasuredFunction(Path bootstrap, Map<String, String> settings) {
        lambda.ready().thenRun(() -> ready.set(System.nanoTime()));
        started = System.nanoTime();
        process = FunctionProcess.start(bootstrap, lambda, settings);
    }

    static MeasuredFunction start(Path bootstrap, Map<String, String> settings) {
        return new MeasuredFunction(bootstrap, settings);
    }

    /** Returns how long the function had the event. */
    Duration allow(byte[] event) {
        RuntimeApi.Outcome outcome = lambda.invoke(event, LIMIT);
        if (!(outcome instanceof RuntimeApi.Answered answer)
                || !new String(answer.body(), StandardCharsets.UTF_8).contains("\"Allow\"")) {
            throw new IllegalStateException("no Allow: " + outcome + "\n" + process.output());
        }
        return lambda.lastDuration();
    }

    /** When it was started, by {@link System#nanoTime}. */
    long started() {
        return started;
    }

    /** When it first asked for an event, by {@link System#nanoTime}. */
    long ready() {
        return ready.get();
    }

    ProcessUsage usage() {
        return new ProcessUsage(process.pid());
    }

    @Override
    public void close() {
        process.close();
        lambda.close();
    }
}
