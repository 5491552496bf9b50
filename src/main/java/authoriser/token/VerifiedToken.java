package authoriser.token;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An access token whose signature and claims have been verified; no other token has this type. */
public sealed interface VerifiedToken permits TokenVerifier.Checked {

    /** {@code iss}: one of the issuers in the settings. */
    String issuer();

    /** {@code sub}. */
    String subject();

    /** {@code username}; a token of the client credentials grant has none. */
    Optional<String> username();

    /** {@code client_id}. */
    String clientId();

    /** The words of {@code scope}, in the token's order. */
    Set<String> scopes();

    /** {@code cognito:groups}, in the token's order. */
    List<String> groups();

    /** The claims that the settings name and the token has, by name. */
    Map<String, ClaimValue> claims();

    /** {@code exp}, in seconds since 1970; a fraction is cut off. */
    long expiresAt();
}
