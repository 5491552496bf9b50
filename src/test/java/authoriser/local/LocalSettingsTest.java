package authoriser.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.config.Setting;
import authoriser.standin.PretendCognito;
import authoriser.standin.PretendValidation;
import authoriser.standin.SigningKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A setting of the environment replaces that of a stand-in. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LocalSettingsTest {
    private static final String SECRET = "the-secret-itself";

    private PretendCognito cognito;
    private PretendValidation validation;

    @BeforeAll
    void start() {
        cognito = PretendCognito.start(SigningKey.generate("key"));
        validation = PretendValidation.start(cognito);
    }

    @AfterAll
    void stop() {
        validation.close();
        cognito.close();
    }

    @Test
    void withoutSettingsOfTheEnvironmentAllAreThoseOfTheStandIns() {
        LocalSettings settings = settings(Map.of("PATH", "/bin", "AWS_REGION", "eu-west-1"));

        assertFalse(settings.own());
        assertEquals(cognito.issuer(), settings.variables().get("CognitoIssuer"));
        assertEquals(validation.url(), settings.variables().get("ValidationServiceUrl"));
        assertFalse(settings.variables().containsKey("AWS_REGION"));
        assertFalse(settings.variables().containsKey("PATH"));
    }

    @ParameterizedTest
    @EnumSource(Setting.class)
    void aSettingOfTheEnvironmentReplacesThatOfTheStandIn(Setting setting) {
        LocalSettings settings = settings(Map.of(setting.variable(), "mine"));

        assertTrue(settings.own());
        assertEquals("mine", settings.variables().get(setting.variable()));
    }

    @Test
    void anEmptySettingOfTheEnvironmentReplacesNothing() {
        LocalSettings settings = settings(Map.of("CognitoIssuer", ""));

        assertFalse(settings.own());
        assertEquals(cognito.issuer(), settings.variables().get("CognitoIssuer"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"CognitoUserPoolId", "CognitoIssuer"})
    void withARealIssuerItsStandInsClientsAndAudiencesAreLeftOut(String setting) {
        Map<String, String> left = left(setting);

        assertEquals(
                Set.of("CognitoIssuer", "CognitoClientIds", "CognitoAudiences", "AudienceRequired"),
                left.keySet());
    }

    @Test
    void withARealTokenEndpointItsStandInsClientIsLeftOut() {
        assertEquals(
                Set.of(
                        "ValidationServiceTokenUrl",
                        "ValidationServiceClientIdValue",
                        "ValidationServiceClientSecretValue",
                        "ValidationServiceScope"),
                left("ValidationServiceTokenUrl").keySet());
    }

    @Test
    void withTheArnOfASecretTheVariablesOfAwsArePassedOn() {
        LocalSettings settings =
                settings(
                        Map.of(
                                "ValidationServiceClientSecretArn", "my-secret",
                                "AWS_REGION", "eu-north-1",
                                "AWS_ACCESS_KEY_ID", "AKIA",
                                "AWS_SECRET_ACCESS_KEY", SECRET,
                                "AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://localhost:1"));

        Map<String, String> variables = settings.variables();
        assertFalse(variables.containsKey("ValidationServiceClientSecretValue"));
        assertEquals("eu-north-1", variables.get("AWS_REGION"));
        assertEquals("AKIA", variables.get("AWS_ACCESS_KEY_ID"));
        assertEquals(SECRET, variables.get("AWS_SECRET_ACCESS_KEY"));
        assertEquals("http://localhost:1", variables.get("AWS_ENDPOINT_URL_SECRETS_MANAGER"));
    }

    /** The function's process has one of its own otherwise, which does not fit the keys. */
    @Test
    void keysOfAwsWithoutASessionTokenHaveNone() {
        LocalSettings settings =
                settings(
                        Map.of(
                                "ValidationServiceClientSecretArn", "my-secret",
                                "AWS_ACCESS_KEY_ID", "AKIA"));

        assertEquals("", settings.variables().get("AWS_SESSION_TOKEN"));
    }

    @Test
    void theIdentitySourcesAreAuthorizationAndTheValidatedHeaders() {
        assertEquals(
                List.of("Authorization", "X-Team", "X-Site"),
                settings(Map.of("ValidatedHeaders", "X-Team, X-Site")).identitySources());
    }

    @Test
    void eachPartIsNamedAsRealOrAsAStandIn() {
        LocalSettings settings =
                settings(
                        Map.of(
                                "CognitoUserPoolId", "eu-west-1_AbCdEfGhI",
                                "ScopeRules", "{}"));

        assertEquals(
                List.of(
                        "issuer: real (CognitoUserPoolId)",
                        "keys of the issuer: real (CognitoUserPoolId)",
                        "token endpoint: stand-in",
                        "client secret: stand-in",
                        "validation service: stand-in",
                        "settings of the environment: CognitoUserPoolId, ScopeRules"),
                settings.parts());
    }

    @Test
    void noValueIsAmongTheParts() {
        Map<String, String> all = new HashMap<>();
        for (Setting setting : Setting.values()) {
            all.put(setting.variable(), SECRET);
        }

        assertFalse(settings(all).parts().toString().contains(SECRET));
    }

    /** The settings of the stand-ins that one of the environment removes or replaces. */
    private Map<String, String> left(String setting) {
        Map<String, String> left = new HashMap<>(settings(Map.of()).variables());
        left.entrySet().removeAll(settings(Map.of(setting, "mine")).variables().entrySet());
        return left;
    }

    private LocalSettings settings(Map<String, String> environment) {
        return LocalSettings.of(environment, cognito, validation);
    }
}
