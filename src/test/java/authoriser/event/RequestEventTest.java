package authoriser.event;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestEventTest {

    private static boolean asks(String event) {
        return RequestEvent.read(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)))
                .asksForSelfCheck();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"selfCheck\":true}", " { \"selfCheck\" : true }\n"})
    void asksForASelfCheck(String event) {
        assertTrue(asks(event));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"selfCheck\":false}",
                "{\"selfCheck\":\"true\"}",
                "{\"selfCheck\":null}",
                "{\"selfcheck\":true}",
                "{\"selfCheck\":true,\"type\":\"REQUEST\"}",
                "{\"type\":\"REQUEST\",\"selfCheck\":true}",
                "{\"selfCheck\":true,\"selfCheck\":true}",
                "{\"headers\":{\"selfCheck\":true}}",
                "[{\"selfCheck\":true}]",
                "{\"selfCheck\":true}x",
                "{\"selfCheck\":true                                                       }"
            })
    void doesNotAskForASelfCheck(String event) {
        assertFalse(asks(event));
    }
}
