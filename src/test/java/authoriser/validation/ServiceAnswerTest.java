package authoriser.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import authoriser.config.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ServiceAnswerTest {

    private static Verdict read(String body) throws IOException {
        return ServiceAnswer.read(body.getBytes(StandardCharsets.UTF_8));
    }

    private static Verdict.Refused readRefusal(String body) throws IOException {
        return ServiceAnswer.readRefusal(body.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"allowed\":true}",
                " {\"allowed\" : true} ",
                "{\"allowed\":true,\"reason\":\"because\"}",
                "{\"allowed\":true,\"context\":{}}",
                "{\"allowed\":true,\"reason\":null,\"context\":null}",
                "{\"context\":null,\"allowed\":true}",
                "{\"more\":{\"allowed\":false},\"list\":[{\"allowed\":false}],\"allowed\":true}"
            })
    void permitsOnlyWithAllowedTrue(String body) throws IOException {
        assertEquals(new Verdict.Permitted(Map.of()), read(body));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"context\":{}}",
                "{\"Allowed\":true}",
                "{\"Allowed\":false}",
                "{\"authorized\":false}",
                "{\"data\":{\"allowed\":true}}",
                "{\"reason\":\"tenant is suspended\"}",
                "{\"message\":\"Internal server error\"}"
            })
    void isInvalidWithoutAllowed(String body) {
        assertThrows(IOException.class, () -> read(body));
    }

    @Test
    void refusesWithAllowedFalse() throws IOException {
        assertEquals(new Verdict.Refused(Optional.empty()), read("{\"allowed\":false}"));
    }

    @Test
    void returnsTheReasonOfARefusal() throws IOException {
        assertEquals(
                new Verdict.Refused(Optional.of("Tenant is closed")),
                read("{\"allowed\":false,\"reason\":\"Tenant is closed\"}"));
        assertEquals(
                new Verdict.Refused(Optional.of("Tenant is closed")),
                read("{\"reason\":\"Tenant is closed\",\"allowed\":false}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "42", "true", "[\"a\"]", "{\"a\":\"b\"}", "\"\"", "\" \""})
    void ignoresAReasonThatIsEmptyOrNotAString(String reason) throws IOException {
        assertEquals(
                new Verdict.Refused(Optional.empty()),
                read("{\"reason\":" + reason + ",\"allowed\":false}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"plan\":\"gold\"}", "null", "[]", "{\"plan\":null}", "\"x\""})
    void ignoresTheContextOfARefusal(String context) throws IOException {
        assertEquals(
                new Verdict.Refused(Optional.empty()),
                read("{\"allowed\":false,\"context\":" + context + "}"));
        assertEquals(
                new Verdict.Refused(Optional.empty()),
                read("{\"context\":" + context + ",\"allowed\":false}"));
    }

    @Test
    void returnsTheContextAsTextInItsOrder() throws IOException {
        Verdict.Permitted permitted =
                (Verdict.Permitted)
                        read(
                                "{\"allowed\":true,\"context\":{\"plan\":\"gold\",\"limit\":500,"
                                        + "\"rate\":1.50,\"trial\":false,\"paid\":true,"
                                        + "\"debt\":-1e3,\"note\":\"\"}}");

        assertEquals(
                List.of(
                        Map.entry("plan", "gold"),
                        Map.entry("limit", "500"),
                        Map.entry("rate", "1.50"),
                        Map.entry("trial", "false"),
                        Map.entry("paid", "true"),
                        Map.entry("debt", "-1e3"),
                        Map.entry("note", "")),
                new ArrayList<>(permitted.context().entrySet()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "\r\n",
                "{\"allowed\":null}",
                "{\"allowed\":\"false\"}",
                "{\"allowed\":\"true\"}",
                "{\"allowed\":0}",
                "{\"allowed\":1}",
                "{\"allowed\":[false]}",
                "{\"allowed\":{}}",
                "{\"allowed\":false,\"allowed\":true}",
                "{\"allowed\":true,\"allowed\":false}",
                "{\"allowed\":true,\"more\":{\"a\":1,\"a\":2}}",
                "{\"allowed\":true,\"context\":\"plan\"}",
                "{\"allowed\":true,\"context\":[]}",
                "{\"allowed\":true,\"context\":{\"plan\":null}}",
                "{\"allowed\":true,\"context\":{\"plan\":{}}}",
                "{\"allowed\":true,\"context\":{\"plan\":[]}}",
                "{\"allowed\":true,\"context\":{\"plan\":\"a\",\"plan\":\"b\"}}",
                "{\"allowed\":true,\"context\":{\"a\":1},\"context\":{\"b\":2}}",
                "{\"allowed\":true,\"context\":{\"k\":\"\\uD800\"}}",
                "{\"allowed\":true,\"context\":{\"k\":\"\\uDC00\\uD800\"}}",
                "{\"allowed\":true,\"context\":{\"\\uD800\":\"v\"}}",
                "null",
                "true",
                "42",
                "\"allowed\"",
                "[]",
                "[{\"allowed\":true}]",
                "{\"allowed\":true",
                "{\"allowed\":true,",
                "{\"allowed\":true}}",
                "{\"allowed\":true}{\"allowed\":false}",
                "{\"allowed\":true} x",
                "{allowed:true}",
                "{'allowed':true}",
                "{\"allowed\":TRUE}",
                "{\"allowed\":true,\"context\":{\"limit\":NaN}}",
                "{\"allowed\":true,\"context\":{\"limit\":+1}}",
                "// yes\n{\"allowed\":true}",
                "<html><body>Welcome</body></html>",
                "OK",
                "\u0000",
                "\ufeff{\"allowed\":true}"
            })
    void isInvalidIfTheBodyDoesNotFollowTheContract(String body) {
        assertThrows(IOException.class, () -> read(body));
    }

    @ParameterizedTest
    @ValueSource(strings = {"k", "AbC-123_~!$", "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"})
    void returnsTheUsageIdentifierKey(String key) throws IOException {
        assertEquals(
                new Verdict.Permitted(Map.of(), Optional.of(new Secret(key))),
                read("{\"allowed\":true,\"usageIdentifierKey\":\"" + key + "\"}"));
    }

    @Test
    void isInvalidWithAUsageIdentifierKeyOfMoreThan128Characters() throws IOException {
        String longest = "k".repeat(128);
        assertEquals(
                new Verdict.Permitted(Map.of(), Optional.of(new Secret(longest))),
                read("{\"usageIdentifierKey\":\"" + longest + "\",\"allowed\":true}"));

        assertThrows(
                IOException.class,
                () -> read("{\"usageIdentifierKey\":\"" + longest + "k\",\"allowed\":true}"));
    }

    @Test
    void ignoresAUsageIdentifierKeyThatIsNull() throws IOException {
        assertEquals(
                new Verdict.Permitted(Map.of()),
                read("{\"allowed\":true,\"usageIdentifierKey\":null}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\"", "\" \"", "\"a b\"", "\"é\"", "\"\\n\"", "1", "true", "{}", "[\"k\"]"
            })
    void isInvalidWithAnyOtherUsageIdentifierKey(String key) {
        assertThrows(
                IOException.class,
                () -> read("{\"allowed\":true,\"usageIdentifierKey\":" + key + "}"));
    }

    @Test
    void ignoresTheUsageIdentifierKeyOfARefusal() throws IOException {
        assertEquals(
                new Verdict.Refused(Optional.empty()),
                read("{\"usageIdentifierKey\":7,\"allowed\":false}"));
    }

    @Test
    void doesNotPrintTheUsageIdentifierKey() throws IOException {
        String printed = read("{\"allowed\":true,\"usageIdentifierKey\":\"plan-key\"}").toString();

        assertFalse(printed.contains("plan-key"), printed);
    }

    @Test
    void isInvalidInAnotherEncoding() {
        byte[] utf16 = "{\"allowed\":true}".getBytes(StandardCharsets.UTF_16BE);
        byte[] latin1 =
                "{\"allowed\":true,\"reason\":\"né\"}".getBytes(StandardCharsets.ISO_8859_1);

        assertThrows(IOException.class, () -> ServiceAnswer.read(utf16));
        assertThrows(IOException.class, () -> ServiceAnswer.read(latin1));
    }

    @Test
    void isInvalidWithDeepNesting() throws IOException {
        String fourteen = "{\"a\":".repeat(14) + "1" + "}".repeat(14);

        assertEquals(
                new Verdict.Permitted(Map.of()),
                read("{\"allowed\":true,\"deep\":[" + fourteen + "]}"));
        assertThrows(
                IOException.class, () -> read("{\"allowed\":true,\"deep\":[[" + fourteen + "]]}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"reason\":\"No contract\"}",
                "{\"allowed\":false,\"reason\":\"No contract\"}",
                "{\"allowed\":null,\"reason\":\"No contract\"}",
                "{\"title\":\"Forbidden\",\"reason\":\"No contract\",\"context\":[\"x\"]}",
                "{\"allowed\":true,\"context\":{\"a\":{}},\"reason\":\"No contract\"}"
            })
    void readsTheReasonOfARefusingStatusFromAnyObject(String body) throws IOException {
        assertEquals(new Verdict.Refused(Optional.of("No contract")), readRefusal(body));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"reason\":null}",
                "{\"reason\":\"\"}",
                "{\"reason\":403}",
                "{\"reason\":[\"a\"]}",
                "{\"message\":\"Forbidden\"}"
            })
    void acceptsARefusingStatusWithoutAReason(String body) throws IOException {
        assertEquals(new Verdict.Refused(Optional.empty()), readRefusal(body));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "Forbidden",
                "<html>",
                "[]",
                "null",
                "{\"reason\":\"a\",\"reason\":\"b\"}",
                "{\"reason\":\"a\""
            })
    void isInvalidForARefusingStatusWithAnotherBody(String body) {
        assertThrows(IOException.class, () -> readRefusal(body));
    }
}
