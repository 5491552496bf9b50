package authoriser.local;

import authoriser.config.Setting;
import authoriser.standin.PretendCognito;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;

/**
 * The settings of the local function in a file, for {@code target/explain --settings}.
 *
 * <p>Only the owner may read the file. It has no secret but that of the stand-in, and no
 * credentials for AWS.
 */
final class SettingsCopy {
    private SettingsCopy() {}

    static void write(Path file, Map<String, String> settings) throws IOException {
        Map<String, String> written = new TreeMap<>();
        for (Setting setting : Setting.values()) {
            String value = settings.get(setting.variable());
            boolean known = !setting.secret() || PretendCognito.SERVICE_CLIENT_SECRET.equals(value);
            if (value != null && known) {
                written.put(setting.variable(), value);
            }
        }
        Files.deleteIfExists(file);
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                file,
                new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(written)
                        + "\n");
    }
}
