package authoriser.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The local gateway with the built function and settings of the environment. */
class OwnSettingsIT {
    @TempDir private Path directory;
    private final ByteArrayOutputStream messages = new ByteArrayOutputStream();

    @Test
    void withASettingOfTheEnvironmentItEndsOnceTheFunctionHasStarted() {
        assertEquals(0, run(Map.of("ClockSkewSeconds", "10")), messages::toString);
    }

    @Test
    void withWrongSettingsItPrintsTheFunctionsOwnMessage() {
        assertEquals(2, run(Map.of("ClockSkewSeconds", "soon")));
        assertTrue(messages.toString(UTF_8).contains("ClockSkewSeconds"), messages.toString(UTF_8));
    }

    /** The client of the stand-in is no client of a real token endpoint. */
    @Test
    void aRealTokenEndpointNeedsAClientOfItsOwn() {
        assertEquals(2, run(Map.of("ValidationServiceTokenUrl", "https://auth.example.com/token")));
        assertTrue(
                messages.toString(UTF_8).contains("ValidationServiceClientIdValue"),
                messages.toString(UTF_8));
    }

    private int run(Map<String, String> environment) {
        Map<String, String> properties =
                Map.of(
                        "port",
                        "0",
                        "once",
                        "true",
                        "lambda.directory",
                        System.getProperty("lambda.directory"),
                        "local.directory",
                        directory.toString());
        return LocalGateway.run(
                properties::get, environment, new PrintStream(messages, true, UTF_8));
    }
}
