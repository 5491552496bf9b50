package authoriser.standin;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * Mints tokens with the header and the claims of a Cognito user pool; each has a {@code jti} of its
 * own, so no two are the same.
 *
 * <p>A change gets the claims in a mutable map and may do anything to them: {@code
 * tokens.access(Tokens.with("scope", "orders/read"))}.
 */
public record Tokens(SigningKey key, String issuer, InstantSource clock) {
    /** The app client that users sign in through. */
    public static final String CLIENT_ID = "3n4b5urk1ft4fl3mg5e62d9ado";

    /** The app client of a machine that calls the API in its own name. */
    public static final String MACHINE_CLIENT_ID = "7c1ek9v0s6tq2hd8pmb4ujx5fz";

    public static final String SUBJECT = "9f2c1d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f";
    public static final String USERNAME = "jane.doe";

    /** How long a token lives unless a change says otherwise, as in a new user pool. */
    public static final Duration LIFETIME = Duration.ofHours(1);

    /** A user's access token, good in every respect. */
    public String access() {
        return access(UnaryOperator.identity());
    }

    /** A user's access token with its claims changed. */
    public String access(UnaryOperator<Map<String, Object>> change) {
        return signed(change.apply(accessClaims()));
    }

    /** A machine's access token, from the client-credentials grant: no username and no groups. */
    public String machine() {
        return machine(UnaryOperator.identity());
    }

    /** A machine's access token with its claims changed. */
    public String machine(UnaryOperator<Map<String, Object>> change) {
        long now = clock.instant().getEpochSecond();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("sub", MACHINE_CLIENT_ID);
        claims.put("token_use", "access");
        claims.put("scope", "orders/read orders/write");
        claims.put("auth_time", now);
        claims.put("iss", issuer);
        claims.put("exp", now + LIFETIME.toSeconds());
        claims.put("iat", now);
        claims.put("version", 2);
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("client_id", MACHINE_CLIENT_ID);
        return signed(change.apply(claims));
    }

    /** A user's ID token, which no API must take for an access token. */
    public String id() {
        return id(UnaryOperator.identity());
    }

    /** A user's ID token with its claims changed. */
    public String id(UnaryOperator<Map<String, Object>> change) {
        long now = clock.instant().getEpochSecond();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("sub", SUBJECT);
        claims.put("cognito:groups", List.of("clerks", "night-shift"));
        claims.put("email_verified", true);
        claims.put("iss", issuer);
        claims.put("cognito:username", USERNAME);
        claims.put("origin_jti", UUID.randomUUID().toString());
        claims.put("aud", CLIENT_ID);
        claims.put("event_id", UUID.randomUUID().toString());
        claims.put("token_use", "id");
        claims.put("auth_time", now);
        claims.put("exp", now + LIFETIME.toSeconds());
        claims.put("iat", now);
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("email", "jane.doe@example.com");
        return signed(change.apply(claims));
    }

    /** The claims of {@link #access()}, for tokens that are signed or put together by hand. */
    public Map<String, Object> accessClaims() {
        long now = clock.instant().getEpochSecond();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("sub", SUBJECT);
        claims.put("cognito:groups", List.of("clerks", "night-shift"));
        claims.put("iss", issuer);
        claims.put("version", 2);
        claims.put("client_id", CLIENT_ID);
        claims.put("origin_jti", UUID.randomUUID().toString());
        claims.put("event_id", UUID.randomUUID().toString());
        claims.put("token_use", "access");
        claims.put("scope", "openid orders/read");
        claims.put("auth_time", now);
        claims.put("exp", now + LIFETIME.toSeconds());
        claims.put("iat", now);
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("username", USERNAME);
        return claims;
    }

    /** The token header as Cognito writes it: key id and algorithm, no {@code typ}. */
    public String headerJson() {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("kid", key.kid());
        header.put("alg", "RS256");
        return TestJson.text(header);
    }

    /** Any claims under the usual header, signed. */
    public String signed(Map<String, Object> claims) {
        return key.sign(headerJson(), TestJson.text(claims));
    }

    /** The same issuer's tokens, signed with another key. */
    public Tokens signedWith(SigningKey other) {
        return new Tokens(other, issuer, clock);
    }

    /** Another issuer's tokens, signed with this key. */
    public Tokens issuedBy(String other) {
        return new Tokens(key, other, clock);
    }

    /** A change that sets one claim, also to null. */
    public static UnaryOperator<Map<String, Object>> with(String claim, Object value) {
        return claims -> {
            claims.put(claim, value);
            return claims;
        };
    }

    /** A change that takes one claim away. */
    public static UnaryOperator<Map<String, Object>> without(String claim) {
        return claims -> {
            claims.remove(claim);
            return claims;
        };
    }

    /**
     * A change that makes the token end at an instant, issued and signed in one lifetime before.
     */
    public static UnaryOperator<Map<String, Object>> expiringAt(Instant end) {
        return claims -> {
            claims.put("exp", end.getEpochSecond());
            claims.put("iat", end.minus(LIFETIME).getEpochSecond());
            claims.put("auth_time", end.minus(LIFETIME).getEpochSecond());
            return claims;
        };
    }
}
