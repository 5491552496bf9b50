package authoriser.runtime;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.lambda.RuntimeApi;
import authoriser.lambda.RuntimeApi.Outcome;
import authoriser.standin.Events;
import authoriser.standin.ReceivedRequest;
import authoriser.standin.SigningKey;
import authoriser.standin.StandInEndpoint;
import authoriser.standin.StandInReply;
import authoriser.standin.Tokens;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Many invocations of one process, one after another and concurrently. */
class LoadIT {
    private static final int THREADS = 8;

    private static final SigningKey FORGER = SigningKey.generate(World.KEY.kid());

    @Test
    void fetchesOneKeySetAndOneServiceTokenAndOpensOneConnectionForAThousandTokens() {
        try (World world = World.overTls()) {
            world.start();
            Set<String> different = new HashSet<>();

            for (int i = 0; i < 1_000; i++) {
                String token = world.tokens.access();
                different.add(token);
                assertEquals(World.ALLOW, world.decide(token));
            }

            assertAll(
                    () -> assertEquals(1_000, different.size()),
                    () -> assertEquals(1, world.cognito.jwksCalls()),
                    () -> assertEquals(1, world.cognito.tokenCalls()),
                    () -> assertEquals(1_000, world.validation.calls()),
                    () -> assertEquals(1, world.validation.connections()));
        }
    }

    @Test
    void runsAsManyInvocationsConcurrentlyAsLambdaAllows() throws Exception {
        try (World world = concurrent()) {
            CountDownLatch arrived = new CountDownLatch(THREADS);
            world.validation
                    .validate()
                    .always(exchange -> {
                        arrived.countDown();
                        boolean all = arrived.await(10, TimeUnit.SECONDS);
                        StandInReply.status(all ? 204 : 503).to(exchange);
                    });

            List<String> decisions =
                    atATime(IntStream.range(0, THREADS).mapToObj(_ -> world::decide));

            assertEquals(List.of(World.ALLOW), decisions.stream().distinct().toList());
        }
    }

    @Test
    void givesEachCallerItsOwnResponse() throws Exception {
        try (World world = concurrent()) {
            world.validation.validate().answering(LoadIT::judge);
            List<Caller> callers = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                callers.add(Caller.of(i, world.tokens));
            }

            List<Outcome> outcomes =
                    atATime(
                            callers.stream()
                                    .map(caller ->
                                            () ->
                                                    world.invoke(
                                                            caller.event(),
                                                            World.LIMIT,
                                                            caller.requestId(),
                                                            RuntimeApi.traceId())));

            for (int i = 0; i < callers.size(); i++) {
                callers.get(i).check(outcomes.get(i));
            }
            List<JsonNode> lines = world.end().lines();
            callers.forEach(caller -> caller.check(lines));
            assertAll(
                    () -> assertEquals(1, world.cognito.jwksCalls()),
                    () -> assertEquals(1, world.cognito.tokenCalls()),
                    () -> assertEquals(1, lines.stream().filter(LoadIT::isCold).count()),
                    () -> assertTrue(world.validation.connections() <= THREADS));
        }
    }

    @Test
    void fetchesOneServiceTokenAfterSeveralRefusals() throws Exception {
        try (World world = concurrent()) {
            CountDownLatch arrived = new CountDownLatch(THREADS);
            StandInReply refusal =
                    exchange -> {
                        arrived.countDown();
                        arrived.await(10, TimeUnit.SECONDS);
                        StandInReply.status(401).to(exchange);
                    };
            world.cognito.revokeServiceTokens();
            world.validation
                    .validate()
                    .next(
                            Stream.generate(() -> refusal)
                                    .limit(THREADS)
                                    .toArray(StandInReply[]::new));

            List<String> decisions =
                    atATime(IntStream.range(0, THREADS).mapToObj(_ -> world::decide));

            assertEquals(List.of(World.ALLOW), decisions.stream().distinct().toList());
            assertEquals(2, world.cognito.tokenCalls());
        }
    }

    @Test
    void endsEachInvocationInTimeIfAllWaitForTheSameFetch() throws Exception {
        Duration time = Duration.ofSeconds(2);
        List<String> reasons =
                List.of(
                        World.undecided("time_out"),
                        World.undecided("keys_unavailable"),
                        World.undecided("service_token_unavailable"));
        try (World world = World.overTls()) {
            // Priming fails at once, so that the requests must try again
            world.cognito.jwks().next(StandInReply.status(503));
            world.cognito.token().next(StandInReply.status(503));
            world.concurrent(THREADS).set("ValidationServiceTimeoutMs", "20000").start();

            for (StandInEndpoint hanging : List.of(world.cognito.jwks(), world.cognito.token())) {
                hanging.always(StandInReply.never());
                List<String> decisions =
                        atATime(
                                IntStream.range(0, THREADS)
                                        .mapToObj(_ ->
                                                () -> world.decide(world.tokens.access(), time)));
                hanging.usually();
                assertTrue(reasons.containsAll(decisions), decisions::toString);
            }

            world.recovers(Duration.ofSeconds(5), reasons.toArray(String[]::new));
        }
    }

    private static World concurrent() {
        return World.overTls()
                .concurrent(THREADS)
                .set("ValidationServiceTimeoutMs", "9000")
                .start();
    }

    /** A caller, its request, and the expected outcome. */
    private record Caller(
            String subject, String tenant, String token, String requestId, String expected) {
        static Caller of(int number, Tokens tokens) {
            String expected =
                    switch (number % 8) {
                        case 1 -> "token_signature";
                        case 3 -> "validation_refused";
                        case 5 -> World.undecided("validation_unavailable");
                        default -> World.ALLOW;
                    };
            String kind =
                    switch (number % 8) {
                        case 3 -> "blocked";
                        case 5 -> "broken";
                        default -> "good";
                    };
            String subject = World.unique("subject");
            Tokens minter = number % 8 == 1 ? tokens.signedWith(FORGER) : tokens;
            return new Caller(
                    subject,
                    World.unique(kind),
                    minter.access(Tokens.with("sub", subject)),
                    UUID.randomUUID().toString(),
                    expected);
        }

        byte[] event() {
            return Events.rest(token, "X-Tenant-Id", tenant);
        }

        void check(Outcome outcome) {
            assertEquals(expected, World.decision(outcome));
            if (expected.equals(World.ALLOW)) {
                assertEquals(subject, outcome.json().path("principalId").asText());
                assertEquals(subject, outcome.json().at("/context/subject").asText());
                assertEquals(
                        tenant + " of " + subject, outcome.json().at("/context/asked").asText());
            } else if (expected.equals("validation_refused")) {
                assertEquals(subject, outcome.json().path("principalId").asText());
                assertEquals(
                        tenant + " is refused", outcome.json().at("/context/message").asText());
            } else if (expected.equals("token_signature")) {
                assertEquals("unauthenticated", outcome.json().path("principalId").asText());
            }
        }

        /**
         * Checks that the log line of this request names this caller, if it was verified, and no
         * other.
         */
        void check(List<JsonNode> lines) {
            JsonNode line =
                    lines.stream()
                            .filter(other -> other.path("requestId").asText().equals(requestId))
                            .findAny()
                            .orElseThrow();
            boolean known = !expected.equals("token_signature");
            assertEquals(known ? subject : "", line.path("subject").asText());
            assertTrue(
                    expected.endsWith(line.path("reason").asText())
                            || line.path("reason").asText().equals("allowed"),
                    expected);
        }
    }

    /** Returns the request in the response, so that responses differ. */
    private static StandInReply judge(ReceivedRequest request) {
        String tenant = request.json().at("/headers/x-tenant-id").asText();
        String subject = request.json().at("/principal/subject").asText();
        if (tenant.startsWith("broken")) {
            return StandInReply.status(503);
        }
        if (tenant.startsWith("blocked")) {
            return StandInReply.json(403, "{\"reason\":\"" + tenant + " is refused\"}");
        }
        return StandInReply.json(
                "{\"allowed\":true,\"context\":{\"asked\":\"" + tenant + " of " + subject + "\"}}");
    }

    private static boolean isCold(JsonNode line) {
        return line.path("ColdStart").asInt() == 1;
    }

    /** Does all of this on as many threads as Lambda uses for events. */
    private static <T> List<T> atATime(Stream<Callable<T>> work)
            throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<T> results = new ArrayList<>();
            for (Future<T> result : threads.invokeAll(work.toList())) {
                results.add(result.get());
            }
            return results;
        }
    }
}
