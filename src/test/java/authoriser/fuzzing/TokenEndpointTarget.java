package authoriser.fuzzing;

import static authoriser.InMemoryFunction.LOGIN;
import static authoriser.InMemoryFunction.SERVICE_TOKEN;
import static authoriser.InMemoryFunction.VALIDATION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.InMemoryFunction;
import authoriser.fuzzing.CheckedFunction.Kind;
import authoriser.http.PretendHttp;
import authoriser.http.Reply;
import java.time.Duration;

/** What the token endpoint answers: status, empty line, body. */
final class TokenEndpointTarget implements FuzzTarget {
    @Override
    public void take(byte[] input) {
        StatusAndBody answer = StatusAndBody.of(input);
        CheckedFunction function = new CheckedFunction();
        function.http().on(LOGIN, _ -> answer.reply());
        Kind kind = function.answerGoodEvent().kind();
        assertTrue(kind == Kind.ALLOW || kind == Kind.ERROR, "an outage is an Error: " + kind);
        if (kind == Kind.ALLOW) {
            assertEquals(200, answer.status());
            String token = Tree.of(answer.body()).path("access_token").textValue();
            assertEquals(token, bearer(function.http().sentTo(VALIDATION).getLast().message()));
        } else {
            assertEquals(0, function.http().sentTo(VALIDATION).size(), "asked without a token");
        }

        function.http()
                .on(LOGIN, InMemoryFunction.goodAnswerOf(LOGIN))
                .on(VALIDATION, TokenEndpointTarget::judge);
        function.function().clock.advance(Duration.ofMinutes(1));
        function.assertAllows();
    }

    private static Reply judge(PretendHttp.Sent question) {
        return SERVICE_TOKEN.equals(bearer(question.message()))
                ? PretendHttp.answer(200, InMemoryFunction.goodAnswerOf(VALIDATION))
                : PretendHttp.answer(401, "");
    }

    /** The token of a request, which must have one only. */
    private static String bearer(String message) {
        String head = message.substring(0, message.indexOf("\r\n\r\n") + 2);
        String found = null;
        for (String line : head.split("\r\n")) {
            assertTrue(line.chars().allMatch(c -> c >= 0x20 && c <= 0x7e), "a broken header");
            if (line.startsWith("Authorization: Bearer ")) {
                assertEquals(null, found, "two tokens");
                found = line.substring("Authorization: Bearer ".length());
            }
        }
        assertNotEquals(null, found, "no token");
        return found;
    }
}
