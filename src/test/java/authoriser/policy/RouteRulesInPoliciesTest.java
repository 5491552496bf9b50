package authoriser.policy;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.config.RouteRule;
import authoriser.token.VerifiedToken;
import authoriser.token.VerifiedTokens;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A policy must allow exactly the routes that the scope rules allow. */
class RouteRulesInPoliciesTest {
    private static final Instant NOW = Instant.ofEpochSecond(VerifiedTokens.EXPIRES_AT - 60);
    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    @ParameterizedTest
    @CsvSource({
        "orders/read, GET /orders/42, true",
        "orders/admin, GET /orders/42, true",
        "other, GET /orders/42, false",
        "orders/rea, GET /orders/42, false",
        "orders/read, GET /orders/, true",
        "other, GET /orders/, false",
        "other, GET /orders, true",
        "other, GET /orders/42/lines/7, false",
        "other, POST /orders/42, true",
        "other, GET /public/orders/42, true",
        "admin, GET /admin/users, true",
        "other, GET /admin/users, false",
        "other, POST /admin/users, false",
        "other, OPTIONS /admin/users, false",
        "other, GET /public/admin/users, true",
        "other, GET /GET/admin/users, true",
        "other, GET /Admin/users, true",
        "orders/read, GET /orders/x/../admin, true",
        "other, GET /open, true"
    })
    void followTheExampleOfTheContract(String scope, String route, boolean allowed) {
        PolicyWriter writer =
                Policies.writer(
                        Policies.rule("GET", "/orders/*", "orders/read", "orders/admin"),
                        Policies.rule("*", "/admin/*", "admin"));

        assertEquals(
                allowed,
                Policies.allow(writer, VerifiedTokens.machine(scope)).allows(arn(route), NOW));
    }

    /** With a name that is a scope and a group, each of which counts for its own rules only. */
    @ParameterizedTest
    @CsvSource({
        "read, clerks, GET /orders/1, true",
        "read, read, GET /orders/1, false",
        "clerks, clerks, GET /orders/1, false",
        "read, other, GET /orders/1, false",
        "other, clerks, GET /orders/1, false",
        "other, other, GET /open, true",
        "other, clerks, POST /orders/1, true",
        "read, other, POST /orders/1, false"
    })
    void requireAScopeAndAGroup(String scope, String group, String route, boolean allowed) {
        PolicyWriter writer =
                new PolicyWriter(
                        new RoutePolicy(
                                List.of(Policies.rule("GET", "/orders/*", "read")),
                                List.of(Policies.rule("*", "/orders/*", "clerks", "admins"))),
                        List.of(),
                        true,
                        Duration.ZERO);
        VerifiedToken user = VerifiedTokens.user(List.of(scope), List.of(group));

        assertEquals(allowed, Policies.allow(writer, user).allows(arn(route), NOW));
    }

    @Test
    void ofGroupsAloneAllowNoOtherMethods() {
        PolicyWriter writer =
                new PolicyWriter(
                        new RoutePolicy(
                                List.of(), List.of(Policies.rule("GET", "/orders", "clerks"))),
                        List.of(),
                        true,
                        Duration.ZERO);
        VerifiedToken clerk = VerifiedTokens.user(List.of(), List.of("clerks"));

        assertTrue(Policies.allow(writer, clerk).allows(arn("GET /orders"), NOW));
        assertFalse(Policies.allow(writer, clerk).allows(arn("TRACE /orders"), NOW));
    }

    @Test
    void requireAScopeOfEachMatchingRule() {
        PolicyWriter writer =
                Policies.writer(
                        Policies.rule("*", "/orders*", "orders"),
                        Policies.rule("DELETE", "/*", "delete"),
                        Policies.rule("*", "/orders/secret", "secret"));
        String route = arn("DELETE /orders/secret");

        assertTrue(policy(writer, "orders", "delete", "secret").allows(route, NOW));
        assertFalse(policy(writer, "orders", "delete").allows(route, NOW));
        assertFalse(policy(writer, "orders", "secret").allows(route, NOW));
        assertFalse(policy(writer, "delete", "secret").allows(route, NOW));
    }

    @Test
    void matchAPathWithoutWildcardExactly() {
        PolicyWriter writer = Policies.writer(Policies.rule("GET", "/admin", "admin"));

        CheckedAnswer policy = policy(writer, "other");

        assertFalse(policy.allows(arn("GET /admin"), NOW));
        assertTrue(policy.allows(arn("GET /admin/"), NOW));
        assertTrue(policy.allows(arn("GET /admin/x"), NOW));
    }

    @Test
    void allowOtherRoutesToATokenWithoutScopes() {
        PolicyWriter writer = Policies.writer(Policies.rule("*", "/orders*", "orders"));

        CheckedAnswer policy = Policies.allow(writer, VerifiedTokens.machine());

        assertTrue(policy.allows(arn("GET /"), NOW));
        assertTrue(policy.deniesExplicitly(arn("GET /orders"), NOW));
    }

    @Test
    void mayCoverEveryRoute() {
        PolicyWriter writer = Policies.writer(Policies.rule("*", "/*", "any"));

        for (String method : METHODS) {
            for (String path : List.of("/", "/a", "/a/b?c*d:e", "//")) {
                assertFalse(policy(writer, "other").allows(arn(method + " " + path), NOW));
                assertTrue(policy(writer, "any").allows(arn(method + " " + path), NOW));
            }
        }
    }

    /**
     * The policy does not depend on the route of the request, because it is cached for all routes.
     */
    @Test
    void denyNoRouteToATokenWithEveryScope() {
        PolicyWriter writer =
                Policies.writer(
                        Policies.rule("GET", "/a", "a"), Policies.rule("*", "/b/*", "b", "c"));

        assertEquals(1, policy(writer, "a", "c").statements().size());
        assertEquals(2, policy(writer, "a").statements().size());
    }

    @Test
    void followRandomRules() {
        for (int i = 1; i <= 300; i++) {
            int seed = i;
            assertAll("seed " + seed, () -> checkPoliciesOfRandomRules(new Random(seed)));
        }
    }

    private static void checkPoliciesOfRandomRules(Random random) {
        List<RouteRule> rules = new ArrayList<>();
        for (int i = random.nextInt(9); i > 0; i--) {
            rules.add(
                    new RouteRule(
                            random.nextInt(3) == 0 ? "*" : any(random, METHODS),
                            path(random, RULE_PARTS),
                            scopes(random, 1 + random.nextInt(2))));
        }
        PolicyWriter writer = Policies.writer(rules);

        for (int i = 0; i < 8; i++) {
            Set<String> held = scopes(random, random.nextInt(4));
            VerifiedToken token = VerifiedTokens.withScopes(held);
            CheckedAnswer policy = Policies.allow(writer, token);
            for (int j = 0; j < 40; j++) {
                String method = any(random, METHODS);
                String path = path(random, REQUEST_PARTS);
                boolean allowed = rules.stream().allMatch(rule -> passes(rule, held, method, path));
                assertEquals(
                        allowed,
                        policy.allows(arn(method + " " + path), NOW),
                        () -> method + " " + path + " with " + held + " under " + rules);
                assertEquals(!allowed, policy.deniesExplicitly(arn(method + " " + path), NOW));
            }
        }
    }

    private static final List<String> RULE_PARTS =
            List.of("/", "/a", "/b", "/admin", "/*", "*", "a", "x:y", "/GET", ".", "$", "(", "+");
    private static final List<String> REQUEST_PARTS =
            List.of("/", "/a", "/b", "/admin", "/*", "?", "a", "x:y", "/GET", ".", "$", "(", "+");

    /** The definition of a rule in the contract. */
    private static boolean passes(RouteRule rule, Set<String> held, String method, String path) {
        boolean sameMethod = rule.method().equals("*") || rule.method().equals(method);
        boolean samePath = matches(rule.path(), 0, path, 0);
        return !(sameMethod && samePath) || rule.names().stream().anyMatch(held::contains);
    }

    /** {@code *} matches any sequence of characters. Every other character matches itself. */
    private static boolean matches(String pattern, int p, String text, int t) {
        if (p == pattern.length()) {
            return t == text.length();
        }
        if (pattern.charAt(p) == '*') {
            return matches(pattern, p + 1, text, t)
                    || (t < text.length() && matches(pattern, p, text, t + 1));
        }
        return t < text.length()
                && pattern.charAt(p) == text.charAt(t)
                && matches(pattern, p + 1, text, t + 1);
    }

    private static String path(Random random, List<String> parts) {
        StringBuilder path = new StringBuilder("/");
        for (int i = random.nextInt(5); i > 0; i--) {
            path.append(any(random, parts));
        }
        return path.toString();
    }

    private static Set<String> scopes(Random random, int count) {
        Set<String> scopes = new LinkedHashSet<>();
        for (int i = 0; i < count; i++) {
            scopes.add(any(random, List.of("read", "write", "admin", "a/b", "a")));
        }
        return scopes;
    }

    private static String any(Random random, List<String> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static CheckedAnswer policy(PolicyWriter writer, String... scopes) {
        return Policies.allow(writer, VerifiedTokens.machine(scopes));
    }

    private static String arn(String route) {
        return Policies.STAGE + "/" + route.replaceFirst(" ", "");
    }
}
