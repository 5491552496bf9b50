package authoriser.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.local.Events;
import authoriser.local.FunctionDirectory;
import authoriser.local.FunctionProcess;
import authoriser.local.PretendCognito;
import authoriser.local.PretendValidation;
import authoriser.local.RuntimeApi;
import authoriser.local.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the bootstrap makes of its surroundings; programs that print their arguments stand in. */
class BootstrapIT {
    private static final String OUR_HANDLER = "authoriser.AuthoriserHandler::handleRequest";
    private static final String SYSTEM_PATH = "/usr/bin:/bin";

    @TempDir private Path directory;
    private Path function;

    @BeforeEach
    void copyFunction() throws IOException {
        function = FunctionDirectory.copyTo(directory);
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
        try (JarFile jar = new JarFile(function.resolve("lib/authoriser.jar").toFile())) {
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

        assertTrue(Files.exists(Path.of(property.substring(property.indexOf('=') + 1))), property);
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
        Files.delete(function.resolve("authoriser.aot"));
        var key = SigningKey.generate("key-1");
        try (var cognito = PretendCognito.start(key);
                var validation = PretendValidation.start(cognito);
                var lambda = RuntimeApi.start();
                var process =
                        FunctionProcess.start(
                                function.resolve("bootstrap"),
                                lambda,
                                settings(cognito, validation))) {
            String token = cognito.tokens(InstantSource.system()).access();

            var outcome = lambda.invoke(Events.rest(token), Duration.ofSeconds(20));

            assertEquals(
                    "Allow",
                    outcome.json().at("/policyDocument/Statement/0/Effect").asText(),
                    process::output);
        }
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

    private static Map<String, String> settings(
            PretendCognito cognito, PretendValidation validation) {
        return Map.of(
                "CognitoIssuer",
                cognito.issuer(),
                "ValidatedHeaders",
                "X-Tenant-Id",
                "ValidationServiceUrl",
                validation.url(),
                "ValidationServiceTokenUrl",
                cognito.tokenUrl(),
                "ValidationServiceClientIdValue",
                PretendCognito.SERVICE_CLIENT_ID,
                "ValidationServiceClientSecretValue",
                PretendCognito.SERVICE_CLIENT_SECRET);
    }
}
