package authoriser.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SettingValuesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\nb",
                "a\rb",
                "a\tb",
                "a\0b",
                "a\u007fb",
                "a\u0085b",
                "a\u2028b",
                "a\u2029b"
            })
    void quotesAValueOnOneLine(String value) {
        assertEquals("\"a?b\"", SettingValues.quoted(value));
    }
}
