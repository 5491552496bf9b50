package authoriser.validation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.config.Config;
import authoriser.config.Environment;
import authoriser.http.HttpClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Compares the page for the team of the validation service with the code. */
class ServicePageTest {
    private final String page;

    ServicePageTest() throws IOException {
        page = Files.readString(Path.of("src/docs/validation-service.md")).replaceAll("\\s+", " ");
    }

    @Test
    void theLimitsAreThoseOfTheCode() {
        says("longer than " + HttpClient.BODY_LIMIT / 1024 + " KB");
        says(
                "(%d ms by default)"
                        .formatted(
                                Config.parse(Environment.with(), Environment.UNCHECKED)
                                        .service()
                                        .timeout()
                                        .toMillis()));
    }

    @Test
    void theRetryBudgetIsThatOfTheCode() {
        assertTrue(RetryBudget.SHARE == 10, "The page says: one in ten");
        says("At most one in ten of all questions");
        says("may repeat %d questions".formatted(RetryBudget.FIRST));
        says("can have up to %d repetitions available".formatted(RetryBudget.MOST));
        assertTrue(RetryBudget.EXCLUSION.toMinutes() == 1, "The page says: one minute");
        says("gets no second question for one minute");
    }

    @Test
    void thePauseBeginsAfterTheNumberOfRequestsInTheCode() {
        says("If %d questions in a row get no answer".formatted(CircuitBreaker.LIMIT));
    }

    /** {@code ValidationClientTest.SecondTry} has the combinations of responses. */
    @Test
    void oneInvocationSendsUpToThreeRequests() {
        says("**Expect up to three questions for one request**");
    }

    private void says(String text) {
        assertTrue(page.contains(text), () -> "not on the page: " + text);
    }
}
