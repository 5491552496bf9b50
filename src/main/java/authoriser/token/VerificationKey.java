package authoriser.token;

import authoriser.crypto.NativeProvider;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.Optional;

/** A published key that verifies RS256 signatures (RFC 7518 section 3.3); shared by threads. */
final class VerificationKey {
    private final RSASSAVerifier verifier;
    private final int signatureLength;

    private VerificationKey(RSASSAVerifier verifier, int signatureLength) {
        this.verifier = verifier;
        this.signatureLength = signatureLength;
    }

    /**
     * Makes the key of a modulus and an exponent.
     *
     * @throws GeneralSecurityException if they are not those of an RSA key
     */
    static VerificationKey of(RSAPublicKeySpec numbers) throws GeneralSecurityException {
        Optional<Provider> provider = NativeProvider.find();
        KeyFactory factory =
                provider.isPresent()
                        ? KeyFactory.getInstance("RSA", provider.get())
                        : KeyFactory.getInstance("RSA");
        // the provider would convert a key of another provider for each signature
        RSASSAVerifier verifier =
                new RSASSAVerifier((RSAPublicKey) factory.generatePublic(numbers));
        provider.ifPresent(verifier.getJCAContext()::setProvider);
        return new VerificationKey(verifier, (numbers.getModulus().bitLength() + 7) / 8);
    }

    /** Whether {@code signature} is a signature of {@code signingInput} by this key. */
    boolean verifies(byte[] signingInput, byte[] signature) {
        if (signature.length != signatureLength) {
            return false; // RFC 8017 section 8.2.2 step 1
        }
        try {
            return verifier.verify(SignatureAlgorithm.HEADER, signingInput, new Decoded(signature));
        } catch (JOSEException e) {
            throw new IllegalStateException("no security provider has RS256", e);
        }
    }

    /** A signature for nimbus, which {@link Base64Url} has decoded already. */
    private static final class Decoded extends Base64URL {
        private static final long serialVersionUID = 1L;

        private final transient byte[] bytes;

        Decoded(byte[] bytes) {
            super("");
            this.bytes = bytes;
        }

        @Override
        public byte[] decode() {
            return bytes;
        }
    }
}
