package authoriser.secrets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Uses vectors of the "Signature Version 4 Test Suite" of AWS ({@code aws-sig-v4-test-suite}), with
 * their names.
 */
final class AwsSignatureTest {
    private static final String SCOPE =
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, ";

    private static final AwsCredentials CREDENTIALS =
            new AwsCredentials(
                    "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", Optional.empty());

    private static final String SESSION_TOKEN =
            "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBu"
                    + "FqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmU"
                    + "pp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY"
                    + "9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvK"
                    + "Tr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";

    private static String authorization(String method, Map<String, String> headers, String body) {
        String time = AwsSignature.time(Instant.parse("2015-08-30T12:36:00Z").toEpochMilli());
        TreeMap<String, String> all = new TreeMap<>(headers);
        all.put("host", "example.amazonaws.com");
        all.put("x-amz-date", time);
        return new AwsSignature(time, "us-east-1", "service")
                .authorization(
                        CREDENTIALS, method, "/", all, body.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "get-vanilla, GET, 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
        "post-vanilla, POST, 5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"
    })
    void signsARequestWithoutABody(String vector, String method, String signature) {
        assertEquals(
                SCOPE + "SignedHeaders=host;x-amz-date, Signature=" + signature,
                authorization(method, Map.of(), ""),
                vector);
    }

    /** {@code post-x-www-form-urlencoded}. */
    @Test
    void signsABodyAndItsType() {
        assertEquals(
                SCOPE
                        + "SignedHeaders=content-type;host;x-amz-date, "
                        + "Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
                authorization(
                        "POST",
                        Map.of("content-type", "application/x-www-form-urlencoded"),
                        "Param1=value1"));
    }

    /** {@code post-sts-header-before}. */
    @Test
    void signsASessionToken() {
        assertEquals(
                SCOPE
                        + "SignedHeaders=host;x-amz-date;x-amz-security-token, "
                        + "Signature=85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead",
                authorization("POST", Map.of("x-amz-security-token", SESSION_TOKEN), ""));
    }

    @ParameterizedTest
    @CsvSource({
        "2015-08-30T12:36:00Z, 20150830T123600Z",
        "2026-01-02T03:04:05.999Z, 20260102T030405Z",
        "2028-02-29T23:59:59.999Z, 20280229T235959Z"
    })
    void writesATimeInDigits(String instant, String text) {
        assertEquals(text, AwsSignature.time(Instant.parse(instant).toEpochMilli()));
    }

    @Test
    void doesNotPrintSecretsOfCredentials() {
        String printed =
                new AwsCredentials("AKIDEXAMPLE", "s3cr3t", Optional.of("t0k3n")).toString();

        assertFalse(printed.contains("s3cr3t") || printed.contains("t0k3n"), printed);
    }
}
