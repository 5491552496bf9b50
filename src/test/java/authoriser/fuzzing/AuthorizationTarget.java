package authoriser.fuzzing;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.fuzzing.CheckedFunction.Kind;
import authoriser.fuzzing.CheckedFunction.Outcome;
import authoriser.standin.Events;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Values of the header {@code Authorization}, one on each line. A value may ask for a good token by
 * its place holder.
 */
final class AuthorizationTarget implements FuzzTarget {
    private final CheckedFunction function = CheckedFunction.warm();
    private final Pattern good =
            Pattern.compile("bearer +" + Pattern.quote(function.token()), Pattern.CASE_INSENSITIVE);

    @Override
    public void take(byte[] input) {
        String text = new String(function.withToken(input), StandardCharsets.UTF_8);
        String[] values = text.split("\n", -1);
        var header = Events.header("Authorization", values);
        for (byte[] event :
                List.of(
                        Events.rest("unused", header),
                        Events.httpV1("unused", header),
                        Events.httpV2("unused", header),
                        Events.websocket("unused", header))) {
            Outcome outcome = function.answer(event);
            assertNotEquals(Kind.ERROR, outcome.kind(), outcome.text());
            if (outcome.kind() == Kind.ALLOW) {
                assertTrue(isGood(values), "allowed with " + values.length + " values");
            }
        }
        function.assertAnswersAsBefore();
    }

    /** Whether each value is the good token. An HTTP API with payload 1.0 gives the last one. */
    private boolean isGood(String[] values) {
        return good.matcher(values[values.length - 1].strip()).matches();
    }
}
