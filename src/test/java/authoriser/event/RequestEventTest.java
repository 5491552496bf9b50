package authoriser.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.events.APIGatewayCustomAuthorizerEvent;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
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

    @Test
    void doesNotAskForASelfCheckInMoreThan64Bytes() {
        String longest = "{\"selfCheck\":true" + " ".repeat(46) + "}";

        assertTrue(asks(longest));
        assertFalse(asks(longest + " "));
    }

    @Test
    void isNotEqualToAnEventOfTheLibrary() {
        assertNotEquals(
                new APIGatewayCustomAuthorizerEvent(),
                RequestEvent.read(new ByteArrayInputStream(new byte[0])));
    }

    @Test
    void hasTheHashCodeOfItsIdentity() {
        RequestEvent event = RequestEvent.read(new ByteArrayInputStream(new byte[0]));

        assertEquals(System.identityHashCode(event), event.hashCode());
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
