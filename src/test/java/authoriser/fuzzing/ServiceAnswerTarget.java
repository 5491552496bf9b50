package authoriser.fuzzing;

import static authoriser.InMemoryFunction.VALIDATION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.InMemoryFunction;
import authoriser.fuzzing.CheckedFunction.Kind;
import authoriser.standin.Events;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Set;

/** What the validation service answers: status, headers, empty line, body. */
final class ServiceAnswerTarget implements FuzzTarget {
    private static final Set<Integer> REFUSALS = Set.of(400, 403, 422);

    private final CheckedFunction function = CheckedFunction.warm();
    private int question;

    @Override
    public void take(byte[] input) {
        StatusAndBody answer = StatusAndBody.of(input);
        function.http().on(VALIDATION, _ -> answer.reply());
        function.function().clock.advance(Duration.ofMinutes(1));
        question++; // an answer may hold for a time, but only for the same question
        byte[] event = Events.rest(function.token(), "X-Tenant-Id", "tenant-" + question);
        Kind kind = function.answer(event).kind();
        function.assertServiceWasAsked();
        JsonNode body = Tree.of(answer.body());
        switch (kind) {
            case ALLOW -> assertTrue(saysYes(answer, body), "no explicit yes");
            case DENY -> assertTrue(saysNo(answer, body), "no explicit no");
            case ERROR -> {}
            case UNAUTHORIZED -> throw new AssertionError("the token is good");
        }
        Kind again = function.answer(event).kind();
        if (kind != Kind.ERROR) {
            assertEquals(kind, again, "the same question");
        }
        function.http().on(VALIDATION, InMemoryFunction.goodAnswerOf(VALIDATION));
        function.assertAnswersAsBefore();
    }

    private static boolean saysYes(StatusAndBody answer, JsonNode body) {
        return answer.status() == 204 && answer.body().length == 0
                || answer.successful()
                        && body.path("allowed").isBoolean()
                        && body.get("allowed").booleanValue();
    }

    private static boolean saysNo(StatusAndBody answer, JsonNode body) {
        return answer.successful()
                        && body.path("allowed").isBoolean()
                        && !body.get("allowed").booleanValue()
                || REFUSALS.contains(answer.status())
                        && answer.fields().wwwAuthenticate() == null
                        && (answer.body().length == 0 || body.isObject());
    }
}
