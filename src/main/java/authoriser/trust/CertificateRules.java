package authoriser.trust;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PSSParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * The strength that a certificate must have beyond PKIX: its key, and the digest of its signature.
 *
 * <p>The JDK requires less, and reads its requirements from security properties that Lambda's
 * runtime client changes.
 */
public final class CertificateRules {
    private static final int LEAST_RSA_BITS = 2048;

    /** The length of the order of P-256. */
    private static final int LEAST_EC_BITS = 256;

    private CertificateRules() {}

    /** Whether the key is RSA of at least 2,048 bits, or EC on P-256 or a larger curve. */
    public static boolean isStrong(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            return rsa.getModulus().bitLength() >= LEAST_RSA_BITS;
        }
        return key instanceof ECPublicKey ec
                && ec.getParams().getOrder().bitLength() >= LEAST_EC_BITS;
    }

    /** Whether the signature is RSA or ECDSA with SHA-256, SHA-384 or SHA-512. */
    static boolean isStronglySigned(X509Certificate certificate) {
        return switch (certificate.getSigAlgOID()) {
            case "1.2.840.113549.1.1.11", // RSA with SHA-256, RFC 4055 section 5
                    "1.2.840.113549.1.1.12", // RSA with SHA-384
                    "1.2.840.113549.1.1.13", // RSA with SHA-512
                    "1.2.840.10045.4.3.2", // ECDSA with SHA-256, RFC 5758 section 3.2
                    "1.2.840.10045.4.3.3", // ECDSA with SHA-384
                    "1.2.840.10045.4.3.4" -> // ECDSA with SHA-512
                    true;
            case "1.2.840.113549.1.1.10" -> // RSASSA-PSS, RFC 4055 section 3.1
                    hasStrongDigest(certificate.getSigAlgParams());
            default -> false;
        };
    }

    private static boolean hasStrongDigest(byte @Nullable [] pssParameters) {
        if (pssParameters == null) {
            return false;
        }
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
            parameters.init(pssParameters);
            PSSParameterSpec pss = parameters.getParameterSpec(PSSParameterSpec.class);
            return switch (pss.getDigestAlgorithm()) {
                case "SHA-256", "SHA-384", "SHA-512" -> true;
                default -> false;
            };
        } catch (GeneralSecurityException | IOException e) {
            return false;
        }
    }
}
