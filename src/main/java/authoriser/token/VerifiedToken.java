package authoriser.token;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An access token whose signature and claims have been checked. Holding one is the proof. */
public sealed interface VerifiedToken permits TokenVerifier.Checked {

    /** {@code iss}: one of the issuers in the settings. */
    String issuer();

    /** {@code sub}. */
    String subject();

    /** {@code username}; a machine's token has none. */
    Optional<String> username();

    /** {@code client_id}. */
    String clientId();

    /** {@code scope}, taken apart, in the token's order. */
    Set<String> scopes();

    /** {@code cognito:groups}, in the token's order. */
    List<String> groups();

    /** The claims that the settings name, as far as the token has them, by name. */
    Map<String, ClaimValue> claims();

    /** {@code exp}, in seconds since 1970; a fraction is cut off. */
    long expiresAt();
}
