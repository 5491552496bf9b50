package authoriser.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.time.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TimeLimiterTest {
    private static Deadline within(Duration time) {
        return Deadline.in(time, InstantSource.system());
    }

    @Test
    void runsWorkOnItsOwnDaemonThread() throws Exception {
        Thread worker =
                TimeLimiter.call("work", within(Duration.ofSeconds(30)), Thread::currentThread);

        assertEquals("work", worker.getName());
        assertTrue(worker.isDaemon());
    }

    @Test
    void reportsWorkThatFails() {
        IOException cause = new IOException("on purpose");

        ExecutionException failure =
                assertThrows(
                        ExecutionException.class,
                        () ->
                                TimeLimiter.call(
                                        "work",
                                        within(Duration.ofSeconds(30)),
                                        () -> {
                                            throw cause;
                                        }));

        assertSame(cause, failure.getCause());
    }

    @Test
    void stopsWaitingForWorkAtTheDeadline() {
        CountDownLatch end = new CountDownLatch(1);

        assertThrows(
                TimeoutException.class,
                () ->
                        TimeLimiter.call(
                                "work",
                                within(Duration.ofMillis(10)),
                                () -> {
                                    end.await();
                                    return "done";
                                }));

        end.countDown();
    }

    @Test
    void stopsWaitingWhenInterruptedAndKeepsTheInterrupt() {
        CountDownLatch end = new CountDownLatch(1);
        Thread.currentThread().interrupt();

        assertThrows(
                TimeoutException.class,
                () ->
                        TimeLimiter.call(
                                "work",
                                within(Duration.ofSeconds(30)),
                                () -> {
                                    end.await();
                                    return "done";
                                }));

        assertTrue(Thread.interrupted());
        end.countDown();
    }
}
