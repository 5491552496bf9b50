package authoriser.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.lambda.RuntimeApi.Answered;
import authoriser.lambda.RuntimeApi.Errored;
import authoriser.lambda.RuntimeApi.Outcome;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RuntimeApiTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final RuntimeApi api = RuntimeApi.start();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterEach
    void close() {
        client.close();
        api.close();
    }

    @Test
    void anEventArrivesWithWhatTheRuntimeClientNeeds() throws Exception {
        Instant before = Instant.now();
        CompletableFuture<Outcome> outcome = invoke("{\"a\":1}", "request-1", "Root=1-2-3");
        HttpResponse<String> next = next();

        assertEquals("{\"a\":1}", next.body());
        assertEquals("application/json", header(next, "Content-Type"));
        assertEquals("request-1", header(next, "Lambda-Runtime-Aws-Request-Id"));
        assertEquals("Root=1-2-3", header(next, "Lambda-Runtime-Trace-Id"));
        assertEquals(RuntimeApi.FUNCTION_ARN, header(next, "Lambda-Runtime-Invoked-Function-Arn"));
        Instant deadline =
                Instant.ofEpochMilli(Long.parseLong(header(next, "Lambda-Runtime-Deadline-Ms")));
        assertFalse(deadline.isBefore(before.plus(TIMEOUT).minusMillis(1)));
        assertFalse(deadline.isAfter(Instant.now().plus(TIMEOUT)));

        assertEquals(202, post("invocation/request-1/response", "{\"b\":2}").statusCode());
        assertEquals("{\"b\":2}", assertInstanceOf(Answered.class, outcome.join()).text());
    }

    @Test
    void theLastDurationIsFromTheEventToTheAnswer() throws Exception {
        long start = System.nanoTime();
        CompletableFuture<Outcome> outcome = invoke("{}", "request-1", "trace");
        next();
        long taken = System.nanoTime();
        long answering = System.nanoTime();
        post("invocation/request-1/response", "{}");
        outcome.join();
        long end = System.nanoTime();

        long duration = api.lastDuration().toNanos();
        assertTrue(answering - taken <= duration);
        assertTrue(duration <= end - start);
    }

    @Test
    void anErrorKeepsItsTypeAndItsMessage() throws Exception {
        CompletableFuture<Outcome> outcome = invoke("{}", "request-1", "trace");
        next();
        post(
                "invocation/request-1/error",
                "{\"errorMessage\":\"Unauthorized\",\"errorType\":\"a.b.Refusal\"}");

        Errored errored = assertInstanceOf(Errored.class, outcome.join());
        assertEquals("Unauthorized", errored.message());
        assertEquals("a.b.Refusal", errored.type());
    }

    @Test
    void anErrorThatIsNotJsonIsItsOwnMessage() throws Exception {
        CompletableFuture<Outcome> outcome = invoke("{}", "request-1", "trace");
        next();
        assertEquals(202, post("invocation/request-1/error", "out of memory").statusCode());

        assertEquals("out of memory", assertInstanceOf(Errored.class, outcome.join()).message());
    }

    @Test
    void aStartErrorThatIsNotJsonIsItsOwnMessage() throws Exception {
        assertEquals(202, post("init/error", "no settings").statusCode());

        assertEquals("no settings", api.initError().join().message());
    }

    @Test
    void aResponseIsTakenUpToTheLimitOfLambda() throws Exception {
        CompletableFuture<Outcome> first = invoke("1", "request-1", "trace");
        next();
        String largest = "a".repeat(RuntimeApi.LARGEST_RESPONSE);
        assertEquals(202, post("invocation/request-1/response", largest).statusCode());
        assertInstanceOf(Answered.class, first.join());

        CompletableFuture<Outcome> second = invoke("2", "request-2", "trace");
        next();
        assertEquals(413, post("invocation/request-2/response", largest + "a").statusCode());
        assertEquals(
                "Function.ResponseSizeTooLarge",
                assertInstanceOf(Errored.class, second.join()).type());
    }

    @Test
    void severalInvocationsRunAtATimeAndEndInAnyOrder() throws Exception {
        CompletableFuture<Outcome> first = invoke("1", "request-1", "trace");
        CompletableFuture<Outcome> second = invoke("2", "request-2", "trace");
        next();
        next();
        post("invocation/request-2/response", "two");

        assertEquals("two", second.join().text());
        assertFalse(first.isDone());

        post("invocation/request-1/response", "one");
        assertEquals("one", first.join().text());
    }

    @Test
    void aFunctionThatAsksFirstIsReadyAndWaits() throws Exception {
        CompletableFuture<HttpResponse<String>> next =
                client.sendAsync(get("invocation/next"), BodyHandlers.ofString());
        api.ready().join();
        assertFalse(next.isDone());

        CompletableFuture<Outcome> outcome = invoke("{}", "request-1", "trace");
        assertEquals("{}", next.join().body());
        post("invocation/request-1/response", "ok");
        assertEquals("ok", outcome.join().text());
    }

    @Test
    void aFunctionThatCantStartFailsEveryInvocation() throws Exception {
        CompletableFuture<Outcome> waiting = invoke("{}", "request-1", "trace");
        post("init/error", "{\"errorMessage\":\"Settings\",\"errorType\":\"a.b.Invalid\"}");

        assertEquals("Settings", api.initError().join().message());
        assertEquals("Settings", assertInstanceOf(Errored.class, waiting.join()).message());
        assertEquals(
                "Settings",
                assertInstanceOf(Errored.class, api.invoke(bytes("{}"), TIMEOUT)).message());
        assertFalse(api.ready().isDone());
    }

    @Test
    void aFunctionThatDoesNotAnswerInTimeIsTimedOutAndMayGoOn() throws Exception {
        CompletableFuture<Outcome> slow =
                CompletableFuture.supplyAsync(
                        () -> api.invoke(bytes("{}"), Duration.ofMillis(50), "request-1", "t"));
        next();
        Errored timedOut = assertInstanceOf(Errored.class, slow.join());
        assertEquals("Sandbox.Timedout", timedOut.type());
        assertEquals(202, post("invocation/request-1/response", "late").statusCode());

        CompletableFuture<Outcome> outcome = invoke("{}", "request-2", "trace");
        assertEquals("request-2", header(next(), "Lambda-Runtime-Aws-Request-Id"));
        post("invocation/request-2/response", "ok");
        assertEquals("ok", outcome.join().text());
    }

    @Test
    void theEndOfTheProcessEndsWhatIsOpen() throws Exception {
        CompletableFuture<Outcome> outcome = invoke("{}", "request-1", "trace");
        next();
        api.processEnded(137);

        assertEquals("Runtime.ExitError", assertInstanceOf(Errored.class, outcome.join()).type());
    }

    @Test
    void traceIdsHaveTheFormOfXRay() {
        assertTrue(
                RuntimeApi.traceId()
                        .matches("Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0"));
    }

    private CompletableFuture<Outcome> invoke(String event, String requestId, String traceId) {
        return CompletableFuture.supplyAsync(
                () -> api.invoke(bytes(event), TIMEOUT, requestId, traceId));
    }

    private HttpResponse<String> next() throws IOException, InterruptedException {
        return client.send(get("invocation/next"), BodyHandlers.ofString());
    }

    private HttpRequest get(String path) {
        return HttpRequest.newBuilder(uri(path)).build();
    }

    private HttpResponse<String> post(String path, String body)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(uri(path)).POST(BodyPublishers.ofString(body)).build(),
                BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://" + api.address() + "/2018-06-01/runtime/" + path);
    }

    private static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
