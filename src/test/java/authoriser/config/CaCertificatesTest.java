package authoriser.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import authoriser.config.CaCertificates.Unusable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CaCertificatesTest {
    private static final long NOW = Instant.parse("2030-01-01T00:00:00Z").toEpochMilli();
    private static final String ONE = SampleAuthorities.UNTIL_2036;
    private static final String OTHER = SampleAuthorities.UNTIL_2046;

    @TempDir private Path directory;

    private static List<X509Certificate> read(String value) throws Unusable {
        return CaCertificates.read(value, NOW);
    }

    private static List<String> names(String value) throws Unusable {
        return read(value).stream().map(one -> one.getSubjectX500Principal().getName()).toList();
    }

    private static String problem(String value) {
        return assertThrows(Unusable.class, () -> read(value)).problem();
    }

    @Test
    void readsOneCertificate() throws Unusable {
        assertEquals(List.of("CN=Sample authority 2036"), names(ONE));
    }

    @Test
    void readsSeveralCertificates() throws Unusable {
        assertEquals(
                List.of("CN=Sample authority 2036", "CN=Sample authority 2046"),
                names("# the first\n" + ONE + "\n# the second\n" + OTHER + "\n"));
    }

    @Test
    void readsAFile() throws Unusable, IOException {
        Path file = directory.resolve("ca.pem");
        Files.writeString(file, ONE + OTHER);

        assertEquals(2, read(file.toString()).size());
    }

    @Test
    void readsCertificatesWithAnyLineBreaks() throws Unusable {
        List<X509Certificate> plain = read(ONE + OTHER);

        assertEquals(plain, read((ONE + OTHER).replace("\n", "\r\n")));
        assertEquals(plain, read((ONE + OTHER).replace("\n", " ")));
        assertEquals(plain, read((ONE + OTHER).replace("\n", "\\n")));
        assertEquals(plain, read((ONE + OTHER).replace("\n", "")));
    }

    @Test
    void omitsAnExpiredCertificateIfAnotherIsValid() throws Unusable {
        long year2040 = Instant.parse("2040-01-01T00:00:00Z").toEpochMilli();

        assertEquals(read(OTHER), CaCertificates.read(ONE + OTHER, year2040));
        assertEquals(
                "holds a certificate that has expired",
                assertThrows(Unusable.class, () -> CaCertificates.read(ONE, year2040)).problem());
        assertEquals(
                "holds certificates that have all expired",
                assertThrows(Unusable.class, () -> CaCertificates.read(ONE + ONE, year2040))
                        .problem());
    }

    @Test
    void acceptsACertificateUntilItsLastSecond() throws Unusable {
        long end = read(ONE).getFirst().getNotAfter().getTime();

        assertEquals(1, CaCertificates.read(ONE, end).size());
        assertThrows(Unusable.class, () -> CaCertificates.read(ONE, end + 1));
    }

    @Test
    void refusesACertificateThatIsNotOfAnAuthority() {
        assertEquals(
                "holds a certificate that is not an authority's by its basic constraints",
                problem(SampleAuthorities.SERVER));
        assertEquals(
                "holds a certificate that is not an authority's by its basic constraints",
                problem(ONE + SampleAuthorities.SERVER));
    }

    @Test
    void readsACertificateOfAnAuthorityOfServersOnly() throws Unusable {
        assertEquals(
                List.of("CN=Sample authority of servers"), names(SampleAuthorities.OF_SERVERS));
    }

    @Test
    void refusesAWeakKey() {
        assertEquals(
                "holds a certificate with a weak key (RSA below 2,048 bits, EC below P-256, or"
                        + " another kind)",
                problem(SampleAuthorities.WEAK));
    }

    @Test
    void readsAFileOfOneMebibyteAtMost() throws IOException {
        Path file = directory.resolve("ca.pem");

        Files.write(file, new byte[1024 * 1024]);
        assertEquals("names a file that holds no certificate in PEM", problem(file.toString()));
        Files.write(file, new byte[1024 * 1024 + 1]);
        assertEquals(
                "must be certificates in PEM, or the path of a PEM file in the image",
                problem(file.toString()));
    }

    @Test
    void refusesADamagedCertificate() {
        assertEquals("holds a damaged certificate", problem(ONE.replace("MII", "MI")));
        assertEquals(
                "holds a damaged certificate",
                problem("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"));
        assertEquals(
                "holds a damaged certificate",
                problem("-----BEGIN CERTIFICATE----------END CERTIFICATE-----"));
    }

    @Test
    void moreThanOneCertificateBetweenBeginAndEndIsAProblem() {
        String both = pem(der(ONE), der(OTHER));

        assertEquals("holds a damaged certificate", problem(both));
        assertEquals("holds a damaged certificate", problem(pem(der(ONE), new byte[1])));
    }

    @Test
    void aCertificateThatIsEncodedTwiceIsAProblem() {
        String twice = pem(ONE.getBytes(StandardCharsets.US_ASCII));

        assertEquals("holds a damaged certificate", problem(twice));
    }

    private static byte[] der(String pem) {
        return Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    }

    private static String pem(byte[]... parts) {
        var content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder().encodeToString(content.toByteArray())
                + "\n-----END CERTIFICATE-----\n";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-----BEGIN CERTIFICATE-----\nMIIB",
                "-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----",
                "-----BEGIN RSA PRIVATE KEY-----\ncanary\n-----END RSA PRIVATE KEY-----",
                "-----BEGIN TRUSTED CERTIFICATE-----\ncanary\n-----END TRUSTED CERTIFICATE-----",
                "-----BEGINcanary",
                "-----BEGIN CERTIFICATE-----END CERTIFICATE-----"
            })
    void refusesOtherPemTextAndDoesNotRepeatIt(String pem) {
        String expected =
                "must hold certificates only, each from BEGIN CERTIFICATE to END CERTIFICATE";

        assertEquals(expected, problem(pem));
        assertEquals(expected, problem(ONE + pem));
        assertFalse(problem(pem).contains("canary"));
    }

    @Test
    void refusesAPathThatIsNotAReadablePemFile() throws IOException {
        String noFile = "must be certificates in PEM, or the path of a PEM file in the image";
        Path empty = Files.createFile(directory.resolve("empty.pem"));

        assertEquals(noFile, problem("/nowhere/ca.pem"));
        assertEquals(noFile, problem(directory.toString()));
        assertEquals(noFile, problem("MIIDdzCCAl+gAwIBAgIE"));
        assertEquals("names a file that holds no certificate in PEM", problem(empty.toString()));
        assertEquals("names a file that cannot be read", problem("a\u0000b"));
    }
}
