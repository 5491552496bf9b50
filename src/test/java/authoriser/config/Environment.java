package authoriser.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Environment variables for tests: the required settings, and the changes of a test. */
public final class Environment {
    public static final String SECRET = "canary-s3cret-0f-the-client";

    private Environment() {}

    /** Finds no problem. */
    public static final Config.AnswerCheck UNCHECKED = checked(Optional.empty(), Optional.empty());

    /** Finds this problem with any rules and any keys. */
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

    /** The required settings, changed by names and values. {@code null} removes a setting. */
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
