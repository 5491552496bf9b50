package authoriser;

import authoriser.config.Config;
import authoriser.event.AccessRequest;
import authoriser.event.RequestEvent;
import authoriser.explain.RecordedCalls;
import authoriser.http.HttpSender;
import authoriser.http.TlsLayer;
import authoriser.json.JsonDocument;
import authoriser.lambda.InvocationContext;
import authoriser.policy.AnswerLimits;
import authoriser.policy.Unauthorized;
import authoriser.policy.Undecided;
import authoriser.trust.TrustStore;
import com.amazonaws.services.lambda.runtime.Context;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** The function as it is deployed, with its requests recorded and without a first preparation. */
public final class ExplainedFunction {
    private final Config config;
    private final RecordedCalls calls;
    private final Wiring wiring;

    /**
     * What the function did with an event.
     *
     * @param answer the answer to API Gateway; empty where the function threw an error
     * @param error the message of that error
     * @param line the log line
     * @param request the request in the event; empty if it has none
     */
    public record Result(
            Optional<JsonNode> answer,
            Optional<String> error,
            JsonNode line,
            Optional<AccessRequest> request) {}

    private ExplainedFunction(Config config, RecordedCalls calls, Wiring wiring) {
        this.config = config;
        this.calls = calls;
        this.wiring = wiring;
    }

    /**
     * Makes the function with its own HTTP client.
     *
     * @throws authoriser.config.InvalidSettings with every problem
     */
    public static ExplainedFunction of(Map<String, String> environment, InstantSource clock) {
        Config config = Config.parse(environment, new AnswerLimits());
        TlsLayer tls = TlsLayer.trusting(TrustStore.ofJvm());
        return of(environment, Wiring.client(config.service(), tls, clock), clock);
    }

    /** The same with this sender instead of an HTTP client. */
    public static ExplainedFunction of(
            Map<String, String> environment, HttpSender sender, InstantSource clock) {
        Config config = Config.parse(environment, new AnswerLimits());
        RecordedCalls calls = new RecordedCalls(sender, config);
        return new ExplainedFunction(config, calls, Wiring.of(environment, calls, clock));
    }

    public Config config() {
        return config;
    }

    /** The requests that the function sent. */
    public RecordedCalls calls() {
        return calls;
    }

    /** Hands an event to the function's handler. */
    public Result handle(byte[] event, Duration limit) {
        Optional<AccessRequest> request = wiring.parser().parse(read(event));
        long end = System.nanoTime() + limit.toNanos();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        Context context =
                new InvocationContext(
                        "explain",
                        null,
                        () -> (int) Duration.ofNanos(end - System.nanoTime()).toMillis(),
                        line::writeBytes);
        Optional<JsonNode> answer = Optional.empty();
        Optional<String> error = Optional.empty();
        try {
            JsonDocument document =
                    new AuthoriserHandler(wiring).handleRequest(read(event), context);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            document.writeTo(bytes);
            answer = Optional.of(new ObjectMapper().readTree(bytes.toByteArray()));
        } catch (Unauthorized | Undecided e) {
            error = Optional.of(e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Result(answer, error, only(line.toByteArray()), request);
    }

    private static RequestEvent read(byte[] event) {
        return RequestEvent.read(new ByteArrayInputStream(event));
    }

    private static JsonNode only(byte[] line) {
        String text = new String(line, StandardCharsets.UTF_8);
        if (text.indexOf('\n') != text.length() - 1) {
            throw new IllegalStateException("the log line is not one line");
        }
        try {
            return new ObjectMapper()
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
