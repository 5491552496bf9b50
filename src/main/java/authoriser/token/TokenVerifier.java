package authoriser.token;

import authoriser.reason.Reason;
import authoriser.timing.Deadline;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Tells whether a token is a good access token of one of our issuers.
 *
 * <p>Form first, then the claims that refuse early and save a fetch, then key and signature; only
 * then is anything believed. Scopes come last, so that only the holder of a real token learns which
 * it lacks.
 */
public final class TokenVerifier {
    /** A token may be used within the second in which it was issued, and clocks differ. */
    private static final Duration ISSUE_LEEWAY = Duration.ofSeconds(5);

    private final JoseHeaders headers = new JoseHeaders();
    private final Issuers issuers;
    private final Set<String> clientIds;
    private final Set<String> requiredScopes;
    private final Duration skew;
    private final InstantSource clock;

    /**
     * A token that has passed every check; made nowhere else.
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
            long expiresAt)
            implements VerifiedToken {}

    /**
     * Makes a verifier.
     *
     * @param issuers whose tokens are taken
     * @param clientIds the app clients allowed; empty for any
     * @param requiredScopes what every token must have
     * @param skew leeway for {@code exp}, {@code nbf} and {@code iat}
     */
    public TokenVerifier(
            Issuers issuers,
            Set<String> clientIds,
            Set<String> requiredScopes,
            Duration skew,
            InstantSource clock) {
        this.issuers = issuers;
        this.clientIds = clientIds;
        this.requiredScopes = requiredScopes;
        this.skew = skew;
        this.clock = clock;
    }

    /**
     * Checks a token, fetching keys until the deadline if need be. Never throws for anything that a
     * token holds.
     */
    public Verification verify(BearerToken token, Deadline deadline) {
        try {
            CompactJws jws = CompactJws.parse(token.value(), headers);
            KeyStore keys = checkClaims(jws.claims());
            KeyLookup lookup = keys.find(jws.keyId(), deadline);
            if (lookup instanceof KeyLookup.Found(SigningKey key)) {
                return checkSignature(jws, key);
            }
            return lookup instanceof KeyLookup.Unknown
                    ? new Verification.Rejected(Reason.TOKEN_KEY_UNKNOWN)
                    : new Verification.KeysUnavailable(((KeyLookup.Unavailable) lookup).detail());
        } catch (RejectedToken rejected) {
            return new Verification.Rejected(rejected.reason());
        }
    }

    /**
     * What may be looked at before the signature, to refuse and for nothing else; returns the
     * issuer's keys.
     */
    private KeyStore checkClaims(Claims claims) throws RejectedToken {
        KeyStore keys = issuers.keysOf(claims.issuer());
        if (keys == null) {
            throw new RejectedToken(Reason.TOKEN_ISSUER);
        }
        if (!claims.use().equals("access") || claims.bound()) {
            throw new RejectedToken(Reason.TOKEN_USE);
        }
        if (claims.clientId().isEmpty()
                || !(clientIds.isEmpty() || clientIds.contains(claims.clientId()))) {
            throw new RejectedToken(Reason.TOKEN_CLIENT);
        }
        if (claims.audiences().isPresent() && !isAudience(claims.audiences().get(), claims)) {
            throw new RejectedToken(Reason.TOKEN_AUDIENCE);
        }
        if (claims.subject().isEmpty() || claims.expiresAt().isEmpty()) {
            throw CompactJws.malformed();
        }
        double now = clock.millis() / 1e3;
        if (now >= claims.expiresAt().get() + skew.toSeconds()) {
            throw new RejectedToken(Reason.TOKEN_EXPIRED);
        }
        double latest = now + skew.toSeconds() + ISSUE_LEEWAY.toSeconds();
        if (claims.notBefore() > latest || claims.issuedAt() > latest) {
            throw new RejectedToken(Reason.TOKEN_NOT_YET_VALID);
        }
        return keys;
    }

    /**
     * Whether a token is meant for this API (RFC 7519 section 4.1.3). A pre-token trigger may add
     * the token's own client as its audience; any other audience is another API.
     */
    private static boolean isAudience(List<String> audiences, Claims claims) {
        for (String audience : audiences) {
            if (!audience.equals(claims.clientId())) {
                return false;
            }
        }
        return !audiences.isEmpty();
    }

    private Verification checkSignature(CompactJws jws, SigningKey key) {
        if (!key.signed(jws.signingInput(), jws.signature())) {
            return new Verification.Rejected(Reason.TOKEN_SIGNATURE);
        }
        Claims claims = jws.claims();
        VerifiedToken verified =
                new Checked(
                        claims.issuer(),
                        claims.subject(),
                        claims.username(),
                        claims.clientId(),
                        claims.scopes(),
                        claims.groups(),
                        claims.expiresAt().orElseThrow().longValue());
        return claims.scopes().containsAll(requiredScopes)
                ? new Verification.Verified(verified)
                : new Verification.ScopeMissing(verified);
    }
}
