package authoriser.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import authoriser.config.ContextClaim;
import authoriser.config.RouteRule;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AnswerLimitsTest {
    private final AnswerLimits limits = new AnswerLimits();

    private static RouteRule rule(String path) {
        return new RouteRule("GET", path, Set.of("orders/read"));
    }

    @Test
    void reportAPathThatIsTooLongForAPolicy() {
        assertEquals(
                Optional.of("holds a path of 400 characters, too long for a policy"),
                limits.problemOf(List.of(rule("/orders"), rule("/" + "x".repeat(399)))));
    }

    @Test
    void acceptRulesThatFit() {
        assertEquals(Optional.empty(), limits.problemOf(List.of(rule("/orders"))));
    }

    @Test
    void reportAClaimWithAKeyOfTheContext() {
        assertEquals(
                Optional.of("Scope"),
                limits.collisionOf(
                        List.of(
                                new ContextClaim("tenant", "tenant"),
                                new ContextClaim("x", "Scope"))));
    }

    @Test
    void acceptClaimsWithOtherKeys() {
        assertEquals(
                Optional.empty(),
                limits.collisionOf(List.of(new ContextClaim("tenant", "tenant"))));
    }
}
