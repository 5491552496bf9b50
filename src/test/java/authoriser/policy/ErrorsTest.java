package authoriser.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import authoriser.reason.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorsTest {

    /** API Gateway responds with 401 to exactly this message, and with 500 to any other. */
    @Test
    void hasTheMessageUnauthorized() {
        Unauthorized unauthorized = new Unauthorized();

        assertEquals("Unauthorized", unauthorized.getMessage());
        assertEquals("Unauthorized", unauthorized.getLocalizedMessage());
        assertNull(unauthorized.getCause());
        assertEquals(0, unauthorized.getStackTrace().length);
    }

    @ParameterizedTest
    @EnumSource
    void hasTheReasonAsMessageIfUndecided(Reason reason) {
        Undecided undecided = new Undecided(reason);

        assertEquals("Undecided: " + reason.code(), undecided.getMessage());
        assertNull(undecided.getCause());
        assertEquals(0, undecided.getStackTrace().length);
    }
}
