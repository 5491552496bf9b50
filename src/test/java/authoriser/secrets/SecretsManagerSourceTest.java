package authoriser.secrets;

import static authoriser.local.PretendSecretsManager.ARN;
import static authoriser.local.PretendSecretsManager.NAME;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.config.Secret;
import authoriser.local.LoopbackOnly;
import authoriser.local.PretendSecretsManager;
import authoriser.local.Reply;
import authoriser.local.Request;
import authoriser.secrets.SecretSource.Reading;
import authoriser.timing.Deadline;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.utils.internal.SystemSettingUtilsTestBackdoor;

/** The real SDK against a local endpoint, with the environment variables that Lambda sets. */
@Timeout(60)
final class SecretsManagerSourceTest {
    private final PretendSecretsManager service = PretendSecretsManager.start("s3cr3t");

    @BeforeEach
    void setEnvironment() {
        setVariable("AWS_REGION", "eu-west-1");
        setVariable("AWS_ACCESS_KEY_ID", "AKIDLOCAL");
        setVariable("AWS_SECRET_ACCESS_KEY", "local-access-key");
        setVariable("AWS_SESSION_TOKEN", "local-session-token");
        setVariable("AWS_ENDPOINT_URL_SECRETS_MANAGER", service.url());
    }

    @AfterEach
    void clear() {
        SystemSettingUtilsTestBackdoor.clearEnvironmentVariableOverrides();
        service.close();
    }

    /** Sets a variable for the SDK's eyes only; a JVM cannot change its own environment. */
    private static void setVariable(String name, String value) {
        SystemSettingUtilsTestBackdoor.addEnvironmentVariableOverride(name, value);
    }

    private static SecretsManagerSource source() {
        return source(Duration.ofSeconds(20));
    }

    private static SecretsManagerSource source(Duration timeout) {
        return new SecretsManagerSource(ARN, timeout);
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

    private static Reply amazonJson(int status, String body) {
        return Reply.of(
                status,
                Map.of("Content-Type", "application/x-amz-json-1.1"),
                body.getBytes(StandardCharsets.UTF_8));
    }

    // The request

    @ParameterizedTest
    @ValueSource(strings = {ARN, NAME})
    void aSecretIsReadByItsArnOrName(String id) {
        assertEquals(
                secret("s3cr3t"), current(new SecretsManagerSource(id, Duration.ofSeconds(20))));

        Request request = service.secretValue().requests().getFirst();
        assertEquals("{\"SecretId\":\"" + id + "\"}", request.text());
        assertEquals("secretsmanager.GetSecretValue", request.header("X-Amz-Target").orElseThrow());
        assertEquals("local-session-token", request.header("X-Amz-Security-Token").orElseThrow());
        assertTrue(
                request.header("Authorization")
                        .orElseThrow()
                        .matches(
                                "AWS4-HMAC-SHA256 Credential=AKIDLOCAL/\\d{8}/eu-west-1/"
                                        + "secretsmanager/aws4_request, .*"));
    }

    @Test
    void nothingIsReadBeforeItIsAskedFor() {
        source();

        assertEquals(0, service.calls());
    }

    // What the secret may be

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3cr3t",
                "  s3cr3t\n",
                "\ufeffs3cr3t\u00a0",
                "{\"client_secret\":\"s3cr3t\"}",
                "{\"client_secret\":\" s3cr3t\\n\"}",
                "{\"client_secret\":\"\\ts3cr3t\\u00a0\"}",
                " {\"client_id\":\"a\",\"client_secret\":\"s3cr3t\",\"more\":{\"a\":[1]}}\n"
            })
    void aSecretIsAPlainStringOrJsonWithAClientSecret(String stored) {
        service.secretString(stored);

        assertEquals(secret("s3cr3t"), current(source()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n"})
    void anEmptySecretIsAFailure(String stored) {
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
    void jsonWithoutAClientSecretIsAFailure(String stored) {
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
    void brokenJsonIsAFailure(String stored) {
        service.secretString(stored);

        assertEquals(failure("the secret is JSON, but not as it should be"), current(source()));
    }

    /** RFC 6749 appendix A.2: such a secret is none, and a token endpoint can only refuse it. */
    @ParameterizedTest
    @ValueSource(strings = {"one\ntwo", "one\u0000", "{\"client_secret\":\"one\\ntwo\"}"})
    void aSecretOfSeveralLinesIsAFailure(String stored) {
        service.secretString(stored);

        assertEquals(
                failure("the secret holds a line break or another control character"),
                current(source()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"one two", "{\"client_secret\":\"one two\"}"})
    void aSecretMayHoldSpaces(String stored) {
        service.secretString(stored);

        assertEquals(secret("one two"), current(source()));
    }

    @Test
    void aBinarySecretIsAFailure() {
        service.secretValue()
                .next(amazonJson(200, "{\"Name\":\"" + NAME + "\",\"SecretBinary\":\"c2VjcmV0\"}"));

        assertEquals(failure("the secret is binary"), current(source()));
    }

    // Keeping it, and rotation

    @Test
    void aSecretIsReadOnce() {
        SecretSource source = source();

        for (int i = 0; i < 10; i++) {
            assertEquals(secret("s3cr3t"), current(source));
        }

        assertEquals(1, service.calls());
    }

    @Test
    void aRotatedSecretIsSeenWhenReadAgain() {
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
    void aFailureToReadAgainLeavesTheSecretThatIsHeld() {
        SecretSource source = source();
        current(source);
        service.secretValue().next(Reply.status(503));

        assertTrue(reread(source) instanceof Reading.Failed);
        assertEquals(secret("s3cr3t"), current(source));
    }

    @Test
    void aFailureIsNotKept() {
        SecretSource source = source();
        service.secretValue().next(Reply.status(503));

        assertTrue(current(source) instanceof Reading.Failed);
        assertEquals(secret("s3cr3t"), current(source));
    }

    // Failures

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ResourceNotFoundException",
                "AccessDeniedException",
                "DecryptionFailure",
                "ThrottlingException",
                "ExpiredTokenException"
            })
    void anErrorOfTheServiceIsToldByItsCodeAndNotTriedAgain(String code) {
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
    @ValueSource(ints = {400, 403, 500, 503})
    void anErrorWithoutACodeIsToldByItsStatus(int status) {
        service.secretValue().next(Reply.status(status));

        assertEquals(failure("status " + status), current(source()));
        assertEquals(1, service.calls());
    }

    @Test
    void anAnswerThatIsNotJsonIsAFailure() {
        service.secretValue().next(amazonJson(200, "<html>s3cr3t</html>"));

        Reading reading = current(source());

        assertTrue(reading instanceof Reading.Failed, "a secret");
        assertFalse(reading.toString().contains("s3cr3t"), reading.toString());
    }

    @Test
    void aBrokenConnectionIsAFailure() {
        service.secretValue().next(Reply.broken());

        assertTrue(current(source()) instanceof Reading.Failed, "a secret");
    }

    @Test
    void anEndpointThatIsNotThereIsAFailure() {
        service.close();

        assertEquals(failure("SdkClientException"), current(source()));
    }

    @Test
    void missingCredentialsAreAFailure() {
        SystemSettingUtilsTestBackdoor.clearEnvironmentVariableOverrides();
        setVariable("AWS_REGION", "eu-west-1");
        setVariable("AWS_ENDPOINT_URL_SECRETS_MANAGER", service.url());

        assertEquals(failure("SdkClientException"), current(source()));
        assertEquals(0, service.calls());
    }

    @ParameterizedTest
    @ValueSource(strings = {"not a url", "://", "localhost"})
    void anEndpointThatIsNoUrlIsAFailure(String url) {
        setVariable("AWS_ENDPOINT_URL_SECRETS_MANAGER", url);

        assertTrue(current(source()) instanceof Reading.Failed, "a secret");
    }

    // Time

    @Test
    void withoutTimeNothingIsRead() {
        assertEquals(failure("no time is left"), source().current(within(Duration.ZERO)));
        assertEquals(0, service.calls());
    }

    @Test
    void aSilentEndpointIsLeftAtTheTimeOutOfACall() {
        current(source()); // loads the SDK, which takes its time
        SecretSource source = source(Duration.ofSeconds(1));
        service.secretValue().next(Reply.never());

        assertTrue(reread(source) instanceof Reading.Failed, "a secret");
        assertFalse(Thread.currentThread().isInterrupted());
        assertEquals(secret("s3cr3t"), reread(source));
    }

    @Test
    void aSilentEndpointIsLeftAtTheDeadline() {
        SecretSource source = source();
        current(source);
        service.secretValue().next(Reply.never());

        assertEquals(failure("no answer in time"), source.reread(within(Duration.ofMillis(500))));
        assertFalse(Thread.currentThread().isInterrupted());
    }

    @Test
    void aSilentNameServerIsLeftAtTheDeadline() {
        CountDownLatch silence = new CountDownLatch(1);
        LoopbackOnly.silence("silent-secrets.test", silence);
        setVariable("AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://silent-secrets.test:9");

        Reading reading = source().reread(within(Duration.ofMillis(500)));

        silence.countDown();
        assertEquals(failure("no answer in time"), reading);
    }

    @Test
    void anEndpointThatTricklesIsLeftAtTheDeadline() {
        SecretSource source = source();
        current(source);
        service.secretValue()
                .next(
                        Reply.trickling(
                                "{\"SecretString\":\"" + "x".repeat(5_000) + "\"}",
                                Duration.ofMillis(20)));

        assertTrue(
                source.reread(within(Duration.ofMillis(500))) instanceof Reading.Failed,
                "a secret");
        assertFalse(Thread.currentThread().isInterrupted());
    }

    // What is told

    @Test
    void aReadingDoesNotPrintItsSecret() {
        assertEquals("Read[secret=[secret]]", current(source()).toString());
    }
}
