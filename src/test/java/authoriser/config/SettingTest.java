package authoriser.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SettingTest {

    /** Deployments use these names, so a name must not change. */
    @Test
    void haveFixedNames() {
        assertEquals(
                List.of(
                        "CognitoUserPoolId",
                        "CognitoIssuer",
                        "CognitoJwksUrl",
                        "CognitoClientIds",
                        "CognitoAudiences",
                        "AudienceRequired",
                        "RequiredScopes",
                        "RequiredGroups",
                        "ScopeRules",
                        "GroupRules",
                        "ValidatedHeaders",
                        "ServiceClaims",
                        "ContextClaims",
                        "ValidationServiceUrl",
                        "ValidationServiceCaCertificates",
                        "ValidationServiceTokenUrl",
                        "ValidationServiceClientIdValue",
                        "ValidationServiceClientSecretValue",
                        "ValidationServiceClientSecretArn",
                        "ValidationServiceScope",
                        "ValidationServiceTimeoutMs",
                        "InvalidTokenResponse",
                        "PolicyExpiry",
                        "ClockSkewSeconds",
                        "LogAllowEvery",
                        "DebugFor"),
                Arrays.stream(Setting.values()).map(Setting::variable).toList());
    }

    @Test
    void areRequiredIfTheStartFailsWithoutThem() {
        for (Setting setting : Setting.values()) {
            if (setting.required()) {
                assertEquals(
                        List.of(setting.variable() + " must be set"),
                        problems(Environment.with(setting.variable(), null)));
            }
        }
        assertEquals(
                Set.of(
                        "ValidatedHeaders",
                        "ValidationServiceUrl",
                        "ValidationServiceTokenUrl",
                        "ValidationServiceClientIdValue"),
                problems(Map.of()).stream()
                        .filter(problem -> problem.endsWith(" must be set"))
                        .map(problem -> problem.split(" ")[0])
                        .collect(Collectors.toSet()));
    }

    @Test
    void areRequiredExactlyIfTheyAreMarkedSo() {
        assertEquals(
                Set.of(
                        "ValidatedHeaders",
                        "ValidationServiceUrl",
                        "ValidationServiceTokenUrl",
                        "ValidationServiceClientIdValue"),
                variables(Setting::required));
    }

    @Test
    void includeOneSecret() {
        assertEquals(Set.of("ValidationServiceClientSecretValue"), variables(Setting::secret));
    }

    private static Set<String> variables(Predicate<Setting> condition) {
        return Arrays.stream(Setting.values())
                .filter(condition)
                .map(Setting::variable)
                .collect(Collectors.toSet());
    }

    @Test
    void haveTheDefaultIfUnset() {
        for (Setting setting : Setting.values()) {
            setting.fallback()
                    .ifPresent(value ->
                            assertEquals(
                                    parsed(Environment.with()),
                                    parsed(Environment.with(setting.variable(), value))));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"VALIDATION_SERVICE_TIMEOUT_MS", "CLOCK_SKEW_SECONDS", "LOG_ALLOW_EVERY"})
    void acceptNumbersFromTheLeastToTheLargest(Setting setting) {
        assertEquals(List.of(), problems(with(setting, setting.least())));
        assertEquals(List.of(), problems(with(setting, setting.most())));
        assertEquals(1, problems(with(setting, setting.least() - 1)).size());
        assertEquals(1, problems(with(setting, setting.most() + 1)).size());
    }

    private static Map<String, String> with(Setting setting, long value) {
        return Environment.with(setting.variable(), Long.toString(value));
    }

    private static Config parsed(Map<String, String> environment) {
        return Config.parse(environment, Environment.UNCHECKED);
    }

    private static List<String> problems(Map<String, String> environment) {
        try {
            parsed(environment);
            return List.of();
        } catch (InvalidSettings e) {
            return e.getMessage().lines().skip(1).map(line -> line.substring(4)).toList();
        }
    }
}
