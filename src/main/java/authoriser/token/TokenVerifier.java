package authoriser.token;

import authoriser.config.TokenRules;
import authoriser.invocation.Invocation;
import authoriser.reason.Reason;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Verifies access tokens of the issuers in the settings.
 *
 * <p>The order is: form, claims that can refuse without a key, key, signature, scopes and groups.
 * No claim is used to accept a token before its signature is verified. Scopes and groups are last,
 * so that only the holder of a verified token learns which are missing.
 */
public final class TokenVerifier {
    /** Clocks differ, and a token may be used within the second in which it was issued. */
    private static final Duration ISSUE_LEEWAY = Duration.ofSeconds(5);

    private final JoseHeaders headers = new JoseHeaders();
    private final Issuers issuers;
    private final TokenRules rules;
    private final InstantSource clock;

    /**
     * A token that has passed every check. Only this class makes one.
     *
     * @param expiresAt in seconds since 1970
     */
    record Checked(
            String issuer,
            String subject,
            Optional<String> username,
            String clientId,
            Set<String> scopes,
            List<String> groups,
            Map<String, ClaimValue> claims,
            long expiresAt)
            implements VerifiedToken {}

    /**
     * Makes a verifier.
     *
     * @param issuers the issuers whose tokens are accepted
     * @param rules what the settings require of a token
     */
    public TokenVerifier(Issuers issuers, TokenRules rules, InstantSource clock) {
        this.issuers = issuers;
        this.rules = rules;
        this.clock = clock;
    }

    /**
     * Checks a token, and fetches keys if that is needed. It throws no exception because of a
     * token.
     */
    public Verification verify(BearerToken token, Invocation invocation) {
        try {
            CompactJws jws = CompactJws.parse(token.value(), headers);
            JwkSetCache keys = checkClaims(jws.claims());
            KeyLookup lookup = keys.find(jws.keyId(), invocation);
            return switch (lookup.kind()) {
                case FOUND -> checkSignature(jws, ((KeyLookup.Found) lookup).key());
                case UNKNOWN -> new Verification.Rejected(Reason.TOKEN_KEY_UNKNOWN);
                case UNAVAILABLE ->
                        new Verification.KeysUnavailable(((KeyLookup.Unavailable) lookup).detail());
            };
        } catch (RejectedToken rejected) {
            return new Verification.Rejected(rejected.reason());
        }
    }

    /**
     * Refuses a token by its claims, before its signature is verified.
     *
     * @return the keys of its issuer
     */
    private JwkSetCache checkClaims(Claims claims) throws RejectedToken {
        JwkSetCache keys = issuers.keysOf(claims.issuer());
        if (keys == null) {
            throw new RejectedToken(Reason.TOKEN_ISSUER);
        }
        if (!claims.use().equals("access") || claims.bound()) {
            throw new RejectedToken(Reason.TOKEN_USE);
        }
        if (claims.clientId().isEmpty()
                || !(rules.clientIds().isEmpty()
                        || rules.clientIds().contains(claims.clientId()))) {
            throw new RejectedToken(Reason.TOKEN_CLIENT);
        }
        if (!isAudience(claims)) {
            throw new RejectedToken(Reason.TOKEN_AUDIENCE);
        }
        if (claims.subject().isEmpty() || claims.expiresAt().isEmpty()) {
            throw CompactJws.malformed();
        }
        double now = clock.millis() / 1e3;
        if (now >= claims.expiresAt().get() + rules.clockSkew().toSeconds()) {
            throw new RejectedToken(Reason.TOKEN_EXPIRED);
        }
        double latest = now + rules.clockSkew().toSeconds() + ISSUE_LEEWAY.toSeconds();
        if (claims.notBefore() > latest || claims.issuedAt() > latest) {
            throw new RejectedToken(Reason.TOKEN_NOT_YET_VALID);
        }
        return keys;
    }

    /**
     * Whether a token is meant for this API (RFC 7519 section 4.1.3). If the settings name no
     * audience, {@code aud} may hold the token's own client id only, which a pre token generation
     * trigger can add.
     */
    private boolean isAudience(Claims claims) {
        if (claims.audiences().isEmpty()) {
            return !rules.audienceRequired();
        }
        List<String> audiences = claims.audiences().get();
        if (!rules.audiences().isEmpty()) {
            return !Collections.disjoint(audiences, rules.audiences());
        }
        for (String audience : audiences) {
            if (!audience.equals(claims.clientId())) {
                return false;
            }
        }
        return !audiences.isEmpty();
    }

    private Verification checkSignature(CompactJws jws, VerificationKey key) throws RejectedToken {
        if (!key.verifies(jws.signingInput(), jws.signature())) {
            return new Verification.Rejected(Reason.TOKEN_SIGNATURE);
        }
        Claims claims = jws.claims();
        Map<String, ClaimValue> kept;
        try {
            kept =
                    rules.keptClaims().isEmpty()
                            ? Map.of()
                            : ClaimValues.read(jws.payload(), rules.keptClaims());
        } catch (IOException e) {
            throw CompactJws.malformed();
        }
        VerifiedToken verified =
                new Checked(
                        claims.issuer(),
                        claims.subject(),
                        claims.username(),
                        claims.clientId(),
                        claims.scopes(),
                        claims.groups(),
                        kept,
                        claims.expiresAt().orElseThrow().longValue());
        if (!claims.scopes().containsAll(rules.requiredScopes())) {
            return new Verification.Lacking(verified, Reason.TOKEN_SCOPE);
        }
        return rules.requiredGroups().isEmpty()
                        || !Collections.disjoint(claims.groups(), rules.requiredGroups())
                ? new Verification.Verified(verified)
                : new Verification.Lacking(verified, Reason.TOKEN_GROUP);
    }
}
