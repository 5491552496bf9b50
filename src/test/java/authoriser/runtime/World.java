package authoriser.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import authoriser.lambda.FunctionDirectory;
import authoriser.lambda.FunctionProcess;
import authoriser.lambda.RuntimeApi;
import authoriser.lambda.RuntimeApi.Answered;
import authoriser.lambda.RuntimeApi.Errored;
import authoriser.lambda.RuntimeApi.Outcome;
import authoriser.standin.Certificates;
import authoriser.standin.Events;
import authoriser.standin.PretendCognito;
import authoriser.standin.PretendValidation;
import authoriser.standin.SigningKey;
import authoriser.standin.Tokens;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * The function in a separate process, started by its bootstrap with its start-up archive, and
 * stand-ins for its peers.
 *
 * <p>{@code close} also checks the process: it must still run, end with the expected status, and
 * have printed one valid line for each invocation and no secret.
 */
final class World implements AutoCloseable {
    static final String ALLOW = "Allow";

    /** The error that API Gateway answers with 401. */
    static final String UNAUTHORIZED = "Error Unauthorized";

    /** The result of {@link #decide} for an error with this reason. */
    static String undecided(String reason) {
        return "Error Undecided: " + reason;
    }

    /** Longer than any invocation, so that a time-out of the function is noticed. */
    static final Duration LIMIT = Duration.ofSeconds(10);

    /** 128 and the number of SIGTERM: the status of a JVM that was terminated. */
    private static final int TERMINATED = 143;

    static final Path BOOTSTRAP = FunctionDirectory.path().resolve("bootstrap");

    /** A directory for this JVM only, because other tests run at the same time. */
    static final Path WORK = workDirectory();

    static final Certificates CERTIFICATES = Certificates.create(WORK.resolve("certificates"));

    /** The key id has the characters of key ids of Cognito. */
    static final SigningKey KEY = SigningKey.generate("Kd+7/first=");

    static final SigningKey OTHER_KEY = SigningKey.generate("Qx/3+second=");

    final PretendCognito cognito;
    final PretendValidation validation;
    final RuntimeApi lambda = RuntimeApi.start();
    final Tokens tokens;
    final Leaks leaks = new Leaks();

    private final Map<String, String> environment = new HashMap<>();
    private final Set<String> requestIds = new ConcurrentSkipListSet<>();
    private final AtomicInteger errors = new AtomicInteger();
    private Path bootstrap = BOOTSTRAP;
    private Path frames;
    private FunctionProcess process;

    private World(PretendCognito cognito, PretendValidation validation) {
        this.cognito = cognito;
        this.validation = validation;
        this.tokens = cognito.tokens(InstantSource.system());
        set("CognitoIssuer", cognito.issuer());
        set("ValidatedHeaders", "X-Tenant-Id,X-Channel");
        set("ValidationServiceUrl", validation.url());
        set("ValidationServiceTokenUrl", cognito.tokenUrl());
        set("ValidationServiceClientIdValue", PretendCognito.SERVICE_CLIENT_ID);
        set("ValidationServiceClientSecretValue", PretendCognito.SERVICE_CLIENT_SECRET);
        leaks.secret(PretendCognito.SERVICE_CLIENT_SECRET);
    }

    private static Path workDirectory() {
        try {
            Path all = FunctionDirectory.path().resolveSibling("runtime-tests");
            return Files.createTempDirectory(Files.createDirectories(all), "jvm");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stand-ins with TLS. The function trusts them by the trust store of its JVM. */
    static World overTls() {
        PretendCognito cognito = PretendCognito.start(CERTIFICATES, KEY);
        World world = new World(cognito, PretendValidation.start(CERTIFICATES, cognito));
        return world.jvmOptions(CERTIFICATES.jvmOptions());
    }

    /** Stand-ins without TLS, which the settings allow on loopback. */
    static World overHttp() {
        PretendCognito cognito = PretendCognito.start(KEY);
        return new World(cognito, PretendValidation.start(cognito));
    }

    /** Starts the function with another bootstrap than the one of the build. */
    World bootstrap(Path other) {
        bootstrap = other;
        return this;
    }

    /** Changes the environment of the function before its start. */
    World set(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Sets options for the JVM of the function, which prints a notice of them. */
    World jvmOptions(List<String> options) {
        return set("JAVA_TOOL_OPTIONS", String.join(" ", options));
    }

    /**
     * Sets the number of concurrent invocations, and logs in JSON, as on Lambda. In TEXT, the
     * runtime client writes its first message without a line feed.
     */
    World concurrent(int threads) {
        return set("AWS_LAMBDA_MAX_CONCURRENCY", Integer.toString(threads))
                .set("AWS_LAMBDA_LOG_FORMAT", "JSON");
    }

    /** Gives the function a log descriptor like Lambda, which the runtime client then uses. */
    World withLogDescriptor() {
        try {
            frames = Files.createTempFile(WORK, "frames", "");
            String program = "#!/bin/sh\nexec 3>" + frames + "\nexec " + bootstrap + "\n";
            bootstrap = Files.writeString(Files.createTempFile(WORK, "bootstrap", ""), program);
            Files.setPosixFilePermissions(bootstrap, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return set("_LAMBDA_TELEMETRY_LOG_FD", "3");
    }

    /** Starts the function and waits until it requests its first event. */
    World start() {
        startOnly();
        waitFor(CompletableFuture.anyOf(lambda.ready(), lambda.initError(), process.exit()));
        if (!lambda.ready().isDone()) {
            throw new AssertionError("The function has not started:\n" + process.output());
        }
        return this;
    }

    /** Starts the function without waiting. */
    FunctionProcess startOnly() {
        process = FunctionProcess.start(bootstrap, lambda, environment);
        return process;
    }

    FunctionProcess process() {
        return process;
    }

    /** Sends an event of a REST API with a new valid token and unique header values. */
    String decide() {
        return decide(tokens.access());
    }

    /** Sends an event of a REST API with this token and unique header values. */
    String decide(String token) {
        return decide(token, LIMIT);
    }

    String decide(String token, Duration timeout) {
        return decision(invoke(request(token), timeout));
    }

    /** An event of a REST API with this token and unique header values. */
    static byte[] request(String token) {
        return Events.rest(token, "X-Tenant-Id", unique("tenant"), "X-Channel", unique("channel"));
    }

    /** A unique value, so that it can be found in the output. */
    static String unique(String what) {
        return what + "-" + UUID.randomUUID();
    }

    Outcome invoke(byte[] event) {
        return invoke(event, LIMIT);
    }

    Outcome invoke(byte[] event, Duration timeout) {
        return invoke(event, timeout, UUID.randomUUID().toString(), RuntimeApi.traceId());
    }

    Outcome invoke(byte[] event, Duration timeout, String requestId, String traceId) {
        leaks.event(event);
        requestIds.add(requestId);
        Outcome outcome = lambda.invoke(event, timeout, requestId, traceId);
        switch (outcome) {
            case Answered answer -> leaks.answered(answer.text());
            case Errored error -> {
                leaks.shown(error.text());
                errors.incrementAndGet();
            }
        }
        return outcome;
    }

    /** The response to a self-check, which writes no log line of a decision. */
    JsonNode selfCheck() {
        byte[] event = "{\"selfCheck\":true}".getBytes(StandardCharsets.US_ASCII);
        return lambda.invoke(event, LIMIT, UUID.randomUUID().toString(), RuntimeApi.traceId())
                .json();
    }

    /** The outcome as text: Allow, the reason of a Deny, or Error and its message. */
    static String decision(Outcome outcome) {
        return switch (outcome) {
            case Errored error -> "Error " + error.message();
            case Answered answer -> {
                JsonNode statements = answer.json().at("/policyDocument/Statement");
                yield statements.path(0).path("Effect").asText().equals(ALLOW)
                        ? ALLOW
                        : answer.json().at("/context/reason").asText();
            }
        };
    }

    /**
     * Sends valid requests until one is allowed, because the pauses of the function use the system
     * clock. Until then, each decision must be one of the expected ones.
     */
    void recovers(Duration limit, String... meanwhile) {
        recovers(tokens, limit, meanwhile);
    }

    void recovers(Tokens issuer, Duration limit, String... meanwhile) {
        until(
                limit,
                () -> {
                    String decision = decide(issuer.access());
                    if (!List.of(meanwhile).contains(decision)) {
                        assertEquals(ALLOW, decision);
                    }
                    return decision.equals(ALLOW);
                });
    }

    /** Waits for a condition that depends on the system clock or another process. */
    static void until(Duration limit, BooleanSupplier condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("Not within " + limit);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** The output of the function until now, including the log descriptor. */
    private List<String> output() {
        return frames == null
                ? process.lines()
                : Stream.concat(process.lines().stream(), Printed.frames(frames).stream()).toList();
    }

    /** The complete output of the function, which is ended first. */
    Printed end() {
        // The runtime client reports an exception of the handler before it prints it
        until(LIMIT, () -> Printed.of(output()).errors().size() >= errors.get());
        assertEquals(TERMINATED, process.terminate(LIMIT), process::output);
        return Printed.of(output());
    }

    /** Ends the function and checks its output. */
    @Override
    public void close() {
        try {
            if (lambda.ready().isDone()) {
                check(end());
            }
            checkLeaks();
        } finally {
            if (process != null) {
                process.close();
            }
            validation.close();
            cognito.close();
            lambda.close();
        }
    }

    private void check(Printed printed) {
        assertEquals(notices(), printed.others());
        assertEquals(errors.get(), printed.errors().size(), () -> printed.errors().toString());
        List<String> logged =
                printed.lines().stream().map(line -> line.path("requestId").asText()).toList();
        assertEquals(requestIds, new TreeSet<>(logged));
        assertEquals(requestIds.size(), logged.size());
        printed.lines().forEach(Emf::check);
    }

    /** The notice of the JVM about options, and of the runtime client about several threads. */
    private List<String> notices() {
        List<String> notices = new ArrayList<>();
        notice(notices, "NOTE: ", "JDK_JAVA_OPTIONS");
        notice(notices, "", "JAVA_TOOL_OPTIONS");
        notice(notices, "", "_JAVA_OPTIONS");
        String threads = environment.get("AWS_LAMBDA_MAX_CONCURRENCY");
        if (threads != null) {
            notices.add("Starting " + threads + " concurrent function handler threads.");
        }
        return notices;
    }

    private void notice(List<String> notices, String start, String variable) {
        String options = environment.get(variable);
        if (options != null) {
            notices.add(start + "Picked up " + variable + ": " + options);
        }
    }

    /** Searches all output and all responses for secrets. */
    private void checkLeaks() {
        cognito.token().requests().forEach(leaks::request);
        validation.validate().requests().forEach(leaks::request);
        if (process != null) {
            output().forEach(leaks::shown);
        }
        assertEquals(Set.of(), leaks.found());
    }

    private static void waitFor(CompletableFuture<?> future) {
        try {
            future.get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("The function has not started", e);
        }
    }
}
