package authoriser.event;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceparentTest {
    private static final String GOOD = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    @ParameterizedTest
    @ValueSource(
            strings = {
                GOOD,
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
                "00-00000000000000000000000000000001-0000000000000001-ff",
                "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-comes-later",
                "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-!~"
            })
    void isWellFormed(String value) {
        assertTrue(Traceparent.isWellFormed(value));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-011",
                "00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0g",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\nX: y",
                "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01more",
                "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-a b",
                "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-a\u007f",
                "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-a\r\nX:y",
                "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "0-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 ",
                "00-0af7651916cd43dd8448eb211c80319c,b7ad6b7169203331-01",
                "00-٠af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
            })
    void isNotWellFormed(String value) {
        assertFalse(Traceparent.isWellFormed(value));
    }

    @Test
    void isNotWellFormedWithMoreThan512Characters() {
        String later = "01" + GOOD.substring(2) + "-";

        assertTrue(Traceparent.isWellFormed(later + "x".repeat(512 - later.length())));
        assertFalse(Traceparent.isWellFormed(later + "x".repeat(513 - later.length())));
    }
}
