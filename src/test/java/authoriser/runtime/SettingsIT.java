package authoriser.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.lambda.FunctionProcess;
import authoriser.lambda.RuntimeApi.Errored;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Invalid settings stop the start with one message. */
class SettingsIT {

    @Test
    void stopTheStartWithOneErrorThatHasEveryProblemAndNoSecret() throws Exception {
        String password = "password-in-a-url";
        String query = "key-in-a-query";
        try (World world = World.overHttp()) {
            world.leaks.secret(password);
            world.leaks.secret(query);
            world.set("CognitoIssuer", "")
                    .set("CognitoUserPoolId", "eu-west-1_Ab12Cd34E,Dublin")
                    .set("CognitoJwksUrl", "https://keys.example/jwks.json")
                    .set("RequiredScopes", "orders/read \"quoted\"")
                    .set("ScopeRules", "{\"GET orders\": [\"orders/read\"]}")
                    .set("ValidatedHeaders", "X-Tenant-Id,Authorization,X Channel,x-tenant-id")
                    .set("ValidationServiceUrl", "http://validation.example/?key=" + query)
                    .set(
                            "ValidationServiceTokenUrl",
                            "https://user:" + password + "@issuer.example/token")
                    .set("ValidationServiceClientIdValue", "")
                    .set("ValidationServiceClientSecretArn", "authoriser/validation-client")
                    .set("ValidationServiceScope", "back\\slash")
                    .set("ValidationServiceTimeoutMs", "2s")
                    .set("InvalidTokenResponse", "401")
                    .set("PolicyExpiry", "maybe")
                    .set("ClockSkewSeconds", "301")
                    .set("AWS_LAMBDA_LOG_FORMAT", "JSON");

            FunctionProcess process = world.startOnly();
            int status = process.exit().get(60, TimeUnit.SECONDS);
            Errored error = world.lambda.initError().get(1, TimeUnit.SECONDS);
            world.leaks.shown(error.text());

            assertEquals(1, status);
            assertEquals(
                    "authoriser.config.InvalidSettings", error.json().path("errorType").asText());
            assertEquals(
                    """
                    The settings are not usable:
                      - CognitoUserPoolId must be user pool ids such as eu-west-1_Ab12Cd34E, and holds "Dublin"
                      - CognitoJwksUrl must hold one URL for each issuer: 2, and holds 1
                      - RequiredScopes holds something that is not a scope (RFC 6749 section 3.3): ""quoted""
                      - ClockSkewSeconds must be a whole number from 0 to 300, and is "301"
                      - ScopeRules holds the route "GET orders", which is not a method or * and a path \
                    such as GET /orders/* (a path holds letters, digits and /-._~!$&'()+,;=:@% and *; no ?, \
                    no {name}: write * for it)
                      - ValidatedHeaders must not name Authorization: the token is checked anyway and never passed on
                      - ValidatedHeaders holds something that is not a header name: "X Channel"
                      - ValidatedHeaders names x-tenant-id twice
                      - ValidationServiceScope holds something that is not a scope (RFC 6749 section 3.3): "back\\slash"
                      - ValidationServiceUrl must be https, except on a loopback host: validation.example
                      - ValidationServiceTokenUrl must not hold user information
                      - ValidationServiceClientIdValue must be set
                      - ValidationServiceClientSecretArn or ValidationServiceClientSecretValue must be set, and not both
                      - ValidationServiceTimeoutMs must be a whole number from 1 to 30000, and is "2s"
                      - InvalidTokenResponse must be deny or unauthorized, and is "401"
                      - PolicyExpiry must be on or off (or true or false), and is "maybe"\
                    """,
                    error.message());
            assertEquals(1, process.lines().size());
            assertTrue(printedMessage(process).startsWith(error.message()));
            assertFalse(world.lambda.ready().isDone());
        }
    }

    @Test
    void stopTheStartWithTheRequiredOnesIfNoneIsSet() throws Exception {
        try (World world = World.overHttp()) {
            for (String variable :
                    List.of(
                            "CognitoIssuer",
                            "ValidatedHeaders",
                            "ValidationServiceUrl",
                            "ValidationServiceTokenUrl",
                            "ValidationServiceClientIdValue",
                            "ValidationServiceClientSecretValue")) {
                world.set(variable, "");
            }

            int status = world.startOnly().exit().get(60, TimeUnit.SECONDS);

            assertEquals(1, status);
            assertEquals(
                    """
                    The settings are not usable:
                      - CognitoUserPoolId must be set unless CognitoIssuer is set
                      - ValidatedHeaders must be set
                      - ValidationServiceUrl must be set
                      - ValidationServiceTokenUrl must be set
                      - ValidationServiceClientIdValue must be set
                      - ValidationServiceClientSecretArn or ValidationServiceClientSecretValue must be set, and not both\
                    """,
                    world.lambda.initError().get(1, TimeUnit.SECONDS).message());
        }
    }

    private static String printedMessage(FunctionProcess process) throws JsonProcessingException {
        return new ObjectMapper().readTree(process.lines().getFirst()).path("message").asText();
    }
}
