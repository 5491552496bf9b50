package authoriser.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import authoriser.standin.Tokens;
import authoriser.token.RandomTokens.Made;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Our verifier, that of nimbus-jose-jwt and that of jose4j, over the same tokens and the same
 * rules: each difference is one where ours refuses, and it is listed with its reason.
 *
 * <p>With {@code -Dcomparison.write}, the table is written into the page.
 */
class TokenComparisonTest {
    private static final int TOKENS = 10_000;
    private static final long SEED = 7519;
    private static final Path PAGE = Path.of("src", "docs", "comparisons.md");
    private static final String BEGIN = "<!-- table of TokenComparisonTest -->\n";
    private static final String END = "<!-- end of the table -->\n";

    /** The leeway that we give to {@code nbf} and {@code iat}, in seconds. */
    private static final int LEEWAY = 5;

    private static final String NIMBUS = "nimbus";
    private static final String JOSE4J = "jose4j";

    /**
     * Each change for which a library takes a token that we refuse, with our reason. {@code both}
     * or the library is the first word.
     */
    private static final Map<String, String> REASONS =
            Map.ofEntries(
                    // header
                    Map.entry(
                            "no `kid`",
                            "both: a token must name its key, and keys are not tried in turn"),
                    Map.entry(
                            "`kid` is null",
                            "both: a token must name its key, and keys are not tried in turn"),
                    Map.entry(
                            "`kid` is that of two keys",
                            "both: it is not known which key it is; an Error, not a Deny"),
                    Map.entry(
                            "`crit` names a member",
                            "both: we know no extension (RFC 7515 section 4.1.11)"),
                    Map.entry("`crit` is empty", "both: RFC 7515 section 4.1.11 forbids it"),
                    Map.entry("`crit` is null", "both: RFC 7515 section 4.1.11 demands an array"),
                    Map.entry("`b64` without `crit`", "both: RFC 7797 section 6 demands `crit`"),
                    Map.entry("`zip`", "both: it is not for JWS (RFC 7516 section 4.1.3)"),
                    Map.entry(
                            "`cty`",
                            "both: Cognito issues no nested tokens (RFC 7519 section 5.2)"),
                    Map.entry(
                            "`typ` is not a string", "jose4j: RFC 7515 section 4.1.9 demands one"),

                    // claims
                    Map.entry("`sub` is empty", "both: an empty subject identifies no caller"),
                    Map.entry("`sub` is null", "nimbus: the claim is absent then"),
                    Map.entry(
                            "`sub` is not a string", "nimbus: RFC 7519 section 4.1.2 demands one"),
                    Map.entry(
                            "`sub` is too long",
                            "both: 255 characters at most (OpenID Connect Core section 2)"),
                    Map.entry("`username` is not a string", "both: Cognito's is one"),
                    Map.entry(
                            "`scope` is not a string", "both: RFC 9068 section 2.2.3 demands one"),
                    Map.entry(
                            "`cognito:groups` is not a list of strings", "both: Cognito's is one"),
                    Map.entry("`exp` is null", "nimbus: the claim is absent then"),
                    Map.entry(
                            "`exp` is now, or less than 5 s ago",
                            "both: the libraries have one leeway for all times"),
                    Map.entry(
                            "`exp` is after the year 9999",
                            "both: it is milliseconds, or another mistake"),
                    Map.entry("`nbf` is null", "both: RFC 7519 section 4.1.5 demands a number"),
                    Map.entry("`nbf` is negative", "both: it is a mistake"),
                    Map.entry(
                            "`iat` is more than 5 s ahead",
                            "both: a token cannot be used before it was issued"),
                    Map.entry(
                            "`iat` is null, or negative",
                            "both: RFC 7519 section 4.1.6 demands a time"),
                    Map.entry(
                            "`aud` names another",
                            "both: the token is meant for others (RFC 7519 section 4.1.3)"),
                    Map.entry(
                            "`aud` is empty",
                            "both: the token is not meant for us (RFC 7519 section 4.1.3)"),
                    Map.entry(
                            "`aud` is null",
                            "both: RFC 7519 section 4.1.3 demands a string or an array"),
                    Map.entry(
                            "`aud` is of another type",
                            "jose4j: RFC 7519 section 4.1.3 demands strings"),
                    Map.entry(
                            "`cnf`",
                            "both: the token is bound to a key, so it is no bearer token (RFC 7800)"),
                    Map.entry(
                            "`cnf` is null",
                            "both: it counts as `cnf`, because it may be a mistake of the issuer"),

                    // JSON
                    Map.entry(
                            "a name twice within a claim",
                            "nimbus: two readers may take different values (RFC 8259 section 4)"),
                    Map.entry(
                            "a number with a leading zero or a sign",
                            "jose4j: it is not JSON (RFC 8259 section 6)"),
                    Map.entry("a comma too many", "jose4j: it is not JSON (RFC 8259 section 4)"),
                    Map.entry(
                            "a control character in a string",
                            "jose4j: it is not JSON (RFC 8259 section 7)"),
                    Map.entry("claims nested 50 deep", "both: 16 levels at most"),
                    Map.entry("claims nested 2,000 deep", "jose4j: 16 levels at most"),
                    Map.entry(
                            "bytes that are not UTF-8", "both: RFC 7519 section 7.2 demands UTF-8"),
                    Map.entry("a byte order mark", "nimbus: RFC 8259 section 8.1 forbids it"),

                    // encoding
                    Map.entry("signed with padding", "both: RFC 7515 section 2 forbids it"),
                    Map.entry(
                            "signed with white space in a part",
                            "both: RFC 7515 section 2 forbids it"),
                    Map.entry(
                            "signed with a character that is not of base64url",
                            "both: RFC 4648 section 3.3"),
                    Map.entry("signed with bits after the last byte", "both: RFC 4648 section 3.5"),
                    Map.entry("signed in base64", "both: RFC 7515 section 2 demands base64url"),
                    Map.entry("padding after the signature", "both: one token must have one form"),
                    Map.entry(
                            "bits after the last byte of the signature",
                            "both: one token must have one form"),
                    Map.entry("white space in the signature", "both: one token must have one form"),
                    Map.entry(
                            "another character in the signature",
                            "both: one token must have one form"),
                    Map.entry("the signature in base64", "both: one token must have one form"),
                    Map.entry("white space around the token", "both: one token must have one form"),
                    Map.entry(
                            "longer than 12 KB",
                            "both: API Gateway accepts 10,240 bytes of headers"),

                    // keys
                    Map.entry("signed with a key for RS512", "jose4j: RFC 7517 section 4.4"),
                    Map.entry(
                            "signed with a key for other operations",
                            "nimbus: RFC 7517 section 4.3"),
                    Map.entry(
                            "signed with a key of 1,024 bits",
                            "nimbus: RFC 7518 section 3.3 demands 2,048"));

    /** What a library refuses and we take. */
    private static final Map<String, String> TAKEN_BY_RULE =
            Map.of(
                    "a certificate in the header",
                    "nimbus: a key in the header is never read, whatever its form");

    private static List<Judged> judged;

    @FunctionalInterface
    private interface Judge {
        boolean takes(String token);
    }

    /** A token and what each verifier says of it. */
    private record Judged(Made made, boolean ours, boolean nimbus, boolean jose4j) {
        /** The libraries that take the token where we do not, or the other way round. */
        List<String> different() {
            return Stream.of(NIMBUS, JOSE4J)
                    .filter(library -> ours != (library.equals(NIMBUS) ? nimbus : jose4j))
                    .toList();
        }

        /** Whether one of the token's changes is listed for this library. */
        boolean isListed(String library) {
            Map<String, String> list = ours ? TAKEN_BY_RULE : REASONS;
            return made.changes().stream().anyMatch(change -> names(list.get(change), library));
        }

        @Override
        public String toString() {
            return made.changes() + (ours ? ", refused by " : ", taken by ") + different();
        }
    }

    @BeforeAll
    static void judgeTokens() throws ParseException, JoseException {
        VerifierFixture fixture = new VerifierFixture();
        byte[] set = keySet();
        fixture.endpoint.answer(200, set);
        TokenVerifier verifier =
                fixture.verifier(Set.of(Tokens.CLIENT_ID), Set.of(), Duration.ZERO);
        Judge ours = token -> fixture.verify(verifier, token) instanceof Verification.Verified;
        Judge nimbus = nimbus(set);
        Judge jose4j = jose4j(set);
        RandomTokens tokens = new RandomTokens(SEED);
        judged = new ArrayList<>();
        for (int i = 0; i < TOKENS; i++) {
            Made made = tokens.next();
            String token = made.token();
            judged.add(
                    new Judged(made, ours.takes(token), nimbus.takes(token), jose4j.takes(token)));
        }
    }

    @Test
    void eachDifferenceIsListed() {
        assertEquals(
                List.of(),
                judged.stream()
                        .filter(one -> !one.different().stream().allMatch(one::isListed))
                        .limit(9)
                        .toList());
    }

    @Test
    void eachListedDifferenceOccurs() {
        Map<String, Integer> unused = new TreeMap<>();
        Stream.concat(REASONS.entrySet().stream(), TAKEN_BY_RULE.entrySet().stream())
                .forEach(entry -> {
                    for (String library : List.of(NIMBUS, JOSE4J)) {
                        if (names(entry.getValue(), library)
                                && count(entry.getKey(), library) == 0) {
                            unused.put(entry.getKey() + " " + library, 0);
                        }
                    }
                });

        assertEquals(Map.of(), unused);
    }

    @Test
    void aGoodTokenIsTakenByAll() {
        assertEquals(
                List.of(),
                judged.stream()
                        .filter(one -> one.made.changes().isEmpty())
                        .filter(one -> !(one.ours && one.nimbus && one.jose4j))
                        .toList());
    }

    @Test
    void thePageHasTheTable() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END, begin);
        if (System.getProperty("comparison.write") != null) {
            Files.writeString(PAGE, page.substring(0, begin) + table() + page.substring(end));
        } else {
            assertEquals(table(), page.substring(begin, end));
        }
    }

    private static String table() {
        StringBuilder table = new StringBuilder();
        table.append("| tokens | number |\n| --- | ---: |\n");
        row(table, "all take", one -> one.ours && one.nimbus && one.jose4j);
        row(table, "all refuse", one -> !one.ours && !one.nimbus && !one.jose4j);
        row(table, "we refuse, nimbus-jose-jwt takes", one -> !one.ours && one.nimbus);
        row(table, "we refuse, jose4j takes", one -> !one.ours && one.jose4j);
        row(table, "we take, a library refuses", one -> one.ours && !one.different().isEmpty());
        table.append("\n| change | nimbus-jose-jwt takes | jose4j takes | why we refuse |\n");
        table.append("| --- | ---: | ---: | --- |\n");
        for (TokenChange change : TokenChange.ALL) {
            String reason = REASONS.get(change.name());
            if (reason != null) {
                table.append("| ")
                        .append(change.name())
                        .append(" | ")
                        .append(count(change.name(), NIMBUS))
                        .append(" | ")
                        .append(count(change.name(), JOSE4J))
                        .append(" | ")
                        .append(reason.substring(reason.indexOf(' ') + 1))
                        .append(" |\n");
            }
        }
        table.append("\n| change | nimbus-jose-jwt refuses | jose4j refuses | why we take it |\n");
        table.append("| --- | ---: | ---: | --- |\n");
        TAKEN_BY_RULE.forEach((change, reason) ->
                table.append("| ")
                        .append(change)
                        .append(" | ")
                        .append(count(change, NIMBUS))
                        .append(" | ")
                        .append(count(change, JOSE4J))
                        .append(" | ")
                        .append(reason.substring(reason.indexOf(' ') + 1))
                        .append(" |\n"));
        return table.toString();
    }

    private static void row(StringBuilder table, String name, Predicate<Judged> of) {
        long number = judged.stream().filter(of).count();
        table.append("| ").append(name).append(" | ").append(number).append(" |\n");
    }

    /** How many tokens with this change only a library judges in another way. */
    private static long count(String change, String library) {
        return judged.stream()
                .filter(one -> one.made.changes().equals(List.of(change)))
                .filter(one -> one.different().contains(library))
                .count();
    }

    private static boolean names(String reason, String library) {
        return reason != null && (reason.startsWith("both:") || reason.startsWith(library + ":"));
    }

    /** Two good keys, and those that must not be used. */
    private static byte[] keySet() {
        Map<String, Object> operations =
                new HashMap<>(SampleKeys.with(TokenChange.OPERATIONS.jwk(), "use", null));
        operations.put("key_ops", List.of("encrypt"));
        return SampleKeys.setOf(
                List.of(
                        TokenChange.ONE.jwk(),
                        TokenChange.TWO.jwk(),
                        SampleKeys.with(TokenChange.ENCRYPTION.jwk(), "use", "enc"),
                        operations,
                        SampleKeys.with(TokenChange.RS512.jwk(), "alg", "RS512"),
                        TokenChange.SHORT.jwk(),
                        TokenChange.TWICE.jwk(),
                        SampleKeys.withId(TokenChange.ONE, TokenChange.TWICE.kid()).jwk()));
    }

    private static Judge nimbus(byte[] set) throws ParseException {
        var processor = new DefaultJWTProcessor<SecurityContext>();
        processor.setJWSKeySelector(
                new JWSVerificationKeySelector<>(
                        JWSAlgorithm.RS256,
                        new ImmutableJWKSet<>(JWKSet.parse(new String(set, UTF_8)))));
        processor.setJWSTypeVerifier((_, _) -> {}); // no rule of ours is about the type
        var claims =
                new DefaultJWTClaimsVerifier<SecurityContext>(
                        new JWTClaimsSet.Builder()
                                .issuer(VerifierFixture.ISSUER)
                                .claim("token_use", "access")
                                .claim("client_id", Tokens.CLIENT_ID)
                                .build(),
                        Set.of("sub", "exp")) {
                    @Override
                    protected Date currentTime() {
                        return Date.from(VerifierFixture.NOW);
                    }
                };
        claims.setMaxClockSkew(LEEWAY);
        processor.setJWTClaimsSetVerifier(claims);
        return token -> {
            try {
                processor.process(token, null);
                return true;
            } catch (ParseException | BadJOSEException | JOSEException | RuntimeException e) {
                return false;
            }
        };
    }

    private static Judge jose4j(byte[] set) throws JoseException {
        JwtConsumer consumer =
                new JwtConsumerBuilder()
                        .setRequireExpirationTime()
                        .setRequireSubject()
                        .setExpectedIssuer(VerifierFixture.ISSUER)
                        .setSkipDefaultAudienceValidation()
                        .setAllowedClockSkewInSeconds(LEEWAY)
                        .setEvaluationTime(
                                NumericDate.fromSeconds(VerifierFixture.NOW.getEpochSecond()))
                        .setJwsAlgorithmConstraints(
                                ConstraintType.PERMIT, AlgorithmIdentifiers.RSA_USING_SHA256)
                        .setVerificationKeyResolver(
                                new JwksVerificationKeyResolver(
                                        new JsonWebKeySet(new String(set, UTF_8)).getJsonWebKeys()))
                        .build();
        return token -> {
            try {
                JwtClaims claims = consumer.processToClaims(token);
                return "access".equals(claims.getClaimValue("token_use"))
                        && Tokens.CLIENT_ID.equals(claims.getClaimValue("client_id"));
            } catch (InvalidJwtException | RuntimeException e) {
                return false;
            }
        };
    }
}
