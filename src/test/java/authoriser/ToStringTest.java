package authoriser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import authoriser.config.Config;
import authoriser.config.Environment;
import authoriser.config.Secret;
import authoriser.event.AccessRequest;
import authoriser.event.Credential;
import authoriser.event.ExecuteApiArn;
import authoriser.event.Headers;
import authoriser.event.RequestEvent;
import authoriser.http.Endpoint;
import authoriser.http.HttpCall;
import authoriser.http.Reply;
import authoriser.json.JsonDocument;
import authoriser.token.BearerToken;
import authoriser.validation.Verdict;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What objects show of themselves, where a message or a log could quote them. */
class ToStringTest {
    private static final Path MAIN = Path.of("src/main/java/authoriser");

    /** A component of a record whose name says that its text is secret. */
    private static final Pattern SECRET_TEXT =
            Pattern.compile(
                    "(?:String|Optional<String>|byte\\[]|char\\[]) \\w*"
                            + "(?i:secret|token|password|assertion|credential|authorization)\\w*[,)]");

    /**
     * Records with such a component: AwsCredentials and TrustStore have a {@code toString} of their
     * own, and that of Readiness says what failed.
     */
    private static final Set<String> KNOWN = Set.of("AwsCredentials", "Readiness", "TrustStore");

    private static List<Object> holders() {
        byte[] canary = "canary".getBytes(StandardCharsets.US_ASCII);
        Secret secret = new Secret("canary");
        Credential credential = new Credential.Bearer(new BearerToken("canary"));
        Headers headers = new Headers.Complete(Map.of("x-tenant-id", "canary"));
        Endpoint endpoint = Endpoint.parse("https://example.com/path").orElseThrow();
        return List.of(
                secret,
                credential,
                headers,
                new AccessRequest(
                        new ExecuteApiArn("arn:aws:execute-api:eu-west-1:123456789012:a/prod"),
                        credential,
                        headers),
                RequestEvent.read(new ByteArrayInputStream(canary)),
                HttpCall.post(endpoint).header("Authorization", "Bearer canary").body(canary),
                HttpCall.post(endpoint).header("Authorization", "Bearer canary"),
                new Reply.Answered(200, canary),
                new JsonDocument(canary),
                new Verdict.Permitted(Map.of(), Optional.of(secret)),
                new Config.ClientSecret.Value(secret),
                Config.parse(
                        Environment.with("ValidationServiceClientSecretValue", "canary"),
                        Environment.UNCHECKED));
    }

    @Test
    void noObjectShowsTheSecretThatItHolds() {
        for (Object holder : holders()) {
            assertFalse(holder.toString().contains("canary"), holder.getClass().getName());
        }
    }

    @Test
    void noRecordShowsATextThatIsNamedAsASecret() throws IOException {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.walk(MAIN)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
                Matcher record =
                        Pattern.compile("\\brecord (\\w+)(?:<[^>]*>)?(\\([^{]*)\\{")
                                .matcher(Files.readString(file));
                while (record.find()) {
                    if (SECRET_TEXT.matcher(record.group(2)).find()) {
                        found.add(record.group(1));
                    }
                }
            }
        }

        assertEquals(new TreeSet<>(KNOWN), found);
    }
}
