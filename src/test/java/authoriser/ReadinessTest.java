package authoriser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import authoriser.policy.CheckedAnswer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReadinessTest {

    private static String written(Readiness readiness) {
        return new String(
                CheckedAnswer.jsonOf(readiness.written("selfCheck")), StandardCharsets.UTF_8);
    }

    @Test
    void isOkIfEveryPeerWasReached() {
        assertEquals(
                "{\"selfCheck\":\"ok\",\"keys\":[{\"issuer\":\"https://a\",\"ok\":true,\"detail\":\"\"}],"
                        + "\"serviceToken\":{\"ok\":true,\"detail\":\"\"},"
                        + "\"connection\":{\"ok\":true,\"detail\":\"\"}}",
                written(
                        new Readiness(
                                Map.of("https://a", Optional.empty()),
                                Optional.empty(),
                                Optional.empty())));
    }

    @Test
    void isAFailureWithItsDetailIfOnePeerWasNotReached() {
        Map<String, Optional<String>> keys = new LinkedHashMap<>();
        keys.put("https://a", Optional.empty());
        keys.put("https://b", Optional.of("b: the keys' status is 503"));

        assertEquals(
                "{\"selfCheck\":\"failed\",\"keys\":[{\"issuer\":\"https://a\",\"ok\":true,\"detail\":\"\"},"
                        + "{\"issuer\":\"https://b\",\"ok\":false,"
                        + "\"detail\":\"b: the keys' status is 503\"}],"
                        + "\"serviceToken\":{\"ok\":true,\"detail\":\"\"},"
                        + "\"connection\":{\"ok\":true,\"detail\":\"\"}}",
                written(new Readiness(keys, Optional.empty(), Optional.empty())));
    }
}
