package authoriser.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.EllipticCurve;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CertificateRulesTest {

    @ParameterizedTest
    @CsvSource({
        "RSA, 1024, false",
        "RSA, 2047, false",
        "RSA, 2048, true",
        "EC, 256, true",
        "EC, 384, true",
        "EC, 521, true",
        "Ed25519, 255, false",
        "DSA, 2048, false"
    })
    void aKeyIsStrongByItsKindAndLength(String kind, int bits, boolean strong)
            throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
        generator.initialize(bits);

        assertEquals(strong, CertificateRules.isStrong(generator.generateKeyPair().getPublic()));
    }

    /** The JDK can no longer make such keys, but BoringSSL reads them. */
    @Test
    void aKeyOnACurveBelowP256IsWeak() {
        BigInteger order224 = BigInteger.TWO.pow(224).subtract(BigInteger.ONE);
        BigInteger order256 = BigInteger.TWO.pow(255);

        assertEquals(false, CertificateRules.isStrong(onCurveOf(order224)));
        assertEquals(true, CertificateRules.isStrong(onCurveOf(order256)));
    }

    private static PublicKey onCurveOf(BigInteger order) {
        EllipticCurve curve =
                new EllipticCurve(new ECFieldFp(order), BigInteger.ONE, BigInteger.ONE);
        ECPoint point = new ECPoint(BigInteger.ONE, BigInteger.ONE);
        return new ECPublicKey() {
            private static final long serialVersionUID = 1;

            @Override
            public ECPoint getW() {
                return point;
            }

            @Override
            public ECParameterSpec getParams() {
                return new ECParameterSpec(curve, point, order, 1);
            }

            @Override
            public String getAlgorithm() {
                return "EC";
            }

            @Override
            public String getFormat() {
                return "X.509";
            }

            @Override
            public byte[] getEncoded() {
                return new byte[0];
            }
        };
    }
}
