package authoriser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.config.Environment;
import authoriser.http.TlsLayer;
import authoriser.standin.Certificates;
import authoriser.standin.PretendCognito;
import authoriser.standin.PretendValidation;
import authoriser.standin.SigningKey;
import authoriser.trust.TrustStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Private authorities for the validation service. They are trusted for this peer only. */
class PrivateAuthorityTest {
    private static final String UNKNOWN =
            "its certificate is not from an authority in the trust store";

    @TempDir private static Path directory;

    private static Certificates known;
    private static Certificates internal;
    private static PretendCognito cognito;
    private static PretendValidation validation;

    @BeforeAll
    static void start() {
        known = Certificates.create(directory.resolve("public"));
        internal = Certificates.create(directory.resolve("private"));
        cognito = PretendCognito.start(known, SigningKey.generate("key"));
        validation = PretendValidation.start(internal, cognito);
    }

    @AfterAll
    static void close() {
        validation.close();
        cognito.close();
    }

    private static Readiness reached(Map<String, String> environment) {
        TlsLayer tls =
                TlsLayer.trusting(
                        new TrustStore(
                                known.trustStore().toFile(),
                                "PKCS12",
                                Optional.of(known.trustStorePassword())));
        Wiring wiring = Wiring.of(environment, tls, InstantSource.system());
        return new Priming(wiring.upstreams(), wiring.clock()).run();
    }

    private static Map<String, String> environment(String authorities) {
        return Environment.with(
                "CognitoUserPoolId",
                null,
                "CognitoIssuer",
                cognito.issuer(),
                "ValidationServiceUrl",
                validation.url(),
                "ValidationServiceTokenUrl",
                cognito.tokenUrl(),
                "ValidationServiceClientIdValue",
                PretendCognito.SERVICE_CLIENT_ID,
                "ValidationServiceClientSecretValue",
                PretendCognito.SERVICE_CLIENT_SECRET,
                "ValidationServiceCaCertificates",
                authorities);
    }

    private static String detail(Optional<String> problem) {
        return problem.orElse("").replaceFirst("^localhost:\\d+: ", "");
    }

    @Test
    void isUnknownWithoutTheSetting() {
        assertEquals(UNKNOWN, detail(reached(environment("")).connection()));
    }

    @Test
    void isTrustedForTheValidationServiceWithTheSetting() throws IOException {
        String pem = Files.readString(internal.authorityFile());

        assertTrue(reached(environment(pem)).complete());
    }

    @Test
    void mayBeInAFile() {
        assertTrue(reached(environment(internal.authorityFile().toString())).complete());
    }

    @Test
    void mayBeOneOfSeveral() throws IOException {
        String both =
                Files.readString(known.authorityFile())
                        + Files.readString(internal.authorityFile());

        assertTrue(reached(environment(both)).complete());
    }

    @Test
    void replacesThePublicAuthoritiesForTheValidationService() throws IOException {
        try (PretendValidation withPublic = PretendValidation.start(known, cognito)) {
            Map<String, String> environment =
                    environment(Files.readString(internal.authorityFile()));
            environment.put("ValidationServiceUrl", withPublic.url());

            Readiness readiness = reached(environment);

            assertEquals(UNKNOWN, detail(readiness.connection()));
            assertTrue(readiness.serviceToken().isEmpty());
        }
    }

    @Test
    void isNotTrustedForAnyOtherPeer() throws IOException {
        try (PretendCognito withPrivate =
                PretendCognito.start(internal, SigningKey.generate("key"))) {
            Map<String, String> environment =
                    environment(Files.readString(internal.authorityFile()));
            environment.put("CognitoIssuer", withPrivate.issuer());
            environment.put("ValidationServiceTokenUrl", withPrivate.tokenUrl());

            Readiness readiness = reached(environment);

            assertEquals(UNKNOWN, detail(readiness.keys().get(withPrivate.issuer())));
            assertEquals(UNKNOWN, detail(readiness.serviceToken()));
            assertTrue(readiness.connection().isEmpty());
        }
    }
}
