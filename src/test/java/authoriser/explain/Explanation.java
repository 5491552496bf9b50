package authoriser.explain;

import authoriser.ExplainedFunction;
import authoriser.config.Config;
import authoriser.config.TokenRules;
import authoriser.event.AccessRequest;
import authoriser.event.Credential;
import authoriser.event.Headers;
import authoriser.explain.RecordedCalls.Call;
import authoriser.explain.RecordedCalls.Peer;
import authoriser.http.Reply;
import authoriser.reason.Reason;
import authoriser.token.TokenContent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Writes what the function did with an event as a person reads it: each check with what was found,
 * the requests, the decision, and what would have to change.
 *
 * <p>Which check failed comes from the function's own log line. This class only describes it.
 */
final class Explanation {
    private final ExplainedFunction function;
    private final ExplainedFunction.Result result;
    private final Instant now;
    private final Config config;
    private final Reason reason;
    private final Optional<Check> failing;
    private final TokenContent token;

    Explanation(ExplainedFunction function, ExplainedFunction.Result result, Instant now) {
        this.function = function;
        this.result = result;
        this.now = now;
        this.config = function.config();
        this.reason = reason(result.line());
        this.failing =
                Check.failing(
                        reason,
                        result.line().has("subject"),
                        function.calls().last(Peer.VALIDATION_SERVICE).isPresent());
        this.token = content(result.request());
    }

    private static Reason reason(JsonNode line) {
        String code = line.path("reason").asText();
        return Arrays.stream(Reason.values())
                .filter(reason -> reason.code().equals(code))
                .findFirst()
                .orElseThrow();
    }

    private static TokenContent content(Optional<AccessRequest> request) {
        return request.isPresent()
                        && request.get().credential() instanceof Credential.Bearer(var bearer)
                ? TokenContent.of(bearer)
                : new TokenContent(0, MissingNode.getInstance(), MissingNode.getInstance());
    }

    Reason reason() {
        return reason;
    }

    /** One line for each check: its result, its title, what was found. */
    List<String> checks() {
        List<String> lines = new ArrayList<>();
        boolean reached = reason != Reason.INTERNAL_ERROR;
        for (Check check : Check.values()) {
            boolean fails = failing.isPresent() && failing.get() == check;
            String mark = fails ? "FAIL" : reached ? "ok" : "-";
            String text = fails || reached ? text(check, fails) : "not checked";
            lines.add(String.format("  %-5s %-20s %s", mark, check.title(), text));
            reached &= !fails;
        }
        return lines;
    }

    /** One line for each request that the function sent. */
    List<String> requests() {
        return function.calls().calls().stream()
                .map(call ->
                        String.format(
                                "  %9s  %s, %s: %s",
                                Shown.millis(call.nanos()),
                                call.peer().text(),
                                Shown.text(call.host()),
                                Shown.text(call.result())))
                .toList();
    }

    private String text(Check check, boolean fails) {
        TokenRules rules = config.token();
        JsonNode claims = token.claims();
        return switch (check) {
            case EVENT ->
                    fails
                            ? "the event has no REQUEST authoriser's type, ARN or headers"
                            : "stage " + result.request().orElseThrow().arn().stage();
            case AUTHORIZATION -> authorization();
            case FORM -> fails ? form() : token.length() + " characters";
            case ALGORITHM -> Shown.claim(token.header(), "alg") + "; needed: RS256";
            case ISSUER ->
                    Shown.claim(claims, "iss")
                            + "; accepted: "
                            + Shown.list(
                                    config.issuers().stream().map(Config.Issuer::name).toList());
            case USE ->
                    Shown.claim(claims, "token_use")
                            + (claims.has("cnf") ? ", with cnf" : "")
                            + "; needed: access, without cnf";
            case CLIENT ->
                    Shown.claim(claims, "client_id")
                            + "; accepted: "
                            + anyOr(Shown.list(rules.clientIds()));
            case AUDIENCE ->
                    Shown.claim(claims, "aud")
                            + "; accepted: "
                            + (rules.audiences().isEmpty()
                                    ? "the token's own client_id"
                                    : Shown.list(rules.audiences()))
                            + (rules.audienceRequired() ? "" : ", or no aud");
            case EXPIRY ->
                    times(claims, "exp") + "; ClockSkewSeconds " + rules.clockSkew().toSeconds();
            case START ->
                    times(claims, "nbf", "iat")
                            + "; ClockSkewSeconds "
                            + rules.clockSkew().toSeconds()
                            + " and 5 s more";
            case KEY -> key(fails);
            case SIGNATURE ->
                    fails ? "it is not one of the key that kid names" : "verified with that key";
            case SCOPES ->
                    Shown.claim(claims, "scope")
                            + "; needed: "
                            + noneOr(Shown.list(rules.requiredScopes()));
            case GROUPS ->
                    Shown.claim(claims, "cognito:groups")
                            + "; needed: "
                            + (rules.requiredGroups().isEmpty()
                                    ? "none"
                                    : "one of " + Shown.list(rules.requiredGroups()));
            case HEADERS -> headers();
            case SERVICE_TOKEN ->
                    fails
                            ? detail()
                            : "got from "
                                    + Shown.text(config.service().tokenUrl().origin().authority());
            case SERVICE -> fails ? service() : "allowed the request";
            case ANSWER ->
                    fails
                            ? detail()
                            : result.answer()
                                    .map(answer -> answer.toString().length() + " bytes")
                                    .orElse("");
        };
    }

    private String authorization() {
        return switch (result.request().orElseThrow().credential().kind()) {
            case BEARER -> "one bearer token";
            case ABSENT -> "no bearer token";
            case AMBIGUOUS -> "several headers with different values";
        };
    }

    private String form() {
        Credential credential = result.request().orElseThrow().credential();
        return credential instanceof Credential.Bearer(var bearer)
                ? TokenContent.fault(bearer)
                : "";
    }

    private String times(JsonNode claims, String... names) {
        List<String> times = new ArrayList<>();
        for (String name : names) {
            JsonNode time = claims.path(name);
            times.add(
                    time.isNumber()
                            ? name + " " + Shown.time(time.doubleValue(), now)
                            : "no " + name);
        }
        return String.join("; ", times);
    }

    private String key(boolean fails) {
        String keyId = Shown.claim(token.header(), "kid");
        if (fails && reason != Reason.TOKEN_KEY_UNKNOWN) {
            return keyId + "; " + detail();
        }
        return keyId + "; published: " + published();
    }

    /** The key ids of the set that was fetched. */
    private String published() {
        Optional<Call> call = function.calls().last(Peer.ISSUER);
        if (call.isEmpty() || !(call.get().reply() instanceof Reply.Answered answer)) {
            return "not known";
        }
        try {
            List<String> ids = new ArrayList<>();
            for (JsonNode key : new ObjectMapper().readTree(answer.body()).path("keys")) {
                ids.add(key.path("kid").asText("a key without kid"));
            }
            return ids.isEmpty() ? "none" : Shown.list(ids);
        } catch (IOException e) {
            return "not known";
        }
    }

    private String headers() {
        Headers headers = result.request().orElseThrow().headers();
        return switch (headers.kind()) {
            case COMPLETE -> {
                Map<String, String> lengths = new TreeMap<>();
                ((Headers.Complete) headers)
                        .values()
                        .forEach(
                                (name, value) -> lengths.put(name, value.length() + " characters"));
                yield lengths.toString().replaceAll("[{}]", "").replace('=', ' ');
            }
            case MISSING -> "no " + ((Headers.Missing) headers).name() + ", or an empty one";
            case AMBIGUOUS ->
                    "several "
                            + ((Headers.Ambiguous) headers).name()
                            + " headers with different values";
        };
    }

    private String service() {
        return reason == Reason.VALIDATION_REFUSED
                ? "refused: "
                        + Shown.text(
                                result.answer()
                                        .orElseThrow()
                                        .path("context")
                                        .path("message")
                                        .asText())
                : detail();
    }

    private String detail() {
        return Shown.text(result.line().path("detail").asText());
    }

    private static String anyOr(String list) {
        return list.isEmpty() ? "any" : list;
    }

    private static String noneOr(String list) {
        return list.isEmpty() ? "none" : list;
    }
}
