package authoriser.lambda;

import authoriser.standin.LoopbackServer;
import authoriser.standin.ReceivedRequest;
import authoriser.standin.StandInReply;
import authoriser.standin.TestJson;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The Lambda Runtime API, version 2018-06-01, for one function: hands out events and takes answers.
 *
 * <p>Any number of invocations may run at a time, as many as the function asks for; a function
 * without concurrency asks for the next only when it has answered the last. As on Lambda, a
 * function's time starts when it gets the event.
 */
public final class RuntimeApi implements AutoCloseable {
    /** The function that the stand-in claims to run. */
    public static final String FUNCTION_ARN =
            "arn:aws:lambda:eu-west-1:123456789012:function:cognito-request-authoriser";

    /**
     * How long a function may take to start; Lambda's limit is 10 s, on machines that are less
     * busy.
     */
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    /** The largest response that Lambda takes, in bytes. */
    static final int LARGEST_RESPONSE = 6 * 1024 * 1024 + 100;

    private static final String ROOT = "/2018-06-01/runtime/";
    private static final String INVOCATION = ROOT + "invocation/";
    private static final String ERROR_TYPE = "Lambda-Runtime-Function-Error-Type";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final BlockingQueue<Invocation> waiting = new LinkedBlockingQueue<>();
    private final Map<String, Invocation> open = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final CompletableFuture<Errored> initError = new CompletableFuture<>();
    private final CompletableFuture<Errored> ended = new CompletableFuture<>();
    private final LoopbackServer server;
    private volatile Duration lastDuration = Duration.ZERO;

    private RuntimeApi() {
        server = LoopbackServer.http(0, this::answer);
    }

    /** How an invocation came out. */
    public sealed interface Outcome {
        byte[] body();

        default String text() {
            return new String(body(), StandardCharsets.UTF_8);
        }

        default JsonNode json() {
            return TestJson.read(body());
        }
    }

    /** The handler returned. */
    public record Answered(byte[] body) implements Outcome {
        @Override
        public String toString() {
            return "Answered " + text();
        }
    }

    /** The handler threw, or Lambda had to end it. */
    public record Errored(String type, String message, byte[] body) implements Outcome {
        @Override
        public String toString() {
            return "Errored " + type + ": " + message;
        }
    }

    public static RuntimeApi start() {
        return new RuntimeApi();
    }

    /** The value for {@code AWS_LAMBDA_RUNTIME_API}. */
    public String address() {
        return "127.0.0.1:" + server.port();
    }

    /** Sends an event and waits for what becomes of it. */
    public Outcome invoke(byte[] event, Duration timeout) {
        return invoke(event, timeout, UUID.randomUUID().toString(), traceId());
    }

    /**
     * Sends an event under a request id and a trace id of the caller's choosing.
     *
     * @param timeout the function's time-out, counted from when it takes the event
     */
    public Outcome invoke(byte[] event, Duration timeout, String requestId, String traceId) {
        Invocation invocation = new Invocation(requestId, traceId, event, timeout);
        open.put(requestId, invocation);
        waiting.add(invocation);
        if (ended.isDone()) {
            invocation.end(ended.join());
        }
        try {
            CompletableFuture.anyOf(invocation.taken, invocation.outcome)
                    .get(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            return invocation.outcome.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return invocation.end(timedOut(invocation));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the function ran", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("An outcome never fails", e);
        } finally {
            open.remove(requestId);
        }
    }

    /**
     * How long the function had for the last event that it answered: from just before it got the
     * event to when its answer was read.
     */
    public Duration lastDuration() {
        return lastDuration;
    }

    /** Completes when the function has started and asks for its first event. */
    public CompletableFuture<Void> ready() {
        return ready;
    }

    /** Completes when the function reports that it can't start. */
    public CompletableFuture<Errored> initError() {
        return initError;
    }

    /** A trace header's value in X-Ray's form, a new one each time. */
    public static String traceId() {
        byte[] random = new byte[20];
        RANDOM.nextBytes(random);
        HexFormat hex = HexFormat.of();
        return "Root=1-%08x-%s;Parent=%s;Sampled=0"
                .formatted(
                        Instant.now().getEpochSecond(),
                        hex.formatHex(random, 0, 12),
                        hex.formatHex(random, 12, 20));
    }

    /** Ends every invocation, those to come as well: the function's process is gone. */
    void processEnded(int status) {
        end(error("Runtime.ExitError", "Runtime exited with status " + status));
    }

    @Override
    public void close() {
        end(error("Runtime.ExitError", "The Runtime API has been closed"));
        server.close();
    }

    private void end(Errored reason) {
        ended.complete(reason);
        open.values().forEach(invocation -> invocation.end(ended.join()));
    }

    private StandInReply answer(ReceivedRequest request) {
        String path = request.path();
        if (path.equals(INVOCATION + "next")) {
            ready.complete(null);
            return this::next;
        }
        if (path.equals(ROOT + "init/error")) {
            Errored error = errored(request);
            initError.complete(error);
            end(error);
            return accepted();
        }
        if (path.startsWith(INVOCATION)) {
            String[] idAndKind = path.substring(INVOCATION.length()).split("/", 2);
            Invocation invocation = open.get(idAndKind[0]);
            String kind = idAndKind.length < 2 ? "" : idAndKind[1];
            if (invocation == null) {
                // Too late. Lambda would have ended the process long ago; here it may live on
                return accepted();
            }
            if (kind.equals("response")) {
                if (request.body().length > LARGEST_RESPONSE) {
                    invocation.end(
                            error(
                                    "Function.ResponseSizeTooLarge",
                                    "The response has " + request.body().length + " bytes"));
                    return StandInReply.status(413);
                }
                lastDuration = Duration.ofNanos(System.nanoTime() - invocation.sent);
                invocation.end(new Answered(request.body()));
                return accepted();
            }
            if (kind.equals("error")) {
                invocation.end(errored(request));
                return accepted();
            }
        }
        return StandInReply.status(404);
    }

    /** Waits for an event, however long that takes, and hands it over. */
    private void next(HttpExchange exchange) throws IOException, InterruptedException {
        Invocation invocation = waiting.take();
        while (invocation.outcome.isDone()) {
            invocation = waiting.take();
        }
        long deadline = Instant.now().plus(invocation.timeout).toEpochMilli();
        // Without a Content-Type the runtime client's native code crashes
        Map<String, String> headers =
                Map.of(
                        "Content-Type",
                        "application/json",
                        "Lambda-Runtime-Aws-Request-Id",
                        invocation.requestId,
                        "Lambda-Runtime-Deadline-Ms",
                        Long.toString(deadline),
                        "Lambda-Runtime-Invoked-Function-Arn",
                        FUNCTION_ARN,
                        "Lambda-Runtime-Trace-Id",
                        invocation.traceId);
        try {
            invocation.taken.complete(null);
            invocation.sent = System.nanoTime();
            StandInReply.of(200, headers, invocation.event).to(exchange);
        } catch (IOException e) {
            // Whoever asked has gone; the event is for the next that asks
            waiting.add(invocation);
            throw e;
        }
    }

    private static StandInReply accepted() {
        return StandInReply.json(202, "{\"status\":\"OK\"}");
    }

    /** An error as the function reports it; one that is not in JSON is its own message. */
    private static Errored errored(ReceivedRequest request) {
        JsonNode body;
        try {
            body = request.json();
        } catch (UncheckedIOException e) {
            body = TestJson.object(Map.of("errorMessage", request.text()));
        }
        return new Errored(
                request.header(ERROR_TYPE).orElse(body.path("errorType").asText()),
                body.path("errorMessage").asText(),
                request.body());
    }

    private static Errored timedOut(Invocation invocation) {
        if (!invocation.taken.isDone()) {
            return error("Sandbox.Timedout", "The function has not started in " + START_LIMIT);
        }
        double seconds = invocation.timeout.toMillis() / 1000.0;
        return error("Sandbox.Timedout", "Task timed out after %.2f seconds".formatted(seconds));
    }

    /** An error that Lambda reports in the function's place. */
    public static Errored error(String type, String message) {
        return new Errored(
                type, message, TestJson.bytes(Map.of("errorType", type, "errorMessage", message)));
    }

    private static final class Invocation {
        final String requestId;
        final String traceId;
        final byte[] event;
        final Duration timeout;
        final CompletableFuture<Void> taken = new CompletableFuture<>();
        final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        volatile long sent;

        Invocation(String requestId, String traceId, byte[] event, Duration timeout) {
            this.requestId = requestId;
            this.traceId = traceId;
            this.event = event;
            this.timeout = timeout;
        }

        /** Sets the outcome unless there is one already, and tells which it is. */
        Outcome end(Outcome proposed) {
            outcome.complete(proposed);
            return outcome.join();
        }
    }
}
