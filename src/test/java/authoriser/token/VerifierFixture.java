package authoriser.token;

import authoriser.config.Config;
import authoriser.config.TokenRules;
import authoriser.http.Endpoint;
import authoriser.invocation.Invocation;
import authoriser.invocation.Invocations;
import authoriser.standin.ManualClock;
import authoriser.standin.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** A verifier with one issuer. The issuer publishes one key unless the test changes this. */
final class VerifierFixture {
    static final String ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Local0001";

    /** What the clock shows. */
    static final Instant NOW = ManualClock.anytime().instant();

    final ManualClock clock = ManualClock.at(NOW);
    final ScriptedIssuer endpoint = ScriptedIssuer.publishing(SampleKeys.ONE);
    final Tokens tokens = new Tokens(SampleKeys.ONE, ISSUER, clock);
    private final Issuers issuers;

    VerifierFixture() {
        Endpoint jwks = Endpoint.parse(ISSUER + "/.well-known/jwks.json").orElseThrow();
        this.issuers =
                new Issuers(
                        List.of(new Config.Issuer(ISSUER, jwks)),
                        endpoint,
                        Duration.ofSeconds(2),
                        clock);
    }

    /** A verifier with these settings and the fixture's issuer. */
    TokenVerifier verifier(Set<String> clients, Set<String> scopes, Duration skew) {
        return verifier(new TokenRules(clients, Set.of(), false, scopes, Set.of(), skew, Set.of()));
    }

    TokenVerifier verifier(TokenRules rules) {
        return new TokenVerifier(issuers, rules, clock);
    }

    /** A verifier with the least settings. */
    TokenVerifier verifier() {
        return verifier(Set.of(), Set.of(), Duration.ZERO);
    }

    /** The outcome for a token within one invocation. */
    Verification verify(TokenVerifier verifier, String token) {
        Invocation invocation = Invocations.in(Duration.ofSeconds(9), clock);
        Verification verification = verifier.verify(new BearerToken(token), invocation);
        invocation.awaitTasks(Duration.ofSeconds(9));
        return verification;
    }

    Verification verify(String token) {
        return verify(verifier(), token);
    }
}
