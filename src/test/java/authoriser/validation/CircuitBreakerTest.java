package authoriser.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CircuitBreakerTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final CircuitBreaker breaker = new CircuitBreaker(TIMEOUT);
    private long now = 1_772_370_000_000L;

    private boolean allows() {
        return breaker.allows(now);
    }

    private void unanswered(int times) {
        for (int i = 0; i < times; i++) {
            breaker.unanswered(now);
        }
    }

    @Test
    void opensAfterFiveRequestsWithoutAResponse() {
        unanswered(4);
        assertTrue(allows());

        unanswered(1);
        assertFalse(allows());
    }

    @Test
    void restartsTheCountAfterAResponse() {
        unanswered(4);
        breaker.answered();
        unanswered(4);

        assertTrue(allows());
    }

    @Test
    void allowsOneRequestAfterOneSecond() {
        unanswered(5);
        now += 999;
        assertFalse(allows());

        now += 1;
        assertTrue(allows());
        assertFalse(allows());
    }

    @Test
    void closesAfterAResponse() {
        unanswered(5);
        now += 1_000;
        assertTrue(allows());

        breaker.answered();

        assertTrue(allows());
        assertTrue(allows());
    }

    @Test
    void opensForOneSecondAgainAfterAResponseAndFiveFailures() {
        unanswered(5);
        now += 1_000;
        allows();
        unanswered(1);
        breaker.answered();

        unanswered(5);

        now += 999;
        assertFalse(allows());
        now += 1;
        assertTrue(allows());
    }

    @Test
    void pausesForFiveSecondsAtMost() {
        unanswered(5);
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            long began = now;
            while (!allows()) {
                now += 100;
            }
            pauses.add(now - began);
            unanswered(1);
        }

        assertEquals(List.of(1_000L, 2_000L, 4_000L, 5_000L, 5_000L, 5_000L), pauses);
    }

    @Test
    void doesNotLengthenThePauseForRequestsThatHadAlreadyBegun() {
        unanswered(5);
        now += 500;
        unanswered(11);

        now += 500;
        assertTrue(allows());
    }

    @Test
    void closesAfterAResponseToARequestThatHadAlreadyBegun() {
        unanswered(5);

        breaker.answered();

        assertTrue(allows());
    }

    @Test
    void allowsAnotherRequestAfterTheTimeOutIfOneIsNeverReported() {
        unanswered(5);
        now += 1_000;
        assertTrue(allows());

        now += TIMEOUT.toMillis() - 1;
        assertFalse(allows());
        now += 1;
        assertTrue(allows());
    }

    @ParameterizedTest
    @ValueSource(longs = {3_600_000, -3_600_000})
    void endsThePauseAfterAFreezeAndIfTheClockIsSetBack(long jump) {
        unanswered(5);

        now += jump;

        assertTrue(allows());
        assertFalse(allows());
    }

    @Test
    void allowsOneOfSixteenThreadsAfterThePause() throws Exception {
        unanswered(5);
        now += 1_000;
        CountDownLatch start = new CountDownLatch(1);
        Callable<Boolean> ask =
                () -> {
                    start.await();
                    return breaker.allows(now);
                };
        int allowed = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            List<Future<Boolean>> asking = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                asking.add(threads.submit(ask));
            }
            start.countDown();
            for (Future<Boolean> one : asking) {
                allowed += one.get() ? 1 : 0;
            }
        }

        assertEquals(1, allowed);
    }
}
