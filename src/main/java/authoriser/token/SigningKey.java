package authoriser.token;

import authoriser.crypto.NativeProvider;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.util.Base64URL;
import java.security.interfaces.RSAPublicKey;

/** A published key that verifies RS256 signatures (RFC 7518 section 3.3); shared by threads. */
final class SigningKey {
    private static final JWSHeader RS256 = new JWSHeader(JWSAlgorithm.RS256);

    private final RSASSAVerifier verifier;
    private final int signatureLength;

    SigningKey(RSAPublicKey key) {
        this.verifier = new RSASSAVerifier(key);
        NativeProvider.find().ifPresent(verifier.getJCAContext()::setProvider);
        this.signatureLength = (key.getModulus().bitLength() + 7) / 8;
    }

    /** Whether {@code signature}, in base64url, is this key's over {@code signingInput}. */
    boolean signed(byte[] signingInput, String signature) {
        if (signature.length() != (signatureLength * 4 + 2) / 3) {
            return false; // RFC 8017 section 8.2.2 step 1
        }
        try {
            return verifier.verify(RS256, signingInput, new Base64URL(signature));
        } catch (JOSEException e) {
            throw new IllegalStateException("RS256 is not to be had in this JVM", e);
        }
    }
}
