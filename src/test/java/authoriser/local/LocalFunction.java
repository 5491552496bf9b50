package authoriser.local;

import authoriser.lambda.FunctionProcess;
import authoriser.lambda.RuntimeApi;
import authoriser.lambda.RuntimeApi.Errored;
import authoriser.lambda.RuntimeApi.Outcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The function as Lambda keeps it: started through its bootstrap, asked over the Runtime API, and
 * started anew when its process has ended or did not answer in time.
 */
final class LocalFunction implements RestApi.Authoriser, AutoCloseable {
    private final Path bootstrap;
    private final Map<String, String> settings;
    private final Duration timeout;
    private final PrintWriter log;
    private final Consumer<String> listener;
    private Environment environment;

    private LocalFunction(
            Path bootstrap,
            Map<String, String> settings,
            Duration timeout,
            PrintWriter log,
            Consumer<String> listener) {
        this.bootstrap = bootstrap;
        this.settings = Map.copyOf(settings);
        this.timeout = timeout;
        this.log = log;
        this.listener = listener;
        this.environment = newEnvironment();
    }

    /** An execution environment: the process and the Runtime API that it asks. */
    private record Environment(RuntimeApi runtimeApi, FunctionProcess process, Instant start) {
        void end() {
            process.close();
            runtimeApi.close();
        }
    }

    /**
     * Starts the function. Each line that it prints goes into the log file and to the listener. A
     * copy of its settings, {@code settings.json}, is beside the log.
     */
    static LocalFunction start(
            Path bootstrap,
            Map<String, String> settings,
            Duration timeout,
            Path logFile,
            Consumer<String> listener) {
        try {
            Files.createDirectories(logFile.toAbsolutePath().getParent());
            var log = new PrintWriter(Files.newBufferedWriter(logFile), true);
            SettingsCopy.write(logFile.resolveSibling("settings.json"), settings);
            return new LocalFunction(bootstrap, settings, timeout, log, listener);
        } catch (IOException e) {
            throw new UncheckedIOException(logFile + " can't be written", e);
        }
    }

    /**
     * Waits until the function is ready for its first event, and returns how long that took.
     *
     * @throws IllegalStateException with what the function reports, when it can't start, or when it
     *     is not ready in time
     */
    synchronized Duration awaitStart(Duration limit) {
        RuntimeApi runtimeApi = environment.runtimeApi();
        FunctionProcess process = environment.process();
        CompletableFuture.anyOf(runtimeApi.ready(), runtimeApi.initError(), process.exit())
                .completeOnTimeout(null, limit.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        if (process.isAlive() && !runtimeApi.ready().isDone() && !runtimeApi.initError().isDone()) {
            throw new IllegalStateException(
                    "The function does not start: it has asked for no event within " + limit);
        }
        if (!runtimeApi.ready().isDone()) {
            String reason =
                    runtimeApi.initError().isDone()
                            ? runtimeApi.initError().join().message()
                            : process.output();
            throw new IllegalStateException("The function does not start: " + reason);
        }
        return Duration.between(environment.start(), Instant.now());
    }

    @Override
    public Outcome ask(byte[] event, String requestId, String traceId) {
        Environment current;
        try {
            current = living();
        } catch (UncheckedIOException e) {
            return RuntimeApi.error("Runtime.InvalidEntrypoint", e.getMessage());
        }
        Outcome outcome = current.runtimeApi().invoke(event, timeout, requestId, traceId);
        if (outcome instanceof Errored(String type, _, _) && type.equals("Sandbox.Timedout")) {
            current.end();
        }
        return outcome;
    }

    /** Ends the process, as Lambda may at any time, and starts another, which remembers nothing. */
    synchronized void restart() {
        environment.end();
        environment = newEnvironment();
    }

    @Override
    public synchronized void close() {
        environment.end();
        log.close();
    }

    private synchronized Environment living() {
        if (!environment.process().isAlive()) {
            environment.end();
            environment = newEnvironment();
        }
        return environment;
    }

    private void take(String line) {
        log.println(line);
        listener.accept(line);
    }

    private Environment newEnvironment() {
        RuntimeApi runtimeApi = RuntimeApi.start();
        Instant start = Instant.now();
        try {
            FunctionProcess process =
                    FunctionProcess.start(bootstrap, runtimeApi, settings, this::take);
            return new Environment(runtimeApi, process, start);
        } catch (UncheckedIOException e) {
            runtimeApi.close();
            throw e;
        }
    }
}
