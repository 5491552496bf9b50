package authoriser.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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

    private static Optional<String> reasonIn(String body) {
        return ServiceAnswer.reasonIn(body.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                " {} ",
                "{\"allowed\":true}",
                "{\"allowed\":true,\"reason\":\"because\"}",
                "{\"context\":{}}",
                "{\"more\":{\"allowed\":false},\"list\":[{\"allowed\":false}],\"reason\":null}"
            })
    void whatDoesNotSayNoAllows(String body) throws IOException {
        assertEquals(new Verdict.Permitted(Map.of()), read(body));
    }

    @Test
    void aNoIsARefusal() throws IOException {
        assertEquals(new Verdict.Refused(Optional.empty()), read("{\"allowed\":false}"));
    }

    @Test
    void aRefusalHandsItsReasonOn() throws IOException {
        assertEquals(
                new Verdict.Refused(Optional.of("Tenant is closed")),
                read("{\"allowed\":false,\"reason\":\"Tenant is closed\"}"));
        assertEquals(
                new Verdict.Refused(Optional.of("Tenant is closed")),
                read("{\"reason\":\"Tenant is closed\",\"allowed\":false}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "42", "true", "[\"a\"]", "{\"a\":\"b\"}"})
    void aReasonThatIsNoStringIsNoReason(String reason) throws IOException {
        assertEquals(
                new Verdict.Refused(Optional.empty()),
                read("{\"reason\":" + reason + ",\"allowed\":false}"));
    }

    @Test
    void aRefusalGivesNoContext() throws IOException {
        assertEquals(
                new Verdict.Refused(Optional.empty()),
                read("{\"allowed\":false,\"context\":{\"plan\":\"gold\"}}"));
    }

    @Test
    void contextIsHandedOnAsTextInItsOrder() throws IOException {
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
                "{\"context\":null}",
                "{\"context\":\"plan\"}",
                "{\"context\":[]}",
                "{\"context\":{\"plan\":null}}",
                "{\"context\":{\"plan\":{}}}",
                "{\"context\":{\"plan\":[]}}",
                "{\"context\":{\"plan\":\"a\",\"plan\":\"b\"}}",
                "{\"context\":{\"a\":1},\"context\":{\"b\":2}}",
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
                "{\"context\":{\"limit\":NaN}}",
                "{\"context\":{\"limit\":+1}}",
                "// yes\n{\"allowed\":true}",
                "<html><body>Welcome</body></html>",
                "OK",
                "\u0000",
                "\ufeff{\"allowed\":true}"
            })
    void whatIsNotTheJsonAgreedOnIsNoAnswer(String body) {
        assertThrows(IOException.class, () -> read(body));
    }

    @Test
    void anyOtherEncodingIsNoAnswer() {
        byte[] utf16 = "{\"allowed\":true}".getBytes(StandardCharsets.UTF_16BE);
        byte[] latin1 = "{\"reason\":\"né\"}".getBytes(StandardCharsets.ISO_8859_1);

        assertThrows(IOException.class, () -> ServiceAnswer.read(utf16));
        assertThrows(IOException.class, () -> ServiceAnswer.read(latin1));
    }

    @Test
    void nestingHasALimit() throws IOException {
        String fourteen = "{\"a\":".repeat(14) + "1" + "}".repeat(14);

        assertEquals(new Verdict.Permitted(Map.of()), read("{\"deep\":" + "[" + fourteen + "]}"));
        assertThrows(IOException.class, () -> read("{\"deep\":[[" + fourteen + "]]}"));
    }

    @Test
    void aRefusalsBodyMayGiveAReason() {
        assertEquals(Optional.of("No contract"), reasonIn("{\"reason\":\"No contract\"}"));
        assertEquals(
                Optional.of("No contract"),
                reasonIn("{\"allowed\":false,\"reason\":\"No contract\"}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Forbidden",
                "<html>",
                "{}",
                "[]",
                "{\"reason\":null}",
                "{\"reason\":403}",
                "{\"reason\":\"a\",\"reason\":\"b\"}",
                "{\"reason\":\"a\"",
                "{\"message\":\"Forbidden\"}"
            })
    void aRefusalsBodyWithoutAReasonGivesNone(String body) {
        assertEquals(Optional.empty(), reasonIn(body));
    }
}
