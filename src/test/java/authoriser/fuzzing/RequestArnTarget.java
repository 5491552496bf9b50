package authoriser.fuzzing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.fuzzing.CheckedFunction.Kind;
import authoriser.fuzzing.CheckedFunction.Outcome;
import authoriser.policy.CheckedAnswer;
import authoriser.standin.Events;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** ARNs of requests, in UTF-8. */
final class RequestArnTarget implements FuzzTarget {
    private final CheckedFunction function = CheckedFunction.warm();

    @Override
    public void take(byte[] input) {
        String arn = new String(input, StandardCharsets.UTF_8);
        for (byte[] event :
                List.of(
                        Events.rest(function.token(), event -> event.put("methodArn", arn)),
                        Events.httpV1(function.token(), event -> event.put("methodArn", arn)),
                        Events.httpV2(function.token(), event -> event.put("routeArn", arn)),
                        Events.websocket(function.token(), event -> event.put("methodArn", arn)))) {
            Outcome outcome = function.answer(event);
            if (outcome.kind() == Kind.ALLOW) {
                assertOwnStageOnly(arn, outcome.answer().orElseThrow());
            } else {
                assertEquals(Kind.ERROR, outcome.kind(), outcome.text());
            }
        }
        function.assertAnswersAsBefore();
    }

    /** The policy must be for the stage that another reader finds in the ARN, and for no other. */
    private void assertOwnStageOnly(String arn, CheckedAnswer answer) {
        String[] parts = arn.split(":", 6);
        assertEquals("arn", parts[0]);
        assertEquals("execute-api", parts[2]);
        String[] resource = parts[5].split("/", 3);
        String[] names = {parts[1], parts[3], parts[4], resource[0], resource[1]};
        String path = resource[2].equals("$connect") ? "$connect" : "GET/orders/1";
        Instant now = function.function().clock.instant();
        assertTrue(answer.allows(arn(names, path), now), "its own stage");
        for (int i = 0; i < names.length; i++) {
            String name = names[i];
            names[i] = name + "x";
            assertFalse(answer.allows(arn(names, path), now), "another name in part " + i);
            names[i] = name;
        }
    }

    private static String arn(String[] names, String path) {
        return "arn:"
                + names[0]
                + ":execute-api:"
                + names[1]
                + ":"
                + names[2]
                + ":"
                + names[3]
                + "/"
                + names[4]
                + "/"
                + path;
    }
}
