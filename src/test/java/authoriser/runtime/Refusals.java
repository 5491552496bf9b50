package authoriser.runtime;

import authoriser.standin.Events;
import authoriser.standin.SigningKey;
import authoriser.standin.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A request for each reason of a refusal. */
final class Refusals {

    /** A request and the expected reason code. */
    record Refusal(String reason, byte[] event) {
        @Override
        public String toString() {
            return reason;
        }
    }

    private Refusals() {}

    /** The settings that all of these requests need. */
    static World setUp(World world) {
        return world.set("CognitoClientIds", Tokens.CLIENT_ID)
                .set("RequiredScopes", "orders/read")
                .set("RequiredGroups", "clerks,admins")
                .set("ScopeRules", "{\"GET /admin/*\":[\"admin\"]}");
    }

    /** Refusals of unauthenticated callers that may be cached. */
    static List<Refusal> unauthenticated(World world) {
        Tokens tokens = world.tokens;
        Instant now = Instant.now();
        Duration minute = Duration.ofMinutes(1);
        return List.of(
                new Refusal("token_missing", Events.file("rest-no-token", "")),
                token("token_malformed", "three.parts.but-nothing-of-a-token"),
                token(
                        "token_algorithm",
                        World.KEY.sign(
                                tokens.headerJson().replace("RS256", "none"),
                                "{\"iss\":\"" + tokens.issuer() + "\"}")),
                token(
                        "token_signature",
                        tokens.signedWith(SigningKey.generate(World.KEY.kid())).access()),
                token("token_issuer", tokens.issuedBy(tokens.issuer() + "/other").access()),
                token("token_use", tokens.access(Tokens.with("token_use", "id"))),
                token("token_client", tokens.access(Tokens.with("client_id", "another-client"))),
                token("token_audience", tokens.access(Tokens.with("aud", "another-api"))),
                token("token_expired", tokens.access(Tokens.expiringAt(now.minus(minute)))));
    }

    /** Refusals of unauthenticated callers that are temporary. */
    static List<Refusal> temporary(World world) {
        Tokens tokens = world.tokens;
        long later = Instant.now().plus(Duration.ofMinutes(1)).getEpochSecond();
        return List.of(
                token(
                        "token_key_unknown",
                        tokens.signedWith(SigningKey.generate("Nobody/knows=")).access()),
                token("token_not_yet_valid", tokens.access(Tokens.with("nbf", later))));
    }

    /** Refusals of verified callers. */
    static List<Refusal> forbidden(World world) {
        Tokens tokens = world.tokens;
        return List.of(
                token("token_scope", tokens.access(Tokens.with("scope", "openid"))),
                token("token_group", tokens.access(Tokens.with("cognito:groups", List.of("x")))),
                new Refusal(
                        "header_missing",
                        Events.rest(tokens.access(), Events.withoutHeader("X-Tenant-Id"))),
                new Refusal(
                        "ambiguous_header",
                        Events.rest(
                                tokens.access(),
                                Events.header(
                                        "X-Tenant-Id",
                                        World.unique("one-tenant"),
                                        World.unique("other-tenant")))),
                new Refusal(
                        "validation_refused",
                        Events.rest(
                                tokens.access(), "X-Tenant-Id", World.unique("blocked-tenant"))));
    }

    private static Refusal token(String reason, String token) {
        return new Refusal(reason, World.request(token));
    }
}
