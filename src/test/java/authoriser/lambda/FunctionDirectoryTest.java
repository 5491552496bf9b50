package authoriser.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FunctionDirectoryTest {
    @TempDir private Path directory;

    /**
     * What umasks of 077, 027, 022 and 002 leave, and a checkout that knows no executable files.
     */
    @ParameterizedTest
    @CsvSource({
        "rwx------, rwx------, rw-------",
        "rwxr-x---, rwxr-x---, rw-r-----",
        "rwxr-xr-x, rwxr-xr-x, rw-r--r--",
        "rwxrwxr-x, rwxrwxr-x, rw-rw-r--",
        "rwx------, rw-------, rw-------"
    })
    void everyUserMayReadAndStartItWhateverTheUmaskWas(
            String directories, String bootstrap, String files) throws IOException {
        Files.createDirectory(directory.resolve("lib"));
        write("bootstrap", bootstrap);
        write("authoriser.aot", files);
        write("lib/authoriser.jar", files);
        set(directory.resolve("lib"), directories);
        set(directory, directories);

        FunctionDirectory.openToAll(directory);

        assertEquals(
                Map.of(
                        "", "rwxr-xr-x",
                        "lib", "rwxr-xr-x",
                        "bootstrap", "rwxr-xr-x",
                        "authoriser.aot", "rw-r--r--",
                        "lib/authoriser.jar", "rw-r--r--"),
                modes());
    }

    private void write(String name, String mode) throws IOException {
        set(Files.writeString(directory.resolve(name), name), mode);
    }

    private static void set(Path file, String mode) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private Map<String, String> modes() throws IOException {
        Map<String, String> modes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.toList()) {
                modes.put(
                        directory.relativize(file).toString(),
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
        }
        return modes;
    }
}
