package authoriser.token;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import org.jspecify.annotations.Nullable;

/**
 * The signature algorithm that is accepted: RS256 (RFC 7518 section 3.3), whatever a token says.
 */
final class SignatureAlgorithm {
    /** A JOSE header with this algorithm. */
    static final JWSHeader HEADER = new JWSHeader(JWSAlgorithm.RS256);

    private static final String NAME = "RS256";

    private SignatureAlgorithm() {}

    /** Whether a value of {@code alg} names it (RFC 7515 section 4.1.1, RFC 7517 section 4.4). */
    static boolean isNamedBy(@Nullable String algorithm) {
        return NAME.equals(algorithm);
    }
}
