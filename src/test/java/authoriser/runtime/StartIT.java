package authoriser.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.local.PretendCognito;
import authoriser.local.PretendSecretsManager;
import authoriser.local.Reply;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start loads, and from where. */
class StartIT {
    @TempDir private Path directory;

    @Test
    void aStartThatReachesNothingSaysSoInOneLineAndASelfCheckSaysWhatItReachesNow() {
        try (World world = World.overTls()) {
            world.cognito.jwks().next(Reply.status(503));
            world.cognito.token().next(Reply.status(429));
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
        Path log = directory.resolve("classes.log");
        try (World world = World.overTls()) {
            List<String> options = new ArrayList<>(World.CERTIFICATES.jvmOptions());
            options.add("-XX:AOTMode=on"); // refuses to start with an archive that does not fit
            options.add("-Xlog:class+load=info:file=" + log);
            world.jvmOptions(options).start();
            assertEquals(World.ALLOW, world.decide());
            world.end();
        }

        assertEquals(0, classesOfTheSdk(log));
    }

    @Test
    void theAwsSdkIsThereForASecretThatIsStored() throws IOException {
        Path log = directory.resolve("classes.log");
        try (PretendSecretsManager secrets =
                        PretendSecretsManager.start(PretendCognito.SERVICE_CLIENT_SECRET);
                World world = World.overHttp()) {
            world.set("ValidationServiceClientSecretValue", "")
                    .set("ValidationServiceClientSecretArn", PretendSecretsManager.ARN)
                    .set("AWS_ENDPOINT_URL_SECRETS_MANAGER", secrets.url())
                    .jvmOptions(List.of("-Xlog:class+load=info:file=" + log))
                    .start();
            assertEquals(World.ALLOW, world.decide());
            world.end();
        }

        assertTrue(classesOfTheSdk(log) > 0);
    }

    /** The runtime client brings a small class of the SDK's along, which is not meant here. */
    private static long classesOfTheSdk(Path log) throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.contains(" software.amazon.awssdk."))
                    .filter(line -> !line.contains(".awssdk.utilslite."))
                    .count();
        }
    }
}
