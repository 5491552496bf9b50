package authoriser.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.standin.PretendCognito;
import authoriser.standin.PretendSecretsManager;
import authoriser.standin.StandInReply;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The client secret is read from Secrets Manager at run time. */
class SecretIT {
    private static final String NO_SERVICE_TOKEN = World.undecided("service_token_unavailable");

    @Test
    void readsAPlainSecretOnceAndAgainAfterARotation() {
        try (PretendSecretsManager secrets =
                        PretendSecretsManager.start(
                                World.CERTIFICATES, PretendCognito.SERVICE_CLIENT_SECRET);
                World world = storing(secrets, PretendSecretsManager.ARN)) {
            world.start();
            assertEquals(World.ALLOW, world.decide());
            assertEquals(1, secrets.calls());

            rotate(world, secrets, "a-second-client-secret", "a-second-client-secret");

            assertEquals(World.ALLOW, world.decide());
            assertEquals(2, secrets.calls());
            assertEquals(
                    3,
                    world.cognito.tokenCalls()); // at the start, the refused one, and with the new
            // secret
        }
    }

    @Test
    void readsASecretInJson() {
        try (PretendSecretsManager secrets =
                        PretendSecretsManager.start(
                                World.CERTIFICATES, json(PretendCognito.SERVICE_CLIENT_SECRET));
                World world = storing(secrets, PretendSecretsManager.NAME)) {
            world.start();
            assertEquals(World.ALLOW, world.decide());

            String next = "a third/secret+with%signs: é";
            rotate(world, secrets, URLEncoder.encode(next, StandardCharsets.UTF_8), json(next));

            assertEquals(World.ALLOW, world.decide());
        }
    }

    @Test
    void recoversFromEachFaultOfSecretsManager() {
        try (PretendSecretsManager secrets =
                        PretendSecretsManager.start(
                                World.CERTIFICATES, PretendCognito.SERVICE_CLIENT_SECRET);
                World world = storing(secrets, PretendSecretsManager.ARN)) {
            Map<String, StandInReply> faults = new LinkedHashMap<>();
            faults.put("500", StandInReply.status(500));
            faults.put(
                    "denied",
                    StandInReply.json(
                            400, "{\"__type\":\"AccessDeniedException\",\"Message\":\"no\"}"));
            faults.put("HTML", StandInReply.json("<html>"));
            faults.put("no secret", StandInReply.json("{}"));
            faults.put("redirects", StandInReply.redirect(secrets.url() + "/"));
            faults.put("breaks off", StandInReply.broken());
            faults.put(
                    "breaks off in the answer", StandInReply.truncated("{\"SecretString\":\"x\"}"));
            faults.put("hangs", StandInReply.never());
            faults.put(
                    "trickles",
                    StandInReply.trickling("{\"SecretString\":\"x\"}", Duration.ofMillis(200)));
            // Secrets Manager is down from the start
            secrets.secretValue().always(StandInReply.status(503));
            world.set("ValidationServiceTimeoutMs", "1000").start();
            assertEquals(NO_SERVICE_TOKEN, world.decide());
            secrets.secretValue().usually();
            world.recovers(Duration.ofSeconds(5), NO_SERVICE_TOKEN);

            Map<String, String> decisions = new LinkedHashMap<>();
            Map<String, String> expected = new LinkedHashMap<>();
            faults.forEach((name, fault) -> {
                String next = World.unique("secret");
                rotate(world, secrets, next, next);
                secrets.secretValue().always(fault);
                decisions.put(name, world.decide());
                expected.put(name, NO_SERVICE_TOKEN);
                secrets.secretValue().usually();
                world.recovers(Duration.ofSeconds(5), NO_SERVICE_TOKEN);
            });

            assertEquals(expected, decisions);
        }
    }

    @Test
    void readsTheSecretSeldomIfTheIssuerRefusesIt() {
        try (PretendSecretsManager secrets =
                        PretendSecretsManager.start(
                                World.CERTIFICATES, PretendCognito.SERVICE_CLIENT_SECRET);
                World world = storing(secrets, PretendSecretsManager.ARN)) {
            world.start();
            assertEquals(World.ALLOW, world.decide());

            // The secret is rotated at the issuer, but not yet in Secrets Manager
            rotate(
                    world,
                    secrets,
                    "known-to-the-issuer-alone",
                    PretendCognito.SERVICE_CLIENT_SECRET);
            long start = System.nanoTime();
            for (int i = 0; i < 30; i++) {
                assertEquals(NO_SERVICE_TOKEN, world.decide());
            }

            int seconds = (int) Duration.ofNanos(System.nanoTime() - start).toSeconds();
            assertTrue(secrets.calls() <= 4 + seconds, () -> "" + secrets.calls());
            secrets.secretString("known-to-the-issuer-alone");
            world.recovers(Duration.ofSeconds(15), NO_SERVICE_TOKEN);
        }
    }

    private static World storing(PretendSecretsManager secrets, String id) {
        return World.overTls()
                .set("ValidationServiceClientSecretValue", "")
                .set("ValidationServiceClientSecretArn", id)
                .set("AWS_ENDPOINT_URL_SECRETS_MANAGER", secrets.url());
    }

    private static String json(String secret) {
        return "{\"client_id\":\"not asked for\",\"client_secret\":\"" + secret + "\"}";
    }

    /** Changes the secret at the issuer and in Secrets Manager, and revokes the service token. */
    private static void rotate(
            World world, PretendSecretsManager secrets, String issuers, String stored) {
        world.leaks.secret(issuers);
        world.leaks.secret(stored);
        world.cognito.clientSecret(issuers);
        world.cognito.revokeServiceTokens();
        secrets.secretString(stored);
    }
}
