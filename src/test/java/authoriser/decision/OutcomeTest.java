package authoriser.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutcomeTest {

    @ParameterizedTest
    @CsvSource({
        "ALLOW, allow, false",
        "UNAUTHENTICATED, unauthenticated, true",
        "FORBIDDEN, forbidden, true",
        "UNDECIDED, undecided, false"
    })
    void hasACodeAndMayBeARefusal(Outcome outcome, String code, boolean refused) {
        assertEquals(code, outcome.code());
        assertEquals(refused, outcome.refused());
    }
}
