package authoriser.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Environment variables for tests: the fewest that are enough, then what each test changes. */
public final class Environment {
    public static final String SECRET = "canary-s3cret-0f-the-client";

    private Environment() {}

    /** Finds nothing wrong. */
    public static final Config.AnswerCheck UNCHECKED = checked(Optional.empty(), Optional.empty());

    /** Finds this wrong with any rules and any keys. */
    public static Config.AnswerCheck checked(Optional<String> problem, Optional<String> collision) {
        return new Config.AnswerCheck() {
            @Override
            public Optional<String> problemOf(List<RouteRule> rules) {
                return problem;
            }

            @Override
            public Optional<String> collisionOf(List<ContextClaim> claims) {
                return collision;
            }
        };
    }

    /** The fewest settings that work, changed by names and values; null takes one away. */
    public static Map<String, String> with(String... namesAndValues) {
        Map<String, String> environment = new HashMap<>();
        environment.put("CognitoUserPoolId", "eu-west-1_Ab12Cd34E");
        environment.put("ValidatedHeaders", "X-Tenant-Id");
        environment.put("ValidationServiceUrl", "https://validation.example.com/v1/validate");
        environment.put("ValidationServiceTokenUrl", "https://login.example.com/oauth2/token");
        environment.put("ValidationServiceClientIdValue", "1h57kf5cpq17m0eml12EXAMPLE");
        environment.put("ValidationServiceClientSecretValue", SECRET);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            environment.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        environment.values().removeIf(value -> value == null);
        return environment;
    }
}
