package authoriser.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SettingTest {

    /** The contract with whoever deploys the function: a name here must never change. */
    @Test
    void theSettingsAreTheseAndNoMore() {
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
                        "ClockSkewSeconds"),
                Arrays.stream(Setting.values()).map(Setting::variable).toList());
    }
}
