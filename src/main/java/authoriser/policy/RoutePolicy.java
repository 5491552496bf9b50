package authoriser.policy;

import authoriser.config.RouteRule;
import authoriser.event.ExecuteApiArn;
import authoriser.token.VerifiedToken;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Turns the rules for routes into resources of a policy: the routes that a token may not use.
 *
 * <p>API Gateway applies a cached policy to every route of the stage, so each policy holds all
 * rules, not only that of the requested route. A rule for every method becomes one resource for
 * each method: a policy's wildcard also matches slashes, so {@code STAGE/*}{@code /admin} would
 * match {@code GET /public/admin} as well.
 */
public final class RoutePolicy {
    private static final List<String> EVERYTHING = List.of("/*");

    private static final List<String> EVERY_METHOD = resources("*", "/*");

    /** The longest resource that API Gateway accepts in a policy, in characters. */
    static final int RESOURCE_LIMIT = 512;

    /**
     * The length of an ARN with a long partition and region, up to the slash after the API's id.
     */
    private static final int API_LENGTH =
            "arn:aws-us-gov:execute-api:ap-southeast-2:123456789012:a1b2c3d4e5/".length();

    /** The longest name of a stage that API Gateway allows, in characters. */
    private static final int LONGEST_STAGE = 128;

    /**
     * The bytes of an Allow beside its resources: 400 for its members, 350 for the longest subject,
     * issuer, user name and client id of Cognito, and 650 for what the validation service and the
     * settings add. Scopes and groups do not count, because those that do not fit are left out.
     */
    private static final int REST_OF_ANSWER = 1_400;

    private final List<Rule> scopeRules;
    private final List<Rule> groupRules;

    /** A rule with its resources without the stage, each of which begins with a slash. */
    private record Rule(Set<String> names, List<String> resources) {}

    /**
     * Prepares the rules.
     *
     * @param scopeRules the scopes that some routes need
     * @param groupRules the groups that some routes need
     */
    public RoutePolicy(List<RouteRule> scopeRules, List<RouteRule> groupRules) {
        this.scopeRules = prepared(scopeRules);
        this.groupRules = prepared(groupRules);
    }

    private static List<Rule> prepared(List<RouteRule> rules) {
        List<Rule> prepared = new ArrayList<>();
        for (RouteRule rule : rules) {
            prepared.add(new Rule(rule.names(), resources(rule.method(), rule.path())));
        }
        return List.copyOf(prepared);
    }

    /** Describes why these rules do not fit into one policy; empty if they fit. */
    static Optional<String> problemOf(List<RouteRule> rules) {
        Set<String> all = new LinkedHashSet<>();
        for (RouteRule rule : rules) {
            for (String resource : resources(rule.method(), rule.path())) {
                if (API_LENGTH + LONGEST_STAGE + resource.length() > RESOURCE_LIMIT) {
                    return Optional.of(
                            "holds a path of "
                                    + rule.path().length()
                                    + " characters, too long for a policy");
                }
                all.add(resource);
            }
        }
        if (all.isEmpty()) {
            return Optional.empty();
        }
        int size = REST_OF_ANSWER;
        for (String resource : EVERY_METHOD) {
            size += longest(resource);
        }
        for (String resource : all) {
            size += longest(resource);
        }
        return size <= PolicyWriter.SIZE_LIMIT
                ? Optional.empty()
                : Optional.of(
                        "needs a policy of up to "
                                + size
                                + " bytes (counted with a stage name of "
                                + LONGEST_STAGE
                                + " characters, and a rule for * as "
                                + RouteRule.METHODS.size()
                                + " rules), and API Gateway accepts "
                                + PolicyWriter.SIZE_LIMIT);
    }

    /** The most bytes that a resource can take in a policy, with quotes and comma. */
    private static int longest(String resource) {
        return API_LENGTH + LONGEST_STAGE + resource.length() + "\"\",".length();
    }

    /**
     * The resources of an Allow, without the stage: everything; or, if there are rules, the methods
     * that rules can name, because a request with any other method would avoid the rules.
     */
    List<String> allowed(ExecuteApiArn arn) {
        return (scopeRules.isEmpty() && groupRules.isEmpty()) || arn.webSocket()
                ? EVERYTHING
                : EVERY_METHOD;
    }

    /** The resources, without the stage, that this token may not use. */
    Set<String> deniedTo(VerifiedToken token) {
        if (scopeRules.isEmpty() && groupRules.isEmpty()) {
            return Set.of();
        }
        Set<String> denied = new LinkedHashSet<>();
        addDenied(scopeRules, token.scopes(), denied);
        addDenied(groupRules, token.groups(), denied);
        return denied;
    }

    private static void addDenied(List<Rule> rules, Collection<String> held, Set<String> denied) {
        for (Rule rule : rules) {
            if (Collections.disjoint(held, rule.names)) {
                denied.addAll(rule.resources);
            }
        }
    }

    private static List<String> resources(String method, String path) {
        if (!method.equals("*")) {
            return List.of("/" + method + path);
        }
        List<String> resources = new ArrayList<>();
        for (String each : RouteRule.METHODS) {
            resources.add("/" + each + path);
        }
        return resources;
    }
}
