package authoriser.token;

import static authoriser.token.SampleKeys.jwk;
import static authoriser.token.SampleKeys.setOf;
import static authoriser.token.SampleKeys.with;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Named.named;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which keys of an issuer are used, and which are skipped. */
class JwkSetTest {
    private static final Map<String, Object> GOOD = jwk("good", 2048, 65_537);
    private static final Map<String, Object> ODD = jwk("odd", 2048, 65_537);

    @Test
    void readsTheKeysOfAUserPool() throws IOException {
        Map<String, VerificationKey> keys =
                JwkSet.read(setOf(SampleKeys.ONE, SampleKeys.TWO)).keys();

        assertEquals(Set.of(SampleKeys.ONE.kid(), SampleKeys.TWO.kid()), keys.keySet());
        for (authoriser.standin.SigningKey key : List.of(SampleKeys.ONE, SampleKeys.TWO)) {
            assertTrue(
                    keys.get(key.kid())
                            .verifies("signed".getBytes(UTF_8), key.signature("signed")));
        }
    }

    @Test
    void readsTwentyKeys() throws IOException {
        List<Map<String, Object>> twenty = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            twenty.add(jwk("key" + i, 2048, 65_537));
        }

        assertEquals(20, JwkSet.read(setOf(twenty)).keys().size());
    }

    static Stream<Named<Map<String, Object>>> usesAKeyWith() {
        return Stream.of(
                named("without use, alg and key_ops", ODD),
                named("use sig", with(ODD, "use", "sig")),
                named("alg RS256", with(ODD, "alg", "RS256")),
                named("key_ops verify", with(ODD, "key_ops", List.of("verify"))),
                named("key_ops with verify", with(ODD, "key_ops", List.of("sign", "verify"))),
                named("8192 bits", jwk("odd", 8192, 65_537)),
                named("2049 bits", jwk("odd", 2049, 65_537)),
                named("exponent 3", jwk("odd", 2048, 3)),
                named("exponent of 32 bits", jwk("odd", 2048, 0xffff_ffffL)),
                named("modulus with a zero byte before it", withZeroByte(ODD)),
                named("use null", nullIn(ODD, "use")),
                named("alg null", nullIn(ODD, "alg")),
                named("key_ops null", nullIn(ODD, "key_ops")),
                named("x5c null", nullIn(ODD, "x5c")),
                named("x5t null", nullIn(ODD, "x5t")),
                named(
                        "every optional member null",
                        nullIn(ODD, "use", "alg", "key_ops", "x5c", "x5t", "x5t#S256", "x5u")),
                named("members of other kinds", with(ODD, "x5c", List.of("MIIB", "MIIC"))),
                named("with a certificate's address", with(ODD, "x5u", "https://x.example/")));
    }

    @ParameterizedTest
    @MethodSource
    void usesAKeyWith(Map<String, Object> key) throws IOException {
        Map<String, VerificationKey> keys = JwkSet.read(setOf(List.of(GOOD, key))).keys();

        assertEquals(Set.of("good", "odd"), keys.keySet());
        for (int length : List.of(256, 257, 1024)) {
            assertFalse(keys.get("odd").verifies(new byte[1], new byte[length]));
        }
    }

    static Stream<Named<Map<String, Object>>> skipsAKeyWith() {
        return Stream.of(
                named("2047 bits", jwk("odd", 2047, 65_537)),
                named("1024 bits", jwk("odd", 1024, 65_537)),
                named("8193 bits", jwk("odd", 8193, 65_537)),
                named("32768 bits", jwk("odd", 32_768, 65_537)),
                named("1 bit", jwk("odd", BigInteger.ONE, BigInteger.valueOf(65_537))),
                named("exponent 0", jwk("odd", 2048, 0)),
                named("exponent 1", jwk("odd", 2048, 1)),
                named("exponent 2", jwk("odd", 2048, 2)),
                named("even exponent", jwk("odd", 2048, 65_536)),
                named("exponent of 33 bits", jwk("odd", 2048, 0x1_0000_0001L)),
                named(
                        "even modulus",
                        jwk("odd", modulus(2048).clearBit(0), BigInteger.valueOf(65_537))),
                named("exponent as long as the modulus", with(ODD, "e", ODD.get("n"))),
                named("use enc", with(ODD, "use", "enc")),
                named("use SIG", with(ODD, "use", "SIG")),
                named("use a number", with(ODD, "use", 1)),
                named("use a list", with(ODD, "use", List.of("sig"))),
                named("alg RS512", with(ODD, "alg", "RS512")),
                named("alg PS256", with(ODD, "alg", "PS256")),
                named("alg HS256", with(ODD, "alg", "HS256")),
                named("alg RSA-OAEP", with(ODD, "alg", "RSA-OAEP")),
                named("alg an object", with(ODD, "alg", Map.of("RS256", "verify"))),
                named("key_ops encrypt", with(ODD, "key_ops", List.of("encrypt"))),
                named("key_ops sign alone", with(ODD, "key_ops", List.of("sign"))),
                named("key_ops empty", with(ODD, "key_ops", List.of())),
                named("key_ops a string", with(ODD, "key_ops", "verify")),
                named("key_ops nested", with(ODD, "key_ops", List.of(List.of("verify")))),
                named("good use, bad key_ops", with(with(ODD, "use", "sig"), "key_ops", List.of())),
                named("kty EC", with(ODD, "kty", "EC")),
                named("kty oct", with(with(ODD, "kty", "oct"), "k", "AAAA")),
                named("kty rsa", with(ODD, "kty", "rsa")),
                named("no kty", with(ODD, "kty", null)),
                named("kty null", nullIn(ODD, "kty")),
                named("no kid", with(ODD, "kid", null)),
                named("kid null", nullIn(ODD, "kid")),
                named("kid a number", with(ODD, "kid", 1)),
                named("kid a list", with(ODD, "kid", List.of("odd"))),
                named("no n", with(ODD, "n", null)),
                named("n null", nullIn(ODD, "n")),
                named("n empty", with(ODD, "n", "")),
                named("n a number", with(ODD, "n", 12_345)),
                named("n padded", with(ODD, "n", ODD.get("n") + "==")),
                named("n with a space", with(ODD, "n", " " + ODD.get("n"))),
                named("n in plain base64", with(ODD, "n", "+/" + ODD.get("n"))),
                named("no e", with(ODD, "e", null)),
                named("e null", nullIn(ODD, "e")),
                named("e a list", with(ODD, "e", List.of("AQAB"))),
                named("e empty", with(ODD, "e", "")),
                named("e padded", with(ODD, "e", "Aw==")),
                named("e not canonical", with(ODD, "e", "Ax")));
    }

    @ParameterizedTest
    @MethodSource
    void skipsAKeyWith(Map<String, Object> key) throws IOException {
        assertEquals(Set.of("good"), idsOf(GOOD, key));
        assertEquals(Set.of("good"), idsOf(key, GOOD));
    }

    @Test
    void skipsElementsThatAreNotKeys() throws IOException {
        String good = SampleKeys.json(GOOD);

        assertEquals(
                Set.of("good"),
                JwkSet.read(
                                ("{\"keys\":[null,1,\"x\",[],[{\"kid\":\"x\"}],{},"
                                                + good
                                                + ",true]}")
                                        .getBytes(UTF_8))
                        .keys()
                        .keySet());
    }

    @Test
    void mayRepeatAKey() throws IOException {
        JwkSet set = JwkSet.read(setOf(List.of(ODD, GOOD, with(ODD, "use", "sig"), ODD)));

        assertEquals(Set.of("good", "odd"), set.keys().keySet());
        assertEquals(Set.of(), set.ambiguous());
    }

    /** RFC 7518 section 6.3.1.1 forbids leading zero bytes, but some issuers send them. */
    @Test
    void mayRepeatAKeyWithALeadingZeroByte() throws IOException {
        JwkSet set = JwkSet.read(setOf(List.of(ODD, GOOD, withZeroByte(ODD))));

        assertEquals(Set.of("good", "odd"), set.keys().keySet());
        assertEquals(Set.of(), set.ambiguous());
    }

    static Stream<Named<Map<String, Object>>> skipsDifferentKeysWithOneKeyId() {
        return Stream.of(
                named("another modulus", with(ODD, "n", jwk("", 2050, 65_537).get("n"))),
                named("another exponent", with(ODD, "e", "Aw")),
                named("a key that is too short", jwk("odd", 1024, 65_537)),
                named("a key with exponent 1", jwk("odd", 2048, 1)));
    }

    @ParameterizedTest
    @MethodSource
    void skipsDifferentKeysWithOneKeyId(Map<String, Object> other) throws IOException {
        for (List<Map<String, Object>> keys :
                List.of(
                        List.of(ODD, GOOD, other),
                        List.of(other, GOOD, ODD),
                        List.of(ODD, other, GOOD, ODD),
                        List.of(other, other, GOOD, ODD))) {
            JwkSet set = JwkSet.read(setOf(keys));

            assertEquals(Set.of("good"), set.keys().keySet());
            assertEquals(Set.of("odd"), set.ambiguous());
        }
    }

    /** RFC 7517 section 4.5: equal ids are allowed for different kinds of keys. */
    static Stream<Named<Map<String, Object>>> mayHaveAKeyForAnotherPurposeWithTheSameKeyId() {
        Map<String, Object> other = with(ODD, "n", jwk("", 2050, 65_537).get("n"));
        return Stream.of(
                named("use enc", with(other, "use", "enc")),
                named("the same numbers for encryption", with(ODD, "use", "enc")),
                named("alg RSA-OAEP", with(other, "alg", "RSA-OAEP")),
                named("alg PS256", with(other, "alg", "PS256")),
                named("key_ops encrypt", with(other, "key_ops", List.of("encrypt"))),
                named(
                        "kty EC",
                        Map.of("kid", "odd", "kty", "EC", "crv", "P-256", "x", "", "y", "")),
                named("kty oct", Map.of("kid", "odd", "kty", "oct", "k", "AAAA")),
                named("no kty", with(other, "kty", null)),
                named("no n", with(other, "n", null)),
                named("n that is not base64url", with(other, "n", "+/=")),
                named("e null", nullIn(other, "e")));
    }

    @ParameterizedTest
    @MethodSource
    void mayHaveAKeyForAnotherPurposeWithTheSameKeyId(Map<String, Object> other)
            throws IOException {
        for (List<Map<String, Object>> keys :
                List.of(List.of(ODD, GOOD, other), List.of(other, GOOD, ODD))) {
            JwkSet set = JwkSet.read(setOf(keys));

            assertEquals(Set.of("good", "odd"), set.keys().keySet());
            assertEquals(Set.of(), set.ambiguous());
        }
    }

    @Test
    void ignoresOtherMembersOfTheSet() throws IOException {
        String set = "{\"a\":{\"keys\":[]},\"keys\":[" + SampleKeys.json(GOOD) + "],\"z\":[1]}";

        assertEquals(Set.of("good"), JwkSet.read(set.getBytes(UTF_8)).keys().keySet());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"keys\":null}",
                "{\"keys\":{}}",
                "{\"keys\":\"\"}",
                "{\"keys\":[]}",
                "{\"keys\":[{}]}",
                "{\"keys\":[",
                "{\"Keys\":[$]}",
                "[$]",
                "$",
                "{\"keys\":[$]}{}",
                "{\"keys\":[$],\"keys\":[$]}",
                "{\"keys\":[$,{\"kid\":\"x\",\"kid\":\"y\"}]}",
                "\ufeff{\"keys\":[$]}",
                "<html><body>Sign in</body></html>",
            })
    void refusesASetWithoutAUsableKey(String document) {
        byte[] bytes = document.replace("$", SampleKeys.json(GOOD)).getBytes(UTF_8);

        assertThrows(IOException.class, () -> JwkSet.read(bytes));
    }

    @Test
    void refusesASetThatHasOnlyUnusableKeys() {
        assertThrows(IOException.class, () -> idsOf(with(ODD, "use", "enc")));
        assertThrows(IOException.class, () -> idsOf(ODD, with(ODD, "e", "Aw")));
    }

    @Test
    void isImmutable() throws IOException {
        JwkSet set = JwkSet.read(setOf(List.of(GOOD)));

        assertThrows(UnsupportedOperationException.class, () -> set.keys().remove("good"));
        assertThrows(UnsupportedOperationException.class, () -> set.ambiguous().add("good"));
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private static Set<String> idsOf(Map<String, Object>... keys) throws IOException {
        return new TreeSet<>(JwkSet.read(setOf(Arrays.asList(keys))).keys().keySet());
    }

    private static Map<String, Object> nullIn(Map<String, Object> jwk, String... names) {
        Map<String, Object> changed = new LinkedHashMap<>(jwk);
        for (String name : names) {
            changed.put(name, null);
        }
        return changed;
    }

    private static BigInteger modulus(int bits) {
        return BigInteger.ONE.shiftLeft(bits - 1).setBit(0);
    }

    /** The key with a leading zero byte, which RFC 7518 section 2 forbids. */
    private static Map<String, Object> withZeroByte(Map<String, Object> jwk) {
        byte[] modulus = Base64.getUrlDecoder().decode((String) jwk.get("n"));
        byte[] longer = new byte[modulus.length + 1];
        System.arraycopy(modulus, 0, longer, 1, modulus.length);
        return with(jwk, "n", SampleKeys.base64Url(longer));
    }
}
