package authoriser.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.lambda.FunctionDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The launch line of the bootstrap. In most tests, programs that print their arguments replace the
 * JVM and the emulator.
 */
class BootstrapIT {
    private static final String OUR_HANDLER = "authoriser.AuthoriserHandler::handleRequest";
    private static final String SYSTEM_PATH = "/usr/bin:/bin";
    private static final String COLLECTOR = "-XX:+UseSerialGC";
    private static final String NO_MACHINE_CODE = "-XX:-AOTAdapterCaching";

    /** The variables from which the JVM or its launcher reads options. */
    private static final List<String> VARIABLES =
            List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    @TempDir private Path directory;
    private Path function;

    /** The files that the bootstrap needs. It does not open the archive. */
    @BeforeEach
    void functionDirectory() throws IOException {
        function = Files.createDirectory(directory.resolve("a function"));
        Files.copy(FunctionDirectory.path().resolve("bootstrap"), function.resolve("bootstrap"));
        Files.createFile(function.resolve("authoriser.aot"));
    }

    /** An agent that does nothing. */
    static final class Agent {
        private Agent() {}

        public static void premain(String arguments) {}
    }

    /** The arguments for a JVM. */
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

    @Test
    void reportsThatTheJvmIsMissing() throws IOException {
        List<String> lines =
                run(1, Map.of("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9", "JAVA_HOME", "/nowhere"));

        assertEquals(
                List.of("bootstrap: no JVM at /nowhere/bin/java: set JAVA_HOME to a JDK 25"),
                lines);
    }

    @Nested
    class Handler {

        @Test
        void isTheAuthoriserByDefault() throws IOException {
            assertEquals(OUR_HANDLER, launch(Map.of()).getLast());
        }

        @Test
        void mayBeSetByLambda() throws IOException {
            assertEquals("other.Handler", launch(Map.of("_HANDLER", "other.Handler")).getLast());
        }

        @Test
        void mayBeSetByAnArgumentWithPriority() throws IOException {
            List<String> launch = launch(Map.of("_HANDLER", "other.Handler"), "argument.Handler");

            assertEquals("argument.Handler", launch.getLast());
        }
    }

    @Nested
    class LaunchLine {

        /** On Lambda, LANG is a locale that the base image does not have. */
        @Test
        void setsUtf8AlsoIfTheLocaleIsMissing() throws IOException {
            Path java = program("jdk/bin/java");
            Files.writeString(java, "#!/bin/sh\nlocale charmap 2> /dev/null\n");
            Map<String, String> environment =
                    Map.of(
                            "AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9",
                            "JAVA_HOME", java.getParent().getParent().toString(),
                            "LANG", "xx_XX.UTF-8");

            assertEquals(List.of("UTF-8"), run(0, environment));
        }

        /** The JVM opens each jar of the class path at each start. */
        @Test
        void hasTheOnlyJarAsClassPath() throws IOException {
            List<String> launch = launch(Map.of());

            Path jar = Path.of(launch.get(launch.indexOf("-cp") + 1));
            assertEquals(function.resolve("lib/authoriser.jar"), jar);
            assertEquals(List.of("authoriser.jar"), FunctionDirectory.jars());
        }

        /**
         * The runtime client sends its version to Lambda, and reads it from the manifest of its
         * jar.
         */
        @Test
        void hasAJarThatKnowsTheVersionOfTheRuntimeClient() throws Exception {
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
        void namesAnExistingLibraryOfTheRuntimeClient() throws IOException {
            String property =
                    launch(Map.of()).stream()
                            .filter(option -> option.contains("NativeClient.JNI="))
                            .findFirst()
                            .orElseThrow();

            Path library =
                    function.relativize(Path.of(property.substring(property.indexOf('=') + 1)));
            assertTrue(Files.exists(FunctionDirectory.path().resolve(library)), property);
        }

        /** The launch line makes the JVM ignore unknown options, so no other test finds them. */
        @Test
        void hasOnlyOptionsThatTheJvmKnows() throws Exception {
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
        void startsOnlyTheJvm() throws IOException {
            Path empty = Files.createDirectory(directory.resolve("empty"));

            assertEquals(
                    OUR_HANDLER,
                    launch(Map.of("PATH", empty.toString(), "JAVA_TOOL_OPTIONS", "-Xshare:off"))
                            .getLast());
        }
    }

    @Nested
    class Archive {

        @Test
        void isUsedIfItExists() throws IOException {
            String option = "-XX:AOTCache=" + function.resolve("authoriser.aot");

            assertTrue(launch(Map.of()).contains(option));
            Files.delete(function.resolve("authoriser.aot"));
            assertFalse(launch(Map.of()).contains(option));
        }

        @Test
        void isNotNecessaryForADecision() throws IOException {
            Path copy = FunctionDirectory.copyTo(Files.createDirectory(directory.resolve("copy")));
            Files.delete(copy.resolve("authoriser.aot"));
            try (World world = World.overHttp()) {
                world.bootstrap(copy.resolve("bootstrap")).start();

                assertEquals(World.ALLOW, world.decide());
            }
        }

        /** With each of these, the JVM stops, or refuses the archive with an error in the log. */
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "-Xshare:auto",
                    "-Xshare:on",
                    "-Xshare:off",
                    "-XX:SharedArchiveFile=/opt/agent.jsa",
                    "-XX:+AutoCreateSharedArchive",
                    "-XX:SharedClassListFile=/opt/classes",
                    "-XX:DumpLoadedClassList=/tmp/classes",
                    "-XX:ArchiveClassesAtExit=/tmp/exit.jsa",
                    "-XX:AOTMode=record",
                    "-XX:AOTMode=create",
                    "-XX:AOTConfiguration=/tmp/configuration",
                    "-XX:AOTCacheOutput=/tmp/other.aot",
                    "-javaagent:/opt/agent.jar=a,b",
                    "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n",
                    "-agentpath:/opt/agent.so",
                    "-Xrunjdwp:transport=dt_socket",
                    "--add-opens=java.base/java.lang=ALL-UNNAMED",
                    "--add-opens java.base/java.lang=ALL-UNNAMED",
                    "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                    "--add-reads=java.base=ALL-UNNAMED",
                    "--add-modules=java.sql",
                    "--limit-modules=java.base",
                    "--patch-module=java.base=/opt/patch",
                    "--upgrade-module-path=/opt/modules",
                    "--enable-native-access=ALL-UNNAMED",
                    "-XX:StartFlightRecording=filename=/tmp/recording.jfr",
                    "-XX:FlightRecorderOptions=stackdepth=256",
                    "-Dcom.sun.management.jmxremote",
                    "-XX:+ManagementServer",
                    "-XX:+EnableJVMCI",
                    "-Djava.system.class.loader=other.Loader",
                    "-XX:+UseCompactObjectHeaders",
                    "-XX:-UseCompressedOops",
                    "-XX:ObjectAlignmentInBytes=16",
                    "-XX:+UseZGC",
                    "-XX:Flags=/opt/flags",
                    "-XX:VMOptionsFile=/opt/options",
                    "@/opt/arguments",
                    "-Dfirst=1  -Xshare:off",
                    "-Dfirst=1\t-Xshare:off",
                    "-Dfirst=1\n-Xshare:off",
                    "'-Xshare:off'",
                    "\"-Xshare:off\""
                })
        void isNotUsedWithOptionsThatRefuseIt(String options) throws IOException {
            for (String variable : VARIABLES) {
                List<String> launch = launch(Map.of(variable, options));

                assertFalse(launch.toString().contains("-XX:AOTCache="), variable);
                assertTrue(launch.contains("-Djdk.reflect.useNativeAccessorOnly=true"), variable);
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    " ",
                    "-Djavax.net.ssl.trustStore=/etc/pki/java/cacerts",
                    "-Dnote=-Xshare:off",
                    "-XX:AOTMode=on",
                    "-XX:AOTMode=off",
                    "-Xlog:aot",
                    "-XX:TieredStopAtLevel=4",
                    "-XX:+UseG1GC",
                    "-Xmx256m",
                    "*"
                })
        void isUsedWithOtherOptions(String options) throws IOException {
            for (String variable : VARIABLES) {
                assertTrue(
                        launch(Map.of(variable, options))
                                .contains("-XX:AOTCache=" + function.resolve("authoriser.aot")),
                        variable);
            }
        }
    }

    @Nested
    class MachineCode {

        /** Machine code for one processor may end with SIGILL on another (JDK-8388703). */
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
        void isNotLoadedIfTheJvmDoesNotCheckTheProcessor(String version) throws IOException {
            List<String> launch = launchOn("IMPLEMENTOR=\"V\"\nJAVA_VERSION=\"" + version + "\"\n");

            assertTrue(launch.contains(NO_MACHINE_CODE), launch::toString);
            assertTrue(launch.contains("-XX:-AOTStubCaching"), launch::toString);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"25.0.5", "25.0.5.1", "25.0.9", "25.0.10", "27", "27.0.1", "30.0.2"})
        void isLoadedIfTheJvmChecksTheProcessor(String version) throws IOException {
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
        void isLoadedForAReleaseFileWithAnyLineBreaks(String release) throws IOException {
            assertFalse(launchOn(release).contains(NO_MACHINE_CODE));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "JAVA_VERSION",
                    "SOURCE=\"27\"",
                    "\"\n=\n",
                    "#JAVA_VERSION=\"27\"\n"
                })
        void isNotLoadedForAReleaseFileWithoutAVersion(String release) throws IOException {
            assertTrue(launchOn(release).contains(NO_MACHINE_CODE));
        }

        @Test
        void isNotLoadedWithoutAReleaseFile() throws IOException {
            assertTrue(launch(Map.of()).contains(NO_MACHINE_CODE));
        }

        /** The arguments for a JVM with this release file. */
        private List<String> launchOn(String release) throws IOException {
            Path home = program("jdk/bin/java").getParent().getParent();
            Files.writeString(home.resolve("release"), release);
            return launch(Map.of());
        }
    }

    @Nested
    class CollectorAndHeap {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "-XX:+UseG1GC",
                    "-XX:+UseParallelGC",
                    "-XX:+UseShenandoahGC",
                    "-XX:+UseZGC",
                    "-XX:-UseSerialGC",
                    "'-XX:+UseG1GC'",
                    "@/opt/arguments"
                })
        void areReplacedByACollectorInTheEnvironment(String options) throws IOException {
            for (String variable : VARIABLES) {
                List<String> launch = launch(Map.of(variable, options));

                assertFalse(launch.contains(COLLECTOR), variable);
                assertEquals(List.of(), sizes(launch), variable);
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "-Xmx16m",
                    "-Xms64m",
                    "-Xmn4m",
                    "-XX:MaxHeapSize=16m",
                    "-XX:InitialHeapSize=8m",
                    "-XX:MinHeapSize=32m",
                    "-XX:NewSize=4m",
                    "-XX:MaxNewSize=8m",
                    "-XX:NewRatio=2",
                    "-XX:MaxRAM=64m",
                    "-XX:MaxRAMPercentage=75.0",
                    "-XX:InitialRAMPercentage=5",
                    "-XX:TLABSize=64k",
                    "-XX:MinTLABSize=2m"
                })
        void haveOnlyTheHeapSizesInTheEnvironment(String options) throws IOException {
            for (String variable : VARIABLES) {
                List<String> launch = launch(Map.of(variable, options));

                assertEquals(List.of(), sizes(launch), variable);
                assertTrue(launch.contains(COLLECTOR), variable);
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "-XX:+UseSerialGC",
                    "-XX:+UseStringDeduplication",
                    "-XX:MaxGCPauseMillis=5"
                })
        void areUnchangedByOtherOptions(String options) throws IOException {
            List<String> launch = launch(Map.of("JAVA_TOOL_OPTIONS", options));

            assertTrue(launch.contains(COLLECTOR));
            assertEquals(List.of("-Xms20m", "-Xmn12m", "-XX:TLABSize=1m"), sizes(launch));
        }

        /** The heap sizes in the launch line. */
        private static List<String> sizes(List<String> launch) {
            return launch.stream()
                    .filter(option -> option.startsWith("-Xm") || option.contains("TLABSize"))
                    .toList();
        }
    }

    @Nested
    class JvmOptionsInTheEnvironment {

        /** The function starts, decides and ends. It prints only the notice of the JVM. */
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "-Xshare:auto -XX:SharedArchiveFile=JAVA_HOME/lib/server/classes.jsa",
                    "-Xshare:off",
                    "-XX:AOTCache=/opt/other.aot",
                    "-XX:AOTMode=off",
                    "-XX:+UseG1GC -XX:MaxRAM=512m",
                    "-XX:+UseParallelGC",
                    "-XX:+UseZGC",
                    "-XX:+UseSerialGC -XX:+TieredCompilation -XX:TieredStopAtLevel=1",
                    "-XX:-TieredCompilation",
                    "-Xmx16m",
                    "-Xmx24m -Xms24m",
                    "-Xmx512m",
                    "-Xmn4m",
                    "-XX:MaxRAM=64m",
                    "-XX:MaxRAMPercentage=75.0",
                    "-XX:ReservedCodeCacheSize=16m -Xss512k",
                    "-javaagent:DIRECTORY/agent.jar",
                    "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,quiet=y,address=127.0.0.1:0",
                    "-XX:+UseCompactObjectHeaders",
                    "-XX:-UseCompressedOops",
                    "-Djava.security.properties=DIRECTORY/security.properties",
                    "-Djavax.net.ssl.trustStore=/nowhere",
                    "--add-opens=java.base/java.lang=ALL-UNNAMED --add-modules=java.instrument",
                    "-XX:FlightRecorderOptions=stackdepth=256",
                    "-Dcom.sun.management.jmxremote",
                    "-XX:MaxPermSize=64m -XX:+UseConcMarkSweepGC -XX:+UnlockCommercialFeatures",
                    "'-Xshare:off' \"-XX:+UseG1GC\""
                })
        void ofJavaToolOptionsDoNotPreventADecision(String options) throws IOException {
            decidesWith("JAVA_TOOL_OPTIONS", options);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "-Xshare:off",
                    "-XX:+UseG1GC -Xmx24m",
                    "--add-opens java.base/java.lang=ALL-UNNAMED",
                    "@DIRECTORY/arguments"
                })
        void ofTheLauncherDoNotPreventADecision(String options) throws IOException {
            decidesWith("JDK_JAVA_OPTIONS", options);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "-Xshare:off",
                    "-XX:+UseParallelGC",
                    "-XX:MinHeapSize=32m",
                    "-XX:-UseSerialGC"
                })
        void withPriorityOverTheLaunchLineDoNotPreventADecision(String options) throws IOException {
            decidesWith("_JAVA_OPTIONS", options);
        }

        private void decidesWith(String variable, String options) throws IOException {
            agent(directory.resolve("agent.jar"));
            Files.writeString(
                    directory.resolve("security.properties"), "networkaddress.cache.ttl=5");
            Files.writeString(directory.resolve("arguments"), "-Xshare:off -XX:+UseG1GC -Xmx24m");
            try (World world = World.overHttp()) {
                world.set(
                                variable,
                                options.replace("DIRECTORY", directory.toString())
                                        .replace("JAVA_HOME", System.getProperty("java.home")))
                        .start();

                assertEquals(World.ALLOW, world.decide());
            }
        }

        /** Writes the jar of an agent. */
        private static void agent(Path jar) throws IOException {
            var manifest = new Manifest();
            manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
            manifest.getMainAttributes().putValue("Premain-Class", Agent.class.getName());
            String file = Agent.class.getName().replace('.', '/') + ".class";
            try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                    var in = Agent.class.getClassLoader().getResourceAsStream(file)) {
                out.putNextEntry(new JarEntry(file));
                in.transferTo(out);
            }
        }
    }

    @Nested
    class OutsideLambda {

        @Test
        void startsTheEmulator() throws IOException {
            Path emulator = program("aws-lambda-rie");

            List<String> lines =
                    run(
                            0,
                            Map.of("PATH", emulator.getParent() + ":" + SYSTEM_PATH),
                            "some.Handler");

            assertEquals(List.of(function.resolve("bootstrap").toString(), "some.Handler"), lines);
        }

        @Test
        void reportsThatTheEmulatorIsMissing() throws IOException {
            List<String> lines = run(1, Map.of("PATH", SYSTEM_PATH));

            assertEquals(1, lines.size());
            assertTrue(
                    lines.getFirst().contains("AWS_LAMBDA_RUNTIME_API is not set"),
                    lines::toString);
        }
    }
}
