package authoriser.secrets;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs a request to an AWS service with Signature Version 4 in the {@code Authorization} header,
 * as described in AWS's guide to Identity and Access Management under "Create a signed AWS API
 * request".
 *
 * <p>The request must have no query, and a path that needs no encoding.
 *
 * @param time the time in the form of {@link #time}
 * @param service the service's name in a credential scope, such as {@code secretsmanager}
 */
record AwsSignature(String time, String region, String service) {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final String SCOPE_END = "aws4_request";

    /** Formats a time, given in milliseconds since 1970, as {@code X-Amz-Date} has it. */
    static String time(long millis) {
        LocalDateTime time =
                LocalDateTime.ofEpochSecond(Math.floorDiv(millis, 1000L), 0, ZoneOffset.UTC);
        StringBuilder text = new StringBuilder(16);
        append(text, time.getYear() / 100);
        append(text, time.getYear() % 100);
        append(text, time.getMonthValue());
        append(text, time.getDayOfMonth());
        text.append('T');
        append(text, time.getHour());
        append(text, time.getMinute());
        append(text, time.getSecond());
        return text.append('Z').toString();
    }

    private static void append(StringBuilder text, int number) {
        text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    /**
     * The value of the {@code Authorization} header.
     *
     * @param headers the headers to sign, by their names in lower case; AWS demands {@code host}
     *     and every {@code x-amz-} header
     */
    String authorization(
            AwsCredentials credentials,
            String method,
            String path,
            SortedMap<String, String> headers,
            byte[] body) {
        StringBuilder lines = new StringBuilder();
        StringBuilder names = new StringBuilder();
        for (Map.Entry<String, String> header : headers.entrySet()) {
            lines.append(header.getKey()).append(':').append(header.getValue()).append('\n');
            names.append(names.isEmpty() ? "" : ";").append(header.getKey());
        }
        String request = method + "\n" + path + "\n\n" + lines + "\n" + names + "\n" + sha256(body);
        String date = time.substring(0, 8);
        String scope = date + "/" + region + "/" + service + "/" + SCOPE_END;
        String toSign =
                ALGORITHM
                        + "\n"
                        + time
                        + "\n"
                        + scope
                        + "\n"
                        + sha256(request.getBytes(StandardCharsets.UTF_8));
        byte[] key = ("AWS4" + credentials.secretKey()).getBytes(StandardCharsets.UTF_8);
        for (String part : new String[] {date, region, service, SCOPE_END, toSign}) {
            key = hmac(key, part);
        }
        return ALGORITHM
                + " Credential="
                + credentials.accessKeyId()
                + "/"
                + scope
                + ", SignedHeaders="
                + names
                + ", Signature="
                + HexFormat.of().formatHex(key);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC with SHA-256", e);
        }
    }
}
