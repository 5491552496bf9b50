package authoriser.fuzzing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.config.Config;
import authoriser.config.Environment;
import authoriser.config.InvalidSettings;
import authoriser.config.SampleAuthorities;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;

/** {@code ValidationServiceCaCertificates}: certificates in PEM, or what is taken for them. */
final class CaCertificatesTarget implements FuzzTarget {
    private static final String BEGIN = "-----BEGIN";
    private static final String GOOD = SampleAuthorities.UNTIL_2046;
    private static final List<X509Certificate> AUTHORITIES = parse(GOOD);

    @Override
    public void take(byte[] input) {
        start(input);
        assertEquals(AUTHORITIES, parse(GOOD), "a good value");
    }

    private static void start(byte[] input) {
        String text = BEGIN + new String(input, StandardCharsets.UTF_8); // never the path of a file
        List<X509Certificate> accepted;
        try {
            accepted = parse(text);
        } catch (InvalidSettings e) {
            assertFalse(e.getMessage().contains(BEGIN), "a part of the value in the message");
            return;
        }
        assertFalse(accepted.isEmpty(), "no authority at all");
        String base64 = text.replace("\\n", "").replaceAll("[^A-Za-z0-9+/]", "");
        for (X509Certificate certificate : accepted) {
            assertTrue(certificate.getBasicConstraints() >= 0, "no authority");
            assertTrue(base64.contains(base64(certificate)), "a certificate that is not there");
        }
    }

    private static List<X509Certificate> parse(String value) {
        return Config.parse(
                        Environment.with("ValidationServiceCaCertificates", value),
                        Environment.UNCHECKED)
                .service()
                .authorities();
    }

    /** A certificate in base64 without the end, which can be written in several ways. */
    private static String base64(X509Certificate certificate) {
        try {
            String base64 =
                    Base64.getEncoder().withoutPadding().encodeToString(certificate.getEncoded());
            return base64.substring(0, base64.length() - 1); // the last one may hold unused bits
        } catch (CertificateEncodingException e) {
            throw new AssertionError(e);
        }
    }
}
