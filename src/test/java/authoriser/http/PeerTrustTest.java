package authoriser.http;

import static authoriser.standin.ScriptedServer.always;
import static authoriser.standin.ScriptedServer.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;

import authoriser.standin.Certificates;
import authoriser.standin.Identity;
import authoriser.standin.Identity.Order;
import authoriser.standin.LoopbackOnly;
import authoriser.standin.ScriptedServer;
import authoriser.time.Deadline;
import authoriser.trust.TrustStore;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Security;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which certificates are trusted, without the rules of the JDK. */
@Timeout(60)
@ParameterizedClass
@EnumSource
final class PeerTrustTest {
    @Parameter TlsLibrary provider;

    private static final String WEAK_KEY =
            "its certificate has a weak key (RSA below 2,048 bits, EC below P-256, or another kind)";
    private static final String WEAK_SIGNATURE =
            "its certificate has a weak signature (not RSA or ECDSA with SHA-2)";
    private static final String NOT_FOR_SERVERS =
            "its certificate is not for TLS servers by its key usage";
    private static final String NO_NAME =
            "its certificate has no host as a subject alternative name";
    private static final String WEAK_ISSUER =
            "the certificate of an authority in its chain has a weak key or signature";

    private static final Duration LONG_AGO = Duration.ofDays(-30);

    @TempDir private Path directory;

    // Made once for both providers
    private static final Identity ROOT = authority("root");
    private static final Identity ISSUING = ROOT.signs(Order.of("issuing").authority());
    private static final Identity WEAK_ROOT =
            Identity.selfSigned(Order.of("weak root").authority().key("RSA 1024"));
    private static final Identity GOOD = ISSUING.signs(server());

    private static Identity authority(String name) {
        return Identity.selfSigned(Order.of(name).authority());
    }

    private static Order server() {
        return Order.of("server").hosts("localhost");
    }

    private String asked(Identity authority, Identity server) {
        return asked(Certificates.of(directory, authority, server));
    }

    private String asked(Certificates certificates) {
        return asked("localhost", certificates);
    }

    private String asked(String host, Certificates certificates) {
        TrustStore trusted =
                new TrustStore(
                        certificates.trustStore().toFile(),
                        "PKCS12",
                        Optional.of(certificates.trustStorePassword()));
        return asked(host, certificates, trusted);
    }

    /** The reply of a server that is called by this name. The detail of a failure has no host. */
    private String asked(String host, Certificates certificates, TrustStore trusted) {
        try (ScriptedServer server =
                ScriptedServer.tls(certificates.serverContext(), always(ok("{}")))) {
            Reply reply =
                    new HttpClient(InstantSource.system(), provider.trusting(trusted))
                            .send(
                                    HttpCall.getOnce(
                                            ServerEndpoint.of(server, host), "application/json"),
                                    Deadline.in(Duration.ofSeconds(20), InstantSource.system()));
            return switch (reply) {
                case Reply.Answered(int status, byte[] body, _) ->
                        status + " " + new String(body, StandardCharsets.US_ASCII);
                case Reply.Failed(String detail, _, _) ->
                        detail.substring((host + ":" + server.port() + ": ").length());
            };
        }
    }

    @Test
    void disablesTheRulesOfTheJdkInTheseTests() {
        assertEquals("", Security.getProperty("jdk.tls.disabledAlgorithms"));
        assertEquals("", Security.getProperty("jdk.certpath.disabledAlgorithms"));
    }

    @ParameterizedTest
    @FieldSource("STRONG")
    void trustsAStrongChain(String name, Identity authority, Identity server) {
        assertEquals("200 {}", asked(authority, server), name);
    }

    static final List<Arguments> STRONG = strong();

    private static List<Arguments> strong() {
        Identity ec =
                Identity.selfSigned(
                        Order.of("ec").authority().key("EC 384").signature("SHA384withECDSA"));
        Identity sha1 = Identity.selfSigned(Order.of("sha1").authority().signature("SHA1withRSA"));
        return List.of(
                Arguments.of("a chain of three", ROOT, GOOD),
                Arguments.of("a chain of two", ROOT, ROOT.signs(server())),
                Arguments.of("for servers", ROOT, ISSUING.signs(server().forServers())),
                Arguments.of("RSA of 3,072 bits", ROOT, ROOT.signs(server().key("RSA 3072"))),
                Arguments.of(
                        "RSA with SHA-384", ROOT, ROOT.signs(server().signature("SHA384withRSA"))),
                Arguments.of(
                        "RSA with SHA-512", ROOT, ROOT.signs(server().signature("SHA512withRSA"))),
                Arguments.of("RSASSA-PSS", ROOT, ROOT.signs(server().signature("RSASSA-PSS"))),
                Arguments.of(
                        "P-256", ec, ec.signs(server().key("EC 256").signature("SHA256withECDSA"))),
                Arguments.of(
                        "P-384", ec, ec.signs(server().key("EC 384").signature("SHA384withECDSA"))),
                Arguments.of("an authority's own signature", sha1, sha1.signs(server())));
    }

    @Test
    void ignoresAWeakCertificateThatIsNotPartOfTheChain() {
        assertEquals("200 {}", asked(Certificates.of(directory, ROOT, GOOD).sendingToo(WEAK_ROOT)));
    }

    @Test
    void ignoresTheSignatureOfACertificateThatIsTrustedItself() {
        Identity server = Identity.selfSigned(server().signature("SHA1withRSA"));

        assertEquals("200 {}", asked(server, server));
    }

    @ParameterizedTest
    @FieldSource("FAULTS")
    void refusesAFaultyCertificateOfTheServer(String detail, Order order) {
        assertEquals(detail, asked(ROOT, ISSUING.signs(order)));
    }

    static final List<Arguments> FAULTS =
            List.of(
                    Arguments.of(WEAK_KEY, server().key("RSA 1024")),
                    Arguments.of(WEAK_KEY, server().key("RSA 2047")),
                    Arguments.of(WEAK_SIGNATURE, server().signature("SHA1withRSA")),
                    Arguments.of(WEAK_SIGNATURE, server().signature("SHA224withRSA")),
                    Arguments.of("its certificate has expired", server().start(LONG_AGO)),
                    Arguments.of(
                            "its certificate is not valid yet", server().start(Duration.ofDays(1))),
                    Arguments.of(NOT_FOR_SERVERS, server().forClients()),
                    Arguments.of(NOT_FOR_SERVERS, server().forEncryption()),
                    Arguments.of(NO_NAME, Order.of("localhost")),
                    Arguments.of(NO_NAME, Order.of("localhost").hosts("127.0.0.1")),
                    Arguments.of(
                            "its certificate is for another host",
                            Order.of("localhost").hosts("validation.example.com")));

    @Test
    void refusesEcdsaWithSha1() {
        Identity ec =
                Identity.selfSigned(
                        Order.of("ec").authority().key("EC 256").signature("SHA256withECDSA"));

        assertEquals(
                WEAK_SIGNATURE,
                asked(ec, ec.signs(server().key("EC 256").signature("SHA1withECDSA"))));
    }

    @ParameterizedTest
    @CsvSource({
        "www.host.test, www.host.test",
        "www.host.test, WWW.Host.Test",
        "www.host.test, *.host.test",
        "www.host.test, other.test;www.host.test",
        "www.host.test., www.host.test"
    })
    void trustsAHostByAName(String host, String names) {
        assertEquals("200 {}", asked(host, names));
    }

    @ParameterizedTest
    @CsvSource({
        "www.host.test, host.test",
        "www.host.test, *.test",
        "www.host.test, *",
        "www.host.test, www.host.test.test",
        "host.test, *.host.test",
        "a.www.host.test, *.host.test",
        "www.host.test, *w.host.test",
        "www.host.test, w*.host.test",
        "www.host.test, www.*.test",
        "www.host.test, 127.0.0.1;*.other.test"
    })
    void refusesAHostWithAnotherName(String host, String names) {
        assertEquals("its certificate is for another host", asked(host, names));
    }

    private String asked(String host, String names) {
        LoopbackOnly.name(host, () -> new InetAddress[] {InetAddress.getLoopbackAddress()});
        Identity server = ISSUING.signs(Order.of("server").hosts(names.split(";")));
        return asked(host, Certificates.of(directory, ROOT, server));
    }

    @ParameterizedTest
    @FieldSource("ISSUERS_FAULTS")
    void refusesAChainWithAFaultyIssuer(String detail, Order issuer) {
        assertEquals(detail, asked(ROOT, ROOT.signs(issuer).signs(server())));
    }

    static final List<Arguments> ISSUERS_FAULTS =
            List.of(
                    Arguments.of(WEAK_ISSUER, Order.of("issuing").authority().key("RSA 1024")),
                    Arguments.of(
                            WEAK_ISSUER, Order.of("issuing").authority().signature("SHA1withRSA")),
                    Arguments.of(
                            "the certificate of an authority in its chain has expired or is not valid yet",
                            Order.of("issuing").authority().start(LONG_AGO)),
                    Arguments.of("its certificate chain is not valid (NOT_CA_CERT)", server()));

    @ParameterizedTest
    @ValueSource(strings = {"PKCS12", "JKS"})
    void readsAuthoritiesOfTheStoreOnDemand(String form)
            throws GeneralSecurityException, IOException {
        TrustStore trusted = withoutPassword(form, ROOT);

        assertEquals("200 {}", asked("localhost", Certificates.of(directory, ROOT, GOOD), trusted));
        assertEquals(
                "its certificate is not from an authority in the trust store",
                asked(
                        "localhost",
                        Certificates.of(directory, ROOT, authority("other").signs(server())),
                        trusted));
    }

    private TrustStore withoutPassword(String form, Identity authority)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(form);
        store.load(null, null);
        store.setCertificateEntry("authority", authority.chain().getFirst());
        Path file = directory.resolve("trust." + form);
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, form.equals("JKS") ? new char[0] : null);
        }
        return new TrustStore(file.toFile(), "PKCS12", Optional.empty());
    }

    @Test
    void acceptsTenCertificates() {
        assertEquals("200 {}", asked(sending(10)));
    }

    @Test
    void refusesMoreThanTenCertificates() {
        assertEquals(
                provider == TlsLibrary.JDK
                        ? "TLS failed (SSLProtocolException)"
                        : "it sent more than 10 certificates",
                asked(sending(11)));
    }

    private Certificates sending(int count) {
        Certificates certificates = Certificates.of(directory, ROOT, GOOD);
        for (int sent = GOOD.chain().size(); sent < count; sent++) {
            certificates = certificates.sendingToo(WEAK_ROOT);
        }
        return certificates;
    }

    /** An IPv6 address whose mask has a gap. */
    @Test
    void refusesANameThatCannotBeRead() {
        String mask = "00ff0000000000000000000000000000";

        assertEquals(
                "its certificate cannot be read",
                asked(ROOT, ISSUING.signs(Order.of("server").names("30228720" + mask + mask))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"another name", "root"})
    void refusesAnUnknownAuthorityWithAKnownName(String name) {
        assertEquals(
                "its certificate is not from an authority in the trust store",
                asked(authority(name), GOOD));
    }

    @Test
    void refusesAnAuthorityWithAWeakKey() {
        String detail = asked(WEAK_ROOT, WEAK_ROOT.signs(server()));

        assertEquals(
                "holds certificates with weak keys only",
                detail.substring(detail.indexOf(") ") + 2));
    }
}
