package authoriser.trust;

import static authoriser.trust.Checks.TRUSTED;
import static authoriser.trust.Checks.UNKNOWN;
import static authoriser.trust.Checks.decision;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import authoriser.standin.Identity;
import authoriser.standin.Identity.Order;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Trust stores in each format. */
final class TrustStoreTest {
    private static final Identity ROOT = Identity.selfSigned(Order.ec("root").authority());
    private static final Identity OTHER = Identity.selfSigned(Order.ec("other").authority());
    private static final Identity SERVER = ROOT.signs(Order.ec("server").hosts("localhost"));
    private static final Identity OTHERS = OTHER.signs(Order.ec("server").hosts("localhost"));

    @TempDir private static Path directory;

    private static TrustStore store(String type, byte[] store, Optional<String> password) {
        return new TrustStore(StoreFiles.file(directory, store).file(), type, password);
    }

    @ParameterizedTest
    @CsvSource({
        "PKCS12, PKCS12, '', ''",
        "PKCS12, pkcs12, '', ''",
        "PKCS12, JKS, '', ''",
        "PKCS12, PKCS12, changeit, changeit",
        "PKCS12, PKCS12, '', changeit",
        "JKS, JKS, changeit, ''",
        "JKS, PKCS12, changeit, ''",
        "JKS, jks, changeit, changeit",
        "JKS, CaseExactJKS, changeit, ''",
        "JCEKS, JCEKS, changeit, ''",
        "JCEKS, JCEKS, changeit, changeit"
    })
    void isReadInEachFormat(String form, String type, String sealed, String password)
            throws UnusableTrustStore {
        byte[] written =
                StoreFiles.written(
                        form, List.of(ROOT.own()), sealed.isEmpty() ? null : sealed.toCharArray());
        TrustStore store =
                store(type, written, Optional.of(password).filter(text -> !text.isEmpty()));
        PeerTrust trust = PeerTrust.in(store);

        assertEquals(TRUSTED, decision(trust, SERVER));
        assertEquals(UNKNOWN, decision(trust, OTHERS));
    }

    /** The JDK then reads each format only by its own type. */
    @Test
    void isRefusedInAnotherFormatWithoutKeystoreTypeCompat() {
        TrustStore store = store("PKCS12", StoreFiles.jks(List.of(ROOT.own())), Optional.empty());
        Security.setProperty("keystore.type.compat", "false");
        try {
            assertEquals(
                    "is not a key store of the type PKCS12 (javax.net.ssl.trustStoreType)",
                    problem(store));
        } finally {
            Security.setProperty("keystore.type.compat", "true");
        }
    }

    @Test
    void isReadWithoutKeystoreTypeCompat() throws UnusableTrustStore {
        Security.setProperty("keystore.type.compat", "false");
        try {
            PeerTrust trust =
                    PeerTrust.in(
                            store(
                                    "PKCS12",
                                    StoreFiles.pkcs12(List.of(ROOT.own())),
                                    Optional.empty()));

            assertEquals(TRUSTED, decision(trust, SERVER));
        } finally {
            Security.setProperty("keystore.type.compat", "true");
        }
    }

    /** The problem of a store, without the name of the store. */
    private static String problem(TrustStore store) {
        String detail = assertThrows(UnusableTrustStore.class, store::open).detail();
        return detail.substring(detail.indexOf(") ") + 2);
    }

    @Test
    void isReportedIfItDoesNotExist() {
        TrustStore store =
                new TrustStore(new File("/nowhere/trust.p12"), "PKCS12", Optional.empty());

        assertEquals("does not exist", problem(store));
    }

    @Test
    void cannotBeADirectory() {
        assertEquals(
                "cannot be read",
                problem(new TrustStore(directory.toFile(), "PKCS12", Optional.empty())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-----BEGIN CERTIFICATE-----"})
    void isRefusedInAnyOtherFormat(String text) {
        byte[] written = text.getBytes(StandardCharsets.US_ASCII);

        assertEquals(
                "is not a key store of the type PKCS12 (javax.net.ssl.trustStoreType)",
                problem(store("PKCS12", written, Optional.empty())));
    }

    @Test
    void isReportedIfItIsEmpty() {
        assertEquals(
                "holds no certificate; to read one that is sealed with a password,"
                        + " javax.net.ssl.trustStorePassword must be set",
                problem(store("PKCS12", StoreFiles.pkcs12(List.of()), Optional.empty())));
    }

    @Test
    void mayHaveAnInvalidCertificateThatNoChainNames() throws Exception {
        PeerTrust trust = PeerTrust.in(withoutOthersKey());

        assertEquals(TRUSTED, decision(trust, SERVER));
        assertEquals(TRUSTED, decision(trust, SERVER));
    }

    @Test
    void isTheReasonIfTheAuthorityOfAPeerIsInvalid() throws Exception {
        TrustStore store = withoutOthersKey();
        PeerTrust trust = PeerTrust.in(store);

        assertEquals(
                "the trust store "
                        + store.file()
                        + " (javax.net.ssl.trustStore) is not a key store of the type PKCS12"
                        + " (javax.net.ssl.trustStoreType)",
                decision(trust, OTHERS));
        assertEquals(TRUSTED, decision(trust, SERVER));
    }

    /** A store of two authorities. The key of one has an invalid tag. */
    private static TrustStore withoutOthersKey() throws Exception {
        byte[] written = StoreFiles.pkcs12(List.of(ROOT.own(), OTHER.own()));
        byte[] key = OTHER.own().getPublicKey().getEncoded();
        String text = new String(written, StandardCharsets.ISO_8859_1);
        int start = text.indexOf(new String(key, StandardCharsets.ISO_8859_1));
        written[start + 2] = 0x04;
        return store("PKCS12", written, Optional.empty());
    }

    @Test
    void isNamedByTheSettingsOfTheJvm() throws Exception {
        Path file =
                Files.write(directory.resolve("named.jks"), StoreFiles.jks(List.of(ROOT.own())));
        SSLContext.getDefault(); // the JDK makes it once, and must not make it of this store
        System.setProperty("javax.net.ssl.trustStore", file.toString());
        try {
            assertEquals(TRUSTED, decision(PeerTrust.in(TrustStore.ofJvm()), SERVER));
        } finally {
            System.clearProperty("javax.net.ssl.trustStore");
        }
        assertEquals(UNKNOWN, decision(PeerTrust.in(TrustStore.ofJvm()), SERVER));
    }
}
