package authoriser.lambda;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The function in a process of its own, started through its bootstrap, with all that it prints on
 * record.
 *
 * <p>The process gets the environment that it is given and nothing of ours but a path and a JVM. It
 * ends with this object, and with this JVM at the latest.
 */
public final class FunctionProcess implements AutoCloseable {
    private final Process process;
    private final Thread reader;
    private final Thread endWithUs;
    private final List<String> lines = new ArrayList<>();
    private final boolean recorded;
    private boolean silent;

    private FunctionProcess(Process process, Consumer<String> listener, boolean recorded) {
        this.process = process;
        this.recorded = recorded;
        this.reader = new Thread(() -> read(listener), "function output");
        this.endWithUs = new Thread(this::kill, "function end");
        reader.setDaemon(true);
        reader.start();
        Runtime.getRuntime().addShutdownHook(endWithUs);
    }

    /** Starts a bootstrap with an environment. */
    public static FunctionProcess start(Path bootstrap, Map<String, String> environment) {
        return start(bootstrap, environment, _ -> {}, true);
    }

    /** Starts a bootstrap as Lambda would: against a Runtime API, with Lambda's own variables. */
    public static FunctionProcess start(
            Path bootstrap, RuntimeApi runtimeApi, Map<String, String> environment) {
        return start(bootstrap, runtimeApi, environment, _ -> {});
    }

    /** The same, with each line that the function prints handed on at once. */
    public static FunctionProcess start(
            Path bootstrap,
            RuntimeApi runtimeApi,
            Map<String, String> environment,
            Consumer<String> listener) {
        return start(bootstrap, runtimeApi, environment, listener, true);
    }

    /** The same without a record of the lines, for a process that prints very many. */
    public static FunctionProcess startUnrecorded(
            Path bootstrap,
            RuntimeApi runtimeApi,
            Map<String, String> environment,
            Consumer<String> listener) {
        return start(bootstrap, runtimeApi, environment, listener, false);
    }

    private static FunctionProcess start(
            Path bootstrap,
            RuntimeApi runtimeApi,
            Map<String, String> environment,
            Consumer<String> listener,
            boolean recorded) {
        Map<String, String> whole = new HashMap<>(lambdaEnvironment());
        whole.put("AWS_LAMBDA_RUNTIME_API", runtimeApi.address());
        whole.putAll(environment);
        FunctionProcess function = start(bootstrap, whole, listener, recorded);
        function.exit().thenAccept(runtimeApi::processEnded);
        return function;
    }

    private static FunctionProcess start(
            Path bootstrap,
            Map<String, String> environment,
            Consumer<String> listener,
            boolean recorded) {
        var builder = new ProcessBuilder(bootstrap.toAbsolutePath().toString());
        builder.redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/local/bin:/usr/bin:/bin");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("LANG", "C.UTF-8");
        builder.environment().put("TZ", "UTC");
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return new FunctionProcess(process, listener, recorded);
        } catch (IOException e) {
            throw new UncheckedIOException(bootstrap + " can't be started: " + e.getMessage(), e);
        }
    }

    /**
     * The variables that Lambda sets for every function, with credentials that are good for
     * nothing.
     */
    public static Map<String, String> lambdaEnvironment() {
        return Map.ofEntries(
                Map.entry("AWS_REGION", "eu-west-1"),
                Map.entry("AWS_DEFAULT_REGION", "eu-west-1"),
                Map.entry("AWS_ACCESS_KEY_ID", "LOCALONLY"),
                Map.entry("AWS_SECRET_ACCESS_KEY", "local-only"),
                Map.entry("AWS_SESSION_TOKEN", "local-only"),
                Map.entry("AWS_LAMBDA_FUNCTION_NAME", "cognito-request-authoriser"),
                Map.entry("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
                Map.entry("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024"),
                Map.entry("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
                Map.entry("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/cognito-request-authoriser"),
                Map.entry("AWS_LAMBDA_LOG_STREAM_NAME", "local"));
    }

    /** Everything printed so far, standard output and standard error in order of arrival. */
    public synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    /** {@link #lines()} as one text. */
    public String output() {
        return String.join("\n", lines());
    }

    /** The first line that passes, as soon as it is printed. */
    public synchronized String line(Predicate<String> wanted, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        int seen = 0;
        while (true) {
            for (; seen < lines.size(); seen++) {
                if (wanted.test(lines.get(seen))) {
                    return lines.get(seen);
                }
            }
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (silent || left <= 0) {
                throw new IllegalStateException("No such line among " + seen);
            }
            waitAtMost(left);
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /** Completes with the exit status when the process has ended and its last line is read. */
    public CompletableFuture<Integer> exit() {
        return process.onExit()
                .thenApplyAsync(ended -> {
                    join();
                    return ended.exitValue();
                });
    }

    /**
     * Asks the process to end, as Lambda does (SIGTERM), waits for it and tells its exit status.
     */
    public int terminate(Duration limit) {
        // Not Process.destroy(), which also closes the pipe that the last words come through
        process.toHandle().destroy();
        try {
            return exit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("The function has not ended within " + limit, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the function ended", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("The end of the function can't be seen", e);
        }
    }

    /** Ends the process, and whatever it has started, at once. */
    @Override
    public void close() {
        kill();
        exit().orTimeout(60, TimeUnit.SECONDS).join();
        try {
            Runtime.getRuntime().removeShutdownHook(endWithUs);
        } catch (IllegalStateException e) {
            // This JVM is already ending, and the hook does what is left to do
        }
    }

    private void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private void join() {
        try {
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read(Consumer<String> listener) {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                listener.accept(line);
                add(line);
            }
        } catch (IOException e) {
            add("(the rest of the output can't be read: " + e.getMessage() + ")");
        } finally {
            fallSilent();
        }
    }

    private synchronized void add(String line) {
        if (recorded) {
            lines.add(line);
        }
        notifyAll();
    }

    private synchronized void fallSilent() {
        silent = true;
        notifyAll();
    }

    private synchronized void waitAtMost(long millis) {
        try {
            wait(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for a line", e);
        }
    }
}
