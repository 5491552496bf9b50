package authoriser.decision;

import static authoriser.InMemoryFunction.KEYS;
import static authoriser.InMemoryFunction.LOGIN;
import static authoriser.InMemoryFunction.VALIDATION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.InMemoryFunction;
import authoriser.event.AccessRequest;
import authoriser.event.Credential;
import authoriser.event.ExecuteApiArn;
import authoriser.event.Headers;
import authoriser.http.PretendHttp;
import authoriser.http.Reply;
import authoriser.invocation.Invocation;
import authoriser.reason.Reason;
import authoriser.standin.ManualClock;
import authoriser.standin.SigningKey;
import authoriser.standin.Tokens;
import authoriser.time.Deadline;
import authoriser.token.BearerToken;
import authoriser.token.VerifiedToken;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthoriserTest {
    private final InMemoryFunction function = new InMemoryFunction("RequiredScopes", "orders/read");
    private final ManualClock clock = function.clock;
    private final PretendHttp http = function.http;
    private final Tokens tokens = function.tokens;

    @Test
    void allowsAVerifiedTokenWithItsHeaders() {
        Decision decision = decide(tokens.access());

        Decision.Allow allow = assertInstanceOf(Decision.Allow.class, decision);
        assertEquals(Tokens.SUBJECT, allow.token().subject());
        assertEquals(Map.of("plan", "gold"), allow.context());
        assertEquals(Optional.of(allow.token()), allow.caller());
        assertEquals(Reason.ALLOWED, allow.reason());
        assertEquals(List.of(KEYS, LOGIN, VALIDATION), http.hostsAsked());
    }

    @Test
    void sendsNoRequestWithoutACredential() {
        assertEquals(
                new Decision.Unauthenticated(Reason.TOKEN_MISSING),
                decide(new Credential.Absent(), complete()));
        assertEquals(
                new Decision.Forbidden(
                        Optional.empty(),
                        Reason.AMBIGUOUS_HEADER,
                        "The request has several Authorization headers with different values."),
                decide(new Credential.Ambiguous(), complete()));
        assertEquals(List.of(), http.hostsAsked());
    }

    @Test
    void fetchesNoKeysForATokenOfAnotherIssuer() {
        assertEquals(
                new Decision.Unauthenticated(Reason.TOKEN_ISSUER),
                decide(tokens.issuedBy("https://evil.example.com").access()));
        assertEquals(List.of(), http.hostsAsked());
    }

    /** A caller without a verified token gets no information about headers. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void checksTheTokenBeforeTheHeaders(boolean missing) {
        Headers unusable =
                missing ? new Headers.Missing("X-Tenant-Id") : new Headers.Ambiguous("X-Tenant-Id");
        String forged = tokens.signedWith(SigningKey.generate(InMemoryFunction.KEY.kid())).access();

        assertEquals(
                new Decision.Unauthenticated(Reason.TOKEN_SIGNATURE),
                decide(bearer(forged), unusable));
        assertEquals(
                new Decision.Unauthenticated(Reason.TOKEN_MISSING),
                decide(new Credential.Absent(), unusable));
    }

    @Test
    void checksTheScopesBeforeTheHeaders() {
        Decision decision =
                decide(
                        bearer(tokens.access(Tokens.with("scope", "openid"))),
                        new Headers.Missing("X-Tenant-Id"));

        assertForbidden(
                Reason.TOKEN_SCOPE, "The token lacks a scope that this API requires.", decision);
        assertEquals(List.of(KEYS), http.hostsAsked());
    }

    @Test
    void checksTheHeadersBeforeTheValidationService() {
        assertForbidden(
                Reason.HEADER_MISSING,
                "The request has no X-Tenant-Id header.",
                decide(bearer(tokens.access()), new Headers.Missing("X-Tenant-Id")));
        assertForbidden(
                Reason.AMBIGUOUS_HEADER,
                "The request has several X-Tenant-Id headers with different values.",
                decide(bearer(tokens.access()), new Headers.Ambiguous("X-Tenant-Id")));
        assertEquals(List.of(KEYS), http.hostsAsked());
    }

    @Test
    void forbidsWithTheReasonOfTheValidationService() {
        http.on(VALIDATION, "{\"allowed\":false,\"reason\":\"<Tenant> is suspended\"}");

        assertForbidden(
                Reason.VALIDATION_REFUSED, "<Tenant> is suspended", decide(tokens.access()));
    }

    @Test
    void forbidsWithADefaultMessageIfTheServiceGivesNoReason() {
        http.on(VALIDATION, 403, "");

        assertForbidden(
                Reason.VALIDATION_REFUSED,
                "The validation service refused the request.",
                decide(tokens.access()));
    }

    @Test
    void isUndecidedWithoutKeys() {
        http.down(KEYS);

        assertEquals(
                new Decision.Undecided(
                        Optional.empty(), Reason.KEYS_UNAVAILABLE, KEYS + ": connection refused"),
                decide(tokens.access()));
        assertEquals(List.of(KEYS), http.hostsAsked());
    }

    @Test
    void isUndecidedWithoutAServiceToken() {
        http.down(LOGIN);

        assertUndecided(
                Reason.SERVICE_TOKEN_UNAVAILABLE,
                LOGIN + ": connection refused",
                decide(tokens.access()));
        assertEquals(List.of(), http.sentTo(VALIDATION));
    }

    @Test
    void isUndecidedWithoutAResponseOfTheValidationService() {
        http.down(VALIDATION);

        assertUndecided(
                Reason.VALIDATION_UNAVAILABLE,
                VALIDATION + ": connection refused",
                decide(tokens.access()));
    }

    /** If no time is left, the reason is the time-out and not the last failure. */
    @ParameterizedTest
    @ValueSource(strings = {KEYS, LOGIN, VALIDATION})
    void isUndecidedBecauseOfTheTimeOutIfNoTimeIsLeft(String slow) {
        http.on(
                slow,
                _ -> {
                    clock.advance(Duration.ofSeconds(3));
                    return new Reply.Failed(slow + ": time-out");
                });

        Decision decision = decide(tokens.access());

        assertInstanceOf(Decision.Undecided.class, decision);
        assertEquals(Reason.TIME_OUT, decision.reason());
    }

    @Test
    void acceptsAResponseAtTheDeadline() {
        http.on(
                VALIDATION,
                _ -> {
                    clock.advance(Duration.ofSeconds(3));
                    return PretendHttp.answer(204, "");
                });

        assertInstanceOf(Decision.Allow.class, decide(tokens.access()));
    }

    /** The next request tries again, because an outage is not cached. */
    @ParameterizedTest
    @ValueSource(strings = {KEYS, LOGIN, VALIDATION})
    void allowsAgainAfterAnOutage(String host) {
        http.down(host);
        assertInstanceOf(Decision.Undecided.class, decide(tokens.access()));

        http.on(host, InMemoryFunction.goodAnswerOf(host));
        clock.advance(Duration.ofSeconds(10));

        assertInstanceOf(Decision.Allow.class, decide(tokens.access()));
    }

    @Test
    void sendsOneValidationRequestForEachRequest() {
        for (int i = 0; i < 100; i++) {
            decide(tokens.access());
        }

        assertEquals(1, http.sentTo(KEYS).size());
        assertEquals(1, http.sentTo(LOGIN).size());
        assertEquals(100, http.sentTo(VALIDATION).size());
    }

    @Test
    void sendsOnlyThePrincipalAndTheHeadersToTheService() {
        decide(tokens.access());

        assertEquals(
                "{\"principal\":{\"issuer\":\""
                        + tokens.issuer()
                        + "\",\"subject\":\""
                        + Tokens.SUBJECT
                        + "\",\"username\":\"jane.doe\",\"clientId\":\""
                        + Tokens.CLIENT_ID
                        + "\",\"scopes\":[\"openid\",\"orders/read\"],"
                        + "\"groups\":[\"clerks\",\"night-shift\"]},"
                        + "\"headers\":{\"x-tenant-id\":\"acme\"}}",
                http.sentTo(VALIDATION).getFirst().body());
    }

    @Test
    void reportsTheTimeOfTheTokenCheck() {
        Invocation invocation = invocation();

        decide(bearer(tokens.access()), complete(), invocation);

        assertTrue(invocation.nanos(Invocation.Stage.TOKEN) > 0);
        assertTrue(invocation.nanos(Invocation.Stage.TOKEN) < invocation.nanos());
    }

    @Test
    void waitsForTheWorkBesideTheDecision() {
        Thread decider = Thread.currentThread();
        AtomicBoolean decided = new AtomicBoolean();
        AtomicBoolean sawItWait = new AtomicBoolean();
        Invocation invocation = invocation();
        invocation.beginTask(
                "beside",
                () -> {
                    while (!sawItWait.get() && !decided.get()) {
                        sawItWait.set(decider.getState() == Thread.State.TIMED_WAITING);
                    }
                },
                true);

        decide(new Credential.Absent(), complete(), invocation);
        decided.set(true);

        assertTrue(sawItWait.get());
    }

    private Decision decide(String token) {
        return decide(bearer(token), complete());
    }

    private Decision decide(Credential credential, Headers headers) {
        return decide(credential, headers, invocation());
    }

    private Invocation invocation() {
        return new Invocation(Deadline.in(Duration.ofSeconds(3), clock), Optional.empty());
    }

    private Decision decide(Credential credential, Headers headers, Invocation invocation) {
        return function.authoriser()
                .decide(
                        new AccessRequest(
                                new ExecuteApiArn(
                                        "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod"),
                                credential,
                                headers),
                        invocation);
    }

    private static void assertForbidden(Reason reason, String message, Decision decision) {
        Decision.Forbidden forbidden = assertInstanceOf(Decision.Forbidden.class, decision);
        assertEquals(reason, forbidden.reason());
        assertEquals(message, forbidden.message());
        assertEquals(Optional.of(Tokens.SUBJECT), forbidden.caller().map(VerifiedToken::subject));
    }

    private static void assertUndecided(Reason reason, String detail, Decision decision) {
        Decision.Undecided undecided = assertInstanceOf(Decision.Undecided.class, decision);
        assertEquals(reason, undecided.reason());
        assertEquals(detail, undecided.detail());
        assertEquals(Optional.of(Tokens.SUBJECT), undecided.caller().map(VerifiedToken::subject));
    }

    private static Credential bearer(String token) {
        return new Credential.Bearer(new BearerToken(token));
    }

    private static Headers complete() {
        return new Headers.Complete(Map.of("x-tenant-id", "acme"));
    }
}
