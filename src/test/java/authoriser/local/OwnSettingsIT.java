package authoriser.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.lambda.FunctionDirectory;
import authoriser.standin.LoopbackServer;
import authoriser.standin.PretendCognito;
import authoriser.standin.PretendSecretsManager;
import authoriser.standin.PretendValidation;
import authoriser.standin.SigningKey;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The local gateway with the built function and settings of the environment. */
class OwnSettingsIT {
    @TempDir private Path directory;
    private final ByteArrayOutputStream messages = new ByteArrayOutputStream();

    @Test
    void withASettingOfTheEnvironmentItEndsOnceTheFunctionHasStarted() {
        assertEquals(0, run(Map.of("ClockSkewSeconds", "10")), messages::toString);
    }

    @Test
    void withWrongSettingsItPrintsTheFunctionsOwnMessage() {
        assertEquals(2, run(Map.of("ClockSkewSeconds", "soon")));
        assertTrue(messages.toString(UTF_8).contains("ClockSkewSeconds"), messages.toString(UTF_8));
    }

    /** The client of the stand-in is no client of a real token endpoint. */
    @Test
    void aRealTokenEndpointNeedsAClientOfItsOwn() {
        assertEquals(2, run(Map.of("ValidationServiceTokenUrl", "https://auth.example.com/token")));
        assertTrue(
                messages.toString(UTF_8).contains("ValidationServiceClientIdValue"),
                messages.toString(UTF_8));
    }

    /** Other stand-ins are what is real here: no token, client or answer of the gateway's fits. */
    @Test
    void withSettingsForAllPartsTheFunctionAsksOnlyRealOnes() throws Exception {
        InstantSource clock = InstantSource.system();
        try (PretendCognito realIssuer = PretendCognito.start(SigningKey.generate("real"));
                PretendValidation realService = PretendValidation.start(realIssuer);
                PretendSecretsManager secrets = PretendSecretsManager.start("the-real-secret");
                PretendCognito cognito = PretendCognito.start(SigningKey.generate("stand-in"));
                PretendValidation validation = PretendValidation.start(cognito)) {
            realIssuer.clientSecret("the-real-secret");
            Map<String, String> environment = new HashMap<>();
            environment.put("CognitoIssuer", realIssuer.issuer());
            environment.put("ValidationServiceUrl", realService.url());
            environment.put("ValidationServiceTokenUrl", realIssuer.tokenUrl());
            environment.put("ValidationServiceClientIdValue", PretendCognito.SERVICE_CLIENT_ID);
            environment.put("ValidationServiceClientSecretArn", PretendSecretsManager.ARN);
            environment.put("AWS_ENDPOINT_URL_SECRETS_MANAGER", secrets.url());
            environment.put("AWS_REGION", "eu-west-1");
            environment.put("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE");
            environment.put("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI-EXAMPLEKEY");
            environment.put("ValidatedHeaders", "X-Team");
            LocalSettings settings = LocalSettings.of(environment, cognito, validation);
            try (RunningGateway running =
                    RunningGateway.start(
                            FunctionDirectory.path().resolve("bootstrap"),
                            directory.resolve("function.log"),
                            0,
                            cognito,
                            validation,
                            settings,
                            clock)) {
                LoopbackServer server = running.server();
                running.function().awaitStart(Duration.ofMinutes(1));

                assertEquals(200, status(server, realIssuer.tokens(clock).access()));
                assertEquals(403, status(server, cognito.tokens(clock).access()));
                assertEquals(1, realService.calls());
                assertEquals(0, validation.calls());
                assertEquals(0, cognito.jwksCalls() + cognito.tokenCalls());
            }
        }
    }

    private static int status(LoopbackServer server, String token) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create(server.url() + "/orders"))
                                    .header("Authorization", "Bearer " + token)
                                    .header("X-Team", "a")
                                    .build(),
                            BodyHandlers.discarding())
                    .statusCode();
        }
    }

    private int run(Map<String, String> environment) {
        Map<String, String> properties =
                Map.of(
                        "port",
                        "0",
                        "once",
                        "true",
                        "lambda.directory",
                        FunctionDirectory.path().toString(),
                        "local.directory",
                        directory.toString());
        return LocalGateway.run(
                properties::get, environment, new PrintStream(messages, true, UTF_8));
    }
}
