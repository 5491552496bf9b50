package authoriser.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.config.Environment;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line: options, settings, and exit status. */
class ExplainTest {
    private static final String NO_TOKEN = "src/test/resources/events/rest-no-token.json";

    @TempDir private Path directory;
    private String printed = "";

    @Test
    void theSettingsAreTheEnvironmentVariablesUnlessAFileIsNamed() {
        assertEquals(1, run(Environment.with(), "--event", NO_TOKEN));
        assertTrue(printed.contains("token_missing"), printed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%s",
                "{\"FunctionName\":\"f\",\"Environment\":{\"Variables\":%s}}",
                "{\"Configuration\":{\"Environment\":{\"Variables\":%s}}}",
                "{\"AuthoriserFunction\":%s}"
            })
    void settingsAreReadFromEachForm(String form) throws IOException {
        Path file = directory.resolve("settings.json");
        Files.writeString(
                file, form.formatted(new ObjectMapper().writeValueAsString(Environment.with())));

        assertEquals(1, run(Map.of(), "--event", NO_TOKEN, "--settings", file.toString()));
        assertTrue(printed.contains("token_missing"), printed);
    }

    @Test
    void anEventIsReadFromStandardInput() throws IOException {
        InputStream input = Files.newInputStream(Path.of(NO_TOKEN));

        assertEquals(1, run(Environment.with(), input, "--event", "-"));
        assertTrue(printed.contains("token_missing"), printed);
    }

    @Test
    void everyProblemWithTheSettingsIsNamed() {
        int status =
                run(
                        Environment.with("ValidatedHeaders", "", "ClockSkewSeconds", "x"),
                        "--event",
                        NO_TOKEN);

        assertEquals(3, status);
        assertTrue(printed.contains("ValidatedHeaders"), printed);
        assertTrue(printed.contains("ClockSkewSeconds"), printed);
        assertFalse(printed.contains(Environment.SECRET), printed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--help",
                "--event",
                "--event|/does/not/exist",
                "--event|" + NO_TOKEN + "|--route|orders",
                "--event|" + NO_TOKEN + "|--header|X-Tenant-Id",
                "--event|" + NO_TOKEN + "|--at|yesterday",
                "--event|" + NO_TOKEN + "|--colour|red",
                "--event|" + NO_TOKEN + "|--settings|pom.xml"
            })
    void optionsThatCannotBeUsedShowTheUsage(String line) {
        List<String> options = line.isEmpty() ? List.of() : List.of(line.split("\\|"));

        assertEquals(3, run(Environment.with(), options.toArray(String[]::new)));
        assertTrue(printed.contains("Usage: explain --event FILE"), printed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "canary.b.c",
                "Bearer canary.b.c",
                "Authorization: Bearer canary.b.c\n",
                "authorization:bearer  canary.b.c"
            })
    void aTokenIsTakenAloneOrWithItsHeader(String text) throws Exception {
        Path file = directory.resolve("token");
        Files.writeString(file, text);

        Options options = options("--token", file.toString());

        assertEquals(Optional.of("canary.b.c"), options.token());
        assertEquals(1, run(Environment.with(), "--token", file.toString()));
        assertTrue(printed.contains("token_malformed"), printed);
        assertFalse(printed.contains("canary"), printed);
    }

    @Test
    void tokenAndHeadersReplaceThoseOfTheEvent() throws Exception {
        Path file = directory.resolve("token");
        Files.writeString(file, "a.b.c");

        byte[] event =
                ExplainedEvent.of(
                        options(
                                "--event",
                                "src/test/resources/events/rest.json",
                                "--token",
                                file.toString(),
                                "--header",
                                "x-tenant-ID: other"));

        var root = new ObjectMapper().readTree(event);
        assertEquals("Bearer a.b.c", root.path("headers").path("Authorization").asText());
        assertEquals("other", root.path("headers").path("x-tenant-ID").asText());
        assertFalse(root.path("headers").has("X-Tenant-Id"));
        assertEquals("[\"other\"]", root.path("multiValueHeaders").path("x-tenant-ID").toString());
        assertEquals("web", root.path("headers").path("X-Channel").asText());
    }

    @Test
    void aRouteIsThatOfTheRequestThatIsMade() throws Exception {
        Path file = directory.resolve("token");
        Files.writeString(file, "a.b.c");

        byte[] event =
                ExplainedEvent.of(options("--token", file.toString(), "--route", "POST /orders/1"));

        assertTrue(ExplainedEvent.arn(event).endsWith("/test/POST/orders/1"));
    }

    @Test
    void aTimeIsWhenTheRequestIsDecided() throws IOException {
        Path token = directory.resolve("token");
        String claims =
                "{\"iss\":\"https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34E\","
                        + "\"token_use\":\"access\",\"client_id\":\"c\",\"sub\":\"s\",\"exp\":1000}";
        var base64 = Base64.getUrlEncoder().withoutPadding();
        Files.writeString(
                token,
                base64.encodeToString(
                                "{\"alg\":\"RS256\",\"kid\":\"k\"}"
                                        .getBytes(StandardCharsets.US_ASCII))
                        + "."
                        + base64.encodeToString(claims.getBytes(StandardCharsets.US_ASCII))
                        + ".AA");

        run(Environment.with(), "--token", token.toString(), "--at", "1970-01-01T00:33:20Z");

        assertTrue(printed.contains("exp 1970-01-01T00:16:40Z, 16 min 40 s ago"), printed);
    }

    @Test
    void theScriptStartsTheProgramWithItsArguments() {
        String script = Launcher.text("/jdk's", "/a b/classes:/c.jar");

        assertTrue(script.startsWith("#!/bin/sh\n"));
        assertTrue(script.contains("exec '/jdk'\\''s/bin/java'"), script);
        assertTrue(script.contains("-classpath '/a b/classes:/c.jar'"), script);
        assertTrue(script.endsWith("authoriser.explain.Explain \"$@\"\n"), script);
    }

    private static Options options(String... arguments) throws Options.Unusable {
        return Options.parse(List.of(arguments), InputStream.nullInputStream());
    }

    private int run(Map<String, String> environment, String... arguments) {
        return run(environment, new ByteArrayInputStream(new byte[0]), arguments);
    }

    private int run(Map<String, String> environment, InputStream input, String... arguments) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int status =
                Explain.run(
                        List.of(arguments),
                        environment,
                        input,
                        new PrintStream(bytes, true, StandardCharsets.UTF_8));
        printed = bytes.toString(StandardCharsets.UTF_8);
        return status;
    }
}
