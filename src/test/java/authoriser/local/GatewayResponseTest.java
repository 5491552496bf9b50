package authoriser.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GatewayResponseTest {
    private static final Path TEMPLATE = Path.of("template.yaml");

    @ParameterizedTest
    @EnumSource
    void theBodyIsTheOneThatIsDeployed(GatewayResponse response) throws IOException {
        assumeTrue(Files.exists(TEMPLATE), "nothing is deployed from here");
        String text = Files.readString(TEMPLATE);
        int type = text.indexOf("ResponseType: " + response.name());
        assertTrue(type >= 0, response + " is not in " + TEMPLATE);

        assertTrue(text.substring(type).contains(response.template()));
    }

    @Test
    void theContextOfTheAuthoriserFillsTheBody() {
        assertEquals(
                "{\"message\":\"It has ended\",\"reason\":\"token_expired\",\"error\":\"denied\",\"requestId\":\"r\"}",
                GatewayResponse.ACCESS_DENIED.body(
                        "r",
                        Map.of("message", "It has ended", "reason", "token_expired"),
                        "denied"));
    }

    @Test
    void whatTheContextLacksIsEmpty() {
        assertEquals(
                "{\"message\":\"\",\"reason\":\"\",\"error\":\"denied\",\"requestId\":\"r\"}",
                GatewayResponse.ACCESS_DENIED.body("r", Map.of(), "denied"));
    }
}
