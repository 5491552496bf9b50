package authoriser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import authoriser.config.Environment;
import authoriser.decision.Decision;
import authoriser.event.RequestEvent;
import authoriser.http.HttpClient;
import authoriser.http.TlsLibrary;
import authoriser.invocation.Invocation;
import authoriser.standin.Certificates;
import authoriser.standin.Events;
import authoriser.standin.Identity;
import authoriser.standin.Identity.Order;
import authoriser.standin.PretendCognito;
import authoriser.standin.PretendSecretsManager;
import authoriser.standin.PretendValidation;
import authoriser.standin.ScriptedServer;
import authoriser.standin.SigningKey;
import authoriser.time.Deadline;
import authoriser.trust.TrustStore;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The same rules apply to every peer and each TLS library, without the rules of the JDK. */
@Timeout(60)
class TlsRulesTest {
    /** A peer of the function, by the setting of its URL. */
    private enum Peer {
        KEYS("CognitoJwksUrl"),
        TOKENS("ValidationServiceTokenUrl"),
        VALIDATION("ValidationServiceUrl"),
        SECRETS("AWS_ENDPOINT_URL_SECRETS_MANAGER");

        private final String setting;

        Peer(String setting) {
            this.setting = setting;
        }
    }

    /** A fault of a peer, and its detail in the log. */
    private record Fault(
            String name, Identity server, Consumer<SSLSocket> handshake, String detail) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final SigningKey KEY = SigningKey.generate("key");
    private static final Identity ROOT =
            Identity.selfSigned(Order.of("Local test root").authority());
    private static final Identity ISSUING = ROOT.signs(Order.of("Local test issuer").authority());
    private static final Identity GOOD = ISSUING.signs(server());

    private static final String NOT_AGREED =
            "both sides have no TLS version or cipher suite in common";

    private static final List<Fault> FAULTS =
            List.of(
                    certificate(
                            "RSA key of 1,024 bits",
                            ISSUING.signs(server().key("RSA 1024")),
                            "its certificate has a weak key (RSA below 2,048 bits, EC below"
                                    + " P-256, or another kind)"),
                    certificate(
                            "common name only",
                            ISSUING.signs(Order.of("localhost")),
                            "its certificate has no host as a subject alternative name"),
                    certificate(
                            "SHA-1 signature",
                            ISSUING.signs(server().signature("SHA1withRSA")),
                            "its certificate has a weak signature (not RSA or ECDSA with"
                                    + " SHA-2)"),
                    certificate(
                            "issuer with an RSA key of 1,024 bits",
                            ROOT.signs(Order.of("weak").authority().key("RSA 1024"))
                                    .signs(server()),
                            "the certificate of an authority in its chain has a weak key or"
                                    + " signature"),
                    certificate(
                            "issuer with a SHA-1 signature",
                            ROOT.signs(Order.of("old").authority().signature("SHA1withRSA"))
                                    .signs(server()),
                            "the certificate of an authority in its chain has a weak key or"
                                    + " signature"),
                    certificate(
                            "issuer that is no authority",
                            GOOD.signs(server()),
                            "its certificate chain is not valid (NOT_CA_CERT)"),
                    certificate(
                            "for clients",
                            ISSUING.signs(server().forClients()),
                            "its certificate is not for TLS servers by its key usage"),
                    new Fault(
                            "RSA key exchange",
                            GOOD,
                            socket -> {
                                socket.setEnabledProtocols(new String[] {"TLSv1.2"});
                                socket.setEnabledCipherSuites(
                                        new String[] {"TLS_RSA_WITH_AES_128_GCM_SHA256"});
                            },
                            NOT_AGREED + " (alert handshake_failure)"),
                    new Fault(
                            "TLS 1.1",
                            GOOD,
                            socket -> socket.setEnabledProtocols(new String[] {"TLSv1.1"}),
                            NOT_AGREED + " (alert protocol_version)"));

    private static Order server() {
        return Order.of("Local test server").hosts("localhost");
    }

    private static Fault certificate(String name, Identity server, String detail) {
        return new Fault(name, server, socket -> {}, detail);
    }

    @TempDir private static Path directory;

    private static Certificates good;
    private static PretendCognito cognito;
    private static PretendValidation validation;
    private static PretendSecretsManager secrets;

    @BeforeAll
    static void start() {
        good = Certificates.of(directory.resolve("good"), ROOT, GOOD);
        cognito = PretendCognito.start(good, KEY);
        validation = PretendValidation.start(good, cognito);
        secrets = PretendSecretsManager.start(good, PretendCognito.SERVICE_CLIENT_SECRET);
    }

    @AfterAll
    static void stop() {
        secrets.close();
        validation.close();
        cognito.close();
    }

    @ParameterizedTest
    @EnumSource
    void aPeerThatFollowsTheRulesGetsARequest(TlsLibrary library) {
        assertInstanceOf(Decision.Allow.class, decide(library, environment()));
    }

    static Stream<Arguments> everyFaultOfEveryPeer() {
        return Stream.of(TlsLibrary.values())
                .flatMap(library ->
                        Stream.of(Peer.values())
                                .flatMap(peer ->
                                        FAULTS.stream()
                                                .map(fault -> Arguments.of(library, peer, fault))));
    }

    @ParameterizedTest
    @MethodSource("everyFaultOfEveryPeer")
    void aPeerThatBreaksARuleGetsNoRequest(TlsLibrary library, Peer peer, Fault fault) {
        SSLContext context =
                Certificates.of(directory.resolve("bad"), ROOT, fault.server()).serverContext();
        try (ScriptedServer bad =
                ScriptedServer.tls(context, server -> server.secure(fault.handshake()))) {
            Map<String, String> environment = environment();
            environment.put(peer.setting, bad.url("localhost") + "/");

            Decision decision = decide(library, environment);

            String detail = assertInstanceOf(Decision.Undecided.class, decision).detail();
            String before = peer == Peer.SECRETS ? "Secrets Manager: " : "";
            assertEquals(before + "localhost:" + bad.port() + ": " + fault.detail(), detail);
        }
    }

    private static Map<String, String> environment() {
        return Environment.with(
                "CognitoUserPoolId",
                null,
                "CognitoIssuer",
                cognito.issuer(),
                "CognitoJwksUrl",
                cognito.jwksUrl(),
                "ValidationServiceUrl",
                validation.url(),
                "ValidationServiceTimeoutMs",
                "20000",
                "ValidationServiceTokenUrl",
                cognito.tokenUrl(),
                "ValidationServiceClientIdValue",
                PretendCognito.SERVICE_CLIENT_ID,
                "ValidationServiceClientSecretValue",
                null,
                "ValidationServiceClientSecretArn",
                PretendSecretsManager.ARN,
                "AWS_ENDPOINT_URL_SECRETS_MANAGER",
                secrets.url(),
                "AWS_REGION",
                "eu-west-1",
                "AWS_ACCESS_KEY_ID",
                "LOCALONLY",
                "AWS_SECRET_ACCESS_KEY",
                "local-only");
    }

    private static Decision decide(TlsLibrary library, Map<String, String> environment) {
        InstantSource clock = InstantSource.system();
        TrustStore trusted =
                new TrustStore(
                        good.trustStore().toFile(),
                        "PKCS12",
                        Optional.of(good.trustStorePassword()));
        Wiring wiring =
                Wiring.of(environment, new HttpClient(clock, library.trusting(trusted)), clock);
        RequestEvent event =
                RequestEvent.read(
                        new ByteArrayInputStream(Events.rest(cognito.tokens(clock).access())));
        Invocation invocation =
                new Invocation(Deadline.in(Duration.ofSeconds(20), clock), Optional.empty());
        return wiring.authoriser().decide(wiring.parser().parse(event).orElseThrow(), invocation);
    }
}
