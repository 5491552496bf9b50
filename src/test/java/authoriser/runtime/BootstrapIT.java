package authoriser.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.local.FunctionDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the bootstrap makes of its surroundings. Where the launch alone is looked at, programs that
 * print their arguments take the places of the JVM and of the emulator.
 */
class BootstrapIT {
    private static final String OUR_HANDLER = "authoriser.AuthoriserHandler::handleRequest";
    private static final String SYSTEM_PATH = "/usr/bin:/bin";
    private static final String NO_MACHINE_CODE = "-XX:-AOTAdapterCaching";

    @TempDir private Path directory;
    private Path function;

    /** What the bootstrap itself looks at: it passes the archive on without opening it. */
    @BeforeEach
    void functionDirectory() throws IOException {
        function = Files.createDirectory(directory.resolve("a function"));
        Files.copy(FunctionDirectory.path().resolve("bootstrap"), function.resolve("bootstrap"));
        Files.createFile(function.resolve("authoriser.aot"));
    }

    @Test
    void theHandlerIsOursUnlessTold() throws IOException {
        assertEquals(OUR_HANDLER, launch(Map.of()).getLast());
    }

    @Test
    void theHandlerMayBeSetByLambda() throws IOException {
        assertEquals("other.Handler", launch(Map.of("_HANDLER", "other.Handler")).getLast());
    }

    @Test
    void anArgumentNamesTheHandlerBeforeTheEnvironmentDoes() throws IOException {
        List<String> launch = launch(Map.of("_HANDLER", "other.Handler"), "argument.Handler");

        assertEquals("argument.Handler", launch.getLast());
    }

    /** The JVM opens each jar of the class path at each start. */
    @Test
    void theClassPathIsOneJarAndNoOtherIsThere() throws IOException {
        List<String> launch = launch(Map.of());

        Path jar = Path.of(launch.get(launch.indexOf("-cp") + 1));
        assertEquals(function.resolve("lib/authoriser.jar"), jar);
        assertEquals(List.of("authoriser.jar"), FunctionDirectory.jars());
    }

    /** It tells Lambda, and looks it up in the manifest of the jar that it is in. */
    @Test
    void theRuntimeClientKnowsItsOwnVersion() throws Exception {
        Class<?> client =
                Class.forName(
                        "com.amazonaws.services.lambda.runtime.api.client.runtimeapi"
                                + ".LambdaRuntimeApiClientImpl");
        String section = client.getPackageName().replace('.', '/') + "/";
        try (JarFile jar =
                new JarFile(FunctionDirectory.path().resolve("lib/authoriser.jar").toFile())) {
            assertEquals(
                    client.getPackage().getImplementationVersion(),
                    jar.getManifest()
                            .getAttributes(section)
                            .getValue(Attributes.Name.IMPLEMENTATION_VERSION));
        }
    }

    @Test
    void theRuntimeClientsLibraryIsOneThatIsThere() throws IOException {
        String property =
                launch(Map.of()).stream()
                        .filter(option -> option.contains("NativeClient.JNI="))
                        .findFirst()
                        .orElseThrow();

        Path library = function.relativize(Path.of(property.substring(property.indexOf('=') + 1)));
        assertTrue(Files.exists(FunctionDirectory.path().resolve(library)), property);
    }

    @Test
    void theArchiveIsUsedWhereThereIsOne() throws IOException {
        String option = "-XX:AOTCache=" + function.resolve("authoriser.aot");

        assertTrue(launch(Map.of()).contains(option));
        Files.delete(function.resolve("authoriser.aot"));
        assertFalse(launch(Map.of()).contains(option));
    }

    @Test
    void withoutTheArchiveItDecidesAllTheSame() throws IOException {
        Path copy = FunctionDirectory.copyTo(Files.createDirectory(directory.resolve("copy")));
        Files.delete(copy.resolve("authoriser.aot"));
        try (World world = World.overHttp()) {
            world.bootstrap(copy.resolve("bootstrap")).start();

            assertEquals(World.ALLOW, world.decide());
        }
    }

    /** Machine code of one processor ends with SIGILL on another (JDK-8388703). */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "25",
                "25.0.1",
                "25.0.3",
                "25.0.4",
                "25.0.4.1",
                "25.0.5-ea",
                "25-ea",
                "26",
                "26-ea",
                "26.0.2",
                "27-ea",
                "1.8.0_442",
                "unknown",
                ""
            })
    void noMachineCodeIsLoadedWhereTheJvmDoesNotCheckTheProcessor(String version)
            throws IOException {
        List<String> launch = launchOn("IMPLEMENTOR=\"V\"\nJAVA_VERSION=\"" + version + "\"\n");

        assertTrue(launch.contains(NO_MACHINE_CODE), launch::toString);
        assertTrue(launch.contains("-XX:-AOTStubCaching"), launch::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"25.0.5", "25.0.5.1", "25.0.9", "25.0.10", "27", "27.0.1", "30.0.2"})
    void machineCodeIsLeftToAJvmThatChecksTheProcessor(String version) throws IOException {
        List<String> launch =
                launchOn("JAVA_RUNTIME_VERSION=\"25\"\nJAVA_VERSION=\"" + version + "\"\n");

        assertFalse(launch.contains(NO_MACHINE_CODE), launch::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "JAVA_VERSION=\"25.0.5\"",
                "A=\"b\"\nJAVA_VERSION=\"27\"",
                "JAVA_VERSION=\"27\"\r\nLIBC=\"gnu\"\r\n"
            })
    void theVersionIsReadWhateverTheLineBreaks(String release) throws IOException {
        assertFalse(launchOn(release).contains(NO_MACHINE_CODE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "JAVA_VERSION", "SOURCE=\"27\"", "\"\n=\n", "#JAVA_VERSION=\"27\"\n"})
    void aReleaseFileWithoutAVersionCountsAsTheOldest(String release) throws IOException {
        assertTrue(launchOn(release).contains(NO_MACHINE_CODE));
    }

    @Test
    void aJvmWithoutAReleaseFileCountsAsTheOldest() throws IOException {
        assertTrue(launch(Map.of()).contains(NO_MACHINE_CODE));
    }

    /** The launch line has the JVM ignore what it does not know, so nothing else would show it. */
    @Test
    void theJvmKnowsEachOptionOfTheLaunchLine() throws Exception {
        List<String> command = new ArrayList<>(launch(Map.of()));
        assertTrue(command.remove("-XX:+IgnoreUnrecognizedVMOptions"));
        command = new ArrayList<>(command.subList(0, command.indexOf("-cp")));
        command.addFirst(System.getProperty("java.home") + "/bin/java");
        command.add("-version");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = process.inputReader().readAllLines();

        assertEquals(0, process.waitFor(), lines::toString);
    }

    @Test
    void outsideLambdaItRunsUnderTheEmulator() throws IOException {
        Path emulator = program("aws-lambda-rie");

        List<String> lines =
                run(0, Map.of("PATH", emulator.getParent() + ":" + SYSTEM_PATH), "some.Handler");

        assertEquals(List.of(function.resolve("bootstrap").toString(), "some.Handler"), lines);
    }

    @Test
    void outsideLambdaAndWithoutTheEmulatorItSaysWhatIsMissing() throws IOException {
        List<String> lines = run(1, Map.of("PATH", SYSTEM_PATH));

        assertEquals(1, lines.size());
        assertTrue(lines.getFirst().contains("AWS_LAMBDA_RUNTIME_API is not set"), lines::toString);
    }

    @Test
    void withoutAJvmItSaysWhereItLooked() throws IOException {
        List<String> lines =
                run(1, Map.of("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9", "JAVA_HOME", "/nowhere"));

        assertEquals(
                List.of("bootstrap: no JVM at /nowhere/bin/java: set JAVA_HOME to a JDK 25"),
                lines);
    }

    /** The arguments that a JVM with this release file would get. */
    private List<String> launchOn(String release) throws IOException {
        Path home = program("jdk/bin/java").getParent().getParent();
        Files.writeString(home.resolve("release"), release);
        return launch(Map.of());
    }

    /** The arguments that a JVM would get. */
    private List<String> launch(Map<String, String> environment, String... arguments)
            throws IOException {
        Path java = program("jdk/bin/java");
        Map<String, String> whole = new HashMap<>(environment);
        whole.put("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9");
        whole.put("JAVA_HOME", java.getParent().getParent().toString());
        return run(0, whole, arguments);
    }

    private List<String> run(int status, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(function.resolve("bootstrap").toString());
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", SYSTEM_PATH);
        builder.environment().putAll(environment);
        Process process = builder.start();
        List<String> lines = process.inputReader().readAllLines();
        assertEquals(status, process.onExit().join().exitValue(), lines::toString);
        return lines;
    }

    /** A program that prints its arguments, one a line. */
    private Path program(String name) throws IOException {
        Path file = directory.resolve("programs").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }
}
