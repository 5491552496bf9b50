package authoriser.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RetryBudgetTest {
    private static final long NOW = 1_772_370_000_000L;

    private final RetryBudget budget = new RetryBudget();

    private int takenInARow(int most) {
        int taken = 0;
        while (taken < most && budget.take("caller " + taken, NOW)) {
            taken++;
        }
        return taken;
    }

    private void asked(int times) {
        for (int i = 0; i < times; i++) {
            budget.asked();
        }
    }

    @Test
    void allowsAFewSecondRequestsAtTheStart() {
        assertEquals(3, takenInARow(100));
    }

    /** A second request is wanted for each request. */
    @ParameterizedTest
    @CsvSource({"10, 3", "30, 3", "39, 3", "40, 4", "100, 10", "1000, 100", "10000, 1000"})
    void allowsASecondRequestForOneInTen(int questions, int repeated) {
        int taken = 0;
        for (int i = 0; i < questions; i++) {
            budget.asked();
            taken += budget.take("caller " + i, NOW) ? 1 : 0;
        }

        assertEquals(repeated, taken);
    }

    @Test
    void savesTenSecondRequestsAtMost() {
        asked(100_000);

        assertEquals(10, takenInARow(100));
    }

    @Test
    void savesNoPartOfAnotherSecondRequest() {
        asked(100_000);
        takenInARow(10);

        asked(9);
        assertEquals(0, takenInARow(1));
        asked(1);
        assertEquals(1, takenInARow(1));
    }

    @Test
    void allowsNoSecondRequestForOneMinuteToACallerWhoseLastOneFailed() {
        asked(1_000);
        budget.failedAgain("odd", NOW);

        assertFalse(budget.take("odd", NOW));
        assertFalse(budget.take("odd", NOW + 59_999));
        assertTrue(budget.take("other", NOW));
        assertTrue(budget.take("odd", NOW + 60_000));
    }

    @Test
    void usesOneSecondRequestForACallerWhoseRequestsAlwaysFail() {
        asked(1_000);
        for (int i = 0; i < 1_000; i++) {
            if (budget.take("odd", NOW + i)) {
                budget.failedAgain("odd", NOW + i);
            }
        }

        assertEquals(9, takenInARow(100));
    }
}
