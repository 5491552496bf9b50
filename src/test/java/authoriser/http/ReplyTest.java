package authoriser.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReplyTest {
    @ParameterizedTest
    @CsvSource({"199, false", "200, true", "299, true", "300, false"})
    void isSuccessfulFrom200To299(int status, boolean successful) {
        assertEquals(successful, new Reply.Answered(status, new byte[0]).successful());
    }
}
