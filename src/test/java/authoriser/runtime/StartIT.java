package authoriser.runtime;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.lambda.FunctionDirectory;
import authoriser.standin.PretendCognito;
import authoriser.standin.PretendSecretsManager;
import authoriser.standin.StandInReply;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The classes that a start loads, and their source. */
class StartIT {
    @TempDir private Path directory;

    @Test
    void reportsUnreachedPeersInOneLineAndInASelfCheck() {
        try (World world = World.overTls()) {
            world.cognito.jwks().next(StandInReply.status(503));
            world.cognito.token().next(StandInReply.status(429));
            world.start();

            JsonNode answer = world.selfCheck();
            List<String> init =
                    world.end().reports().stream()
                            .filter(line -> line.startsWith("{\"init\":\"failed\""))
                            .toList();

            assertEquals("ok", answer.path("selfCheck").asText(), answer.toString());
            assertFalse(answer.has("policyDocument"));
            assertEquals(1, init.size());
            assertTrue(init.getFirst().contains("the keys' status is 503"), init.getFirst());
            assertTrue(
                    init.getFirst().contains("the token endpoint's status is 429"),
                    init.getFirst());
        }
    }

    @Test
    void startsFromTheArchiveAndWithoutTheAwsSdk() throws IOException {
        try (World world = World.overTls()) {
            assertEquals(List.of(), ofTheSdk(loadedByAFirstRequest(world)));
        }
    }

    @Test
    void readsASecretWithClassesOfTheArchiveAndWithoutTheAwsSdk() throws IOException {
        try (PretendSecretsManager secrets =
                        PretendSecretsManager.start(
                                World.CERTIFICATES, PretendCognito.SERVICE_CLIENT_SECRET);
                World world = World.overTls()) {
            world.set("ValidationServiceClientSecretValue", "")
                    .set("ValidationServiceClientSecretArn", PretendSecretsManager.ARN)
                    .set("AWS_ENDPOINT_URL_SECRETS_MANAGER", secrets.url());
            List<String> loaded = loadedByAFirstRequest(world);

            assertEquals(1, secrets.calls());
            assertEquals(List.of(), ofTheSdk(loaded));
            List<String> ours = loadedFrom("authoriser.secrets.", loaded);
            assertTrue(ours.size() > 1, ours::toString);
            assertEquals(
                    List.of(),
                    ours.stream().filter(line -> !line.contains("shared objects file")).toList());
        }
    }

    @Test
    void hasNoClassesOfTheAwsSdkExceptThoseOfTheRuntimeClient() throws IOException {
        try (JarFile jar =
                new JarFile(FunctionDirectory.path().resolve("lib/authoriser.jar").toFile())) {
            Set<String> packages =
                    jar.stream()
                            .map(ZipEntry::getName)
                            .filter(name -> name.startsWith("software/amazon/"))
                            .filter(name -> name.endsWith(".class"))
                            .map(name -> name.split("/")[3])
                            .collect(toSet());

            assertEquals(Set.of("annotations", "utilslite"), packages);
        }
    }

    private List<String> loadedByAFirstRequest(World world) throws IOException {
        Path log = directory.resolve("classes.log");
        List<String> options = new ArrayList<>(World.CERTIFICATES.jvmOptions());
        options.add("-XX:AOTMode=on"); // the JVM does not start if the archive does not match
        options.add("-Xlog:class+load=info:file=" + log);
        world.jvmOptions(options).start();
        assertEquals(World.ALLOW, world.decide());
        world.end();
        return Files.readAllLines(log);
    }

    /** The runtime client contains a small class of the SDK, which is ignored here. */
    private static List<String> ofTheSdk(List<String> loaded) {
        return loadedFrom("software.amazon.awssdk.", loaded).stream()
                .filter(line -> !line.contains(".awssdk.utilslite."))
                .toList();
    }

    private static List<String> loadedFrom(String prefix, List<String> loaded) {
        return loaded.stream().filter(line -> line.contains(" " + prefix)).toList();
    }
}
