package authoriser.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.HostileRequests;
import authoriser.lambda.FunctionProcess;
import authoriser.lambda.RuntimeApi;
import authoriser.lambda.RuntimeApi.Outcome;
import authoriser.standin.Certificates;
import authoriser.standin.Events;
import authoriser.standin.PretendCognito;
import authoriser.standin.PretendValidation;
import authoriser.standin.ReceivedRequest;
import authoriser.standin.StandInReply;
import authoriser.standin.Tokens;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One process over very many invocations, with good, refused, failing and hostile requests: it
 * grows in nothing, and no caller gets the answer of another.
 *
 * <p>The system property {@code soak.invocations} is the number of invocations.
 */
class SoakIT {
    private static final int INVOCATIONS = Integer.getInteger("soak.invocations", 4_000);
    private static final int CALLERS = 100;
    private static final String FORBIDDEN = "eyJ";

    /** Long enough for all threads to ask the service in it. */
    private static final Duration TOGETHER = Duration.ofSeconds(1);

    /**
     * How much more there may be at the end than after a fifth of the invocations. By then, each
     * thread has a connection to the service, which is kept.
     */
    private static final ProcessState GROWTH = new ProcessState(1_024, 512, 12 * 1_024, 2, 4);

    private final AtomicInteger wrong = new AtomicInteger();
    private final AtomicLong lines = new AtomicLong();
    private final Queue<String> leaks = new ConcurrentLinkedQueue<>();

    /** A request, and the outcome that it must have. */
    private record Request(byte[] event, String expected, String subject) {}

    @ParameterizedTest
    @ValueSource(ints = {1, 16})
    void growsInNothingOverManyInvocations(int threads) throws Exception {
        Certificates certificates = World.CERTIFICATES;
        try (PretendCognito cognito = PretendCognito.start(certificates, World.KEY);
                PretendValidation validation = PretendValidation.start(certificates, cognito);
                RuntimeApi lambda = RuntimeApi.start()) {
            validation.validate().answering(request -> answer(validation, request));
            try (FunctionProcess function =
                    FunctionProcess.startUnrecorded(
                            World.BOOTSTRAP,
                            lambda,
                            environment(threads, cognito, validation, certificates),
                            this::printed)) {
                lambda.ready().get(60, TimeUnit.SECONDS);
                Tokens tokens = cognito.tokens(InstantSource.system());
                List<Request> requests = requests(tokens);

                run(lambda, requests, threads, INVOCATIONS / 5);
                run(lambda, requestsTogether(tokens, threads), threads, threads);
                ProcessState.of(function.pid()); // the first one loads classes for itself
                ProcessState before = ProcessState.of(function.pid());
                run(lambda, requests, threads, INVOCATIONS - INVOCATIONS / 5);
                ProcessState after = ProcessState.of(function.pid());

                report(threads, before, after);
                assertEquals(0, wrong.get());
                assertEquals(List.of(), List.copyOf(leaks));
                assertTrue(lines.get() >= INVOCATIONS, lines + " lines");
                assertNotGrown(before, after, threads);
            }
        }
    }

    private static void assertNotGrown(ProcessState before, ProcessState after, int threads) {
        String both = before + " " + after;
        assertTrue(after.heap() - before.heap() <= GROWTH.heap(), both);
        assertTrue(after.metaspace() - before.metaspace() <= GROWTH.metaspace(), both);
        assertTrue(after.resident() - before.resident() <= GROWTH.resident(), both);
        assertTrue(after.threads() - before.threads() <= GROWTH.threads(), both);
        assertTrue(
                after.descriptors() - before.descriptors() <= GROWTH.descriptors() + threads, both);
    }

    private static void report(int threads, ProcessState before, ProcessState after) {
        if (Integer.getInteger("soak.invocations") != null) {
            System.out.printf(
                    Locale.ROOT,
                    "| %d | %,d | %,d to %,d | %,d to %,d | %,d to %,d | %d to %d | %d to %d |%n",
                    threads,
                    INVOCATIONS,
                    before.heap(),
                    after.heap(),
                    before.metaspace(),
                    after.metaspace(),
                    before.resident(),
                    after.resident(),
                    before.threads(),
                    after.threads(),
                    before.descriptors(),
                    after.descriptors());
        }
    }

    private static Map<String, String> environment(
            int threads,
            PretendCognito cognito,
            PretendValidation validation,
            Certificates certificates) {
        Map<String, String> environment = new HashMap<>();
        environment.put("CognitoIssuer", cognito.issuer());
        environment.put("ValidatedHeaders", "X-Tenant-Id,X-Channel");
        environment.put("ValidationServiceUrl", validation.url());
        environment.put("ValidationServiceTokenUrl", cognito.tokenUrl());
        environment.put("ValidationServiceClientIdValue", PretendCognito.SERVICE_CLIENT_ID);
        environment.put("ValidationServiceClientSecretValue", PretendCognito.SERVICE_CLIENT_SECRET);
        environment.put("JAVA_TOOL_OPTIONS", String.join(" ", certificates.jvmOptions()));
        if (threads > 1) {
            environment.put("AWS_LAMBDA_MAX_CONCURRENCY", Integer.toString(threads));
            environment.put("AWS_LAMBDA_LOG_FORMAT", "JSON");
        }
        return environment;
    }

    /** Good callers, those who are refused, one whose service fails, and hostile ones. */
    private static List<Request> requests(Tokens tokens) {
        List<Request> requests = new ArrayList<>();
        List<byte[]> hostile = new HostileRequests(7, tokens).round();
        for (int i = 0; i < CALLERS; i++) {
            String subject = "caller-" + i;
            String token = tokens.access(Tokens.with("sub", subject));
            requests.add(request(token, "tenant", World.ALLOW, subject));
            requests.add(new Request(hostile.get(i % hostile.size()), "", ""));
            if (i % 5 == 0) {
                requests.add(request(token, "blocked", "validation_refused", subject));
            }
            if (i % 25 == 0) {
                requests.add(request(token, "broken", "validation_unavailable", subject));
            }
        }
        return requests;
    }

    private static Request request(String token, String tenant, String expected, String subject) {
        byte[] event = Events.rest(token, "X-Tenant-Id", tenant + "-of-" + subject);
        return new Request(event, expected, subject);
    }

    /** Requests that reach the service at the same time, so that each needs a connection. */
    private static List<Request> requestsTogether(Tokens tokens, int number) {
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            String subject = "caller-" + i;
            String token = tokens.access(Tokens.with("sub", subject));
            requests.add(request(token, "together", World.ALLOW, subject));
        }
        return requests;
    }

    /** Breaks off for a tenant that is broken. Tenants that come together wait for each other. */
    private static StandInReply answer(PretendValidation validation, ReceivedRequest request) {
        String tenant = request.json().at("/headers/x-tenant-id").asText();
        if (tenant.startsWith("together")) {
            return validation.judge(request).after(TOGETHER);
        }
        return tenant.startsWith("broken") ? StandInReply.status(404) : validation.judge(request);
    }

    private void run(RuntimeApi lambda, List<Request> requests, int threads, int number)
            throws Exception {
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService clients = Executors.newFixedThreadPool(threads)) {
            for (int i = 0; i < threads; i++) {
                running.add(
                        clients.submit(() -> {
                            for (int n = next.getAndIncrement();
                                    n < number;
                                    n = next.getAndIncrement()) {
                                check(lambda, requests.get(n % requests.size()));
                            }
                        }));
            }
        }
        for (Future<?> one : running) {
            one.get();
        }
    }

    private void check(RuntimeApi lambda, Request request) {
        Outcome outcome =
                lambda.invoke(
                        request.event,
                        Duration.ofSeconds(20),
                        UUID.randomUUID().toString(),
                        RuntimeApi.traceId());
        String decision = World.decision(outcome);
        boolean right =
                request.expected.isEmpty()
                        ? !decision.equals(World.ALLOW)
                        : decision.equals(
                                        request.expected.equals("validation_unavailable")
                                                ? World.undecided(request.expected)
                                                : request.expected)
                                && (!(outcome instanceof RuntimeApi.Answered)
                                        || outcome.json()
                                                .path("principalId")
                                                .asText()
                                                .equals(request.subject));
        if (!right) {
            wrong.incrementAndGet();
        }
    }

    private void printed(String line) {
        lines.incrementAndGet();
        if (line.contains(FORBIDDEN) || line.contains(PretendCognito.SERVICE_CLIENT_SECRET)) {
            leaks.add("a line holds a token or a secret");
        }
    }
}
