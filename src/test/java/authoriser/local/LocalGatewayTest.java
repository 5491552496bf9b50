package authoriser.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.lambda.RuntimeApi.Answered;
import authoriser.lambda.RuntimeApi.Errored;
import authoriser.lambda.RuntimeApi.Outcome;
import authoriser.standin.LoopbackServer;
import authoriser.standin.PretendCognito;
import authoriser.standin.PretendValidation;
import authoriser.standin.ScriptedServer;
import authoriser.standin.SigningKey;
import authoriser.standin.TestJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the function answers, and whatever the user sets, ends in a response or a message. */
class LocalGatewayTest {
    private static final SigningKey KEY = SigningKey.generate("key");

    @TempDir private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"", "Allow", "{", "[]", "null"})
    void anAnswerThatIsNoJsonObjectIsA500(String answer) throws Exception {
        HttpResponse<String> response = gatewayAnswers(new Answered(answer.getBytes(UTF_8)));

        assertEquals(500, response.statusCode());
        assertTrue(decision(response).startsWith("invalid answer: "), decision(response));
    }

    @Test
    void aReasonBeyondLatin1IsA403() throws Exception {
        HttpResponse<String> response = gatewayAnswers(deny("gr\u00f6\u00dfe \u2192 \ud83d\ude00"));

        assertEquals(403, response.statusCode());
        assertEquals("deny gr??e ? ?", decision(response));
        assertEquals(
                "gr\u00f6\u00dfe \u2192 \ud83d\ude00",
                TestJson.read(response.body().getBytes(UTF_8)).path("reason").asText());
    }

    @Test
    void aReasonWithLineBreaksIsOneHeader() throws Exception {
        HttpResponse<String> response = gatewayAnswers(deny("a\\r\\nX-Other: b"));

        assertEquals(403, response.statusCode());
        assertEquals("deny a X-Other: b", decision(response));
    }

    @Test
    void aReasonThatIsHugeIsShortenedInTheHeader() throws Exception {
        HttpResponse<String> response = gatewayAnswers(deny("a".repeat(1_000_000)));

        assertEquals(403, response.statusCode());
        assertEquals("deny " + "a".repeat(195) + "...", decision(response));
    }

    @Test
    void anErrorBeyondLatin1IsA500() throws Exception {
        HttpResponse<String> response =
                gatewayAnswers(new Errored("a.b.Failure", "\u2192", new byte[0]));

        assertEquals(500, response.statusCode());
        assertEquals("?", decision(response));
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "-1", "65536", "70000", "3000.5", "99999999999999", " 3000"})
    void aPortThatIsNoneIsSaidInAMessage(String port) {
        assertEquals("port must be 0 to 65535, and is " + port, refusal(Map.of("port", port)));
    }

    @Test
    void aPortThatIsTakenIsSaidInAMessage() throws IOException {
        bootstrap("exec sleep 600");
        try (ScriptedServer taken = ScriptedServer.plain()) {
            String port = Integer.toString(taken.port());

            String refusal = refusal(Map.of("port", port));

            assertTrue(refusal.startsWith("Can't listen on port " + port + ": "), refusal);
        }
    }

    @Test
    void aDirectoryWithoutAFunctionIsSaidInAMessage() {
        assertEquals(
                "No " + directory + "/lambda/bootstrap: build the function first (mvn package)",
                refusal(Map.of()));
    }

    @Test
    void aBootstrapThatIsADirectoryIsSaidInAMessage() throws IOException {
        Files.createDirectories(directory.resolve("lambda/bootstrap"));

        assertEquals(
                "No " + directory + "/lambda/bootstrap: build the function first (mvn package)",
                refusal(Map.of()));
    }

    @Test
    void aBootstrapThatLinuxCantRunIsSaidInAMessage() throws IOException {
        bootstrap("echo");
        Files.writeString(directory.resolve("lambda/bootstrap"), "#!/bin/sh\r\necho\r\n");

        String refusal = refusal(Map.of());

        assertTrue(refusal.startsWith(directory + "/lambda/bootstrap can't be started: "), refusal);
    }

    @Test
    void aFunctionThatEndsAtOnceIsSaidInAMessage() throws IOException {
        bootstrap("echo no settings; exit 1");

        assertEquals("The function does not start: no settings", refusal(Map.of()));
    }

    @Test
    void aDirectoryThatCantBeWrittenIsSaidInAMessage() throws IOException {
        bootstrap("exec sleep 600");
        Files.createFile(directory.resolve("local"));

        assertEquals(
                directory + "/local/function.log can't be written",
                refusal(Map.of("local.directory", directory.resolve("local").toString())));
    }

    /** The one line that is printed instead of running. */
    private String refusal(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>();
        all.put("port", "0");
        all.put("once", "true");
        all.put("lambda.directory", directory.resolve("lambda").toString());
        all.put("local.directory", directory.toString());
        all.putAll(settings);
        var printed = new ByteArrayOutputStream();

        int status = LocalGateway.run(all::get, Map.of(), new PrintStream(printed, true, UTF_8));

        assertEquals(2, status);
        List<String> lines = printed.toString(UTF_8).lines().toList();
        assertEquals(1, lines.size(), lines::toString);
        return lines.getFirst().substring(1);
    }

    private void bootstrap(String commands) throws IOException {
        Path file = Files.createDirectory(directory.resolve("lambda")).resolve("bootstrap");
        Files.writeString(file, "#!/bin/sh\n" + commands + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    /** What a caller gets from the gateway when the function comes to this. */
    private static HttpResponse<String> gatewayAnswers(Outcome outcome) throws Exception {
        InstantSource clock = InstantSource.system();
        try (PretendCognito cognito = PretendCognito.start(KEY);
                PretendValidation validation = PretendValidation.start(cognito);
                LoopbackServer server =
                        LoopbackServer.http(
                                0,
                                LocalGateway.of(
                                                cognito,
                                                validation,
                                                LocalSettings.of(Map.of(), cognito, validation),
                                                (_, _, _) -> outcome,
                                                () -> {},
                                                new LogLines(),
                                                new ResultCache(Duration.ZERO, clock),
                                                clock)
                                        ::answer);
                HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create(server.url() + "/orders"))
                            .header("Authorization", "Bearer token")
                            .header("X-Tenant-Id", "acme")
                            .build(),
                    BodyHandlers.ofString());
        }
    }

    private static String decision(HttpResponse<String> response) {
        return response.headers().firstValue(LocalGateway.DECISION).orElseThrow();
    }

    private static Answered deny(String reason) {
        String json =
                "{\"principalId\":\"jane\",\"policyDocument\":{\"Version\":\"2012-10-17\","
                        + "\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"execute-api:Invoke\","
                        + "\"Resource\":\"*\"}]},\"context\":{\"reason\":\""
                        + reason
                        + "\"}}";
        return new Answered(json.getBytes(UTF_8));
    }
}
