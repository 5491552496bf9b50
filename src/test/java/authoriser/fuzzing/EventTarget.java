package authoriser.fuzzing;

import static authoriser.InMemoryFunction.VALIDATION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.InMemoryFunction;
import authoriser.fuzzing.CheckedFunction.Kind;
import authoriser.fuzzing.CheckedFunction.Outcome;
import authoriser.policy.CheckedAnswer;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Events of any shape. An event may ask for a good token by its place holder. */
final class EventTarget implements FuzzTarget {
    private static final String REFUSAL = "{\"allowed\":false}";

    private final CheckedFunction function = CheckedFunction.warm();

    @Override
    public void take(byte[] input) {
        byte[] event = function.withToken(input);
        Outcome outcome = function.answer(event);
        if (outcome.kind() == Kind.ALLOW) {
            function.assertServiceWasAsked();
            assertAllowed(Tree.of(event), outcome);
        }
        function.http().on(VALIDATION, REFUSAL);
        assertNotEquals(Kind.ALLOW, function.answer(event).kind(), "the service refused");
        function.http().on(VALIDATION, InMemoryFunction.goodAnswerOf(VALIDATION));
        function.assertAnswersAsBefore();
    }

    /**
     * What an event must be for its Allow to be right, by another reader. API Gateway sends no
     * event that has a name twice, and a reader may take either.
     */
    private void assertAllowed(JsonNode event, Outcome outcome) {
        if (event.isMissingNode()) {
            return;
        }
        Set<String> credentials = values(event, "authorization");
        assertEquals(1, credentials.size(), "Authorization");
        String[] parts = credentials.iterator().next().split(" +", 2);
        assertEquals("bearer", parts[0].toLowerCase(Locale.ROOT));
        assertEquals(function.token(), parts[1]);
        String question = function.http().sentTo(VALIDATION).getLast().body();
        JsonNode sent = Tree.of(question.getBytes(StandardCharsets.UTF_8)).path("headers");
        for (Map.Entry<String, JsonNode> header : sent.properties()) {
            assertEquals(Set.of(header.getValue().asText()), values(event, header.getKey()));
        }
        assertEquals(2, sent.size(), "validated headers");
        CheckedAnswer answer = outcome.answer().orElseThrow();
        assertTrue(
                isForStageOf(event.path("methodArn"), answer)
                        || isForStageOf(event.path("routeArn"), answer),
                "another stage or API");
    }

    /** Whether a policy is for the stage of this ARN, and for no other. */
    private boolean isForStageOf(JsonNode arn, CheckedAnswer answer) {
        String[] parts = arn.asText().split("/", 3);
        if (parts.length < 3) {
            return false;
        }
        String path = parts[2].equals("$connect") ? "/$connect" : "/GET/orders/1";
        Instant now = function.function().clock.instant();
        return answer.allows(parts[0] + "/" + parts[1] + path, now)
                && !answer.allows(parts[0] + "/" + parts[1] + "x" + path, now)
                && !answer.allows(parts[0] + "x/" + parts[1] + path, now);
    }

    /** All values of a header, wherever an event may hold them. */
    private static Set<String> values(JsonNode event, String name) {
        Set<String> values = new LinkedHashSet<>();
        boolean joined = event.path("version").asText().equals("2.0");
        for (Map.Entry<String, JsonNode> header : event.path("headers").properties()) {
            if (header.getKey().equalsIgnoreCase(name) && header.getValue().isTextual()) {
                String text = header.getValue().textValue();
                for (String value : joined ? text.split(",", -1) : new String[] {text}) {
                    values.add(withoutBlanks(value));
                }
            }
        }
        for (Map.Entry<String, JsonNode> header : event.path("multiValueHeaders").properties()) {
            if (header.getKey().equalsIgnoreCase(name) && header.getValue().isArray()) {
                for (JsonNode value : header.getValue()) {
                    if (value.isTextual()) {
                        values.add(withoutBlanks(value.textValue()));
                    }
                }
            }
        }
        return values;
    }

    private static String withoutBlanks(String value) {
        return value.replaceAll("^[ \t]+|[ \t]+$", "");
    }
}
