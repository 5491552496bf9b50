package authoriser.config;

import authoriser.trust.CertificateRules;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Reads certificates of authorities in PEM (RFC 7468 section 5), from text or a file.
 *
 * <p>Line breaks within a certificate are optional, because environment variables and pipelines may
 * remove them. An expired certificate is ignored, because another one may have replaced it. It is a
 * problem if all certificates have expired. No problem repeats a part of the value, which may be a
 * private key.
 */
final class CaCertificates {
    private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
    private static final String END = "-----END CERTIFICATE-----";

    private static final String DAMAGED = "holds a damaged certificate";

    /** The first octet of a certificate (X.690 section 8.9). */
    private static final int SEQUENCE = 0x30;

    /** The longest file that is read, in bytes; all public authorities together have 220 KB. */
    private static final long FILE_LIMIT = 1024 * 1024;

    private CaCertificates() {}

    /** The problem with a value, as the rest of a sentence that begins with the setting. */
    static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        Unusable(String problem) {
            super(problem, null, false, false);
        }

        String problem() {
            return String.valueOf(getMessage());
        }
    }

    /**
     * Reads a value of the setting.
     *
     * @param now in milliseconds since 1970
     */
    static List<X509Certificate> read(String value, long now) throws Unusable {
        String pem = value.contains("-----BEGIN") ? value : contentOf(value);
        List<X509Certificate> valid = new ArrayList<>();
        int read = 0;
        int begin = pem.indexOf("-----BEGIN");
        while (begin >= 0) {
            int end = pem.indexOf(END, begin + BEGIN.length());
            if (!pem.startsWith(BEGIN, begin) || end < 0) {
                throw new Unusable(
                        "must hold certificates only, each from BEGIN CERTIFICATE to END"
                                + " CERTIFICATE");
            }
            read++;
            X509Certificate certificate = certificate(pem.substring(begin + BEGIN.length(), end));
            if (now <= certificate.getNotAfter().toInstant().toEpochMilli()) {
                valid.add(certificate);
            }
            begin = pem.indexOf("-----BEGIN", end);
        }
        if (read == 0) {
            throw new Unusable("names a file that holds no certificate in PEM");
        }
        if (valid.isEmpty()) {
            throw new Unusable(
                    read == 1
                            ? "holds a certificate that has expired"
                            : "holds certificates that have all expired");
        }
        return List.copyOf(valid);
    }

    private static X509Certificate certificate(String base64) throws Unusable {
        X509Certificate certificate;
        try {
            // JSON and pipelines may write a line break as a backslash and an n
            byte[] der = Base64.getMimeDecoder().decode(base64.replace("\\n", "\n"));
            ByteArrayInputStream input = new ByteArrayInputStream(der);
            certificate =
                    (X509Certificate)
                            CertificateFactory.getInstance("X.509").generateCertificate(input);
            if (der[0] != SEQUENCE || input.available() > 0) {
                // the JDK also reads PEM, and ignores what is after the certificate
                throw new Unusable(DAMAGED);
            }
        } catch (CertificateException | IllegalArgumentException e) {
            throw new Unusable(DAMAGED);
        }
        if (!CertificateRules.isStrong(certificate.getPublicKey())) {
            throw new Unusable(
                    "holds a certificate with a weak key (RSA below 2,048 bits, EC below P-256, or"
                            + " another kind)");
        }
        if (certificate.getBasicConstraints() < 0) {
            throw new Unusable(
                    "holds a certificate that is not an authority's by its basic constraints");
        }
        return certificate;
    }

    private static String contentOf(String path) throws Unusable {
        try {
            Path file = Path.of(path);
            if (!Files.isRegularFile(file) || Files.size(file) > FILE_LIMIT) {
                throw new Unusable(
                        "must be certificates in PEM, or the path of a PEM file in the image");
            }
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException | InvalidPathException e) {
            throw new Unusable("names a file that cannot be read");
        }
    }
}
