package authoriser.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.http.Endpoint;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each setting, then the rules for all settings. */
class ConfigTest {
    private static final String POOL_ISSUER =
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34E";
    private static final String NO_HTTPS =
            " must be an absolute https URL, and does not begin with https://";

    @Nested
    class CognitoUserPoolId {

        @ParameterizedTest
        @CsvSource({
            "eu-west-1_Ab12Cd34E, https://cognito-idp.eu-west-1.amazonaws.com/",
            "us-gov-west-1_Ab12Cd34E, https://cognito-idp.us-gov-west-1.amazonaws.com/",
            "cn-north-1_Ab12Cd34E, https://cognito-idp.cn-north-1.amazonaws.com.cn/",
            "eusc-de-east-1_Ab12Cd34E, https://cognito-idp.eusc-de-east-1.amazonaws.eu/",
            "us-iso-east-1_Ab12Cd34E, https://cognito-idp.us-iso-east-1.c2s.ic.gov/",
            "us-isob-east-1_Ab12Cd34E, https://cognito-idp.us-isob-east-1.sc2s.sgov.gov/",
            "us-isof-south-1_Ab12Cd34E, https://cognito-idp.us-isof-south-1.csp.hci.ic.gov/",
            "eu-isoe-west-1_Ab12Cd34E, https://cognito-idp.eu-isoe-west-1.cloud.adc-e.uk/"
        })
        void hasTheRegionInTheId(String pool, String start) {
            assertEquals(List.of(start + pool), issuers("CognitoUserPoolId", pool));
        }

        /** The values of the AWS SDK for Java 2.54, with one or more regions of each partition. */
        @ParameterizedTest
        @CsvSource({
            "us-east-1, amazonaws.com",
            "ap-southeast-7, amazonaws.com",
            "il-central-1, amazonaws.com",
            "mx-central-1, amazonaws.com",
            "us-gov-west-1, amazonaws.com",
            "cn-north-1, amazonaws.com.cn",
            "cn-northwest-1, amazonaws.com.cn",
            "us-iso-east-1, c2s.ic.gov",
            "us-iso-west-1, c2s.ic.gov",
            "us-isob-east-1, sc2s.sgov.gov",
            "us-isob-west-1, sc2s.sgov.gov",
            "us-isof-east-1, csp.hci.ic.gov",
            "us-isof-south-1, csp.hci.ic.gov",
            "eu-isoe-west-1, cloud.adc-e.uk",
            "eusc-de-east-1, amazonaws.eu"
        })
        void hasTheDomainOfThePartitionOfTheRegion(String region, String domain) {
            assertEquals(domain, Partitions.domainOf(region));
            assertTrue(Cognito.isPoolId(region + "_Ab12Cd34E"));
        }

        @Test
        void mayBeSeveralSeparatedByCommas() {
            assertEquals(
                    List.of(
                            POOL_ISSUER,
                            "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Zz99Yy88X"),
                    issuers("CognitoUserPoolId", "eu-west-1_Ab12Cd34E, us-east-1_Zz99Yy88X ,"));
        }

        @ParameterizedTest
        @NullSource
        @ValueSource(strings = {"", " ", ",", " , "})
        void isRequiredIfNoIssuerIsSet(String none) {
            assertProblems(
                    List.of("CognitoUserPoolId must be set unless CognitoIssuer is set"),
                    "CognitoUserPoolId",
                    none);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Ab12Cd34E",
                    "eu-west-1",
                    "eu-west-1_",
                    "_Ab12Cd34E",
                    "euwest1_Ab12Cd34E",
                    "-eu_Ab12Cd34E",
                    "EU-WEST-1_Ab12Cd34E",
                    "eu-west-1_Ab12/../x",
                    "eu-west-1_Ab12?x",
                    "eu-west-1_Ab12#x",
                    "eu-west-1_Ab12_x",
                    "eu-west-1.evil.example_Ab12",
                    "evil.example/eu-west-1_Ab12",
                    "eu west-1_Ab12Cd34E",
                    "eu-west-1_Ab12 Cd34E",
                    "eu-west-1_Ab12%20",
                    "https://evil_Ab12"
                })
        void isTheOnlyProblemIfItIsInvalid(String pool) {
            assertProblems(
                    List.of(
                            "CognitoUserPoolId must be user pool ids such as eu-west-1_Ab12Cd34E,"
                                    + " and holds \""
                                    + pool
                                    + "\""),
                    "CognitoUserPoolId",
                    pool);
        }

        @Test
        void hasOneProblemForEachInvalidId() {
            assertProblems(
                    List.of(
                            "CognitoUserPoolId must be user pool ids such as eu-west-1_Ab12Cd34E,"
                                    + " and holds \"one\"",
                            "CognitoUserPoolId must be user pool ids such as eu-west-1_Ab12Cd34E,"
                                    + " and holds \"two\""),
                    "CognitoUserPoolId",
                    "one,two");
        }

        @Test
        void mayHaveFiftyFiveCharactersAtMost() {
            String longest = "eu-west-1_" + "a".repeat(45);

            assertEquals(
                    List.of("https://cognito-idp.eu-west-1.amazonaws.com/" + longest),
                    issuers("CognitoUserPoolId", longest));
            assertProblems(
                    List.of(
                            "CognitoUserPoolId must be user pool ids such as eu-west-1_Ab12Cd34E,"
                                    + " and holds \""
                                    + longest
                                    + "a\""),
                    "CognitoUserPoolId",
                    longest + "a");
        }

        @Test
        void mayNotNameAPoolTwice() {
            assertProblems(
                    List.of("CognitoUserPoolId names an issuer twice"),
                    "CognitoUserPoolId",
                    "eu-west-1_Ab12Cd34E,eu-west-1_Ab12Cd34E");
        }

        @Test
        void isCheckedAlsoIfAnIssuerIsSet() {
            assertProblems(
                    List.of(
                            "CognitoUserPoolId must be user pool ids such as eu-west-1_Ab12Cd34E,"
                                    + " and holds \"nonsense\""),
                    "CognitoUserPoolId",
                    "nonsense",
                    "CognitoIssuer",
                    "https://issuer.example.com");
        }
    }

    @Nested
    class CognitoIssuer {

        @Test
        void replacesThePoolId() {
            assertEquals(
                    List.of("https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12"),
                    issuers(
                            "CognitoUserPoolId",
                            null,
                            "CognitoIssuer",
                            "https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12"));
        }

        @Test
        void hasPriorityOverThePoolId() {
            assertEquals(
                    List.of("https://issuer.example.com"),
                    issuers("CognitoIssuer", "https://issuer.example.com"));
        }

        @Test
        void mayBeSeveralSeparatedByCommas() {
            assertEquals(
                    List.of("https://one.example.com", "https://two.example.com/pool"),
                    issuers(
                            "CognitoIssuer",
                            "https://one.example.com , https://two.example.com/pool"));
        }

        /**
         * OpenID Connect Discovery 1.0 section 4.1: the slash at the end is removed for the URL.
         */
        @Test
        void keepsASlashAtItsEndButNotInTheUrlOfTheKeys() {
            assertEquals(
                    List.of(
                            new Config.Issuer(
                                    "https://tenant.example.com/",
                                    endpoint("https://tenant.example.com/.well-known/jwks.json"))),
                    parse("CognitoIssuer", "https://tenant.example.com/").issuers());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "issuer.example.com",
                    "ftp://issuer.example.com",
                    "https://",
                    "https:///pool",
                    "https://jane:canary@issuer.example.com",
                    "https://issuer.example.com#fragment",
                    "https://issuer.example.com/a b",
                    "https://issuer.example.com:0/",
                    "https://issuer.example.com:65536/"
                })
        void mustBeAnHttpsUrl(String url) {
            assertProblems(
                    List.of("CognitoIssuer " + Endpoint.problemOf(url).orElseThrow()),
                    "CognitoIssuer",
                    url);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "https://cognito-idp.eu-west-1.amazonaws.com/",
                    "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34E/",
                    "https://issuer-cognito-idp.eu-west-1.amazonaws.com/",
                    "https://issuer-cognito-idp.eu-west-1.amazonaws.com/a/b"
                })
        void mustHaveOneSegmentForAUserPool(String url) {
            assertProblems(
                    List.of(
                            "CognitoIssuer must be exactly the value of iss, which for a user pool"
                                    + " has the form "
                                    + POOL_ISSUER),
                    "CognitoIssuer",
                    url);
        }

        @Test
        void mayNotNameAnIssuerTwice() {
            assertProblems(
                    List.of("CognitoIssuer names an issuer twice"),
                    "CognitoIssuer",
                    "https://issuer.example.com,https://issuer.example.com");
        }
    }

    @Nested
    class CognitoJwksUrl {

        @Test
        void replacesTheUrlOfTheIssuer() {
            assertEquals(
                    List.of(
                            new Config.Issuer(
                                    POOL_ISSUER, endpoint("https://keys.example.com/a?b=c"))),
                    parse("CognitoJwksUrl", "https://keys.example.com/a?b=c").issuers());
        }

        @Test
        void hasTheOrderOfTheIssuers() {
            assertEquals(
                    List.of(
                            new Config.Issuer(
                                    "https://one.example.com",
                                    endpoint("https://keys.example.com/1")),
                            new Config.Issuer(
                                    "https://two.example.com",
                                    endpoint("https://keys.example.com/2"))),
                    parse(
                                    "CognitoIssuer",
                                    "https://one.example.com,https://two.example.com",
                                    "CognitoJwksUrl",
                                    "https://keys.example.com/1, https://keys.example.com/2")
                            .issuers());
        }

        @Test
        void mustHaveOneUrlForEachIssuer() {
            assertProblems(
                    List.of("CognitoJwksUrl must hold one URL for each issuer: 1, and holds 2"),
                    "CognitoJwksUrl",
                    "https://keys.example.com/1,https://keys.example.com/2");
            assertProblems(
                    List.of("CognitoJwksUrl must hold one URL for each issuer: 2, and holds 1"),
                    "CognitoUserPoolId",
                    "eu-west-1_Ab12Cd34E,us-east-1_Zz99Yy88X",
                    "CognitoJwksUrl",
                    "https://keys.example.com/1");
        }

        @Test
        void mustBeAnHttpsUrl() {
            assertProblems(
                    List.of("CognitoJwksUrl" + NO_HTTPS), "CognitoJwksUrl", "keys.example.com");
        }
    }

    @Nested
    class CognitoClientIds {

        @Test
        void areSeparatedByCommas() {
            assertEquals(
                    Set.of("one", "two"),
                    parse("CognitoClientIds", "one, two,, one,").token().clientIds());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"https://client.example.com/", "urn:client:1", "one@example.com", "!~"})
        void mayHaveAnotherFormForAnotherIssuer(String id) {
            assertEquals(
                    Set.of(id),
                    parse("CognitoIssuer", "https://issuer.example.com", "CognitoClientIds", id)
                            .token()
                            .clientIds());
        }

        /** RFC 6749 appendix A.1, but without the characters that other notations of lists use. */
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "one two",
                    "one\ttwo",
                    "\"one\"",
                    "'one'",
                    "`one`",
                    "(one)",
                    "<one>",
                    "[one]",
                    "{one}",
                    "on\u00eb",
                    "\u201cone\u201d",
                    "one;two",
                    "one|two"
                })
        void mayNotHaveCharactersThatAClientIdCannotHave(String id) {
            assertProblems(
                    List.of(
                            "CognitoClientIds must be client ids separated by commas, without"
                                    + " white space, quotes, brackets or semicolons, and holds \""
                                    + id.replace('\t', '?')
                                    + "\""),
                    "CognitoIssuer",
                    "https://issuer.example.com",
                    "CognitoClientIds",
                    id);
        }

        @ParameterizedTest
        @NullSource
        @ValueSource(strings = {"", " "})
        void allowEveryClientIfUnset(String none) {
            assertEquals(Set.of(), parse("CognitoClientIds", none).token().clientIds());
        }

        @ParameterizedTest
        @ValueSource(strings = {",", " , "})
        void areRefusedIfThereAreOnlySeparators(String none) {
            assertProblems(
                    List.of("CognitoClientIds has only separators"), "CognitoClientIds", none);
        }
    }

    @Nested
    class RequiredScopes {

        @Test
        void areRefusedIfThereAreOnlySeparators() {
            assertProblems(List.of("RequiredScopes has only separators"), "RequiredScopes", " , ,");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "orders/read orders/write",
                    "orders/read,orders/write",
                    " orders/read ,  orders/write, orders/read"
                })
        void areSeparatedBySpacesOrCommas(String scopes) {
            assertEquals(
                    Set.of("orders/read", "orders/write"),
                    parse("RequiredScopes", scopes).token().requiredScopes());
        }

        @Test
        void areNotAnEmptyList() {
            assertProblems(
                    List.of("RequiredScopes must not have quotes or brackets around it"),
                    "RequiredScopes",
                    "[]");
        }

        @Test
        void mustHaveTheSyntaxOfScopes() {
            assertProblems(
                    List.of(
                            "RequiredScopes holds something that is not a scope (RFC 6749 section"
                                    + " 3.3): \"wörld\"",
                            "RequiredScopes holds something that is not a scope (RFC 6749 section"
                                    + " 3.3): \"back\\slash\""),
                    "RequiredScopes",
                    "orders/read wörld back\\slash");
        }
    }

    @Nested
    class RequiredGroups {

        @Test
        void areSeparatedByCommas() {
            assertEquals(
                    Set.of("clerks", "team-7"),
                    parse("RequiredGroups", "clerks, team-7,").token().requiredGroups());
        }

        @Test
        void mayHave128CharactersAtMost() {
            String longest = "g".repeat(128);

            assertEquals(
                    Set.of(longest), parse("RequiredGroups", longest).token().requiredGroups());
            assertProblems(
                    List.of(NO_GROUP + "g".repeat(60) + "…\""), "RequiredGroups", longest + "g");
        }

        @ParameterizedTest
        @ValueSource(strings = {"\u0001", "\u007f", "\u009f"})
        void mayNotHaveControlCharacters(String control) {
            assertProblems(List.of(NO_GROUP + "a?b\""), "RequiredGroups", "a" + control + "b");
        }

        private static final String NO_GROUP =
                "RequiredGroups must be names of groups separated by commas, without white space"
                        + " in them, and holds \"";
    }

    @Nested
    class GroupRules {

        @Test
        void areRead() {
            assertEquals(
                    List.of(new RouteRule("GET", "/orders/*", Set.of("clerks"))),
                    parse("GroupRules", "{\"GET /orders/*\":[\"clerks\"]}").groupRules());
        }

        @Test
        void areRefusedIfThePolicyWouldBeTooLong() {
            assertEquals(
                    message(List.of("GroupRules holds too much")),
                    refusedByPolicy("GroupRules", "{\"GET /a\":[\"g\"]}"));
        }

        @Test
        void areRefusedIfThePolicyWouldBeTooLongWithTheScopeRules() {
            assertEquals(
                    message(List.of("ScopeRules and GroupRules: holds too much")),
                    refusedByPolicy(
                            "ScopeRules",
                            "{\"GET /a\":[\"s\"]}",
                            "GroupRules",
                            "{\"GET /a\":[\"g\"]}"));
        }

        private static String refusedByPolicy(String... changes) {
            return assertThrows(
                            InvalidSettings.class,
                            () ->
                                    Config.parse(
                                            Environment.with(changes),
                                            Environment.checked(
                                                    Optional.of("holds too much"),
                                                    Optional.empty())))
                    .getMessage();
        }
    }

    @Nested
    class ServiceClaims {

        @Test
        void haveTheOrderOfTheSetting() {
            assertEquals(
                    List.of("plan", "custom:tenant"),
                    parse("ServiceClaims", "plan, custom:tenant").service().claims());
        }
    }

    @Nested
    class ContextClaims {

        @Test
        void haveAKeyOfTheirOwn() {
            assertEquals(
                    List.of(new ContextClaim("custom:tenant", "tenant_0")),
                    parse("ContextClaims", "custom:tenant=tenant_0").contextClaims());
        }

        @Test
        void haveAKeyOfLettersDigitsAndUnderscoresByDefault() {
            assertEquals(
                    List.of(new ContextClaim("/0az9:@AZ^_~", "_0az9__AZ___")),
                    parse(
                                    "CognitoIssuer",
                                    "https://issuer.example.com",
                                    "ContextClaims",
                                    "/0az9:@AZ^_~")
                            .contextClaims());
        }

        @Test
        void areRefusedWithAKeyThatIsInUse() {
            InvalidSettings problems =
                    assertThrows(
                            InvalidSettings.class,
                            () ->
                                    Config.parse(
                                            Environment.with("ContextClaims", "scope"),
                                            Environment.checked(
                                                    Optional.empty(), Optional.of("scope"))));

            assertEquals(
                    message(
                            List.of(
                                    "ContextClaims needs the key \"scope\", which is in use: give"
                                            + " the claim another key, as CLAIM=KEY")),
                    problems.getMessage());
        }
    }

    @Nested
    class ScopeRules {

        @Test
        void areRead() {
            assertEquals(
                    List.of(
                            new RouteRule("GET", "/orders/*", Set.of("orders/read", "admin")),
                            new RouteRule("*", "/admin/*", Set.of("admin"))),
                    parse(
                                    "ScopeRules",
                                    "{\"GET /orders/*\":[\"orders/read\",\"admin\"],"
                                            + "\"* /admin/*\":[\"admin\"]}")
                            .scopeRules());
        }

        @Test
        void mayBeEmpty() {
            assertEquals(List.of(), parse("ScopeRules", "{}").scopeRules());
        }

        @Test
        void areRefusedIfThePolicyWouldBeTooLong() {
            InvalidSettings problems =
                    assertThrows(
                            InvalidSettings.class,
                            () ->
                                    Config.parse(
                                            Environment.with("ScopeRules", "{\"GET /a\":[\"s\"]}"),
                                            Environment.checked(
                                                    Optional.of("holds too much"),
                                                    Optional.empty())));

            assertEquals(message(List.of("ScopeRules holds too much")), problems.getMessage());
        }
    }

    @Nested
    class ValidatedHeaders {

        @Test
        void areSeparatedByCommasInTheirOrder() {
            assertEquals(
                    List.of("X-Tenant-Id", "x-channel", "Accept"),
                    parse("ValidatedHeaders", " X-Tenant-Id,x-channel , Accept,")
                            .validatedHeaders());
        }

        @ParameterizedTest
        @NullSource
        @ValueSource(strings = {"", " ", ",", " , ,"})
        void areRequired(String none) {
            assertProblems(List.of("ValidatedHeaders must be set"), "ValidatedHeaders", none);
        }

        @Test
        void mayHaveEveryCharacterOfAHeaderName() {
            String widest = "!#$%&'*+-.^_`|~09azAZ";

            assertEquals(List.of(widest), parse("ValidatedHeaders", widest).validatedHeaders());
        }

        @ParameterizedTest
        @ValueSource(strings = {"X Tenant", "X-Tenant:", "X-Tenänt", "X\"", "(X)", "X/Y", "X@Y"})
        void mustBeHeaderNames(String name) {
            assertProblems(
                    List.of(
                            "ValidatedHeaders holds something that is not a header name: \""
                                    + name
                                    + "\""),
                    "ValidatedHeaders",
                    name);
        }

        @Test
        void mayHave128CharactersAtMost() {
            String longest = "x".repeat(128);

            assertEquals(List.of(longest), parse("ValidatedHeaders", longest).validatedHeaders());
            assertProblems(
                    List.of(
                            "ValidatedHeaders holds something that is not a header name: \""
                                    + "x".repeat(60)
                                    + "…\""),
                    "ValidatedHeaders",
                    longest + "x");
        }

        @ParameterizedTest
        @ValueSource(strings = {"Authorization", "authorization", "AUTHORIZATION"})
        void mayNotNameAuthorization(String name) {
            assertProblems(
                    List.of(
                            "ValidatedHeaders must not name Authorization: the token is checked"
                                    + " anyway and never passed on"),
                    "ValidatedHeaders",
                    "X-Tenant-Id," + name);
        }

        @Test
        void mayNotRepeatAHeaderInAnotherCase() {
            assertProblems(
                    List.of("ValidatedHeaders names x-tenant-ID twice"),
                    "ValidatedHeaders",
                    "X-Tenant-Id,x-tenant-ID");
        }

        @Test
        void mayBeFortyAtMost() {
            List<String> names = IntStream.range(0, 40).mapToObj(i -> "X-" + i).toList();

            assertEquals(
                    names, parse("ValidatedHeaders", String.join(",", names)).validatedHeaders());
            assertProblems(
                    List.of("ValidatedHeaders names 41 headers; at most 40 are accepted"),
                    "ValidatedHeaders",
                    String.join(",", names) + ",X-40");
        }
    }

    @Nested
    class ValidationServiceUrl {

        @Test
        void isTheUrlToPostTo() {
            assertEquals(
                    endpoint("https://validation.example.com:8443/a?b=c"),
                    parse("ValidationServiceUrl", " https://validation.example.com:8443/a?b=c ")
                            .service()
                            .url());
        }

        @ParameterizedTest
        @NullSource
        @ValueSource(strings = {"", " "})
        void isRequired(String none) {
            assertProblems(
                    List.of("ValidationServiceUrl must be set"), "ValidationServiceUrl", none);
        }

        @Test
        void mustBeAnHttpsUrl() {
            assertProblems(
                    List.of("ValidationServiceUrl" + NO_HTTPS),
                    "ValidationServiceUrl",
                    "validation.example.com");
        }
    }

    @Nested
    class ValidationServiceCaCertificates {

        @Test
        void areTheAuthoritiesOfTheService() {
            List<String> names =
                    parse("ValidationServiceCaCertificates", SampleAuthorities.UNTIL_2046)
                            .service()
                            .authorities()
                            .stream()
                            .map(one -> one.getSubjectX500Principal().getName())
                            .toList();

            assertEquals(List.of("CN=Sample authority 2046"), names);
        }

        @Test
        void areRefusedForAServiceWithoutTls() {
            assertProblems(
                    List.of(
                            "ValidationServiceCaCertificates has no effect, because"
                                    + " ValidationServiceUrl is not https"),
                    "ValidationServiceUrl",
                    "http://localhost:8080/validate",
                    "ValidationServiceCaCertificates",
                    SampleAuthorities.UNTIL_2046);
        }
    }

    @Nested
    class ValidationServiceTokenUrl {

        @Test
        void isTheTokenEndpoint() {
            assertEquals(
                    endpoint("https://auth.example.com/oauth2/token"),
                    parse("ValidationServiceTokenUrl", "https://auth.example.com/oauth2/token")
                            .service()
                            .tokenUrl());
        }

        @ParameterizedTest
        @NullSource
        @ValueSource(strings = {"", " "})
        void isRequired(String none) {
            assertProblems(
                    List.of("ValidationServiceTokenUrl must be set"),
                    "ValidationServiceTokenUrl",
                    none);
        }

        @Test
        void mustBeAnHttpsUrl() {
            assertProblems(
                    List.of("ValidationServiceTokenUrl must not hold user information"),
                    "ValidationServiceTokenUrl",
                    "https://client:canary@login.example.com/oauth2/token");
        }
    }

    @Nested
    class ValidationServiceClientIdValue {

        @Test
        void isTheClientId() {
            assertEquals(
                    "an id", parse("ValidationServiceClientIdValue", "an id").service().clientId());
        }

        @ParameterizedTest
        @NullSource
        @ValueSource(strings = {"", " "})
        void isRequired(String none) {
            assertProblems(
                    List.of("ValidationServiceClientIdValue must be set"),
                    "ValidationServiceClientIdValue",
                    none);
        }
    }

    @Nested
    class ValidationServiceClientSecret {
        private static final String ONE_OF_THE_TWO =
                "ValidationServiceClientSecretArn or ValidationServiceClientSecretValue must be"
                        + " set, and not both";

        @Test
        void isTheValueWithoutWhiteSpaceAroundIt() {
            assertEquals(
                    new Config.ClientSecret.Value(new Secret("a secret")),
                    secret("ValidationServiceClientSecretValue", " a secret\n"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "arn:aws:secretsmanager:eu-west-1:123456789012:secret:validation-Ab12Cd",
                    "validation/client"
                })
        void isKeptUnderTheArn(String id) {
            assertEquals(
                    new Config.ClientSecret.Stored(id),
                    secret(
                            "ValidationServiceClientSecretValue",
                            "",
                            "ValidationServiceClientSecretArn",
                            id));
        }

        @ParameterizedTest
        @NullSource
        @ValueSource(strings = {"", " "})
        void isRequiredInOneOfTheTwoSettings(String none) {
            assertProblems(
                    List.of(ONE_OF_THE_TWO),
                    "ValidationServiceClientSecretValue",
                    none,
                    "ValidationServiceClientSecretArn",
                    none);
        }

        @Test
        void isRefusedInBothSettings() {
            assertProblems(
                    List.of(ONE_OF_THE_TWO),
                    "ValidationServiceClientSecretArn",
                    "validation/client");
        }

        @Test
        void isKeptUnderANameOf519CharactersAtMost() {
            String longest = "n".repeat(519);

            assertEquals(
                    new Config.ClientSecret.Stored(longest),
                    secret(
                            "ValidationServiceClientSecretValue",
                            "",
                            "ValidationServiceClientSecretArn",
                            longest));
            assertProblems(
                    List.of(
                            "ValidationServiceClientSecretArn must be the ARN or the name of a"
                                    + " secret in Secrets Manager"),
                    "ValidationServiceClientSecretValue",
                    "",
                    "ValidationServiceClientSecretArn",
                    longest + "n");
        }

        private static Config.ClientSecret secret(String... changes) {
            return parse(changes).service().secret();
        }
    }

    @Nested
    class ValidationServiceScope {

        @Test
        void isReadWithSingleSpaces() {
            assertEquals(
                    Optional.of("validation/ask validation/tell"),
                    parse("ValidationServiceScope", " validation/ask  validation/tell ")
                            .service()
                            .scope());
        }

        @Test
        void mustHaveTheSyntaxOfScopes() {
            assertProblems(
                    List.of(
                            "ValidationServiceScope holds something that is not a scope (RFC 6749"
                                    + " section 3.3): \"\"b\"\""),
                    "ValidationServiceScope",
                    "a \"b\"");
        }
    }

    @Nested
    class ValidationServiceTimeoutMs {

        @ParameterizedTest
        @CsvSource({
            "1, 1",
            "2500, 2500",
            "30000, 30000",
            "' 750 ', 750",
            "0002, 2",
            "000000002, 2"
        })
        void isInMilliseconds(String text, long millis) {
            assertEquals(
                    Duration.ofMillis(millis),
                    parse("ValidationServiceTimeoutMs", text).service().timeout());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "0",
                    "-1",
                    "30001",
                    "+5",
                    "1.5",
                    "2s",
                    "PT2S",
                    "0x10",
                    "٣",
                    "9999999999",
                    "99999999999999999999"
                })
        void mustBeAWholeNumberInRange(String text) {
            assertProblems(
                    List.of(
                            "ValidationServiceTimeoutMs must be a whole number from 1 to 30000,"
                                    + " and is \""
                                    + text
                                    + "\""),
                    "ValidationServiceTimeoutMs",
                    text);
        }
    }

    @Nested
    class InvalidTokenResponse {

        @ParameterizedTest
        @CsvSource({"deny, false", "unauthorized, true", "' unauthorized ', true"})
        void isDenyOrUnauthorized(String text, boolean unauthorized) {
            assertEquals(
                    unauthorized,
                    parse("InvalidTokenResponse", text).unauthorizedForInvalidTokens());
        }

        @ParameterizedTest
        @ValueSource(strings = {"Deny", "401", "true", "unauthorised"})
        void isRefusedOtherwise(String text) {
            assertProblems(
                    List.of(
                            "InvalidTokenResponse must be deny or unauthorized, and is \""
                                    + text
                                    + "\""),
                    "InvalidTokenResponse",
                    text);
        }
    }

    @Nested
    class PolicyExpiry {

        @ParameterizedTest
        @CsvSource({"on, true", "off, false", "true, true", "false, false"})
        void isOnOrOff(String text, boolean on) {
            assertEquals(on, parse("PolicyExpiry", text).policyExpiry());
        }
    }

    @Nested
    class ClockSkewSeconds {

        @ParameterizedTest
        @ValueSource(longs = {0, 1, 300})
        void isAtMostFiveMinutes(long seconds) {
            assertEquals(
                    Duration.ofSeconds(seconds),
                    parse("ClockSkewSeconds", Long.toString(seconds)).token().clockSkew());
        }

        @ParameterizedTest
        @ValueSource(strings = {"-1", "301", "5 s"})
        void isRefusedOtherwise(String text) {
            assertProblems(
                    List.of(
                            "ClockSkewSeconds must be a whole number from 0 to 300, and is \""
                                    + text
                                    + "\""),
                    "ClockSkewSeconds",
                    text);
        }
    }

    @Nested
    class LogAllowEvery {

        @ParameterizedTest
        @ValueSource(ints = {1, 2, 100})
        void isAtMostAHundred(int every) {
            assertEquals(
                    every, parse("LogAllowEvery", Integer.toString(every)).logging().allowEvery());
        }

        @ParameterizedTest
        @ValueSource(strings = {"0", "101", "all"})
        void isNothingElse(String text) {
            assertProblems(
                    List.of(
                            "LogAllowEvery must be a whole number from 1 to 100, and is \""
                                    + text
                                    + "\""),
                    "LogAllowEvery",
                    text);
        }
    }

    @Nested
    class DebugFor {

        @Test
        void namesCallersAndAShare() {
            assertEquals(
                    new Config.Logging(1, Set.of("caller-1", "client2"), 5),
                    parse("DebugFor", "caller-1, 5%,client2").logging());
        }

        @ParameterizedTest
        @ValueSource(strings = {"1%", "100%"})
        void acceptsAShareFromOneToAHundredPercent(String share) {
            assertEquals(
                    Integer.parseInt(share.replace("%", "")),
                    parse("DebugFor", share).logging().debugPercent());
        }

        @ParameterizedTest
        @CsvSource({"0%, 0%", "101%, 101%", "%, %", "1.5%, 1.5%", "-1%, -1%", "'5%,6%', 6%"})
        void acceptsNoOtherShare(String text, String shown) {
            assertProblems(
                    List.of(
                            "DebugFor must hold at most one share, from 1% to 100%, and holds \""
                                    + shown
                                    + "\""),
                    "DebugFor",
                    text);
        }
    }

    private static Config parse(String... changes) {
        return Config.parse(Environment.with(changes), Environment.UNCHECKED);
    }

    private static List<String> issuers(String... changes) {
        return parse(changes).issuers().stream().map(Config.Issuer::name).toList();
    }

    private static Endpoint endpoint(String url) {
        return Endpoint.parse(url).orElseThrow();
    }

    private static void assertProblems(List<String> problems, String... changes) {
        InvalidSettings thrown =
                assertThrows(
                        InvalidSettings.class,
                        () -> parse(changes),
                        () -> "settings " + Arrays.toString(changes));
        assertEquals(message(problems), thrown.getMessage());
    }

    private static String message(List<String> problems) {
        return problems.stream()
                .map(problem -> "\n  - " + problem)
                .collect(Collectors.joining("", "The settings are not usable:", ""));
    }

    @Test
    void doesNotPrintTheSecret() {
        var secret = new Secret(Environment.SECRET);

        assertEquals("[secret]", secret.toString());
        assertEquals(Environment.SECRET, secret.reveal());
        assertFalse(parse().toString().contains("canary"), parse().toString());
    }

    @Nested
    class AllSettings {

        @Test
        void haveDefaultsExceptForTheRequiredOnes() {
            assertEquals(
                    new Config(
                            List.of(
                                    new Config.Issuer(
                                            POOL_ISSUER,
                                            endpoint(POOL_ISSUER + "/.well-known/jwks.json"))),
                            new TokenRules(
                                    Set.of(),
                                    Set.of(),
                                    false,
                                    Set.of(),
                                    Set.of(),
                                    Duration.ZERO,
                                    Set.of()),
                            List.of(),
                            List.of(),
                            List.of("X-Tenant-Id"),
                            new Config.Service(
                                    endpoint("https://validation.example.com/v1/validate"),
                                    List.of(),
                                    endpoint("https://login.example.com/oauth2/token"),
                                    "1h57kf5cpq17m0eml12EXAMPLE",
                                    new Config.ClientSecret.Value(new Secret(Environment.SECRET)),
                                    Optional.empty(),
                                    List.of(),
                                    Duration.ofMillis(2_000)),
                            false,
                            true,
                            List.of(),
                            new Config.Logging(1, Set.of(), 0)),
                    parse());
        }

        static List<Written> areReadOrRefusedInEachSpelling() {
            return Written.all();
        }

        @ParameterizedTest
        @MethodSource
        void areReadOrRefusedInEachSpelling(Written written) {
            if (written.message().isEmpty()) {
                assertEquals(
                        Config.parse(written.plainEnvironment(), Environment.UNCHECKED),
                        Config.parse(written.environment(), Environment.UNCHECKED));
                return;
            }
            InvalidSettings thrown =
                    assertThrows(
                            InvalidSettings.class,
                            () -> Config.parse(written.environment(), Environment.UNCHECKED));
            assertEquals(written.message().get(), thrown.getMessage());
        }

        @ParameterizedTest
        @EnumSource
        void haveMoreThanFiveSpellingsEachInTheTest(Setting setting) {
            assertTrue(
                    Written.all().stream().filter(written -> written.setting() == setting).count()
                            > 5);
        }

        /** CloudFormation passes empty parameters to the function. */
        @Test
        void areUnsetIfTheyAreBlank() {
            for (String empty : List.of("", " ", "\t")) {
                Map<String, String> environment = Environment.with();
                for (Setting setting : Setting.values()) {
                    environment.putIfAbsent(setting.variable(), empty);
                }

                assertEquals(parse(), Config.parse(environment, Environment.UNCHECKED));
            }
        }

        @Test
        void haveExactNames() {
            assertEquals(
                    parse(),
                    parse(
                            "cognitouserpoolid",
                            "x",
                            "COGNITO_ISSUER",
                            "x",
                            "PATH",
                            "/bin",
                            "RouteRule",
                            "x"));
        }

        @ParameterizedTest
        @EnumSource(
                names = {
                    "COGNITO_ISSUER",
                    "COGNITO_JWKS_URL",
                    "VALIDATION_SERVICE_URL",
                    "VALIDATION_SERVICE_TOKEN_URL"
                })
        void mustBeHttpsUrlsExceptOnALoopbackHost(Setting setting) {
            String query = setting == Setting.COGNITO_ISSUER ? "" : "?canary";
            for (String loopback :
                    List.of(
                            "http://localhost",
                            "http://localhost:3000/x",
                            "http://LOCALHOST:3000/x",
                            "http://127.0.0.1:8080/x",
                            "http://127.1.2.3/x",
                            "http://[::1]:8080/x")) {
                parse(setting.variable(), loopback);
            }
            for (String host :
                    List.of(
                            "example.com",
                            "localhost.example.com",
                            "127.0.0.1.example.com",
                            "127.example.com",
                            "notlocalhost",
                            "10.0.0.1",
                            "0.0.0.0",
                            "169.254.169.254",
                            "[::2]",
                            "[::ffff:7f00:1]")) {
                assertProblems(
                        List.of(
                                setting.variable()
                                        + " must be https, except on a loopback host: "
                                        + host
                                        + ":8080"),
                        setting.variable(),
                        "http://" + host + ":8080/x" + query);
            }
        }
    }

    @Nested
    class ErrorMessage {

        @Test
        void hasEveryProblem() {
            Map<String, String> allWrong = new HashMap<>();
            allWrong.put("CognitoUserPoolId", "nonsense");
            allWrong.put("CognitoIssuer", "http://issuer.example.com");
            allWrong.put("CognitoJwksUrl", "one,two");
            allWrong.put("RequiredScopes", "ö");
            allWrong.put("ScopeRules", "[]");
            allWrong.put("ValidatedHeaders", "a b,Authorization,X,x");
            allWrong.put("ValidationServiceUrl", "validation.example.com");
            allWrong.put("ValidationServiceTokenUrl", "http://login.example.com");
            allWrong.put("ValidationServiceClientSecretValue", Environment.SECRET);
            allWrong.put("ValidationServiceClientSecretArn", "validation/client");
            allWrong.put("ValidationServiceScope", "\"");
            allWrong.put("ValidationServiceTimeoutMs", "soon");
            allWrong.put("InvalidTokenResponse", "403");
            allWrong.put("PolicyExpiry", "maybe");
            allWrong.put("ClockSkewSeconds", "1e3");

            InvalidSettings thrown =
                    assertThrows(
                            InvalidSettings.class,
                            () -> Config.parse(allWrong, Environment.UNCHECKED));

            assertEquals(
                    message(
                            List.of(
                                    "CognitoUserPoolId must be user pool ids such as"
                                            + " eu-west-1_Ab12Cd34E, and holds \"nonsense\"",
                                    "CognitoIssuer must be https, except on a loopback host:"
                                            + " issuer.example.com",
                                    "CognitoJwksUrl must hold one URL for each issuer: 1, and holds 2",
                                    "RequiredScopes holds something that is not a scope (RFC 6749 section"
                                            + " 3.3): \"ö\"",
                                    "ClockSkewSeconds must be a whole number from 0 to 300, and is \"1e3\"",
                                    "ScopeRules must be a JSON object of routes to arrays of scopes,"
                                            + " each route once",
                                    "ValidatedHeaders holds something that is not a header name: \"a b\"",
                                    "ValidatedHeaders must not name Authorization: the token is"
                                            + " checked anyway and never passed on",
                                    "ValidatedHeaders names x twice",
                                    "ValidationServiceScope holds something that is not a scope (RFC 6749"
                                            + " section 3.3): \"\"\"",
                                    "ValidationServiceUrl" + NO_HTTPS,
                                    "ValidationServiceTokenUrl must be https, except on a loopback"
                                            + " host: login.example.com",
                                    "ValidationServiceClientIdValue must be set",
                                    "ValidationServiceClientSecretArn or"
                                            + " ValidationServiceClientSecretValue must be set, and"
                                            + " not both",
                                    "ValidationServiceTimeoutMs must be a whole number from 1 to"
                                            + " 30000, and is \"soon\"",
                                    "InvalidTokenResponse must be deny or unauthorized, and is"
                                            + " \"403\"",
                                    "PolicyExpiry must be on or off (or true or false), and is \"maybe\"")),
                    thrown.getMessage());
        }

        @Test
        void hasEveryRequiredSettingIfNoneIsSet() {
            InvalidSettings thrown =
                    assertThrows(
                            InvalidSettings.class,
                            () -> Config.parse(Map.of(), Environment.UNCHECKED));

            assertEquals(
                    message(
                            List.of(
                                    "CognitoUserPoolId must be set unless CognitoIssuer is set",
                                    "ValidatedHeaders must be set",
                                    "ValidationServiceUrl must be set",
                                    "ValidationServiceTokenUrl must be set",
                                    "ValidationServiceClientIdValue must be set",
                                    "ValidationServiceClientSecretArn or"
                                            + " ValidationServiceClientSecretValue must be set, and"
                                            + " not both")),
                    thrown.getMessage());
            assertEquals(0, thrown.getStackTrace().length);
        }

        /** Each other setting has an invalid value in turn, and the secret is set in both ways. */
        @ParameterizedTest
        @EnumSource
        void doesNotContainTheSecret(Setting broken) {
            for (String value :
                    List.of("\u0001?", "http://x.example/?" + Environment.SECRET, "{\"")) {
                Map<String, String> environment =
                        Environment.with("ValidationServiceClientSecretArn", Environment.SECRET);
                if (!broken.variable().contains("Secret")) {
                    environment.put(broken.variable(), value);
                }

                InvalidSettings thrown =
                        assertThrows(
                                InvalidSettings.class,
                                () -> Config.parse(environment, Environment.UNCHECKED));

                assertFalse(thrown.getMessage().contains("canary"), thrown.getMessage());
            }
        }

        /** The secret has commas and spaces, and is longer than a quoted value. */
        @ParameterizedTest
        @EnumSource
        void doesNotContainASecretThatIsInAnotherSetting(Setting other) {
            String secret = "can,ary, \"canary\" {canary} can/ary canary" + "y".repeat(60);
            Map<String, String> environment =
                    Environment.with("ValidationServiceClientSecretValue", secret);
            if (other != Setting.VALIDATION_SERVICE_CLIENT_SECRET_VALUE) {
                environment.put(other.variable(), "x" + secret + "\n");
            }
            environment.remove("ValidatedHeaders");

            InvalidSettings thrown =
                    assertThrows(
                            InvalidSettings.class,
                            () -> Config.parse(environment, Environment.UNCHECKED));

            for (String part : List.of("can", "ary", "yyy")) {
                assertFalse(thrown.getMessage().contains(part), thrown.getMessage());
            }
        }

        @Test
        void explainsWhyAValueIsNotShown() {
            assertProblems(
                    List.of(
                            "PolicyExpiry is not usable, and is not shown, because it holds the value of"
                                    + " ValidationServiceClientSecretValue"),
                    "PolicyExpiry",
                    Environment.SECRET);
        }

        @Test
        void quotesValuesInOneLineOf60CharactersAtMost() {
            assertProblems(
                    List.of(
                            "PolicyExpiry must be on or off (or true or false), and is \""
                                    + "x".repeat(60)
                                    + "\""),
                    "PolicyExpiry",
                    "x".repeat(60));
            assertProblems(
                    List.of(
                            "PolicyExpiry must be on or off (or true or false), and is \"a?b"
                                    + "x".repeat(57)
                                    + "…\""),
                    "PolicyExpiry",
                    "a\nb" + "x".repeat(58));
        }
    }
}
