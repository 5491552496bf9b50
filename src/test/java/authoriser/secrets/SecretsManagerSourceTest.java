package authoriser.secrets;

import static authoriser.standin.PretendSecretsManager.ARN;
import static authoriser.standin.PretendSecretsManager.NAME;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertLinesMatch;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.config.Secret;
import authoriser.http.HttpClient;
import authoriser.http.TlsLayer;
import authoriser.secrets.SecretSource.Reading;
import authoriser.standin.LoopbackOnly;
import authoriser.standin.ManualClock;
import authoriser.standin.PretendSecretsManager;
import authoriser.standin.ReceivedRequest;
import authoriser.standin.StandInReply;
import authoriser.time.Deadline;
import authoriser.trust.TrustStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uses a local endpoint over HTTP, and the environment variables that Lambda sets. */
@Timeout(60)
final class SecretsManagerSourceTest {
    private static final InstantSource CLOCK = ManualClock.at("2026-03-01T12:00:00Z");

    private final PretendSecretsManager service = PretendSecretsManager.start("s3cr3t");
    private final Map<String, String> environment =
            new HashMap<>(
                    Map.of(
                            "AWS_REGION", "eu-west-1",
                            "AWS_ACCESS_KEY_ID", "AKIDLOCAL",
                            "AWS_SECRET_ACCESS_KEY", "local-access-key",
                            "AWS_SESSION_TOKEN", "local-session-token",
                            "AWS_ENDPOINT_URL_SECRETS_MANAGER", service.url()));

    @AfterEach
    void close() {
        service.close();
    }

    private SecretsManagerSource source() {
        return source(ARN);
    }

    private SecretsManagerSource source(String id) {
        HttpClient http = new HttpClient(CLOCK, TlsLayer.trusting(TrustStore.ofJvm()));
        return new SecretsManagerSource(id, http, environment, CLOCK);
    }

    private static Deadline within(Duration time) {
        return Deadline.in(time, InstantSource.system());
    }

    private static Reading current(SecretSource source) {
        return source.current(within(Duration.ofSeconds(20)));
    }

    private static Reading reread(SecretSource source) {
        return source.reread(within(Duration.ofSeconds(20)));
    }

    private static Reading secret(String value) {
        return new Reading.Read(new Secret(value));
    }

    private static Reading failure(String detail) {
        return new Reading.Failed("Secrets Manager: " + detail);
    }

    private static StandInReply amazonJson(int status, String body) {
        return StandInReply.of(
                status,
                Map.of("Content-Type", "application/x-amz-json-1.1"),
                body.getBytes(StandardCharsets.UTF_8));
    }

    private String authority() {
        return service.url().substring("http://".length());
    }

    @Test
    void doesNotPrintTheSecret() {
        assertEquals("Read[secret=[secret]]", current(source()).toString());
    }

    @Nested
    class GetSecretValue {

        @ParameterizedTest
        @ValueSource(strings = {ARN, NAME})
        void namesTheSecretByArnOrName(String id) {
            assertEquals(secret("s3cr3t"), current(source(id)));

            ReceivedRequest request = service.secretValue().requests().getFirst();
            assertEquals("{\"SecretId\":\"" + id + "\"}", request.text());
            assertEquals(
                    "secretsmanager.GetSecretValue", request.header("X-Amz-Target").orElseThrow());
            assertEquals(
                    "application/x-amz-json-1.1", request.header("Content-Type").orElseThrow());
            assertEquals("20260301T120000Z", request.header("X-Amz-Date").orElseThrow());
            assertEquals(
                    "local-session-token", request.header("X-Amz-Security-Token").orElseThrow());
        }

        @Test
        void isSignedAsItIsSent() {
            current(source());

            ReceivedRequest request = service.secretValue().requests().getFirst();
            TreeMap<String, String> signed = new TreeMap<>();
            for (String name :
                    List.of(
                            "content-type",
                            "host",
                            "x-amz-date",
                            "x-amz-security-token",
                            "x-amz-target")) {
                signed.put(name, request.header(name).orElseThrow());
            }
            assertEquals(
                    new AwsSignature("20260301T120000Z", "eu-west-1", "secretsmanager")
                            .authorization(
                                    new AwsCredentials(
                                            "AKIDLOCAL", "local-access-key", Optional.empty()),
                                    "POST",
                                    "/",
                                    signed,
                                    request.text().getBytes(StandardCharsets.UTF_8)),
                    request.header("Authorization").orElseThrow());
        }

        @Test
        void hasNoSessionTokenIfThereIsNone() {
            environment.remove("AWS_SESSION_TOKEN");

            assertEquals(secret("s3cr3t"), current(source()));
            ReceivedRequest request = service.secretValue().requests().getFirst();
            assertEquals(Optional.empty(), request.header("X-Amz-Security-Token"));
        }

        @Test
        void escapesTheNameInJson() {
            assertEquals(failure("ResourceNotFoundException"), current(source("a\"b\\c")));

            assertEquals(
                    "{\"SecretId\":\"a\\\"b\\\\c\"}",
                    service.secretValue().requests().getFirst().text());
        }

        @Test
        void isNotSentBeforeTheSecretIsNeeded() {
            source();

            assertEquals(0, service.calls());
        }

        @Test
        void doesNotFollowARedirect() {
            service.secretValue().next(StandInReply.redirect(service.url() + "/"));

            assertEquals(failure("status 302"), current(source()));
            assertEquals(1, service.calls());
        }
    }

    @Nested
    class SecretFormat {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "s3cr3t",
                    "  s3cr3t\n",
                    "\ufeffs3cr3t\u00a0",
                    "{\"client_secret\":\"s3cr3t\"}",
                    "{\"client_secret\":\" s3cr3t\\n\"}",
                    "{\"client_secret\":\"\\ts3cr3t\\u00a0\"}",
                    "{\"client_secret\":\" s3cr3t\\r\\n\"}",
                    " {\"client_id\":\"a\",\"client_secret\":\"s3cr3t\",\"more\":{\"a\":[1]}}\n"
                })
        void isAPlainStringOrJsonWithAClientSecret(String stored) {
            service.secretString(stored);

            assertEquals(secret("s3cr3t"), current(source()));
        }

        @ParameterizedTest
        @ValueSource(strings = {"", " ", "\n"})
        void isRefusedIfItIsEmpty(String stored) {
            service.secretString(stored);

            assertEquals(failure("the secret is empty"), current(source()));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{}",
                    "{\"clientSecret\":\"s3cr3t\"}",
                    "{\"client_secret\":\"\"}",
                    "{\"client_secret\":\" \\n\"}",
                    "{\"nested\":{\"client_secret\":\"s3cr3t\"}}"
                })
        void isRefusedInJsonWithoutAClientSecret(String stored) {
            service.secretString(stored);

            assertEquals(failure("the secret's JSON has no client_secret"), current(source()));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{",
                    "{\"client_secret\":\"s3cr3t\"",
                    "{\"client_secret\":\"s3cr3t\"} x",
                    "{\"client_secret\":null}",
                    "{\"client_secret\":42}",
                    "{\"client_secret\":{\"value\":\"s3cr3t\"}}",
                    "{\"client_secret\":\"s3cr3t\",\"client_secret\":\"other\"}",
                    "{client_secret: s3cr3t}"
                })
        void isRefusedInInvalidJson(String stored) {
            service.secretString(stored);

            assertEquals(failure("the secret is JSON of an unexpected form"), current(source()));
        }

        /**
         * RFC 6749 appendix A.2: a secret has no control characters, so a token endpoint would
         * refuse it.
         */
        @ParameterizedTest
        @ValueSource(strings = {"one\ntwo", "one\u0000", "{\"client_secret\":\"one\\ntwo\"}"})
        void isRefusedWithControlCharacters(String stored) {
            service.secretString(stored);

            assertEquals(
                    failure("the secret holds a line break or another control character"),
                    current(source()));
        }

        @ParameterizedTest
        @ValueSource(strings = {"one two", "{\"client_secret\":\"one two\"}"})
        void mayHaveSpaces(String stored) {
            service.secretString(stored);

            assertEquals(secret("one two"), current(source()));
        }

        @Test
        void isRefusedIfItIsBinary() {
            service.secretValue()
                    .next(
                            amazonJson(
                                    200,
                                    "{\"Name\":\"" + NAME + "\",\"SecretBinary\":\"c2VjcmV0\"}"));

            assertEquals(failure("the secret is binary"), current(source()));
        }

        @Test
        void isRefusedIfTheResponseHasNoSecret() {
            service.secretValue().next(amazonJson(200, "{\"Name\":\"" + NAME + "\"}"));

            assertEquals(failure("the answer has no secret"), current(source()));
        }

        @Test
        void mayHave60000Characters() {
            String longest = "x".repeat(60_000);
            service.secretString(longest);

            assertEquals(secret(longest), current(source()));
        }

        @Test
        void isRefusedIfTheResponseIsTooLong() {
            service.secretString("\n".repeat(40_000) + "s3cr3t"); // each has two bytes in JSON

            assertEquals(
                    failure(authority() + ": a body of more than 65536 bytes"), current(source()));
        }
    }

    @Nested
    class CachedSecret {

        @Test
        void isReadOnce() {
            SecretSource source = source();

            for (int i = 0; i < 10; i++) {
                assertEquals(secret("s3cr3t"), current(source));
            }

            assertEquals(1, service.calls());
        }

        @Test
        void isReplacedWhenItIsReadAgain() {
            SecretSource source = source();
            current(source);
            service.secretString("n3w");

            assertEquals(secret("s3cr3t"), current(source));
            assertTrue(source.rereadable());
            assertEquals(secret("n3w"), reread(source));
            assertEquals(secret("n3w"), current(source));
            assertEquals(2, service.calls());
        }

        @Test
        void isKeptIfReadingAgainFails() {
            SecretSource source = source();
            current(source);
            service.secretValue().next(StandInReply.status(503));

            assertTrue(reread(source) instanceof Reading.Failed);
            assertEquals(secret("s3cr3t"), current(source));
        }

        @Test
        void isNeverAFailure() {
            SecretSource source = source();
            service.secretValue().next(StandInReply.status(503));

            assertTrue(current(source) instanceof Reading.Failed);
            assertEquals(secret("s3cr3t"), current(source));
        }
    }

    @Nested
    class ErrorResponse {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "ResourceNotFoundException",
                    "AccessDeniedException",
                    "DecryptionFailure",
                    "ThrottlingException",
                    "ExpiredTokenException"
                })
        void isReportedByItsCodeAndNotTriedAgain(String code) {
            service.secretValue()
                    .next(
                            amazonJson(
                                    400,
                                    "{\"__type\":\""
                                            + code
                                            + "\",\"Message\":\"AKIDLOCAL may not read "
                                            + ARN
                                            + "\"}"));

            assertEquals(failure(code), current(source()));
            assertEquals(1, service.calls());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "com.amazonaws.secretsmanager#AccessDeniedException",
                    "com.amazonaws.secretsmanager#AccessDeniedException:http://example.com/",
                    "AccessDeniedException:http://example.com/"
                })
        void isReportedByTheCodeWithoutItsPrefixAndSuffix(String type) {
            service.secretValue().next(amazonJson(400, "{\"__type\":\"" + type + "\"}"));

            assertEquals(failure("AccessDeniedException"), current(source()));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"__type\":\"a code\"}",
                    "{\"__type\":\"\"}",
                    "{\"__type\":\"a.namespace#\"}",
                    "{\"__type\":\"s3cr3t,\"}",
                    "{\"__type\":null}",
                    "{\"__type\":[\"s3cr3t\"]}",
                    "{\"Message\":\"s3cr3t\"}",
                    "<html>s3cr3t</html>"
                })
        void isReportedByItsStatusInAnotherFormat(String body) {
            service.secretValue().next(amazonJson(400, body));

            assertEquals(failure("status 400"), current(source()));
        }

        @ParameterizedTest
        @ValueSource(ints = {400, 403, 500, 503})
        void isReportedByItsStatusWithoutACode(int status) {
            service.secretValue().next(StandInReply.status(status));

            assertEquals(failure("status " + status), current(source()));
            assertEquals(1, service.calls());
        }

        @Test
        void isAFailureIfItIsNotJson() {
            service.secretValue().next(amazonJson(200, "<html>s3cr3t</html>"));

            Reading reading = current(source());

            assertTrue(reading instanceof Reading.Failed, "a secret");
            assertFalse(reading.toString().contains("s3cr3t"), reading.toString());
        }
    }

    @Nested
    class Connection {

        @Test
        void isAFailureIfItIsClosed() {
            service.secretValue().next(StandInReply.broken());

            assertEquals(failure(authority() + ": the connection was closed"), current(source()));
        }

        @Test
        void isAFailureIfItIsRefused() {
            service.close();

            assertEquals(failure(authority() + ": the connection was refused"), current(source()));
        }
    }

    @Nested
    class EnvironmentVariables {

        @ParameterizedTest
        @ValueSource(strings = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"})
        void areAFailureIfOneIsMissing(String name) {
            environment.remove(name);

            assertEquals(failure(name + " is not set"), current(source()));
            assertEquals(0, service.calls());
        }

        @ParameterizedTest
        @ValueSource(strings = {"AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN"})
        void areAFailureIfCredentialsHaveLineBreaks(String name) {
            environment.put(name, "s3cr3t\r\nX-Injected: a");

            assertEquals(
                    failure("the credentials hold a character that HTTP does not allow"),
                    current(source()));
            assertEquals(0, service.calls());
        }

        @ParameterizedTest
        @ValueSource(strings = {"not a url", "://", "localhost"})
        void areAFailureIfTheEndpointIsNotAUrl(String url) {
            environment.put("AWS_ENDPOINT_URL_SECRETS_MANAGER", url);

            Reading reading = current(source());

            assertTrue(
                    reading.toString().contains("AWS_ENDPOINT_URL_SECRETS_MANAGER must be"),
                    reading.toString());
        }
    }

    @Nested
    class TimeLimit {

        @Test
        void preventsTheRequestIfNoTimeIsLeft() {
            assertEquals(
                    failure(authority() + ": no time is left for the request"),
                    source().current(within(Duration.ZERO)));
            assertEquals(0, service.calls());
        }

        @Test
        void isKeptIfTheEndpointSendsNothing() {
            service.secretValue().next(StandInReply.never());

            assertLate(source().reread(within(Duration.ofMillis(500))));
            assertFalse(Thread.currentThread().isInterrupted());
            assertEquals(secret("s3cr3t"), current(source()));
        }

        @Test
        void isKeptIfTheNameServerSendsNothing() {
            CountDownLatch silence = new CountDownLatch(1);
            LoopbackOnly.silence("silent-secrets.test", silence);
            environment.put("AWS_ENDPOINT_URL_SECRETS_MANAGER", "https://silent-secrets.test:9");

            Reading reading = source().reread(within(Duration.ofMillis(500)));

            silence.countDown();
            assertLate(reading);
        }

        @Test
        void isKeptIfTheEndpointIsSlow() {
            service.secretValue()
                    .next(
                            StandInReply.trickling(
                                    "{\"SecretString\":\"" + "x".repeat(5_000) + "\"}",
                                    Duration.ofMillis(20)));

            assertLate(source().reread(within(Duration.ofMillis(500))));
            assertFalse(Thread.currentThread().isInterrupted());
        }

        private static void assertLate(Reading reading) {
            assertLinesMatch(
                    List.of(
                            "Failed\\[detail=Secrets Manager: .*: no whole answer within (500|[1-4]?\\d?\\d)"
                                    + " ms]"),
                    List.of(reading.toString()));
        }
    }
}
