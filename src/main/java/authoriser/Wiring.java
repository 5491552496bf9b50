package authoriser;

import authoriser.config.Config;
import authoriser.decision.Authoriser;
import authoriser.event.RequestParser;
import authoriser.http.HttpClient;
import authoriser.http.HttpSender;
import authoriser.http.TlsLayer;
import authoriser.policy.AnswerLimits;
import authoriser.policy.PolicyWriter;
import authoriser.policy.RoutePolicy;
import authoriser.secrets.SecretSource;
import authoriser.secrets.SecretsManagerSource;
import authoriser.telemetry.TelemetryLine;
import authoriser.token.Issuers;
import authoriser.token.TokenVerifier;
import authoriser.trust.TrustStore;
import authoriser.validation.ServiceTokens;
import authoriser.validation.ValidationClient;
import java.time.InstantSource;
import java.util.Map;

/**
 * Makes the function's objects from the settings and connects them.
 *
 * <p>It is the only class that passes implementations to each other.
 */
record Wiring(
        Config config,
        RequestParser parser,
        Authoriser authoriser,
        PolicyWriter policies,
        TelemetryLine telemetry,
        Upstreams upstreams,
        InstantSource clock) {

    /**
     * Makes the function for these environment variables. Sends nothing yet.
     *
     * @throws authoriser.config.InvalidSettings with every problem
     */
    static Wiring of(Map<String, String> environment) {
        return of(environment, TlsLayer.trusting(TrustStore.ofJvm()), InstantSource.system());
    }

    /**
     * The same with this TLS. If the settings name certificate authorities for the validation
     * service, they replace those of {@code tls} for that peer.
     */
    static Wiring of(Map<String, String> environment, TlsLayer tls, InstantSource clock) {
        Config config = Config.parse(environment, new AnswerLimits());
        return of(config, environment, client(config.service(), tls, clock), clock);
    }

    /** Makes the HTTP client. */
    static HttpSender client(Config.Service service, TlsLayer tls, InstantSource clock) {
        return new HttpClient(clock, tls, PeerAuthorities.of(service));
    }

    /** The same with this sender instead of an HTTP client. */
    static Wiring of(Map<String, String> environment, HttpSender http, InstantSource clock) {
        return of(Config.parse(environment, new AnswerLimits()), environment, http, clock);
    }

    private static Wiring of(
            Config config, Map<String, String> environment, HttpSender http, InstantSource clock) {
        Config.Service service = config.service();
        SecretSource secrets =
                switch (service.secret().kind()) {
                    case VALUE ->
                            SecretSource.fixed(
                                    ((Config.ClientSecret.Value) service.secret()).secret());
                    case STORED ->
                            new SecretsManagerSource(
                                    ((Config.ClientSecret.Stored) service.secret()).id(),
                                    http,
                                    environment,
                                    clock);
                };
        Issuers issuers = new Issuers(config.issuers(), http, service.timeout(), clock);
        TokenVerifier verifier = new TokenVerifier(issuers, config.token(), clock);
        ServiceTokens tokens = new ServiceTokens(http, service, secrets, clock);
        ValidationClient validation = new ValidationClient(http, service, tokens, clock);
        return new Wiring(
                config,
                new RequestParser(config.validatedHeaders()),
                new Authoriser(verifier, validation),
                new PolicyWriter(
                        new RoutePolicy(config.scopeRules(), config.groupRules()),
                        config.contextClaims(),
                        config.policyExpiry(),
                        config.token().clockSkew()),
                new TelemetryLine(
                        environment.getOrDefault("AWS_LAMBDA_FUNCTION_NAME", "local"),
                        environment.getOrDefault("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
                        config.logging(),
                        issuers::overdue),
                new Upstreams(issuers, tokens, http, service.url()),
                clock);
    }
}
