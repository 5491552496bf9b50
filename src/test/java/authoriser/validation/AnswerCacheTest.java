package authoriser.validation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import authoriser.http.Reply;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AnswerCacheTest {
    private static final long NOW = 1_772_370_000_000L;
    private static final Verdict YES = new Verdict.Permitted(Map.of("plan", "gold"));
    private static final Verdict NO = new Verdict.Refused(Optional.of("closed"));

    private final AnswerCache cache = new AnswerCache();

    private void keep(String question, Verdict verdict, long asked) {
        keep(question, verdict, "", asked);
    }

    private void keep(String question, Verdict verdict, String body, long asked) {
        keep(question, verdict, body, asked, "max-age=60");
    }

    private void keep(
            String question, Verdict verdict, String body, long asked, String cacheControl) {
        Reply.Fields fields = new Reply.Fields(null, cacheControl, null, null);
        cache.keep(
                question.getBytes(UTF_8),
                new Reply.Answered(200, body.getBytes(UTF_8), fields),
                verdict,
                asked);
    }

    private Verdict find(String question, long now) {
        return cache.find(question.getBytes(UTF_8), now);
    }

    @Test
    void findsAnAnswerForTheSameRequestWithinItsLifetime() {
        keep("question", YES, NOW);

        assertEquals(YES, find("question", NOW));
        assertEquals(YES, find("question", NOW + 59_999));
        assertNull(find("question", NOW + 60_000));
        assertNull(find("question", NOW + 59_999));
    }

    @Test
    void keepsARefusal() {
        keep("question", NO, NOW);

        assertEquals(NO, find("question", NOW));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Question", "question ", "questio", "", "qu\u00e9stion"})
    void findsNothingForAnotherRequest(String other) {
        keep("question", YES, NOW);

        assertNull(find(other, NOW));
    }

    @Test
    void endsTheLifetimeIfTheClockIsSetBack() {
        keep("question", YES, NOW);

        assertNull(find("question", NOW - 1));
    }

    @Test
    void replacesAnEarlierAnswer() {
        keep("question", YES, NOW);
        keep("question", NO, NOW + 1);

        assertEquals(NO, find("question", NOW + 1));
    }

    @Test
    void dropsTheLeastRecentlyUsedAnswerAfterAThousand() {
        for (int i = 0; i < AnswerCache.ENTRIES_LIMIT; i++) {
            keep("question " + i, YES, NOW);
        }
        find("question 0", NOW);

        keep("one more", YES, NOW);

        assertEquals(YES, find("question 0", NOW));
        assertNull(find("question 1", NOW));
        assertEquals(YES, find("question 2", NOW));
        assertEquals(YES, find("one more", NOW));
    }

    @Test
    void usesOneMebibyteAtMost() {
        String body = "x".repeat(AnswerCache.BYTES_LIMIT / 8 - 1);
        for (int i = 0; i < 9; i++) {
            keep("" + i, YES, body, NOW);
        }

        assertNull(find("0", NOW));
        for (int i = 1; i < 9; i++) {
            assertEquals(YES, find("" + i, NOW));
        }
    }

    @Test
    void dropsNoAnswerForOneThatMustNotBeKept() {
        for (int i = 0; i < AnswerCache.ENTRIES_LIMIT; i++) {
            keep("question " + i, YES, NOW);
        }

        keep("one more", YES, "", NOW, "no-store");

        assertEquals(YES, find("question 0", NOW));
    }

    @Test
    void keepsNoAnswerThatNeedsMoreThanAQuarterOfTheBytes() {
        String longest = "x".repeat(AnswerCache.BYTES_LIMIT / 4 - 1);

        keep("1", YES, longest, NOW);
        keep("2", YES, longest + "x", NOW);

        assertEquals(YES, find("1", NOW));
        assertNull(find("2", NOW));
    }

    @Test
    void doesNotCountAnswersAfterTheirLifetime() {
        String body = "x".repeat(AnswerCache.BYTES_LIMIT / 8 - 1);
        for (int i = 0; i < 8; i++) {
            keep("" + i, YES, body, NOW);
        }
        for (int i = 0; i < 8; i++) {
            assertNull(find("" + i, NOW + 60_000));
        }

        for (int i = 0; i < 8; i++) {
            keep("" + i, YES, body, NOW + 60_000);
        }

        for (int i = 0; i < 8; i++) {
            assertEquals(YES, find("" + i, NOW + 60_000));
        }
    }

    @Test
    void doesNotCountReplacedAnswers() {
        String body = "x".repeat(AnswerCache.BYTES_LIMIT / 8 - 1);
        keep("first", YES, NOW);
        for (int i = 0; i < 100; i++) {
            keep("same", YES, body, NOW);
        }

        assertEquals(YES, find("first", NOW));
    }
}
