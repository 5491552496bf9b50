package authoriser.token;

import static authoriser.standin.Tokens.with;
import static authoriser.standin.Tokens.without;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.config.Config;
import authoriser.config.TokenRules;
import authoriser.http.Endpoint;
import authoriser.http.HttpSender;
import authoriser.http.Reply;
import authoriser.invocation.Invocations;
import authoriser.reason.Reason;
import authoriser.standin.SigningKey;
import authoriser.standin.Tokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenVerifierTest {
    private static final Duration NANOSECOND = Duration.ofNanos(1);

    /** The resolution of today's NumericDate as a double is about this. */
    private static final Duration MICROSECOND = Duration.ofNanos(1_000);

    private final VerifierFixture fixture = new VerifierFixture();
    private final Tokens tokens = fixture.tokens;
    private final long now = fixture.clock.instant().getEpochSecond();

    @Test
    void verifiesTheTokenOfAUser() {
        assertEquals(
                new Verification.Verified(
                        new TokenVerifier.Checked(
                                VerifierFixture.ISSUER,
                                Tokens.SUBJECT,
                                Optional.of(Tokens.USERNAME),
                                Tokens.CLIENT_ID,
                                scopes("openid", "orders/read"),
                                List.of("clerks", "night-shift"),
                                Map.of(),
                                now + 3_600)),
                fixture.verify(tokens.access()));
    }

    @Test
    void verifiesTheTokenOfAMachine() {
        assertEquals(
                new Verification.Verified(
                        new TokenVerifier.Checked(
                                VerifierFixture.ISSUER,
                                Tokens.MACHINE_CLIENT_ID,
                                Optional.empty(),
                                Tokens.MACHINE_CLIENT_ID,
                                scopes("orders/read", "orders/write"),
                                List.of(),
                                Map.of(),
                                now + 3_600)),
                fixture.verify(tokens.machine()));
    }

    @Test
    void verifiesATokenOfEightKilobytes() {
        String token = tokens.access(with("custom", "x".repeat(5_500)));

        assertTrue(token.length() > 8_000);
        assertVerified(fixture.verify(token));
    }

    @Test
    void fetchesTheKeysOnceForAThousandTokens() {
        for (int i = 0; i < 1_000; i++) {
            assertVerified(fixture.verify(tokens.access()));
        }

        assertEquals(1, fixture.endpoint.calls());
    }

    /**
     * Begins with a token that has every fault, and corrects one fault at a time. Each time the
     * verifier reports the next fault of the order.
     */
    @Test
    void checksOneRuleAfterAnotherInAFixedOrder() {
        TokenVerifier verifier =
                fixture.verifier(Set.of("app"), Set.of("orders/admin"), Duration.ZERO);
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", "none");
        header.put("kid", "");
        Map<String, Object> claims = tokens.accessClaims();
        claims.put("iss", "https://attacker.example");
        claims.put("token_use", "id");
        claims.put("client_id", "another app");
        claims.put("aud", "another API");
        claims.put("sub", "");
        claims.put("exp", now);
        claims.put("iat", now + 6);
        SigningKey signer = SampleKeys.MALLORY;

        List<Reason> reasons = new ArrayList<>();
        reasons.add(reason(verifier, "x".repeat(13_000)));
        reasons.add(reason(verifier, "x." + sign(signer, header, claims)));
        reasons.add(reason(verifier, sign(signer, header, claims)));
        header.put("alg", "RS256");
        reasons.add(reason(verifier, sign(signer, header, claims)));
        header.put("kid", "mallory");
        reasons.add(reason(verifier, sign(signer, header, claims)));
        claims.put("iss", VerifierFixture.ISSUER);
        reasons.add(reason(verifier, sign(signer, header, claims)));
        claims.put("token_use", "access");
        reasons.add(reason(verifier, sign(signer, header, claims)));
        claims.put("client_id", "app");
        reasons.add(reason(verifier, sign(signer, header, claims)));
        claims.put("aud", "app");
        reasons.add(reason(verifier, sign(signer, header, claims)));
        claims.put("sub", "jane");
        reasons.add(reason(verifier, sign(signer, header, claims)));
        claims.put("exp", now + 1);
        reasons.add(reason(verifier, sign(signer, header, claims)));
        claims.put("iat", now);
        assertEquals(0, fixture.endpoint.calls());
        reasons.add(reason(verifier, sign(signer, header, claims)));
        assertEquals(1, fixture.endpoint.calls());
        header.put("kid", SampleKeys.ONE.kid());
        reasons.add(reason(verifier, sign(signer, header, claims)));
        reasons.add(reason(verifier, sign(SampleKeys.ONE, header, claims)));

        assertEquals(
                List.of(
                        Reason.TOKEN_MALFORMED,
                        Reason.TOKEN_MALFORMED,
                        Reason.TOKEN_ALGORITHM,
                        Reason.TOKEN_MALFORMED,
                        Reason.TOKEN_ISSUER,
                        Reason.TOKEN_USE,
                        Reason.TOKEN_CLIENT,
                        Reason.TOKEN_AUDIENCE,
                        Reason.TOKEN_MALFORMED,
                        Reason.TOKEN_EXPIRED,
                        Reason.TOKEN_NOT_YET_VALID,
                        Reason.TOKEN_KEY_UNKNOWN,
                        Reason.TOKEN_SIGNATURE,
                        Reason.TOKEN_SCOPE),
                reasons);
        claims.put("scope", "orders/admin");
        assertVerified(fixture.verify(verifier, sign(SampleKeys.ONE, header, claims)));
    }

    @Nested
    class Claim {

        @ParameterizedTest
        @ValueSource(strings = {"id", "refresh", "Access", "ACCESS", " access", "access ", ""})
        void tokenUseMustBeAccess(String use) {
            assertRejected(Reason.TOKEN_USE, tokens.access(with("token_use", use)));
        }

        @Test
        void tokenUseIsRequired() {
            assertRejected(Reason.TOKEN_USE, tokens.access(without("token_use")));
        }

        @Test
        void issuerIsRequired() {
            assertRejected(Reason.TOKEN_ISSUER, tokens.access(without("iss")));
        }

        @Test
        void clientIdIsRequiredAlsoIfEveryClientIsAllowed() {
            assertRejected(Reason.TOKEN_CLIENT, tokens.access(without("client_id")));
            assertRejected(Reason.TOKEN_CLIENT, tokens.access(with("client_id", "")));
        }

        @Test
        void clientIdIsNotReplacedByAudience() {
            assertRejected(
                    Reason.TOKEN_CLIENT,
                    tokens.access(claims -> {
                        claims.put("aud", claims.remove("client_id"));
                        return claims;
                    }));
        }

        @Test
        void subjectIsRequired() {
            assertRejected(Reason.TOKEN_MALFORMED, tokens.access(without("sub")));
            assertRejected(Reason.TOKEN_MALFORMED, tokens.access(with("sub", "")));
        }

        @Test
        void expiryIsRequired() {
            assertRejected(Reason.TOKEN_MALFORMED, tokens.access(without("exp")));
        }

        @Test
        void notBeforeAndIssuedAtMayBeAbsent() {
            assertVerified(fixture.verify(tokens.access(without("iat"))));
            assertVerified(fixture.verify(tokens.access(with("nbf", now))));
        }

        @Test
        void usernameScopesAndGroupsMayBeAbsent() {
            UnaryOperator<Map<String, Object>> bare =
                    claims -> {
                        claims.keySet().removeAll(List.of("username", "scope", "cognito:groups"));
                        return claims;
                    };

            assertEquals(
                    new Verification.Verified(
                            new TokenVerifier.Checked(
                                    VerifierFixture.ISSUER,
                                    Tokens.SUBJECT,
                                    Optional.empty(),
                                    Tokens.CLIENT_ID,
                                    Set.of(),
                                    List.of(),
                                    Map.of(),
                                    now + 3_600)),
                    fixture.verify(tokens.access(bare)));
        }
    }

    @Nested
    class Audience {

        @Test
        void mayBeTheClientIdOfTheToken() {
            assertVerified(fixture.verify(tokens.access(with("aud", Tokens.CLIENT_ID))));
            assertVerified(fixture.verify(tokens.access(with("aud", List.of(Tokens.CLIENT_ID)))));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"https://api.example.com", "App", "", " ", "3n4b5urk1ft4fl3mg5e62d9ad"})
        void isRefusedIfItIsAnotherApi(String audience) {
            assertRejected(Reason.TOKEN_AUDIENCE, tokens.access(with("aud", audience)));
            assertRejected(Reason.TOKEN_AUDIENCE, tokens.access(with("aud", List.of(audience))));
        }

        @Test
        void isRefusedIfItIsTheClientIdAndAnotherApi() {
            assertRejected(
                    Reason.TOKEN_AUDIENCE,
                    tokens.access(with("aud", List.of(Tokens.CLIENT_ID, "another-api"))));
        }

        @Test
        void isRefusedIfItIsAnEmptyList() {
            assertRejected(Reason.TOKEN_AUDIENCE, tokens.access(with("aud", List.of())));
        }
    }

    @Nested
    class ConfiguredAudience {
        private static final String API = "https://api.example.com";

        private final TokenVerifier required = audiences(true);
        private final TokenVerifier optional = audiences(false);

        private TokenVerifier audiences(boolean required) {
            return fixture.verifier(
                    new TokenRules(
                            Set.of(),
                            Set.of(API, "orders"),
                            required,
                            Set.of(),
                            Set.of(),
                            Duration.ZERO,
                            Set.of()));
        }

        @Test
        void isAccepted() {
            for (TokenVerifier verifier : List.of(required, optional)) {
                assertVerified(fixture.verify(verifier, tokens.access(with("aud", API))));
                assertVerified(fixture.verify(verifier, tokens.access(with("aud", List.of(API)))));
                assertVerified(fixture.verify(verifier, tokens.access(with("aud", "orders"))));
            }
        }

        @Test
        void isAcceptedBesideOthers() {
            for (TokenVerifier verifier : List.of(required, optional)) {
                for (List<String> several :
                        List.of(
                                List.of("other", API),
                                List.of(API, "other"),
                                List.of(Tokens.CLIENT_ID, "orders"))) {
                    assertVerified(fixture.verify(verifier, tokens.access(with("aud", several))));
                }
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"other", "", "https://api.example.com/", "ORDERS", Tokens.CLIENT_ID})
        void isTheOnlyAcceptedOne(String audience) {
            for (TokenVerifier verifier : List.of(required, optional)) {
                assertEquals(
                        Reason.TOKEN_AUDIENCE,
                        reason(verifier, tokens.access(with("aud", audience))));
                assertEquals(
                        Reason.TOKEN_AUDIENCE,
                        reason(verifier, tokens.access(with("aud", List.of(audience, "x")))));
            }
        }

        @Test
        void isMissingInAnEmptyList() {
            assertEquals(
                    Reason.TOKEN_AUDIENCE, reason(optional, tokens.access(with("aud", List.of()))));
        }

        @Test
        void mayBeAbsentUnlessItIsRequired() {
            assertEquals(Reason.TOKEN_AUDIENCE, reason(required, tokens.access()));
            assertVerified(fixture.verify(optional, tokens.access()));
        }
    }

    @Nested
    class Groups {
        private final TokenVerifier verifier =
                fixture.verifier(
                        new TokenRules(
                                Set.of(),
                                Set.of(),
                                false,
                                Set.of("orders/read"),
                                Set.of("clerks", "admins"),
                                Duration.ZERO,
                                Set.of()));

        @Test
        void oneOfTheRequiredOnesIsSufficient() {
            assertVerified(
                    fixture.verify(
                            verifier,
                            tokens.access(with("cognito:groups", List.of("x", "admins")))));
        }

        @ParameterizedTest
        @ValueSource(strings = {"Clerks", "clerk", "clerks ", "clerks,admins", ""})
        void anyOtherIsInsufficient(String group) {
            assertEquals(
                    Reason.TOKEN_GROUP,
                    reason(verifier, tokens.access(with("cognito:groups", List.of(group)))));
        }

        @Test
        void areMissingInATokenWithoutGroups() {
            assertEquals(
                    Reason.TOKEN_GROUP, reason(verifier, tokens.access(without("cognito:groups"))));
            assertEquals(Reason.TOKEN_GROUP, reason(verifier, tokens.machine()));
        }

        @Test
        void areCheckedAfterTheSignature() {
            assertEquals(
                    Reason.TOKEN_SIGNATURE,
                    reason(
                            verifier,
                            tokens.signedWith(SigningKey.generate(SampleKeys.ONE.kid()))
                                    .access(without("cognito:groups"))));
        }

        @Test
        void areCheckedAfterTheScopes() {
            assertEquals(
                    Reason.TOKEN_SCOPE,
                    reason(
                            verifier,
                            tokens.access(claims -> {
                                claims.keySet().removeAll(List.of("scope", "cognito:groups"));
                                return claims;
                            })));
        }
    }

    @Nested
    class ConfiguredClaims {
        private final TokenVerifier verifier =
                fixture.verifier(
                        new TokenRules(
                                Set.of(),
                                Set.of(),
                                false,
                                Set.of(),
                                Set.of(),
                                Duration.ZERO,
                                Set.of("sub", "origin_jti", "custom:tenant")));

        @Test
        void areReturnedUnchanged() {
            Verification verification =
                    fixture.verify(
                            verifier,
                            tokens.access(claims -> {
                                claims.put("origin_jti", "a-session");
                                claims.put("custom:tenant", List.of(1, "two"));
                                claims.put("custom:other", "not asked for");
                                return claims;
                            }));

            assertEquals(
                    Map.of(
                            "sub",
                            new ClaimValue('"' + Tokens.SUBJECT + '"', Optional.of(Tokens.SUBJECT)),
                            "origin_jti",
                            new ClaimValue("\"a-session\"", Optional.of("a-session")),
                            "custom:tenant",
                            new ClaimValue("[1,\"two\"]", Optional.of("[1,\"two\"]"))),
                    token(verification).claims());
        }

        @Test
        void areMalformedIfTheyAreNotValidText() {
            String payload =
                    "{\"iss\":\"%s\",\"sub\":\"a\",\"token_use\":\"access\",\"client_id\":\"a\",\"exp\":%d,\"custom:tenant\":\"\\uD800\"}"
                            .formatted(VerifierFixture.ISSUER, now + 60);

            assertEquals(
                    Reason.TOKEN_MALFORMED,
                    reason(verifier, SampleKeys.ONE.sign(tokens.headerJson(), payload)));
        }
    }

    @Nested
    class Confirmation {

        @Test
        void isRefused() {
            assertRejected(
                    Reason.TOKEN_USE, tokens.access(with("cnf", Map.of("jkt", "thumbprint"))));
            assertRejected(Reason.TOKEN_USE, tokens.access(with("cnf", "")));
        }
    }

    @Nested
    class Client {
        private final TokenVerifier choosy =
                fixture.verifier(Set.of("app", Tokens.CLIENT_ID), Set.of(), Duration.ZERO);

        @Test
        void isAcceptedIfItIsConfigured() {
            assertVerified(fixture.verify(choosy, tokens.access()));
        }

        @ParameterizedTest
        @ValueSource(strings = {"App", "app ", "app,", "ap", "appp", "*"})
        void isRefusedIfItIsNotConfigured(String client) {
            assertEquals(
                    Reason.TOKEN_CLIENT, reason(choosy, tokens.access(with("client_id", client))));
        }
    }

    @Nested
    class Expiry {

        @Test
        void isNotReachedAMicrosecondBefore() {
            String token = tokens.access(with("exp", now + 10));
            fixture.clock.advance(Duration.ofSeconds(10).minus(MICROSECOND));

            assertVerified(fixture.verify(token));
        }

        @Test
        void isReachedAtTheSecondOfExp() {
            String token = tokens.access(with("exp", now + 10));
            fixture.clock.advance(Duration.ofSeconds(10));

            assertRejected(Reason.TOKEN_EXPIRED, token);
        }

        @Test
        void mayHaveAFraction() {
            String token = tokens.access(with("exp", now + 0.5));
            fixture.clock.advance(Duration.ofMillis(500).minus(MICROSECOND));
            assertVerified(fixture.verify(token));
            fixture.clock.advance(MICROSECOND);

            assertRejected(Reason.TOKEN_EXPIRED, token);
        }

        @Test
        void isExtendedByTheClockSkew() {
            TokenVerifier lenient = skewed(300);
            String token = tokens.access(with("exp", now + 10));
            fixture.clock.advance(Duration.ofSeconds(310).minus(MICROSECOND));
            assertVerified(fixture.verify(lenient, token));
            fixture.clock.advance(MICROSECOND);

            assertEquals(Reason.TOKEN_EXPIRED, reason(lenient, token));
        }

        @Test
        void hasNoToleranceByDefault() {
            assertRejected(Reason.TOKEN_EXPIRED, tokens.access(with("exp", now)));
        }

        @Test
        void isReturnedInWholeSeconds() {
            Verification verification = fixture.verify(tokens.access(with("exp", now + 1.9)));

            assertEquals(now + 1, token(verification).expiresAt());
        }

        @Test
        void mayBeTheEndOfTheYear9999AndNotLater() {
            assertVerified(fixture.verify(tokens.access(with("exp", 253_402_300_799L))));
            assertRejected(Reason.TOKEN_MALFORMED, tokens.access(with("exp", 253_402_300_800L)));
        }
    }

    @Nested
    class NotBeforeAndIssuedAt {

        @ParameterizedTest
        @ValueSource(strings = {"nbf", "iat"})
        void mayBeFiveSecondsInTheFuture(String claim) {
            assertVerified(fixture.verify(tokens.access(with(claim, now + 5))));
        }

        @ParameterizedTest
        @ValueSource(strings = {"nbf", "iat"})
        void mayNotBeMoreThanFiveSecondsInTheFuture(String claim) {
            assertRejected(Reason.TOKEN_NOT_YET_VALID, tokens.access(with(claim, now + 5.000_001)));
            assertRejected(Reason.TOKEN_NOT_YET_VALID, tokens.access(with(claim, now + 6)));
        }

        @ParameterizedTest
        @ValueSource(strings = {"nbf", "iat"})
        void mayBeLaterByTheClockSkew(String claim) {
            assertVerified(fixture.verify(skewed(300), tokens.access(with(claim, now + 305))));
        }

        @ParameterizedTest
        @ValueSource(strings = {"nbf", "iat"})
        void mayNotBeLaterByMoreThanTheClockSkew(String claim) {
            assertEquals(
                    Reason.TOKEN_NOT_YET_VALID,
                    reason(skewed(300), tokens.access(with(claim, now + 305.000_001))));
        }

        @Test
        void areBothChecked() {
            assertRejected(
                    Reason.TOKEN_NOT_YET_VALID,
                    tokens.access(claims -> {
                        claims.put("nbf", now);
                        claims.put("iat", now + 6);
                        return claims;
                    }));
        }

        @Test
        void areComparedWithTheClock() {
            String token = tokens.access(with("nbf", now + 60));
            fixture.clock.advance(Duration.ofSeconds(55).minus(MICROSECOND));
            assertRejected(Reason.TOKEN_NOT_YET_VALID, token);
            fixture.clock.advance(MICROSECOND);

            assertVerified(fixture.verify(token));
        }
    }

    @Nested
    class Scopes {
        private final TokenVerifier demanding =
                fixture.verifier(Set.of(), Set.of("orders/read", "orders/write"), Duration.ZERO);

        @Test
        void areAllPresent() {
            assertVerified(
                    fixture.verify(
                            demanding,
                            tokens.access(with("scope", "a orders/write b orders/read"))));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "orders/read",
                    "orders/read orders/writes",
                    "orders/read,orders/write",
                    "ORDERS/READ ORDERS/WRITE",
                    "orders/*",
                })
        void areReportedAsMissingForAVerifiedToken(String scope) {
            Verification verification =
                    fixture.verify(demanding, tokens.access(with("scope", scope)));

            assertInstanceOf(Verification.Lacking.class, verification);
            assertEquals(Tokens.SUBJECT, token(verification).subject());
        }

        @Test
        void areCheckedAfterTheSignature() {
            String forged =
                    tokens.signedWith(SampleKeys.withId(SampleKeys.MALLORY, SampleKeys.ONE.kid()))
                            .access(without("scope"));

            assertEquals(Reason.TOKEN_SIGNATURE, reason(demanding, forged));
        }

        @Test
        void areCheckedAfterTheExpiry() {
            String expired = tokens.access(with("scope", ""));
            fixture.clock.advance(Tokens.LIFETIME);

            assertEquals(Reason.TOKEN_EXPIRED, reason(demanding, expired));
        }
    }

    @Nested
    class UnavailableKeys {

        @Test
        void giveNoJudgementOfTheToken() {
            fixture.endpoint.fail();

            assertEquals(
                    new Verification.KeysUnavailable(
                            "cognito-idp.eu-west-1.amazonaws.com: the keys' status is 503"),
                    fixture.verify(tokens.access()));
        }

        @Test
        void doNotPreventTheRefusalOfAnInvalidClaim() {
            fixture.endpoint.fail();

            assertRejected(Reason.TOKEN_USE, tokens.id());
            assertEquals(0, fixture.endpoint.calls());
        }

        @Test
        void areNotNeededIfTheKeyIsInTheCache() {
            fixture.verify(tokens.access());
            fixture.endpoint.fail();
            fixture.clock.advance(Duration.ofHours(23));

            assertVerified(fixture.verify(tokens.access()));
        }
    }

    @Nested
    class SeveralIssuers {
        private static final String EAST = "https://east.example/pool";
        private static final String WEST = "https://west.example/pool";

        private final ScriptedIssuer east = ScriptedIssuer.publishing(SampleKeys.ONE);
        private final ScriptedIssuer west = ScriptedIssuer.publishing(SampleKeys.TWO);
        private final Tokens easts = new Tokens(SampleKeys.ONE, EAST, fixture.clock);
        private final Tokens wests = new Tokens(SampleKeys.TWO, WEST, fixture.clock);
        private final TokenVerifier verifier =
                new TokenVerifier(
                        new Issuers(
                                List.of(issuer(EAST), issuer(WEST)),
                                byHost(),
                                Duration.ofSeconds(2),
                                fixture.clock),
                        new TokenRules(
                                Set.of(),
                                Set.of(),
                                false,
                                Set.of(),
                                Set.of(),
                                Duration.ZERO,
                                Set.of()),
                        fixture.clock);

        @Test
        void areAllAccepted() {
            assertVerified(fixture.verify(verifier, easts.access()));
            assertVerified(fixture.verify(verifier, wests.access()));
        }

        @Test
        void areRefusedWithTheKeyOfAnother() {
            assertEquals(Reason.TOKEN_KEY_UNKNOWN, reason(verifier, easts.issuedBy(WEST).access()));
            assertEquals(Reason.TOKEN_KEY_UNKNOWN, reason(verifier, wests.issuedBy(EAST).access()));
        }

        @Test
        void areRefusedWithTheKeyOfAnotherAlsoIfTheKeyIdIsTheSame() {
            SigningKey twin = SampleKeys.withId(SampleKeys.TWO, SampleKeys.ONE.kid());
            west.publish(twin);

            assertVerified(fixture.verify(verifier, easts.access()));
            assertVerified(fixture.verify(verifier, wests.signedWith(twin).access()));
            assertEquals(Reason.TOKEN_SIGNATURE, reason(verifier, easts.signedWith(twin).access()));
            assertEquals(Reason.TOKEN_SIGNATURE, reason(verifier, easts.issuedBy(WEST).access()));
        }

        @Test
        void areIndependentIfOneIsDown() {
            east.fail();

            assertInstanceOf(
                    Verification.KeysUnavailable.class, fixture.verify(verifier, easts.access()));
            assertVerified(fixture.verify(verifier, wests.access()));
        }

        private HttpSender byHost() {
            return (call, limit) ->
                    switch (call.toString()) {
                        case "HttpCall[east.example]" -> east.send(call, limit);
                        case "HttpCall[west.example]" -> west.send(call, limit);
                        default -> new Reply.Failed("no such host");
                    };
        }

        private static Config.Issuer issuer(String name) {
            return new Config.Issuer(
                    name, Endpoint.parse(name + "/.well-known/jwks.json").orElseThrow());
        }
    }

    @Test
    void verifiesTheFirstTokenOfANewKey() {
        fixture.verify(tokens.access());
        fixture.endpoint.publish(SampleKeys.ONE, SampleKeys.TWO);

        assertVerified(fixture.verify(tokens.signedWith(SampleKeys.TWO).access()));
        assertVerified(fixture.verify(tokens.access()));
        assertEquals(2, fixture.endpoint.calls());
    }

    @Test
    void verifiesATokenOfAKnownKeyAlsoWithoutTimeLeft() {
        fixture.verify(tokens.access());

        assertVerified(
                fixture.verifier()
                        .verify(
                                new BearerToken(tokens.access()),
                                Invocations.in(NANOSECOND, fixture.clock)));
    }

    @Test
    void showsNoValueOfATokenThatIsNotVerified() {
        String mark = "MARK";
        UnaryOperator<Map<String, Object>> marked =
                claims -> {
                    claims.put("sub", mark);
                    claims.put("username", mark);
                    claims.put("scope", mark);
                    claims.put("client_id", mark);
                    claims.put("cognito:groups", List.of(mark));
                    return claims;
                };
        Tokens unknown = tokens.signedWith(SampleKeys.withId(SampleKeys.TWO, mark));
        Tokens forged = tokens.signedWith(SampleKeys.withId(SampleKeys.TWO, SampleKeys.ONE.kid()));
        TokenVerifier choosy = fixture.verifier(Set.of("app"), Set.of("admin"), Duration.ZERO);

        List<String> outcomes = new ArrayList<>();
        outcomes.add(fixture.verify(mark).toString());
        outcomes.add(fixture.verify(unknown.access(marked)).toString());
        outcomes.add(fixture.verify(forged.access(marked)).toString());
        outcomes.add(
                fixture.verify(tokens.access(marked.andThen(with("iss", mark))::apply)).toString());
        outcomes.add(
                fixture.verify(tokens.access(marked.andThen(with("exp", mark))::apply)).toString());
        outcomes.add(
                fixture.verify(tokens.access(marked.andThen(with("exp", 1))::apply)).toString());
        outcomes.add(fixture.verify(choosy, tokens.access(marked)).toString());
        fixture.endpoint.fail();
        fixture.clock.advance(Duration.ofMinutes(1));
        outcomes.add(fixture.verify(unknown.access(marked)).toString());

        assertEquals(
                List.of(
                        "Rejected[reason=TOKEN_MALFORMED]",
                        "Rejected[reason=TOKEN_KEY_UNKNOWN]",
                        "Rejected[reason=TOKEN_SIGNATURE]",
                        "Rejected[reason=TOKEN_ISSUER]",
                        "Rejected[reason=TOKEN_MALFORMED]",
                        "Rejected[reason=TOKEN_EXPIRED]",
                        "Rejected[reason=TOKEN_CLIENT]",
                        "KeysUnavailable[detail=cognito-idp.eu-west-1.amazonaws.com: "
                                + "the keys' status is 503]"),
                outcomes);
    }

    @Test
    void doesNotShowTheToken() {
        String token = tokens.access();
        TokenVerifier demanding = fixture.verifier(Set.of(), Set.of("admin"), Duration.ZERO);

        for (Verification outcome :
                List.of(fixture.verify(token), fixture.verify(demanding, token))) {
            for (String part : token.split("\\.")) {
                assertFalse(outcome.toString().contains(part));
            }
        }
    }

    private TokenVerifier skewed(int seconds) {
        return fixture.verifier(Set.of(), Set.of(), Duration.ofSeconds(seconds));
    }

    private void assertRejected(Reason reason, String token) {
        assertEquals(new Verification.Rejected(reason), fixture.verify(token));
    }

    private static void assertVerified(Verification verification) {
        assertInstanceOf(Verification.Verified.class, verification);
    }

    private Reason reason(TokenVerifier verifier, String token) {
        return switch (fixture.verify(verifier, token)) {
            case Verification.Rejected(Reason reason) -> reason;
            case Verification.Lacking(_, Reason reason) -> reason;
            case Verification.Verified _ -> Reason.ALLOWED;
            case Verification.KeysUnavailable _ -> Reason.KEYS_UNAVAILABLE;
        };
    }

    private static VerifiedToken token(Verification verification) {
        return switch (verification) {
            case Verification.Verified(VerifiedToken token) -> token;
            case Verification.Lacking(VerifiedToken token, _) -> token;
            case Verification.Rejected _, Verification.KeysUnavailable _ ->
                    throw new AssertionError("expected a real token, and was " + verification);
        };
    }

    private static String sign(
            SigningKey key, Map<String, Object> header, Map<String, Object> claims) {
        return key.sign(SampleKeys.json(header), SampleKeys.json(claims));
    }

    private static Set<String> scopes(String... scopes) {
        return new LinkedHashSet<>(List.of(scopes));
    }
}
