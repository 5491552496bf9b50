package authoriser;

import static authoriser.InMemoryFunction.VALIDATION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.config.Environment;
import authoriser.json.JsonDocument;
import authoriser.policy.CheckedAnswer;
import authoriser.standin.Events;
import authoriser.standin.Tokens;
import authoriser.telemetry.EmfLine;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A line break in any input changes no line of the log, no answer and no request. */
class LineBreaksTest {
    private static final List<String> BREAKS =
            List.of("\n", "\r\n", "\r", "\u0085", "\u2028", "\u2029", "\u000b", "\f", "\u0000");

    private static final String REST = "{\"outcome\":\"allow\"}";

    /** An input of the function that can hold any text. */
    enum Input {
        SUBJECT((tokens, text) -> event(tokens.access(Tokens.with("sub", text)))),
        USERNAME((tokens, text) -> event(tokens.access(Tokens.with("username", text)))),
        CLIENT_ID((tokens, text) -> event(tokens.access(Tokens.with("client_id", text)))),
        SCOPE((tokens, text) -> event(tokens.access(Tokens.with("scope", text)))),
        GROUPS((tokens, text) ->
                event(tokens.access(Tokens.with("cognito:groups", List.of(text))))),
        ISSUER((tokens, text) -> event(tokens.access(Tokens.with("iss", text)))),
        CLAIM_FOR_THE_SERVICE((tokens, text) -> event(tokens.access(Tokens.with("tenant", text)))),
        HEADER((tokens, text) -> Events.rest(tokens.access(), "X-Tenant-Id", text)),
        TRACEPARENT(
                (tokens, text) -> Events.rest(tokens.access(), Events.header("traceparent", text))),
        AUTHORIZATION((tokens, text) ->
                Events.rest(
                        tokens.access(),
                        Events.header("Authorization", "Bearer " + tokens.access() + text))),
        REQUEST_ID((tokens, text) ->
                Events.rest(
                        tokens.access(),
                        (ObjectNode event) -> {
                            event.withObjectProperty("requestContext").put("requestId", text);
                            return event;
                        }));

        private final BiFunction<Tokens, String, byte[]> event;

        Input(BiFunction<Tokens, String, byte[]> event) {
            this.event = event;
        }

        private static byte[] event(String token) {
            return Events.rest(token, "X-Tenant-Id", "acme");
        }
    }

    @ParameterizedTest
    @EnumSource
    void addNoLineWhereverTheyAre(Input input) {
        for (String lineBreak : BREAKS) {
            String text = "a" + lineBreak + REST + lineBreak + "X-Other: b" + lineBreak;
            InMemoryFunction network = new InMemoryFunction();

            check(network, input.event.apply(network.tokens, text), input + " " + escaped(text));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SUBJECT"})
    void addNoLineInAnAnswerOfTheService(Input input) {
        for (String lineBreak : BREAKS) {
            for (String answer :
                    List.of(
                            "{\"allowed\":false,\"reason\":\"a%sb\"}",
                            "{\"allowed\":true,\"context\":{\"plan\":\"a%sb\"}}",
                            "{\"allowed\":true,\"context\":{\"pl%san\":\"a\"}}",
                            "{\"allowed\":true,\"usageIdentifierKey\":\"a%sb\"}")) {
                InMemoryFunction network = new InMemoryFunction();
                network.http.on(VALIDATION, answer.formatted(escaped(lineBreak)));

                check(
                        network,
                        input.event.apply(network.tokens, "subject"),
                        answer + escaped(lineBreak));
            }
        }
    }

    private static void check(InMemoryFunction network, byte[] event, String about) {
        Map<String, String> settings =
                Environment.with("ServiceClaims", "tenant", "ContextClaims", "tenant");
        ExplainedFunction.Result result =
                ExplainedFunction.of(settings, network.http, network.clock)
                        .handle(event, Duration.ofSeconds(9));

        EmfLine.of(result.line());
        result.answer()
                .ifPresent(answer ->
                        CheckedAnswer.of(
                                new JsonDocument(
                                        answer.toString().getBytes(StandardCharsets.UTF_8))));
        for (var sent : network.http.sentTo(VALIDATION)) {
            String head = sent.message().substring(0, sent.message().indexOf("\r\n\r\n"));
            assertTrue(
                    Stream.of(head.split("\r\n", -1))
                            .skip(1)
                            .allMatch(line -> line.matches("[A-Za-z-]+: [ -~]*")),
                    about + head);
            assertEquals(0, head.lines().filter(line -> line.startsWith("X-Other")).count(), about);
            assertEquals(
                    sent.body().getBytes(StandardCharsets.UTF_8).length,
                    Integer.parseInt(head.replaceAll("(?s).*Content-Length: (\\d+).*", "$1")),
                    about);
        }
    }

    /** As JSON has it. */
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        for (char c : text.toCharArray()) {
            escaped.append(c < ' ' || c > '~' ? "\\u%04x".formatted((int) c) : c);
        }
        return escaped.toString();
    }
}
