package authoriser.token;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Verified tokens for tests of other packages. Only this package can make them. */
public final class VerifiedTokens {
    public static final String ISSUER =
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34E";
    public static final String SUBJECT = "9f2c1d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f";
    public static final String CLIENT_ID = "3n4b5urk1ft4fl3mg5e62d9ado";

    /** 2026-11-24T05:00:00Z. */
    public static final long EXPIRES_AT = 1_795_496_400L;

    private VerifiedTokens() {}

    /** A user's token. */
    public static VerifiedToken user(List<String> scopes, List<String> groups) {
        return of(SUBJECT, Optional.of("jane.doe"), scopes, groups, EXPIRES_AT);
    }

    /** A machine's token: the client is the subject, and there is no user name. */
    public static VerifiedToken machine(String... scopes) {
        return of(CLIENT_ID, Optional.empty(), List.of(scopes), List.of(), EXPIRES_AT);
    }

    /** A token with these scopes. Its other values do not matter. */
    public static VerifiedToken withScopes(Set<String> scopes) {
        return of(SUBJECT, Optional.empty(), List.copyOf(scopes), List.of(), EXPIRES_AT);
    }

    public static VerifiedToken of(
            String subject,
            Optional<String> username,
            List<String> scopes,
            List<String> groups,
            long expiresAt) {
        return of(subject, username, scopes, groups, Map.of(), expiresAt);
    }

    public static VerifiedToken of(
            String subject,
            Optional<String> username,
            List<String> scopes,
            List<String> groups,
            Map<String, ClaimValue> claims,
            long expiresAt) {
        return of(ISSUER, subject, username, CLIENT_ID, scopes, groups, claims, expiresAt);
    }

    public static VerifiedToken of(
            String issuer,
            String subject,
            Optional<String> username,
            String clientId,
            List<String> scopes,
            List<String> groups,
            Map<String, ClaimValue> claims,
            long expiresAt) {
        return new TokenVerifier.Checked(
                issuer,
                subject,
                username,
                clientId,
                new LinkedHashSet<>(scopes),
                groups,
                claims,
                expiresAt);
    }

    /** The text of a bearer token, which the token does not show. */
    public static String textOf(BearerToken token) {
        return token.value();
    }
}
