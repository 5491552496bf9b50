package authoriser.token;

import static authoriser.token.SampleKeys.base64Url;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Named.named;

import authoriser.reason.Reason;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which texts have the form of a token that is accepted. */
class CompactJwsTest {
    private static final String HEADER = "{\"kid\":\"one\",\"alg\":\"RS256\"}";
    private static final String PAYLOAD = "{\"sub\":\"jane\",\"exp\":1}";
    private static final String SIGNATURE = "c2lnbmF0dXJl";

    private static CompactJws parse(String token) throws RejectedToken {
        return CompactJws.parse(token, new JoseHeaders());
    }

    private static String token(String header, String payload) {
        return base64Url(header) + "." + base64Url(payload) + "." + SIGNATURE;
    }

    /** A token of this length, with a signature that is long enough for it. */
    private static String tokenOfLength(int length) {
        String signed = base64Url(HEADER) + "." + base64Url(PAYLOAD) + ".";
        return signed + "A".repeat(length - signed.length());
    }

    private static void assertRefused(Reason reason, String token) {
        assertEquals(reason, assertThrows(RejectedToken.class, () -> parse(token)).reason());
    }

    @Test
    void doesNotShowTheTokenInTheException() {
        RejectedToken rejected =
                assertThrows(
                        RejectedToken.class, () -> parse(token(HEADER, "{\"sub\":[\"jane\"]}")));

        assertTrue(rejected.toString().endsWith(": token_malformed"));
        assertEquals(null, rejected.getCause());
        assertEquals(0, rejected.getStackTrace().length);
    }

    @Nested
    class Parts {

        @Test
        void areReadFromAToken() throws RejectedToken {
            CompactJws jws = parse(token(HEADER, PAYLOAD));

            assertEquals("one", jws.keyId());
            assertEquals("jane", jws.claims().subject());
            assertEquals(
                    base64Url(HEADER) + "." + base64Url(PAYLOAD),
                    new String(jws.signingInput(), US_ASCII));
            assertEquals(SIGNATURE, base64Url(jws.signature()));
        }

        @Test
        void mayHaveTwelveKibibytes() throws RejectedToken {
            String token = tokenOfLength(12 * 1024);

            assertEquals(12 * 1024, token.length());
            assertEquals("one", parse(token).keyId());
        }

        @Test
        void areRefusedWithOneCharacterMore() {
            assertRefused(Reason.TOKEN_MALFORMED, tokenOfLength(12 * 1024) + "A");
        }

        @Test
        void areRefusedWithFiveMegabytes() {
            assertRefused(Reason.TOKEN_MALFORMED, ".".repeat(5 * 1024 * 1024));
        }

        @ParameterizedTest
        @ValueSource(strings = {"", ".", "..", "...", "....", "e30", "e30.e30", "e30.e30.e30.e30"})
        void areRefusedIfThereAreNotThree(String token) {
            assertRefused(Reason.TOKEN_MALFORMED, token);
        }

        @Test
        void areRefusedIfMoreFollowAfterThreeGoodOnes() {
            String good = token(HEADER, PAYLOAD);

            assertRefused(Reason.TOKEN_MALFORMED, good + ".");
            assertRefused(Reason.TOKEN_MALFORMED, "." + good);
            assertRefused(Reason.TOKEN_MALFORMED, good + ".e30");
            assertRefused(Reason.TOKEN_MALFORMED, good + ".e30.e30");
            assertRefused(Reason.TOKEN_MALFORMED, good.replace(".", ".."));
        }

        @Test
        void areRefusedInTheJsonSerialization() {
            assertRefused(
                    Reason.TOKEN_MALFORMED,
                    "{\"payload\":\"%s\",\"protected\":\"%s\",\"signature\":\"%s\"}"
                            .formatted(base64Url(PAYLOAD), base64Url(HEADER), SIGNATURE));
        }

        @Test
        void areRefusedIfTheHeaderOrThePayloadIsEmpty() {
            assertRefused(Reason.TOKEN_MALFORMED, "." + base64Url(PAYLOAD) + "." + SIGNATURE);
            assertRefused(Reason.TOKEN_MALFORMED, base64Url(HEADER) + ".." + SIGNATURE);
        }

        @Test
        void mayHaveAnEmptySignatureWhichTheKeyRefuses() throws RejectedToken {
            assertEquals(
                    0,
                    parse(base64Url(HEADER) + "." + base64Url(PAYLOAD) + ".").signature().length);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"=", "==", " ", "\n", "\r\n", "\t", "+", "/", "\0", "é", "\ufeff", "%"})
        void areRefusedIfOneIsNotBase64Url(String addition) {
            String header = base64Url(HEADER);
            String payload = base64Url(PAYLOAD);

            assertRefused(
                    Reason.TOKEN_MALFORMED, header + addition + "." + payload + "." + SIGNATURE);
            assertRefused(
                    Reason.TOKEN_MALFORMED, addition + header + "." + payload + "." + SIGNATURE);
            assertRefused(
                    Reason.TOKEN_MALFORMED, header + "." + payload + addition + "." + SIGNATURE);
            assertRefused(
                    Reason.TOKEN_MALFORMED, header + "." + addition + payload + "." + SIGNATURE);
            assertRefused(
                    Reason.TOKEN_MALFORMED, header + "." + payload + "." + SIGNATURE + addition);
            assertRefused(
                    Reason.TOKEN_MALFORMED, header + "." + payload + "." + addition + SIGNATURE);
        }

        @Test
        void areRefusedIfOneIsAnotherEncodingOfTheSameBytes() throws RejectedToken {
            String oneOver = "{\"kid\":\"one\",\"alg\":\"RS256\"} ";
            String header = base64Url(oneOver);
            assertEquals(2, header.length() % 4);
            String payload = base64Url(PAYLOAD + " ".repeat(4 - (PAYLOAD.length() % 3)));
            assertEquals(2, payload.length() % 4);

            parse(header + "." + payload + ".QQ");
            assertRefused(Reason.TOKEN_MALFORMED, next(header) + "." + payload + ".QQ");
            assertRefused(Reason.TOKEN_MALFORMED, header + "." + next(payload) + ".QQ");
            assertRefused(Reason.TOKEN_MALFORMED, header + "." + payload + ".QR");
            assertRefused(Reason.TOKEN_MALFORMED, header + "." + payload + ".QQF");
            assertRefused(Reason.TOKEN_MALFORMED, header + "." + payload + ".A");
        }

        /** The same part, but its last character is replaced by the next one of the alphabet. */
        private static String next(String part) {
            int last = part.length() - 1;
            return part.substring(0, last) + (char) (part.charAt(last) + 1);
        }
    }

    @Nested
    class Json {

        static Stream<Named<byte[]>> notJson() {
            return Stream.of(
                    named("a space", " ".getBytes(UTF_8)),
                    named("null", "null".getBytes(UTF_8)),
                    named("array", "[]".getBytes(UTF_8)),
                    named("string", "\"text\"".getBytes(UTF_8)),
                    named("number", "1".getBytes(UTF_8)),
                    named("unfinished", "{\"sub\":\"x\"".getBytes(UTF_8)),
                    named("two objects", "{}{}".getBytes(UTF_8)),
                    named("comment", "{/**/}".getBytes(UTF_8)),
                    named("NUL after it", "{}\0".getBytes(UTF_8)),
                    named("byte order mark", "\ufeff{}".getBytes(UTF_8)),
                    named("UTF-16", "{\"sub\":\"x\"}".getBytes(UTF_16BE)),
                    named("ISO 8859-1", "{\"sub\":\"ä\"}".getBytes(ISO_8859_1)),
                    named("invalid UTF-8 in an ignored member", hex("7B2278223A22FF227D")),
                    named("overlong UTF-8", hex("7B2278223A22C0AF227D")),
                    named("duplicate names", "{\"x\":1,\"x\":1}".getBytes(UTF_8)),
                    named("duplicate by escape", "{\"x\":1,\"\\u0078\":1}".getBytes(UTF_8)),
                    named(
                            "duplicate in a nested object",
                            "{\"y\":[{\"x\":1,\"x\":1}]}".getBytes(UTF_8)),
                    named("nested too deep", nested(17)),
                    named("nested very deep", nested(4_000)),
                    named("number too long", ("{\"x\":" + "1".repeat(65) + "}").getBytes(UTF_8)));
        }

        @ParameterizedTest
        @MethodSource("notJson")
        void ofTheHeaderMustBeStrict(byte[] header) {
            assertRefused(
                    Reason.TOKEN_MALFORMED,
                    base64Url(header) + "." + base64Url(PAYLOAD) + "." + SIGNATURE);
        }

        @ParameterizedTest
        @MethodSource("notJson")
        void ofThePayloadMustBeStrict(byte[] payload) {
            assertRefused(
                    Reason.TOKEN_MALFORMED,
                    base64Url(HEADER) + "." + base64Url(payload) + "." + SIGNATURE);
        }

        @Test
        void mayHaveSixteenLevels() throws RejectedToken {
            String payload = new String(nested(16), UTF_8);

            assertEquals("one", parse(token(HEADER, payload)).keyId());
        }

        private static byte[] nested(int depth) {
            int arrays = depth - 1;
            return ("{\"x\":" + "[".repeat(arrays) + "]".repeat(arrays) + "}").getBytes(UTF_8);
        }

        private static byte[] hex(String digits) {
            return HexFormat.of().parseHex(digits);
        }
    }

    @Nested
    class Algorithm {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "none",
                    "None",
                    "NONE",
                    "nOnE",
                    "",
                    " ",
                    "RS256 ",
                    " RS256",
                    "rs256",
                    "Rs256",
                    "RS384",
                    "RS512",
                    "PS256",
                    "ES256",
                    "ES256K",
                    "EdDSA",
                    "HS256",
                    "HS384",
                    "HS512",
                    "RS256\\u0000",
                    "RSA",
                    "RSA-OAEP",
                    "dir",
                    "SHA256withRSA",
                })
        void isRefusedIfItIsNotRs256(String algorithm) {
            assertRefused(
                    Reason.TOKEN_ALGORITHM,
                    token("{\"kid\":\"one\",\"alg\":\"" + algorithm + "\"}", PAYLOAD));
        }

        @ParameterizedTest
        @ValueSource(strings = {"null", "true", "256", "[\"RS256\"]", "{\"RS256\":1}"})
        void isRefusedIfItIsNotAString(String algorithm) {
            assertRefused(
                    Reason.TOKEN_ALGORITHM,
                    token("{\"kid\":\"one\",\"alg\":" + algorithm + "}", PAYLOAD));
        }

        @ParameterizedTest
        @ValueSource(strings = {"{\"kid\":\"one\"}", "{\"kid\":\"one\",\"ALG\":\"RS256\"}", "{}"})
        void isRefusedIfItIsAbsent(String header) {
            assertRefused(Reason.TOKEN_ALGORITHM, token(header, PAYLOAD));
        }

        @Test
        void mayBeWrittenWithEscapes() throws RejectedToken {
            parse(token("{\"kid\":\"one\",\"\\u0061lg\":\"\\u0052S256\"}", PAYLOAD));
        }

        @Test
        void isCheckedBeforeTheKeyId() {
            assertRefused(Reason.TOKEN_ALGORITHM, token("{\"alg\":\"none\"}", PAYLOAD));
            assertRefused(
                    Reason.TOKEN_ALGORITHM,
                    token("{\"alg\":\"none\",\"crit\":[\"exp\"]}", PAYLOAD));
        }
    }

    @Nested
    class KeyId {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "null",
                    "1",
                    "true",
                    "[]",
                    "[\"one\"]",
                    "{\"kid\":\"one\"}",
                    "\"\"",
                    "\"\\u0000\"",
                    "\"one\\u0000\"",
                    "\"one\\n\"",
                    "\"one\\u001f\"",
                    "\"one\\u007f\"",
                    "\"one\\u009f\"",
                })
        void isRefusedIfItIsNotAPrintableString(String keyId) {
            assertRefused(
                    Reason.TOKEN_MALFORMED,
                    token("{\"alg\":\"RS256\",\"kid\":" + keyId + "}", PAYLOAD));
        }

        @Test
        void isRefusedIfItIsAbsent() {
            assertRefused(Reason.TOKEN_MALFORMED, token("{\"alg\":\"RS256\"}", PAYLOAD));
            assertRefused(
                    Reason.TOKEN_MALFORMED, token("{\"alg\":\"RS256\",\"KID\":\"1\"}", PAYLOAD));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "../../../../../dev/null",
                    "file:///etc/passwd",
                    "https://attacker.example/jwks.json",
                    "x' UNION SELECT 'key",
                    "| sleep 10",
                    "${jndi:ldap://attacker.example/a}",
                    "a b",
                    "ключ",
                })
        void isNotInterpreted(String keyId) throws RejectedToken {
            assertEquals(
                    keyId,
                    parse(
                                    token(
                                            SampleKeys.json(
                                                    java.util.Map.of("alg", "RS256", "kid", keyId)),
                                            PAYLOAD))
                            .keyId());
        }

        @Test
        void mayHave256Characters() throws RejectedToken {
            String keyId = "k".repeat(256);

            assertEquals(
                    keyId,
                    parse(token("{\"alg\":\"RS256\",\"kid\":\"" + keyId + "\"}", PAYLOAD)).keyId());
        }

        @Test
        void isRefusedWith257Characters() {
            String keyId = "k".repeat(257);

            assertRefused(
                    Reason.TOKEN_MALFORMED,
                    token("{\"alg\":\"RS256\",\"kid\":\"" + keyId + "\"}", PAYLOAD));
        }

        @Test
        void isRefusedWithAHundredKilobytes() {
            String keyId = "k".repeat(100_000);

            assertRefused(
                    Reason.TOKEN_MALFORMED,
                    token("{\"alg\":\"RS256\",\"kid\":\"" + keyId + "\"}", PAYLOAD));
        }
    }

    @Nested
    class OtherHeaderParameters {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "\"crit\":[\"exp\"]",
                    "\"crit\":[\"b64\"]",
                    "\"crit\":[]",
                    "\"crit\":null",
                    "\"crit\":{\"a\":[1]}",
                    "\"b64\":true",
                    "\"b64\":false",
                    "\"zip\":\"DEF\"",
                    "\"zip\":null",
                    "\"cty\":\"JWT\"",
                    "\"cty\":\"\"",
                })
        void areRefusedIfTheyChangeTheMeaningOfTheToken(String member) {
            assertRefused(
                    Reason.TOKEN_MALFORMED,
                    token("{\"alg\":\"RS256\",\"kid\":\"one\"," + member + "}", PAYLOAD));
            assertRefused(
                    Reason.TOKEN_MALFORMED,
                    token("{" + member + ",\"alg\":\"RS256\",\"kid\":\"one\"}", PAYLOAD));
        }

        @ParameterizedTest
        @ValueSource(strings = {"7", "null", "true", "[\"JWT\"]", "{\"a\":\"JWT\"}"})
        void refusesATypThatIsNotAString(String value) {
            assertRefused(
                    Reason.TOKEN_MALFORMED,
                    token("{\"typ\":" + value + ",\"alg\":\"RS256\",\"kid\":\"one\"}", PAYLOAD));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "\"typ\":\"JWT\"",
                    "\"typ\":\"at+jwt\"",
                    "\"jwk\":{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\",\"kid\":\"one\"}",
                    "\"jku\":\"https://attacker.example/jwks.json\"",
                    "\"x5u\":\"https://attacker.example/chain.pem\"",
                    "\"x5c\":[\"MIIB\"]",
                    "\"x5t\":\"abc\"",
                    "\"CRIT\":[\"exp\"]",
                })
        void areOtherwiseIgnored(String member) throws RejectedToken {
            assertEquals(
                    "one",
                    parse(token("{\"alg\":\"RS256\",\"kid\":\"one\"," + member + "}", PAYLOAD))
                            .keyId());
        }
    }

    @Nested
    class CachedHeader {

        @Test
        void isNotUsedForAHeaderWithTheSameBeginning() throws RejectedToken {
            JoseHeaders headers = new JoseHeaders();
            String two = "{\"kid\":\"one\",\"alg\":\"RS256\",\"kid2\":\"\"}";
            assertEquals("one", CompactJws.parse(token(HEADER, PAYLOAD), headers).keyId());

            String longer = base64Url(HEADER) + "A";
            assertThrows(
                    RejectedToken.class,
                    () -> CompactJws.parse(longer + "." + base64Url(PAYLOAD) + ".QQ", headers));
            assertEquals("one", CompactJws.parse(token(two, PAYLOAD), headers).keyId());
            assertEquals(
                    "two",
                    CompactJws.parse(token(HEADER.replace("one", "two"), PAYLOAD), headers)
                            .keyId());
        }

        @Test
        void isNeverOneThatWasRefused() throws RejectedToken {
            JoseHeaders headers = new JoseHeaders();
            String refused = token(HEADER.replace("RS256", "HS256"), PAYLOAD);

            for (int i = 0; i < 2; i++) {
                RejectedToken rejected =
                        assertThrows(RejectedToken.class, () -> CompactJws.parse(refused, headers));
                assertEquals(Reason.TOKEN_ALGORITHM, rejected.reason());
            }
            assertEquals("one", CompactJws.parse(token(HEADER, PAYLOAD), headers).keyId());
        }

        @Test
        void doesNotPreventTheCheckOfThePayload() throws RejectedToken {
            JoseHeaders headers = new JoseHeaders();
            CompactJws.parse(token(HEADER, PAYLOAD), headers);

            assertThrows(RejectedToken.class, () -> CompactJws.parse(token(HEADER, "[]"), headers));
        }

        @Test
        void mayHave512Characters() throws RejectedToken {
            JoseHeaders headers = new JoseHeaders();
            String token = token(paddedTo(512), PAYLOAD);

            assertSame(
                    CompactJws.parse(token, headers).keyId(),
                    CompactJws.parse(token, headers).keyId());
        }

        @Test
        void isNeverLongerThan512Characters() throws RejectedToken {
            JoseHeaders headers = new JoseHeaders();
            String token = token(paddedTo(514), PAYLOAD);

            assertNotSame(
                    CompactJws.parse(token, headers).keyId(),
                    CompactJws.parse(token, headers).keyId());
        }

        /** A header that has this number of characters in base64url. */
        private static String paddedTo(int characters) {
            int padding = characters * 3 / 4 - HEADER.length() - ",\"x\":\"\"".length();
            return HEADER.replace("}", ",\"x\":\"" + "x".repeat(padding) + "\"}");
        }
    }
}
