package authoriser.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimValuesTest {

    private static Map<String, ClaimValue> read(String payload, String... names)
            throws IOException {
        return ClaimValues.read(payload.getBytes(UTF_8), Set.of(names));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            delimiter = ';',
            value = {
                "\"acme\"; \"acme\"; acme",
                "\"\"; \"\"; ''",
                "7; 7; 7",
                "1.50; 1.50; 1.50",
                "1e3; 1E+3; 1E+3",
                "12345678901234567890123; 12345678901234567890123; 12345678901234567890123",
                "true; true; true",
                "false; false; false",
                "[ 1 , \"a\" ]; [1,\"a\"]; [1,\"a\"]",
                "{ \"a\" : { \"b\" : [ ] } }; {\"a\":{\"b\":[]}}; {\"a\":{\"b\":[]}}",
                "\"\\u00e9\\ud83d\\ude42\"; \"é🙂\"; é🙂",
                "\"a\\\"b\"; \"a\\\"b\"; 'a\"b'"
            })
    void keepsAValueAsJsonAndAsText(String value, String json, String text) throws IOException {
        assertEquals(
                Map.of("c", new ClaimValue(json, Optional.of(text))),
                read("{\"a\":1,\"c\":" + value + ",\"d\":{\"c\":2}}", "c"));
    }

    @Test
    void hasNoTextForNull() throws IOException {
        assertEquals(
                Map.of("c", new ClaimValue("null", Optional.empty())), read("{\"c\":null}", "c"));
    }

    @Test
    void keepsOnlyTheNamedClaimsInTheOrderOfTheToken() throws IOException {
        assertEquals(
                List.of("z", "custom:tenant"),
                new ArrayList<>(
                        read(
                                        "{\"a\":1,\"z\":2,\"custom:tenant\":3,\"tenant\":4}",
                                        "custom:tenant",
                                        "missing",
                                        "z")
                                .keySet()));
    }

    @Test
    void keepsALongValue() throws IOException {
        String long10 = "x".repeat(10_000);

        assertEquals(Optional.of(long10), read("{\"c\":\"" + long10 + "\"}", "c").get("c").text());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\"\\uD800\"", "\"\\uDC00\\uD800\"", "[\"\\uD800\"]", "{\"\\uD800\":1}"})
    void refusesAnUnpairedSurrogate(String value) {
        assertThrows(IOException.class, () -> read("{\"c\":" + value + "}", "c"));
    }
}
