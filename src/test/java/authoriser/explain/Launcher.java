package authoriser.explain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Writes the script that starts {@link Explain} with the JVM and the class path of the build.
 *
 * <p>Maven itself ends with 0 or 1 only, so it cannot hand on the exit status.
 */
final class Launcher {
    private Launcher() {}

    /** Writes the script to the file that the argument names. */
    public static void main(String[] arguments) throws IOException {
        Path script = Path.of(arguments[0]);
        Files.writeString(script, text(System.getProperty("java.home"), classPath()));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static String classPath() {
        return System.getProperty("java.class.path");
    }

    static String text(String javaHome, String classPath) {
        return """
        #!/bin/sh
        # Explains one decision. Options: see --help
        exec %s \\
          -XX:TieredStopAtLevel=1 -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED \\
          -Dresolved.names=all -classpath %s \\
          authoriser.explain.Explain "$@"
        """
                .formatted(quoted(javaHome + "/bin/java"), quoted(classPath));
    }

    /** One word of a shell. */
    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
