package authoriser.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import authoriser.standin.PretendCognito;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsCopyTest {
    private static final String SECRET = "ValidationServiceClientSecretValue";

    @TempDir private Path directory;
    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = directory.resolve("settings.json");
    }

    @Test
    void theCopyHasTheSettingsAndTheSecretOfTheStandIn() throws IOException {
        Map<String, String> settings =
                Map.of(
                        "ScopeRules",
                        "{\"GET /admin/*\":[\"orders/admin\"]}",
                        SECRET,
                        PretendCognito.SERVICE_CLIENT_SECRET);

        assertEquals(settings, copied(settings));
    }

    @Test
    void theCopyDoesNotHaveAnotherSecret() throws IOException {
        assertEquals(
                Map.of("ValidatedHeaders", "X-Tenant-Id"),
                copied(Map.of("ValidatedHeaders", "X-Tenant-Id", SECRET, "a real secret")));
    }

    @Test
    void theCopyDoesNotHaveCredentialsForAws() throws IOException {
        assertEquals(
                Map.of(), copied(Map.of("AWS_SECRET_ACCESS_KEY", "a", "AWS_SESSION_TOKEN", "b")));
    }

    @Test
    void onlyTheOwnerMayReadTheCopyAlsoIfAnOlderFileWasOpen() throws IOException {
        Files.writeString(file, "{}");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));

        copied(Map.of());

        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    private Map<String, String> copied(Map<String, String> settings) throws IOException {
        SettingsCopy.write(file, settings);
        return new ObjectMapper()
                .readValue(Files.readString(file), new TypeReference<Map<String, String>>() {});
    }
}
