package authoriser.validation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.config.Config;
import authoriser.config.Environment;
import authoriser.http.HttpClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page for the team of the validation service, against the code. */
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
        says("the first %d second questions at once".formatted(RetryBudget.FIRST));
        says("can save up %d".formatted(RetryBudget.MOST));
        assertTrue(RetryBudget.EXCLUSION.toMinutes() == 1, "The page says: one minute");
        says("gets no second question for one minute");
    }

    @Test
    void thePauseComesAfterAsManyQuestionsAsTheCodeCounts() {
        says("If %d questions in a row get no answer".formatted(CircuitBreaker.LIMIT));
    }

    /** {@code ValidationClientTest.noMixtureAsksAFourthTime} has every mixture of answers. */
    @Test
    void oneRequestAsksUpToThreeQuestions() {
        says("**Expect up to three questions for one request**");
    }

    private void says(String text) {
        assertTrue(page.contains(text), () -> "not on the page: " + text);
    }
}
