package authoriser.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.standin.Certificates;
import authoriser.standin.PretendCognito;
import authoriser.standin.Relay;
import authoriser.standin.StandInEndpoint;
import authoriser.standin.StandInReply;
import authoriser.standin.Tokens;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Some faults of each upstream, in the real process and in real time: the result is an error in
 * time, and neither an Allow nor a Deny. The same process decides again after the fault. {@code
 * FaultMatrixTest} has every fault.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutagesIT {
    private static final String NO_KEYS = World.undecided("keys_unavailable");
    private static final String NO_SERVICE_TOKEN = World.undecided("service_token_unavailable");
    private static final String NO_VALIDATION = World.undecided("validation_unavailable");
    private static final String NO_TIME = World.undecided("time_out");

    /** The time-out of a call, which a call without a response takes. */
    private static final Duration CALL = Duration.ofMillis(500);

    private static final Path WORK = World.WORK.resolve("outages");
    private static final Certificates OTHER_HOST =
            Certificates.forHost(WORK.resolve("host"), "validation.example");

    private final World world = World.overTls();

    private final List<AutoCloseable> impostors = new ArrayList<>();
    private final Upstream keys = new Upstream(world.cognito.jwksUrl(), world.cognito.jwks());
    private final Upstream token = new Upstream(world.cognito.tokenUrl(), world.cognito.token());
    private final Upstream validation =
            new Upstream(world.validation.url(), world.validation.validate());

    /** Faulty servers in place of an upstream, by their fault. */
    private final Map<String, String> wrongServers = new LinkedHashMap<>();

    /** One of the three upstreams, behind a relay. */
    private record Upstream(Relay relay, String url, StandInEndpoint endpoint) {
        Upstream(String url, StandInEndpoint endpoint) {
            this(Relay.to(url), url, endpoint);
        }

        String reached() {
            return relay.url(url);
        }

        void heal() {
            endpoint.usually();
            relay.leadTo(url);
        }
    }

    /** A fault of an upstream. */
    private record Fault(String name, Consumer<Upstream> breaking, Consumer<Upstream> mending) {
        void begin(Upstream upstream) {
            breaking.accept(upstream);
        }

        void end(Upstream upstream) {
            mending.accept(upstream);
            upstream.heal();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    void start() {
        wrongServers.put("a certificate of another host", server(OTHER_HOST));
        world.jvmOptions(trusting(World.CERTIFICATES, OTHER_HOST))
                .set("ValidationServiceTimeoutMs", Long.toString(CALL.toMillis()))
                .set("CognitoJwksUrl", keys.reached())
                .set("ValidationServiceTokenUrl", token.reached())
                .set("ValidationServiceUrl", validation.reached())
                .start();
    }

    @AfterAll
    void end() throws Exception {
        try {
            world.close();
        } finally {
            for (AutoCloseable impostor : impostors) {
                impostor.close();
            }
            Stream.of(keys, token, validation).forEach(upstream -> upstream.relay().close());
        }
    }

    @ParameterizedTest
    @MethodSource("faults")
    void validationServiceFails(Fault fault) {
        assertEquals(World.ALLOW, world.decide());

        fault.begin(validation);
        String during = world.decide();
        fault.end(validation);

        assertEquals(NO_VALIDATION, during);
        assertEquals(World.ALLOW, world.decide());
    }

    @ParameterizedTest
    @MethodSource("faults")
    void tokenEndpointFails(Fault fault) {
        assertEquals(World.ALLOW, world.decide());

        world.cognito.revokeServiceTokens();
        fault.begin(token);
        String during = world.decide();
        fault.end(token);

        assertEquals(NO_SERVICE_TOKEN, during);
        world.recovers(Duration.ofSeconds(5), NO_SERVICE_TOKEN);
    }

    /** One issuer for each fault, so that one start of one process has all faults. */
    @Test
    void startsAndRecoversForEachFaultOfTheKeysWhileAllOtherPeersHang() throws Exception {
        List<PretendCognito> issuers = new ArrayList<>();
        List<Upstream> keySets = new ArrayList<>();
        List<Fault> faults = faults().toList();
        for (Fault fault : faults) {
            PretendCognito issuer = PretendCognito.start(World.CERTIFICATES, World.KEY);
            Upstream keySet = new Upstream(issuer.jwksUrl(), issuer.jwks());
            issuers.add(issuer);
            keySets.add(keySet);
            fault.begin(keySet);
        }
        World many = World.overTls();
        Relay hangingToken = Relay.to(many.cognito.tokenUrl());
        Relay hangingValidation = Relay.to(many.validation.url());
        hangingToken.fallSilent();
        hangingValidation.fallSilent();
        many.jvmOptions(trusting(World.CERTIFICATES, OTHER_HOST))
                .set("ValidationServiceTimeoutMs", Long.toString(CALL.toMillis()))
                .set("CognitoIssuer", joined(issuers.stream().map(PretendCognito::issuer)))
                .set("CognitoJwksUrl", joined(keySets.stream().map(Upstream::reached)))
                .set("ValidationServiceTokenUrl", hangingToken.url(many.cognito.tokenUrl()))
                .set("ValidationServiceUrl", hangingValidation.url(many.validation.url()));
        try (many) {
            long started = System.nanoTime();
            many.start();
            Duration init = Duration.ofNanos(System.nanoTime() - started);

            Map<String, String> during = new LinkedHashMap<>();
            Map<String, String> expected = new LinkedHashMap<>();
            for (int i = 0; i < faults.size(); i++) {
                Tokens tokens = issuers.get(i).tokens(InstantSource.system());
                during.put(faults.get(i).name(), many.decide(tokens.access()));
                expected.put(faults.get(i).name(), NO_KEYS);
            }
            assertEquals(expected, during);
            assertTrue(init.compareTo(Duration.ofSeconds(10)) < 0, init::toString);

            for (int i = 0; i < faults.size(); i++) {
                faults.get(i).end(keySets.get(i));
            }
            hangingToken.speak();
            hangingValidation.speak();
            for (PretendCognito issuer : issuers) {
                many.recovers(
                        issuer.tokens(InstantSource.system()),
                        Duration.ofSeconds(10),
                        NO_KEYS,
                        NO_SERVICE_TOKEN);
            }
            assertEquals(
                    Collections.nCopies(faults.size(), true),
                    issuers.stream().map(issuer -> issuer.jwksCalls() >= 1).toList());
        } finally {
            issuers.forEach(PretendCognito::close);
            keySets.forEach(keySet -> keySet.relay().close());
            hangingToken.close();
            hangingValidation.close();
        }
    }

    /** The time-out of a call is longer than the whole invocation. */
    @Test
    void endsTheInvocationBeforeItsTimeLimitIfAPeerHangs() {
        World late = World.overTls();
        Upstream lateKeys = new Upstream(late.cognito.jwksUrl(), late.cognito.jwks());
        Upstream lateToken = new Upstream(late.cognito.tokenUrl(), late.cognito.token());
        Upstream lateValidation = new Upstream(late.validation.url(), late.validation.validate());
        List<Upstream> upstreams = List.of(lateKeys, lateToken, lateValidation);
        upstreams.forEach(upstream -> upstream.relay().down());
        late.set("ValidationServiceTimeoutMs", "20000")
                .set("CognitoJwksUrl", lateKeys.reached())
                .set("ValidationServiceTokenUrl", lateToken.reached())
                .set("ValidationServiceUrl", lateValidation.reached());
        try (late) {
            late.start();
            List<String> decisions = new ArrayList<>();
            for (Upstream upstream : upstreams) {
                upstream.relay().up();
                upstream.relay().fallSilent();
                World.until(
                        Duration.ofSeconds(10),
                        () -> {
                            // A pause after an earlier failure ends in an error as well, only
                            // sooner
                            String decision =
                                    late.decide(late.tokens.access(), Duration.ofSeconds(1));
                            decisions.add(decision);
                            return decision.equals(NO_TIME);
                        });
                upstream.relay().speak();
            }
            late.recovers(Duration.ofSeconds(5));

            assertTrue(
                    List.of(NO_KEYS, NO_SERVICE_TOKEN, NO_VALIDATION, NO_TIME)
                            .containsAll(decisions),
                    decisions::toString);
        } finally {
            upstreams.forEach(upstream -> upstream.relay().close());
        }
    }

    @Test
    void recoversWithEachPeerAfterAStartWithoutPeers() {
        World dark = World.overTls();
        Upstream darkKeys = new Upstream(dark.cognito.jwksUrl(), dark.cognito.jwks());
        Upstream darkToken = new Upstream(dark.cognito.tokenUrl(), dark.cognito.token());
        Upstream darkValidation = new Upstream(dark.validation.url(), dark.validation.validate());
        List<Upstream> upstreams = List.of(darkKeys, darkToken, darkValidation);
        upstreams.forEach(upstream -> upstream.relay().down());
        dark.set("CognitoJwksUrl", darkKeys.reached())
                .set("ValidationServiceTokenUrl", darkToken.reached())
                .set("ValidationServiceUrl", darkValidation.reached());
        try (dark) {
            dark.start();

            assertEquals(NO_KEYS, dark.decide());
            darkKeys.relay().up();
            becomes(NO_SERVICE_TOKEN, dark, NO_KEYS);
            darkToken.relay().up();
            becomes(NO_VALIDATION, dark, NO_SERVICE_TOKEN);
            darkValidation.relay().up();
            assertEquals(World.ALLOW, dark.decide());
        } finally {
            upstreams.forEach(upstream -> upstream.relay().close());
        }
    }

    @Test
    void replacesAnIdleConnectionThatWasClosed() {
        assertEquals(World.ALLOW, world.decide());
        int before = validation.relay().connections();

        validation.relay().cut();

        assertEquals(World.ALLOW, world.decide());
        assertEquals(before + 1, validation.relay().connections());
    }

    @Test
    void failsOneRequestForAnIdleConnectionThatGetsNoResponse() {
        assertEquals(World.ALLOW, world.decide());
        int before = validation.relay().connections();

        validation.relay().stall();

        assertEquals(World.undecided("validation_unavailable"), world.decide());
        assertEquals(before, validation.relay().connections());
        assertEquals(World.ALLOW, world.decide());
        assertEquals(before + 1, validation.relay().connections());
    }

    @Test
    void triesAgainAfterOneInvalidResponseOfTheValidationService() {
        // A separate process, because the other faults have used the retry budget
        try (World fresh = World.overHttp().start()) {
            fresh.validation.validate().next(StandInReply.status(502));

            assertEquals(World.ALLOW, fresh.decide());
            assertEquals(2, fresh.validation.calls());
        }
    }

    private static void becomes(String wanted, World world, String meanwhile) {
        World.until(
                Duration.ofSeconds(5),
                () -> {
                    String decision = world.decide();
                    if (!decision.equals(meanwhile)) {
                        assertEquals(wanted, decision);
                    }
                    return decision.equals(wanted);
                });
    }

    Stream<Fault> faults() {
        List<Fault> faults = new ArrayList<>();
        String json =
                "{\"keys\":[],\"access_token\":\"a\",\"expires_in\":3600,\"allowed\":true,\"pad\":\""
                        + "x".repeat(200)
                        + "\"}";
        faults.add(answer("503", StandInReply.json(503, "{\"allowed\":true}")));
        faults.add(answer("breaks off in the answer", StandInReply.truncated(json)));
        faults.add(answer("hangs", StandInReply.never()));
        faults.add(answer("trickles", StandInReply.trickling(json, CALL.dividedBy(25))));
        faults.add(
                new Fault(
                        "down",
                        upstream -> upstream.relay().down(),
                        upstream -> upstream.relay().up()));
        faults.add(
                new Fault(
                        "hangs in the handshake",
                        upstream -> upstream.relay().fallSilent(),
                        upstream -> upstream.relay().speak()));
        wrongServers.forEach((name, url) ->
                faults.add(new Fault(name, upstream -> upstream.relay().leadTo(url), _ -> {})));
        return faults.stream();
    }

    private static Fault answer(String name, StandInReply reply) {
        return new Fault(name, upstream -> upstream.endpoint().always(reply), _ -> {});
    }

    private String server(Certificates certificates) {
        PretendCognito server = PretendCognito.start(certificates, World.KEY);
        impostors.add(server);
        return server.jwksUrl();
    }

    private static String joined(Stream<String> texts) {
        return String.join(",", texts.toList());
    }

    /** The options for a JVM that trusts all of these authorities. */
    private static List<String> trusting(Certificates... authorities) {
        try {
            Path file = WORK.resolve("trust.p12");
            char[] password = World.CERTIFICATES.trustStorePassword().toCharArray();
            KeyStore all = KeyStore.getInstance("PKCS12");
            all.load(null, null);
            for (Certificates authority : authorities) {
                KeyStore one = KeyStore.getInstance("PKCS12");
                try (InputStream in = Files.newInputStream(authority.trustStore())) {
                    one.load(in, password);
                }
                String alias = one.aliases().nextElement();
                all.setCertificateEntry("authority-" + all.size(), one.getCertificate(alias));
            }
            try (OutputStream out = Files.newOutputStream(file)) {
                all.store(out, password);
            }
            return List.of(
                    "-Djavax.net.ssl.trustStore=" + file,
                    "-Djavax.net.ssl.trustStorePassword=" + new String(password));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("No trust store", e);
        }
    }
}
