package authoriser.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import authoriser.local.Certificates;
import authoriser.local.Events;
import authoriser.local.FunctionDirectory;
import authoriser.local.FunctionProcess;
import authoriser.local.PretendCognito;
import authoriser.local.PretendValidation;
import authoriser.local.RuntimeApi;
import authoriser.local.RuntimeApi.Answered;
import authoriser.local.RuntimeApi.Errored;
import authoriser.local.RuntimeApi.Outcome;
import authoriser.local.SigningKey;
import authoriser.local.Tokens;
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
 * The function in a process of its own, started by its bootstrap with its start-up archive, and
 * stand-ins for all that it talks to.
 *
 * <p>Closing it is a test as well: the process must still live, end in good order, have printed one
 * sound line for each invocation, and nothing that is secret.
 */
final class World implements AutoCloseable {
    static final String ALLOW = "Allow";

    /** The error that API Gateway answers with 401. */
    static final String UNAUTHORIZED = "Error Unauthorized";

    /** What {@link #decide} says of an error of ours with this reason. */
    static String undecided(String reason) {
        return "Error Undecided: " + reason;
    }

    /** Longer than any invocation here takes, so that a time-out of the function's own shows. */
    static final Duration LIMIT = Duration.ofSeconds(10);

    /** 128 and the number of SIGTERM: the JVM has ended in good order. */
    private static final int TERMINATED = 143;

    static final Path BOOTSTRAP = FunctionDirectory.path().resolve("bootstrap");

    /** A directory for this JVM alone, since other tests run at the same time. */
    static final Path WORK = workDirectory();

    static final Certificates CERTIFICATES = Certificates.create(WORK.resolve("certificates"));

    /** With the characters that Cognito's key ids have. */
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

    /** Stand-ins that speak TLS; the function trusts them by its JVM's trust store. */
    static World overTls() {
        PretendCognito cognito = PretendCognito.start(CERTIFICATES, KEY);
        World world = new World(cognito, PretendValidation.start(CERTIFICATES, cognito));
        return world.jvmOptions(CERTIFICATES.jvmOptions());
    }

    /** Stand-ins without TLS, which settings allow on loopback. */
    static World overHttp() {
        PretendCognito cognito = PretendCognito.start(KEY);
        return new World(cognito, PretendValidation.start(cognito));
    }

    /** Starts the function by another bootstrap than that of the build. */
    World bootstrap(Path other) {
        bootstrap = other;
        return this;
    }

    /** Changes the environment that the function will have. */
    World set(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Gives the function's JVM options of its own, of which it will print a notice. */
    World jvmOptions(List<String> options) {
        return set("JAVA_TOOL_OPTIONS", String.join(" ", options));
    }

    /**
     * Has the function take this many invocations at a time, with logs in JSON, as Lambda has them
     * then: in TEXT, the runtime client ends its own first message without a line feed.
     */
    World concurrent(int threads) {
        return set("AWS_LAMBDA_MAX_CONCURRENCY", Integer.toString(threads))
                .set("AWS_LAMBDA_LOG_FORMAT", "JSON");
    }

    /** Gives the function a log descriptor as Lambda does, which the runtime client then uses. */
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

    /** Starts the function and waits until it asks for its first event. */
    World start() {
        startOnly();
        waitFor(CompletableFuture.anyOf(lambda.ready(), lambda.initError(), process.exit()));
        if (!lambda.ready().isDone()) {
            throw new AssertionError("The function has not started:\n" + process.output());
        }
        return this;
    }

    /** Starts the function and waits for nothing. */
    FunctionProcess startOnly() {
        process = FunctionProcess.start(bootstrap, lambda, environment);
        return process;
    }

    FunctionProcess process() {
        return process;
    }

    /** Sends a REST API's event with a new good token and header values of its own. */
    String decide() {
        return decide(tokens.access());
    }

    /** Sends a REST API's event with this token and header values of its own. */
    String decide(String token) {
        return decide(token, LIMIT);
    }

    String decide(String token, Duration timeout) {
        return decision(invoke(request(token), timeout));
    }

    /** A REST API's event with this token and header values of its own. */
    static byte[] request(String token) {
        return Events.rest(token, "X-Tenant-Id", unique("tenant"), "X-Channel", unique("channel"));
    }

    /** A value that stands nowhere else, so that it is known where it turns up. */
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

    /** What the function answers to a self-check, which logs no line of a decision. */
    JsonNode selfCheck() {
        byte[] event = "{\"selfCheck\":true}".getBytes(StandardCharsets.US_ASCII);
        return lambda.invoke(event, LIMIT, UUID.randomUUID().toString(), RuntimeApi.traceId())
                .json();
    }

    /** What an outcome comes to: Allow, a reason to deny, or Error and its message. */
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
     * Sends good requests until one is allowed: the function's own pauses go by the system's clock.
     * Each that is not allowed must come to one of the decisions expected meanwhile.
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

    /** Waits for what the system's clock or another process brings about. */
    static void until(Duration limit, BooleanSupplier condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("Not within " + limit);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** All that the function has printed so far, log descriptor included. */
    private List<String> output() {
        return frames == null
                ? process.lines()
                : Stream.concat(process.lines().stream(), Printed.frames(frames).stream()).toList();
    }

    /** What the function has printed, all of it, since it has to end for that. */
    Printed end() {
        // The runtime client prints what the handler has thrown after it has reported it
        until(LIMIT, () -> Printed.of(output()).errors().size() >= errors.get());
        assertEquals(TERMINATED, process.terminate(LIMIT), process::output);
        return Printed.of(output());
    }

    /** Ends the function and checks all that it has printed. */
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

    /**
     * What the JVM says when it is given options, and the runtime client when it has several
     * threads.
     */
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

    /** Searches all that has been printed and answered for what must stay secret. */
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
