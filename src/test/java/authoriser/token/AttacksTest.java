package authoriser.token;

import static authoriser.standin.Tokens.with;
import static authoriser.token.SampleKeys.ONE;
import static authoriser.token.SampleKeys.base64Url;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Named.named;

import authoriser.reason.Reason;
import authoriser.standin.SigningKey;
import authoriser.standin.Tokens;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Known attacks on verifiers of JSON Web Tokens. Each has one expected outcome. */
@Timeout(120)
class AttacksTest {
    private static final SigningKey SHORT = SigningKey.generate("short", 1024);
    private static final SigningKey ENCRYPTION = SampleKeys.withId(SampleKeys.TWO, "encryption");
    private static final SigningKey TWICE = SampleKeys.withId(SampleKeys.TWO, "twice");
    private static final Base64.Encoder MIME = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private final VerifierFixture fixture = new VerifierFixture();
    private final TokenVerifier verifier = fixture.verifier();
    private final Tokens tokens = fixture.tokens;
    private final String claims = SampleKeys.json(tokens.accessClaims());

    private void assertRejected(Reason reason, String token) {
        assertEquals(new Verification.Rejected(reason), fixture.verify(verifier, token));
    }

    private void assertNotVerified(String token) {
        assertInstanceOf(Verification.Rejected.class, fixture.verify(verifier, token));
    }

    /** The header of a good token with one member changed. */
    private static String header(String name, String value) {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("kid", ONE.kid());
        header.put("alg", "RS256");
        header.put(name, value);
        return SampleKeys.json(header);
    }

    @Nested
    class RefusesAlgorithm {

        @ParameterizedTest
        @ValueSource(strings = {"none", "None", "NONE", "nOnE", "nonE", "none ", "null", ""})
        void none(String algorithm) {
            String header = header("alg", algorithm);

            assertRejected(
                    Reason.TOKEN_ALGORITHM, base64Url(header) + "." + base64Url(claims) + ".");
            assertRejected(Reason.TOKEN_ALGORITHM, ONE.sign(header, claims));
        }

        static Stream<Named<byte[]>> publicKeysAsSecrets() {
            byte[] der = ONE.publicKey().getEncoded();
            String pem =
                    "-----BEGIN PUBLIC KEY-----\n"
                            + MIME.encodeToString(der)
                            + "\n-----END PUBLIC KEY-----";
            return Stream.of(
                    named("PEM", pem.getBytes(US_ASCII)),
                    named("PEM with a line feed", (pem + "\n").getBytes(US_ASCII)),
                    named("DER", der),
                    named("JWK", SampleKeys.json(ONE.jwk()).getBytes(UTF_8)),
                    named("key set", SampleKeys.setOf(ONE)),
                    named("modulus", ONE.publicKey().getModulus().toByteArray()),
                    named("n", ((String) ONE.jwk().get("n")).getBytes(US_ASCII)),
                    named("kid", ONE.kid().getBytes(US_ASCII)),
                    named("a zero byte", new byte[1]));
        }

        @ParameterizedTest
        @MethodSource("publicKeysAsSecrets")
        void hmacWithThePublicKey(byte[] secret) throws GeneralSecurityException {
            for (String bits : List.of("256", "384", "512")) {
                String declared = mac("HmacSHA" + bits, secret, header("alg", "HS" + bits), claims);
                String disguised = mac("HmacSHA" + bits, secret, header("alg", "RS256"), claims);

                assertRejected(Reason.TOKEN_ALGORITHM, declared);
                assertRejected(Reason.TOKEN_SIGNATURE, disguised);
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "RS384",
                    "RS512",
                    "PS256",
                    "PS384",
                    "PS512",
                    "ES256",
                    "ES384",
                    "ES512",
                    "ES256K",
                    "EdDSA",
                    "Ed25519",
                    "RS1",
                    "rs256",
                    "RS256,none",
                    "HS256",
                })
        void anotherAlgorithmWithASignatureOfAKnownKey(String algorithm) {
            assertRejected(Reason.TOKEN_ALGORITHM, ONE.sign(header("alg", algorithm), claims));
        }

        @ParameterizedTest
        @ValueSource(strings = {"SHA1withRSA", "SHA384withRSA", "SHA512withRSA"})
        void anotherDigestWithTheNameRs256(String algorithm) throws GeneralSecurityException {
            String input = base64Url(tokens.headerJson()) + "." + base64Url(claims);
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(ONE.privateKey());
            signature.update(input.getBytes(US_ASCII));

            assertRejected(Reason.TOKEN_SIGNATURE, input + "." + base64Url(signature.sign()));
        }

        private static String mac(String algorithm, byte[] secret, String header, String claims)
                throws GeneralSecurityException {
            String input = base64Url(header) + "." + base64Url(claims);
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(secret, algorithm));
            return input + "." + base64Url(mac.doFinal(input.getBytes(US_ASCII)));
        }
    }

    @Nested
    class RefusesHeader {

        static Stream<Named<Map<String, Object>>> injectedKeys() {
            Map<String, Object> own = SampleKeys.withId(SampleKeys.MALLORY, ONE.kid()).jwk();
            return Stream.of(
                    named("jwk", Map.of("jwk", own)),
                    named("jku", Map.of("jku", "https://attacker.example/jwks.json")),
                    named(
                            "jku with user info",
                            Map.of("jku", VerifierFixture.ISSUER + "@x.example/")),
                    named("x5u", Map.of("x5u", "https://attacker.example/chain.pem")),
                    named("x5c", Map.of("x5c", List.of(base64(SampleKeys.MALLORY)))),
                    named("x5t", Map.of("x5t", "AAAA", "x5t#S256", "AAAA")),
                    named("keys", Map.of("keys", List.of(own))));
        }

        @ParameterizedTest
        @MethodSource("injectedKeys")
        void aKeyInTheHeader(Map<String, Object> members) {
            Map<String, Object> header = new LinkedHashMap<>(members);
            header.put("alg", "RS256");
            header.put("kid", ONE.kid());
            assertRejected(
                    Reason.TOKEN_SIGNATURE,
                    SampleKeys.MALLORY.sign(SampleKeys.json(header), claims));

            header.put("kid", SampleKeys.MALLORY.kid());
            assertRejected(
                    Reason.TOKEN_KEY_UNKNOWN,
                    SampleKeys.MALLORY.sign(SampleKeys.json(header), claims));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "\"crit\":[\"exp\"]",
                    "\"crit\":[]",
                    "\"crit\":[\"b64\"],\"b64\":false",
                    "\"b64\":false",
                    "\"zip\":\"DEF\"",
                    "\"cty\":\"JWT\"",
                    "\"alg\":\"RS256\"",
                    "\"\\u0061lg\":\"RS256\"",
                    "\"kid\":\"another\"",
                    "\"x\":{\"y\":1,\"y\":2}",
                })
        void aCriticalOrRepeatedMemberWithASignatureOfAKnownKey(String member) {
            String header = tokens.headerJson().replace("}", "," + member + "}");

            assertRejected(Reason.TOKEN_MALFORMED, ONE.sign(header, claims));
        }

        private static String base64(SigningKey key) {
            return Base64.getEncoder().encodeToString(key.publicKey().getEncoded());
        }
    }

    @Nested
    class RefusesKeyId {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "\"../../../../dev/null\"",
                    "\"/etc/passwd\"",
                    "\"' OR '1'='1\"",
                    "\"https://attacker.example/jwks.json\"",
                    "\"*\"",
                    "\" \"",
                })
        void aPathOrUrlOrQuery(String keyId) {
            assertRejected(
                    Reason.TOKEN_KEY_UNKNOWN,
                    ONE.sign("{\"alg\":\"RS256\",\"kid\":" + keyId + "}", claims));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "null",
                    "0",
                    "-1",
                    "1e9",
                    "true",
                    "[]",
                    "{}",
                    "\"\"",
                    "\"\\u0000\"",
                    "\"\\r\\n\"",
                })
        void aValueThatIsNotAPrintableString(String keyId) {
            assertRejected(
                    Reason.TOKEN_MALFORMED,
                    ONE.sign("{\"alg\":\"RS256\",\"kid\":" + keyId + "}", claims));
        }

        @Test
        void aList() {
            assertRejected(
                    Reason.TOKEN_MALFORMED,
                    ONE.sign(
                            "{\"alg\":\"RS256\",\"kid\":[" + SampleKeys.json(ONE.kid()) + "]}",
                            claims));
        }

        @Test
        void aHundredKilobytes() {
            assertRejected(
                    Reason.TOKEN_MALFORMED,
                    ONE.sign(
                            "{\"alg\":\"RS256\",\"kid\":\"" + "x".repeat(100_000) + "\"}", claims));
        }

        @Test
        void absenceAlsoIfTheIssuerHasOneKey() {
            assertRejected(Reason.TOKEN_MALFORMED, ONE.sign("{\"alg\":\"RS256\"}", claims));
        }
    }

    @Nested
    class RefusesPayload {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "\"sub\":\"admin\"",
                    "\"\\u0073ub\":\"admin\"",
                    "\"exp\":253402300799",
                    "\"x\":[{\"y\":1,\"y\":1}]",
                })
        void aRepeatedName(String member) {
            assertRejected(
                    Reason.TOKEN_MALFORMED,
                    ONE.sign(
                            tokens.headerJson(),
                            claims.substring(0, claims.length() - 1) + "," + member + "}"));
        }

        @Test
        void deepNesting() {
            String nested = "[".repeat(3_000) + "]".repeat(3_000);

            assertRejected(
                    Reason.TOKEN_MALFORMED,
                    ONE.sign(
                            tokens.headerJson(),
                            claims.replaceFirst("\\{", "{\"x\":" + nested + ",")));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "null",
                    "true",
                    "\"9999999999\"",
                    "\"never\"",
                    "[9999999999]",
                    "{}",
                    "1e400",
                    "1e999999999",
                    "99999999999999999999",
                    "-1",
                    "9999999999999",
                })
        void anInvalidExpiry(String expiry) {
            assertRejected(
                    Reason.TOKEN_MALFORMED,
                    ONE.sign(
                            tokens.headerJson(),
                            claims.replaceFirst("\"exp\":\\d+", "\"exp\":" + expiry)));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    VerifierFixture.ISSUER + "/",
                    VerifierFixture.ISSUER + "0",
                    VerifierFixture.ISSUER + ".attacker.example",
                    VerifierFixture.ISSUER + "?",
                    VerifierFixture.ISSUER + "#",
                    VerifierFixture.ISSUER + " ",
                    VerifierFixture.ISSUER + "\0",
                    VerifierFixture.ISSUER + "," + VerifierFixture.ISSUER,
                    " " + VerifierFixture.ISSUER,
                    "https://attacker.example/" + VerifierFixture.ISSUER,
                    "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Local000",
                    "https://cognito-idp.eu-west-1.amazonaws.com/EU-WEST-1_LOCAL0001",
                    "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Other0002",
                    "https://cognito-idp.eu-west-1.amazonaws.com",
                    "https://COGNITO-IDP.eu-west-1.amazonaws.com/eu-west-1_Local0001",
                    "http://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Local0001",
                    "//cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Local0001",
                    "",
                })
        void anIssuerThatIsSimilarToAConfiguredOne(String issuer) {
            assertRejected(Reason.TOKEN_ISSUER, tokens.issuedBy(issuer).access());
            assertEquals(0, fixture.endpoint.calls());
        }

        @Test
        void anIssuerInAList() {
            assertRejected(
                    Reason.TOKEN_MALFORMED,
                    tokens.access(with("iss", List.of(VerifierFixture.ISSUER))));
        }

        @Test
        void anIdToken() {
            assertRejected(Reason.TOKEN_USE, tokens.id());
            assertRejected(Reason.TOKEN_USE, tokens.id(with("client_id", Tokens.CLIENT_ID)));
        }

        @Test
        void aTokenUseInAList() {
            assertRejected(
                    Reason.TOKEN_MALFORMED, tokens.id(with("token_use", List.of("id", "access"))));
        }
    }

    @Nested
    class RefusesKey {

        @Test
        void ofAnotherUserPool() {
            assertRejected(Reason.TOKEN_KEY_UNKNOWN, tokens.signedWith(SampleKeys.TWO).access());
        }

        @Test
        void ofAnotherUserPoolWithAKnownKeyId() {
            assertRejected(
                    Reason.TOKEN_SIGNATURE,
                    tokens.signedWith(SampleKeys.withId(SampleKeys.TWO, ONE.kid())).access());
        }

        @Test
        void thatIsPublishedButNotForSignaturesOrTooShort() {
            Map<String, Object> encryption = SampleKeys.with(ENCRYPTION.jwk(), "use", "enc");
            fixture.endpoint.answer(
                    200, SampleKeys.setOf(List.of(ONE.jwk(), SHORT.jwk(), encryption)));

            assertRejected(Reason.TOKEN_KEY_UNKNOWN, tokens.signedWith(SHORT).access());
            assertRejected(Reason.TOKEN_KEY_UNKNOWN, tokens.signedWith(ENCRYPTION).access());
            assertInstanceOf(
                    Verification.Verified.class, fixture.verify(verifier, tokens.access()));
        }

        /** It is unknown which of the keys signed: no Allow, and no Deny that would be cached. */
        @Test
        void whoseKeyIdHasTwoKeys() {
            fixture.endpoint.answer(
                    200,
                    SampleKeys.setOf(
                            List.of(
                                    ONE.jwk(),
                                    TWICE.jwk(),
                                    SampleKeys.withId(SampleKeys.MALLORY, "twice").jwk())));

            assertEquals(
                    new Verification.KeysUnavailable(
                            "cognito-idp.eu-west-1.amazonaws.com: different keys have the token's kid"),
                    fixture.verify(verifier, tokens.signedWith(TWICE).access()));
            assertInstanceOf(
                    Verification.Verified.class, fixture.verify(verifier, tokens.access()));
        }

        @Test
        void withTheExponentOne() {
            Map<String, Object> trivial =
                    SampleKeys.jwk(
                            "trivial", ONE.publicKey().getModulus(), java.math.BigInteger.ONE);
            fixture.endpoint.answer(200, SampleKeys.setOf(List.of(ONE.jwk(), trivial)));

            assertRejected(
                    Reason.TOKEN_KEY_UNKNOWN,
                    tokens.signedWith(SampleKeys.withId(SampleKeys.MALLORY, "trivial")).access());
        }

        @Test
        void thatIsWithdrawn() {
            String before = tokens.access();
            fixture.verify(verifier, before);
            fixture.endpoint.publish(SampleKeys.TWO);
            fixture.clock.advance(JwkSetCache.SOFT_AGE);
            fixture.verify(verifier, before);

            assertRejected(Reason.TOKEN_KEY_UNKNOWN, before);
        }
    }

    @Nested
    class RefusesForm {

        @Test
        void moreOrFewerParts() {
            String token = tokens.access();
            String[] parts = token.split("\\.");

            assertRejected(Reason.TOKEN_MALFORMED, parts[0] + "." + parts[1]);
            assertRejected(Reason.TOKEN_MALFORMED, token + ".");
            assertRejected(Reason.TOKEN_MALFORMED, token + "." + parts[2]);
            assertRejected(Reason.TOKEN_MALFORMED, token + "." + parts[1] + "." + parts[2]);
            assertRejected(Reason.TOKEN_SIGNATURE, parts[0] + "." + parts[1] + ".");
        }

        @ParameterizedTest
        @ValueSource(strings = {"=", "==", " ", "\n", "\0", "+", "/", "."})
        void paddingOrOtherCharactersAtTheEnd(String addition) {
            assertRejected(Reason.TOKEN_MALFORMED, tokens.access() + addition);
        }

        @Test
        void theSignatureOfAnotherToken() {
            String good = tokens.access();
            String other = tokens.access(with("sub", "admin"));

            assertRejected(
                    Reason.TOKEN_SIGNATURE,
                    other.substring(0, other.lastIndexOf('.'))
                            + good.substring(good.lastIndexOf('.')));
        }

        @Test
        void aLongerOrShorterSignature() {
            String token = tokens.access();
            String input = token.substring(0, token.lastIndexOf('.'));
            byte[] signature = ONE.signature(input);
            byte[] longer = new byte[257];
            System.arraycopy(signature, 0, longer, 1, 256);

            assertRejected(Reason.TOKEN_SIGNATURE, input + "." + base64Url(longer));
            assertRejected(
                    Reason.TOKEN_SIGNATURE,
                    input + "." + base64Url(java.util.Arrays.copyOf(signature, 257)));
            assertRejected(
                    Reason.TOKEN_SIGNATURE,
                    input + "." + base64Url(java.util.Arrays.copyOf(signature, 255)));
        }

        @Test
        void anyChangedCharacter() {
            String token = tokens.access();
            assertInstanceOf(Verification.Verified.class, fixture.verify(verifier, token));

            for (int i = 0; i < token.length(); i++) {
                char other = token.charAt(i) == 'A' ? 'B' : 'A';

                assertNotVerified(token.substring(0, i) + other + token.substring(i + 1));
            }
        }

        @Test
        void anyOmittedCharacter() {
            String token = tokens.access();

            for (int i = 0; i < token.length(); i++) {
                assertNotVerified(token.substring(0, i) + token.substring(i + 1));
            }
        }

        @Test
        void anyTruncation() {
            String token = tokens.access();

            for (int i = 0; i < token.length(); i++) {
                assertNotVerified(token.substring(0, i));
            }
        }

        @Test
        void randomText() {
            Random random = new Random(20_260_301);
            String alphabet = "eyJhbGciOiJSUzI1NiJ9.-_=+/{}[]\":, \0é";
            for (int i = 0; i < 20_000; i++) {
                StringBuilder text = new StringBuilder();
                int length = random.nextInt(60);
                for (int j = 0; j < length; j++) {
                    text.append(alphabet.charAt(random.nextInt(alphabet.length())));
                }

                assertNotVerified(text.toString());
            }
        }

        @Test
        void randomJson() {
            Random random = new Random(20_260_302);
            String[] words = {
                "{",
                "}",
                "[",
                "]",
                ":",
                ",",
                "\"alg\"",
                "\"RS256\"",
                "\"kid\"",
                "\"exp\"",
                "\"iss\"",
                "1",
                "-",
                "e9",
                ".",
                "null",
                "true",
                "\"",
                "\\",
                "\\u0000",
                "\\ud800",
                " ",
                "\"x\"",
            };
            for (int i = 0; i < 20_000; i++) {
                StringBuilder text = new StringBuilder("{");
                int length = random.nextInt(20);
                for (int j = 0; j < length; j++) {
                    text.append(words[random.nextInt(words.length)]);
                }

                assertNotVerified(base64Url(text.toString()) + "." + base64Url(claims) + ".AA");
                assertNotVerified(
                        base64Url(tokens.headerJson()) + "." + base64Url(text + "}") + ".");
            }
        }
    }

    @Nested
    class VerifiesGoodTokens {

        @Test
        void duringARotationAndAFloodOfUnknownKeyIds() {
            fixture.verify(verifier, tokens.access());
            fixture.endpoint.publish(ONE, SampleKeys.TWO);
            for (int i = 0; i < 500; i++) {
                SigningKey stranger = SampleKeys.withId(SampleKeys.MALLORY, "stranger" + i);
                assertRejected(
                        Reason.TOKEN_KEY_UNKNOWN,
                        stranger.sign("{\"alg\":\"RS256\",\"kid\":\"stranger" + i + "\"}", claims));
            }

            assertEquals(2, fixture.endpoint.calls());
            assertInstanceOf(
                    Verification.Verified.class,
                    fixture.verify(verifier, tokens.signedWith(SampleKeys.TWO).access()));
            assertInstanceOf(
                    Verification.Verified.class, fixture.verify(verifier, tokens.access()));
            assertEquals(2, fixture.endpoint.calls());
        }

        @Test
        void afterThreeDaysInAFrozenEnvironment() {
            fixture.verify(verifier, tokens.access());
            fixture.clock.advance(Duration.ofDays(3));

            assertInstanceOf(
                    Verification.Verified.class, fixture.verify(verifier, tokens.access()));
            assertEquals(2, fixture.endpoint.calls());
        }
    }
}
