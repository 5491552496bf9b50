package authoriser.policy;

import authoriser.config.Config;
import authoriser.config.ContextClaim;
import authoriser.config.RouteRule;
import java.util.List;
import java.util.Optional;

/** Checks at the start whether the settings fit into an answer. */
public final class AnswerLimits implements Config.AnswerCheck {

    /** Makes the check. */
    public AnswerLimits() {}

    @Override
    public Optional<String> problemOf(List<RouteRule> rules) {
        return RoutePolicy.problemOf(rules);
    }

    @Override
    public Optional<String> collisionOf(List<ContextClaim> claims) {
        return ContextKeys.collisionOf(claims);
    }
}
