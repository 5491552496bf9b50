package authoriser.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import authoriser.standin.TestJson;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResultCacheTest {
    private static final AuthoriserAnswer ANSWER =
            new AuthoriserAnswer("someone", TestJson.object(), Map.of(), Optional.empty());

    private Instant now = Instant.parse("2026-02-27T12:00:00Z");
    private final ResultCache cache = new ResultCache(Duration.ofSeconds(300), () -> now);

    @Test
    void anAnswerIsKeptUntilItsTimeToLiveHasPassed() {
        cache.keep(List.of("token", "acme"), ANSWER);

        now = now.plusSeconds(300).minusMillis(1);
        assertEquals(Optional.of(ANSWER), cache.find(List.of("token", "acme")));
        now = now.plusMillis(1);
        assertEquals(Optional.empty(), cache.find(List.of("token", "acme")));
    }

    @Test
    void everyIdentitySourceIsPartOfTheKey() {
        cache.keep(List.of("token", "acme"), ANSWER);

        assertEquals(Optional.empty(), cache.find(List.of("token", "globex")));
        assertEquals(Optional.empty(), cache.find(List.of("other", "acme")));
        assertEquals(Optional.empty(), cache.find(List.of("token")));
    }

    @Test
    void theOrderOfTheIdentitySourcesIsPartOfTheKey() {
        cache.keep(List.of("a", "b"), ANSWER);

        assertEquals(Optional.empty(), cache.find(List.of("b", "a")));
        assertEquals(Optional.empty(), cache.find(List.of("ab")));
        assertEquals(Optional.empty(), cache.find(List.of("a,b")));
    }

    @Test
    void aTimeToLiveOfZeroTurnsItOff() {
        ResultCache off = new ResultCache(Duration.ZERO, () -> now);
        off.keep(List.of("token"), ANSWER);

        assertEquals(Optional.empty(), off.find(List.of("token")));
    }

    @Test
    void aFlushForgetsEverything() {
        cache.keep(List.of("token"), ANSWER);
        cache.flush();

        assertEquals(Optional.empty(), cache.find(List.of("token")));
    }
}
