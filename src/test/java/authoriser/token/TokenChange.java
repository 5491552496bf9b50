package authoriser.token;

import static authoriser.token.TokenDraft.between;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;

import authoriser.standin.SigningKey;
import authoriser.standin.Tokens;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A kind of change to a good token, with its name for the table. Some leave the token good. */
record TokenChange(String name, BiConsumer<TokenDraft, Random> change) {
    private static final long NOW = VerifierFixture.NOW.getEpochSecond();
    private static final byte[] NOTHING = {};

    /** These keys are the same in each run, so that the tokens are, too. */
    static final SigningKey ONE = SigningKey.ofSeed(SampleKeys.ONE.kid(), 1);

    static final SigningKey TWO = SigningKey.ofSeed("two", 2);

    /** No set has it. */
    private static final SigningKey UNKNOWN = SigningKey.ofSeed(ONE.kid(), 3);

    /** Published, but not for RS256 signatures. */
    static final SigningKey ENCRYPTION = SampleKeys.withId(TWO, "for encryption");

    static final SigningKey OPERATIONS = SampleKeys.withId(TWO, "for other operations");
    static final SigningKey RS512 = SampleKeys.withId(TWO, "for RS512");
    static final SigningKey SHORT = SigningKey.generate("short", 1024);

    /** Two different keys have this id. */
    static final SigningKey TWICE = SampleKeys.withId(TWO, "twice");

    private static final Object ABSENT = new Object();

    /** All of them. */
    static final List<TokenChange> ALL =
            List.of(
                    // JOSE header
                    header("`alg` is none", "alg", "none", "None", "NONE"),
                    header("`alg` is another algorithm", "alg", "RS384", "PS256", "ES256", "EdDSA"),
                    header("`alg` is not a known name", "alg", "rs256", "RS256 ", "RSA", ""),
                    header("`alg` is not a string", "alg", null, 256, List.of("RS256"), ABSENT),
                    new TokenChange(
                            "`alg` is HS256, with the public key as the secret",
                            (d, r) -> {
                                d.header.put("alg", "HS256");
                                d.signer = TokenChange::hmac;
                            }),
                    headerBegin(
                            "a name twice in the header",
                            "{\"alg\":\"none\",",
                            "{\"kid\":\"x\",",
                            "{\"a\":1,\"a\":2,"),
                    header("no `kid`", "kid", ABSENT),
                    header("`kid` is null", "kid", (Object) null),
                    header("`kid` is not a string", "kid", 1, List.of("x"), Map.of("a", "b")),
                    header("`kid` is unknown", "kid", "other", "../../key", "x".repeat(200)),
                    header(
                            "`kid` is empty, too long, or has control characters",
                            "kid",
                            "",
                            "x".repeat(300),
                            "a\u0000b",
                            "a\nb"),
                    header("`kid` is that of another key", "kid", "two"),
                    header("`crit` names a member", "crit", List.of("exp"), List.of("b64")),
                    header("`crit` is empty", "crit", List.of()),
                    header("`crit` is not a list", "crit", "exp", 1),
                    header("`crit` is null", "crit", (Object) null),
                    header("`b64` without `crit`", "b64", false, true),
                    header("`zip`", "zip", "DEF"),
                    header("`cty`", "cty", "JWT", "json"),
                    header("`typ`", "typ", "JWT", "at+jwt", "JWE", "x"),
                    header("`typ` is not a string", "typ", 7, List.of("JWT")),
                    header("a key's address in the header", "jku", "https://attacker.example/"),
                    header("a key in the header", "jwk", UNKNOWN.jwk()),
                    header("a certificate in the header", "x5c", List.of("AAAA"), "AAAA"),
                    header("an unknown header", "ext", 1, "x", List.of(1), Map.of("a", 1)),
                    new TokenChange(
                            "the header is not an object",
                            (d, r) -> d.headerJson = _ -> pick(r, "[]", "\"x\"", "", "null", "{")),

                    // claims
                    claim("no `iss`", "iss", ABSENT),
                    claim(
                            "another `iss`",
                            "iss",
                            VerifierFixture.ISSUER + "/",
                            VerifierFixture.ISSUER.toUpperCase(Locale.ROOT),
                            "https://attacker.example/",
                            ""),
                    claim("`iss` is not a string", "iss", null, 1, List.of(VerifierFixture.ISSUER)),
                    claim("another `token_use`", "token_use", "id", "ACCESS", "", ABSENT),
                    claim(
                            "`token_use` is not a string",
                            "token_use",
                            null,
                            true,
                            List.of("access")),
                    claim("another `client_id`", "client_id", "other", "", ABSENT),
                    claim(
                            "`client_id` is not a string",
                            "client_id",
                            null,
                            7,
                            List.of(Tokens.CLIENT_ID)),
                    claim("no `sub`", "sub", ABSENT),
                    claim("`sub` is empty", "sub", ""),
                    claim("`sub` is too long", "sub", "x".repeat(256)),
                    claim("`sub` is not a string", "sub", 7, List.of("x")),
                    claim("`sub` is null", "sub", (Object) null),
                    claim("`username` is not a string", "username", 7, List.of("x"), Map.of()),
                    claim("no `exp`", "exp", ABSENT),
                    claim("`exp` is null", "exp", (Object) null),
                    claim("`exp` is a string", "exp", "" + (NOW + 60), "tomorrow"),
                    claim("`exp` is of another type", "exp", true, List.of(NOW + 60), Map.of()),
                    claim("`exp` has passed", "exp", NOW - 6, NOW - 3_600, 0, 1.5),
                    claim(
                            "`exp` is now, or less than 5 s ago",
                            "exp",
                            NOW,
                            NOW - 1,
                            NOW - 4,
                            NOW - 0.5),
                    claim("`exp` is negative", "exp", -1, -1e300),
                    claim(
                            "`exp` is after the year 9999",
                            "exp",
                            253_402_300_800L,
                            (NOW + 60) * 1000,
                            1e15,
                            1e300,
                            BigInteger.TEN.pow(40)),
                    claim("`exp` is soon", "exp", NOW + 1, NOW + 0.5, 253_402_300_799L),
                    claim("`nbf` is less than 5 s ahead", "nbf", NOW + 4, NOW + 4.5, NOW, NOW - 9),
                    claim("`nbf` is more than 5 s ahead", "nbf", NOW + 6, NOW + 3_600, NOW * 1000),
                    claim("`nbf` is not a number", "nbf", "0", true, List.of(0)),
                    claim("`nbf` is null", "nbf", (Object) null),
                    claim("`nbf` is negative", "nbf", -1),
                    claim("`iat` is more than 5 s ahead", "iat", NOW + 6, NOW + 3_600, NOW * 1000),
                    claim("`iat` is not a number", "iat", "0", true, List.of(0)),
                    claim("`iat` is null, or negative", "iat", null, -1),
                    claim(
                            "`aud` is the own `client_id`",
                            "aud",
                            Tokens.CLIENT_ID,
                            List.of(Tokens.CLIENT_ID)),
                    claim(
                            "`aud` names another",
                            "aud",
                            "other",
                            List.of("other"),
                            List.of(Tokens.CLIENT_ID, "other")),
                    claim("`aud` is empty", "aud", List.of(), ""),
                    claim("`aud` is of another type", "aud", 7, List.of(7), Map.of("a", 1), true),
                    claim("`aud` is null", "aud", (Object) null),
                    claim("`cnf`", "cnf", Map.of("jkt", "x"), Map.of("x5t#S256", "x")),
                    claim("`cnf` is null", "cnf", (Object) null),
                    claim("`scope` is not a string", "scope", 7, List.of("openid"), Map.of()),
                    claim(
                            "`cognito:groups` is not a list of strings",
                            "cognito:groups",
                            "clerks",
                            List.of(7),
                            Map.of(),
                            Collections.singletonList(null)),
                    claim(
                            "an unknown claim",
                            "ext",
                            1e300,
                            "\u00fc\ud83d\ude00\u2028",
                            List.of(List.of())),
                    claimsBegin(
                            "a name twice in the claims",
                            "{\"iss\":\"x\",",
                            "{\"exp\":1,",
                            "{\"a\":1,\"a\":1,"),
                    new TokenChange(
                            "a name twice within a claim",
                            (d, r) ->
                                    d.claimsJson =
                                            json ->
                                                    "{\"a\":{\"b\":1,\"b\":2},"
                                                            + json.substring(1)),
                    new TokenChange(
                            "a name with an escape",
                            (d, r) ->
                                    d.claimsJson =
                                            json -> json.replace("\"iss\"", "\"\\u0069ss\"")),
                    new TokenChange(
                            "claims nested 50 deep",
                            (d, r) -> d.claimsJson = json -> nested(50) + json.substring(1)),
                    new TokenChange(
                            "claims nested 2,000 deep",
                            (d, r) -> d.claimsJson = json -> nested(2_000) + json.substring(1)),
                    new TokenChange(
                            "half of a surrogate pair in a claim",
                            (d, r) ->
                                    d.claimsJson =
                                            json -> "{\"a\":\"\\ud800\"," + json.substring(1)),
                    new TokenChange(
                            "white space between the claims",
                            (d, r) ->
                                    d.claimsJson =
                                            json ->
                                                    json.replace(
                                                            ",\"",
                                                            pick(r, ", \"", ",\n\t\"", ",\r\n\""))),
                    claimsBegin(
                            "a number with a leading zero or a sign",
                            "{\"a\":01,",
                            "{\"a\":+1,",
                            "{\"a\":.5,"),
                    claimsBegin(
                            "a number that is NaN or infinite",
                            "{\"a\":NaN,",
                            "{\"a\":Infinity,",
                            "{\"a\":-Infinity,"),
                    claimsBegin("a comment in the claims", "{/**/", "{//\n", "{#\n"),
                    claimsBegin(
                            "quotes that are not double quotes", "{'a':1,", "{a:1,", "{\"a\":'b',"),
                    claimsBegin("a comma too many", "{,", "{\"a\":[1,],", "{\"a\":1,,"),
                    new TokenChange(
                            "a control character in a string",
                            (d, r) ->
                                    d.claimsJson =
                                            json ->
                                                    "{\"a\":\""
                                                            + pick(
                                                                    r, "\n", "\t", "\u0000",
                                                                    "\u001f")
                                                            + "\","
                                                            + json.substring(1)),
                    new TokenChange(
                            "text after the claims",
                            (d, r) ->
                                    d.claimsJson =
                                            json -> json + pick(r, "{}", "x", "\u0000", "}", ",")),
                    new TokenChange(
                            "white space around the claims",
                            (d, r) ->
                                    d.claimsJson =
                                            json ->
                                                    pick(r, " ", "\n", "\t")
                                                            + json
                                                            + pick(r, "", " ", "\r\n")),
                    new TokenChange(
                            "the claims are not an object",
                            (d, r) ->
                                    d.claimsJson =
                                            _ -> pick(r, "[]", "\"x\"", "", "null", "{", "7")),
                    new TokenChange(
                            "the claims are a JWS",
                            (d, r) ->
                                    d.claimsJson =
                                            json -> d.key.sign(SampleKeys.json(d.header), json)),

                    // bytes
                    new TokenChange(
                            "a byte order mark",
                            (d, r) -> {
                                byte[] mark = "\ufeff".getBytes(UTF_8);
                                if (r.nextBoolean()) {
                                    d.claimsBytes = between(mark, NOTHING);
                                } else {
                                    d.headerBytes = between(mark, NOTHING);
                                }
                            }),
                    new TokenChange(
                            "the claims are in UTF-16",
                            (d, r) ->
                                    d.claimsBytes =
                                            bytes -> new String(bytes, UTF_8).getBytes(UTF_16BE)),
                    new TokenChange(
                            "bytes that are not UTF-8",
                            (d, r) -> d.claimsBytes = bytes -> withNotUtf8(bytes, r)),
                    new TokenChange(
                            "signed with padding",
                            (d, r) -> {
                                if (r.nextBoolean()) {
                                    d.headerPart =
                                            part -> part + "=".repeat((4 - part.length() % 4) % 4);
                                } else {
                                    d.claimsBytes =
                                            bytes ->
                                                    Arrays.copyOf(
                                                            spaced(bytes, 1),
                                                            spaced(bytes, 1).length);
                                    d.claimsPart = part -> part + "==";
                                }
                            }),
                    new TokenChange(
                            "signed with white space in a part",
                            (d, r) ->
                                    d.claimsPart =
                                            part ->
                                                    inserted(
                                                            part,
                                                            pick(r, " ", "\n", "\r\n", "\t"),
                                                            r)),
                    new TokenChange(
                            "signed with a character that is not of base64url",
                            (d, r) ->
                                    d.claimsPart =
                                            part ->
                                                    inserted(
                                                            part,
                                                            pick(r, "!", "*", "\u00e9", "%"),
                                                            r)),
                    new TokenChange(
                            "signed with bits after the last byte",
                            (d, r) -> {
                                d.claimsBytes = bytes -> spaced(bytes, 1);
                                d.claimsPart = TokenChange::withUnusedBits;
                            }),
                    new TokenChange(
                            "signed in base64",
                            (d, r) -> {
                                d.claims.put("a", "???>>>\u00ff\u00fe");
                                d.claimsPart = part -> part.replace('-', '+').replace('_', '/');
                            }),

                    // signature
                    new TokenChange("signed with an unknown key", (d, r) -> d.key = UNKNOWN),
                    signedBy("signed with a key for encryption", ENCRYPTION),
                    signedBy("signed with a key for other operations", OPERATIONS),
                    signedBy("signed with a key for RS512", RS512),
                    signedBy("signed with a key of 1,024 bits", SHORT),
                    signedBy("`kid` is that of two keys", TWICE),
                    new TokenChange(
                            "signed with another algorithm",
                            (d, r) -> {
                                String algorithm =
                                        pick(r, "SHA1withRSA", "SHA512withRSA", "RSASSA-PSS");
                                d.signer = input -> signature(algorithm, input);
                            }),
                    new TokenChange("no signature", (d, r) -> d.signature = _ -> NOTHING),
                    new TokenChange(
                            "a shorter signature",
                            (d, r) ->
                                    d.signature =
                                            bytes -> Arrays.copyOf(bytes, r.nextInt(bytes.length))),
                    new TokenChange(
                            "a longer signature",
                            (d, r) ->
                                    d.signature =
                                            r.nextBoolean()
                                                    ? between(NOTHING, new byte[1])
                                                    : between(new byte[1], NOTHING)),
                    new TokenChange(
                            "a signature plus the modulus",
                            (d, r) ->
                                    d.signature =
                                            bytes ->
                                                    new BigInteger(1, bytes)
                                                            .add(d.key.publicKey().getModulus())
                                                            .toByteArray()),
                    new TokenChange(
                            "another bit in the signature",
                            (d, r) ->
                                    d.signature =
                                            bytes -> {
                                                bytes[r.nextInt(bytes.length)] ^=
                                                        (byte) (1 << r.nextInt(8));
                                                return bytes;
                                            }),
                    new TokenChange(
                            "a signature of zeros",
                            (d, r) -> d.signature = bytes -> new byte[bytes.length]),

                    // after the signature
                    new TokenChange(
                            "other claims after signing",
                            (d, r) ->
                                    d.compact =
                                            (input, signature) ->
                                                    input.substring(0, input.indexOf('.') + 1)
                                                            + SampleKeys.base64Url("{}")
                                                            + "."
                                                            + signature),
                    new TokenChange(
                            "padding after the signature",
                            (d, r) ->
                                    d.compact =
                                            (input, signature) ->
                                                    input + "." + signature + pick(r, "=", "==")),
                    new TokenChange(
                            "bits after the last byte of the signature",
                            (d, r) ->
                                    d.compact =
                                            (input, signature) ->
                                                    input + "." + withUnusedBits(signature)),
                    new TokenChange(
                            "white space in the signature",
                            (d, r) ->
                                    d.compact =
                                            (input, signature) ->
                                                    input
                                                            + "."
                                                            + inserted(
                                                                    signature,
                                                                    pick(r, " ", "\n"),
                                                                    r)),
                    new TokenChange(
                            "another character in the signature",
                            (d, r) ->
                                    d.compact =
                                            (input, signature) ->
                                                    input
                                                            + "."
                                                            + inserted(
                                                                    signature,
                                                                    pick(r, "!", "*", "~"),
                                                                    r)),
                    new TokenChange(
                            "the signature in base64",
                            (d, r) ->
                                    d.compact =
                                            (input, signature) ->
                                                    input
                                                            + "."
                                                            + signature
                                                                    .replace('-', '+')
                                                                    .replace('_', '/')),
                    new TokenChange(
                            "white space around the token",
                            (d, r) -> {
                                boolean before = r.nextBoolean();
                                String space = pick(r, " ", "\n", "\t");
                                d.compact =
                                        (input, signature) ->
                                                before
                                                        ? space + input + "." + signature
                                                        : input + "." + signature + space;
                            }),
                    new TokenChange(
                            "more or fewer parts",
                            (d, r) ->
                                    d.compact =
                                            (input, signature) ->
                                                    pick(
                                                            r,
                                                            input,
                                                            input + "." + signature + ".",
                                                            "." + input + "." + signature,
                                                            input + "." + signature + ".e30",
                                                            signature,
                                                            input + ".." + signature)),
                    new TokenChange(
                            "an empty part",
                            (d, r) ->
                                    d.compact =
                                            (input, signature) ->
                                                    pick(
                                                            r,
                                                            "."
                                                                    + input.substring(
                                                                            input.indexOf('.') + 1)
                                                                    + "."
                                                                    + signature,
                                                            input.substring(0, input.indexOf('.'))
                                                                    + ".."
                                                                    + signature)),
                    new TokenChange(
                            "longer than 12 KB", (d, r) -> d.claims.put("a", "x".repeat(9_500))));

    void apply(TokenDraft draft, Random random) {
        change.accept(draft, random);
    }

    private static TokenChange header(String name, String member, Object... values) {
        return new TokenChange(name, (draft, random) -> put(draft.header, member, values, random));
    }

    /** Puts one of these texts in place of the brace with which the header's JSON begins. */
    private static TokenChange headerBegin(String name, String... beginnings) {
        return new TokenChange(
                name,
                (draft, random) ->
                        draft.headerJson = json -> pick(random, beginnings) + json.substring(1));
    }

    /** The same with the JSON of the claims. */
    private static TokenChange claimsBegin(String name, String... beginnings) {
        return new TokenChange(
                name,
                (draft, random) ->
                        draft.claimsJson = json -> pick(random, beginnings) + json.substring(1));
    }

    private static TokenChange claim(String name, String member, Object... values) {
        return new TokenChange(name, (draft, random) -> put(draft.claims, member, values, random));
    }

    private static void put(
            Map<String, Object> members, String name, Object[] values, Random random) {
        Object value = values[random.nextInt(values.length)];
        if (value == ABSENT) {
            members.remove(name);
        } else {
            members.put(name, value);
        }
    }

    private static TokenChange signedBy(String name, SigningKey key) {
        return new TokenChange(
                name,
                (draft, random) -> {
                    draft.key = key;
                    draft.header.put("kid", key.kid());
                });
    }

    private static String pick(Random random, String... texts) {
        return texts[random.nextInt(texts.length)];
    }

    private static String nested(int depth) {
        return "{\"a\":" + "[".repeat(depth) + "]".repeat(depth) + ",";
    }

    private static String inserted(String text, String more, Random random) {
        int at = random.nextInt(text.length() + 1);
        return text.substring(0, at) + more + text.substring(at);
    }

    /** With blanks at the end, until this many bytes are left over after groups of three. */
    private static byte[] spaced(byte[] json, int left) {
        byte[] spaced = Arrays.copyOf(json, json.length + Math.floorMod(left - json.length, 3));
        Arrays.fill(spaced, json.length, spaced.length, (byte) ' ');
        return spaced;
    }

    /** Another encoding of the same bytes. */
    private static String withUnusedBits(String part) {
        char last = part.charAt(part.length() - 1);
        return part.substring(0, part.length() - 1) + (char) (last + 1);
    }

    private static byte[] withNotUtf8(byte[] json, Random random) {
        byte[] bad =
                random.nextBoolean()
                        ? new byte[] {(byte) 0xff}
                        : new byte[] {(byte) 0xc0, (byte) 0xaf};
        byte[] start = between("{\"a\":\"".getBytes(UTF_8), "\",".getBytes(UTF_8)).apply(bad);
        return between(start, NOTHING).apply(Arrays.copyOfRange(json, 1, json.length));
    }

    private static byte[] hmac(String input) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(ONE.publicKey().getEncoded(), "HmacSHA256"));
            return mac.doFinal(input.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] signature(String algorithm, String input) {
        try {
            Signature signature = Signature.getInstance(algorithm);
            if (algorithm.equals("RSASSA-PSS")) {
                signature.setParameter(
                        new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
            }
            signature.initSign(ONE.privateKey());
            signature.update(input.getBytes(UTF_8));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
