package authoriser.policy;

import authoriser.config.RouteRule;
import authoriser.decision.Decision;
import authoriser.event.ExecuteApiArn;
import authoriser.json.JsonDocument;
import authoriser.token.VerifiedToken;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Policies for the tests of this package. */
final class Policies {
    static final String STAGE = "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod";
    static final ExecuteApiArn ARN = new ExecuteApiArn(STAGE);

    /** The longest possible ARN up to its stage. */
    static final ExecuteApiArn LONGEST_ARN =
            new ExecuteApiArn(
                    "arn:aws-us-gov:execute-api:ap-southeast-2:123456789012:a1b2c3d4e5/"
                            + "s".repeat(128));

    private Policies() {}

    static PolicyWriter writer(RouteRule... rules) {
        return writer(List.of(rules));
    }

    static PolicyWriter writer(List<RouteRule> rules) {
        return new PolicyWriter(new RoutePolicy(rules, List.of()), List.of(), true, Duration.ZERO);
    }

    static RouteRule rule(String method, String path, String... scopes) {
        return new RouteRule(method, path, Set.of(scopes));
    }

    /** The Allow for a token. It must not be too long. */
    static CheckedAnswer allow(PolicyWriter writer, VerifiedToken token) {
        return CheckedAnswer.of(allow(writer, token, Map.of(), ARN).orElseThrow());
    }

    static Optional<JsonDocument> allow(
            PolicyWriter writer,
            VerifiedToken token,
            Map<String, String> context,
            ExecuteApiArn arn) {
        return writer.allow(new Decision.Allow(token, context), arn);
    }

    static JsonDocument deny(Decision decision, String message, ExecuteApiArn arn) {
        return writer().deny(decision, message, arn);
    }
}
