package authoriser.deployment;

import static authoriser.deployment.Parameters.LEAST;
import static authoriser.deployment.Template.object;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The effect of a release on the template: immediate changes, and changes of the alias. */
class ReleaseTemplateTest {
    private final Template template;

    ReleaseTemplateTest() throws IOException {
        template = Template.read(Path.of("template.yaml"));
    }

    @Test
    void architectureIsRequired() {
        Map<String, String> without = new HashMap<>(LEAST);
        without.remove("Architecture");

        assertFalse(object(template.parameters().get("Architecture")).containsKey("Default"));
        assertEquals(List.of("Architecture is not given"), template.deployed(without).problems());
    }

    @Test
    void aliasIsAtTheNewVersionByDefault() {
        Stack stack = template.deployed(LEAST);

        assertEquals(
                "AuthoriserVersion.Version",
                stack.resource("AuthoriserAlias").at("/FunctionVersion").asText());
        assertEquals("AuthoriserVersion.Version", stack.outputs().get("LiveVersion").asText());
    }

    @Test
    void aliasStaysAtTheConfiguredVersion() {
        Stack stack = template.deployed(LEAST, Map.of("LiveVersion", "7"));

        assertEquals("7", stack.resource("AuthoriserAlias").at("/FunctionVersion").asText());
        assertEquals("7", stack.outputs().get("LiveVersion").asText());
        assertEquals("AuthoriserVersion.Version", stack.outputs().get("PublishedVersion").asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "07", "$LATEST", "live"})
    void aliasIsAtPublishedVersionsOnly(String version) {
        assertEquals(
                List.of("LiveVersion must be the number of a published version"),
                template.deployed(LEAST, Map.of("LiveVersion", version)).problems());
    }

    /** CloudFormation updates a resource only if its properties change. */
    @ParameterizedTest
    @CsvSource({
        "Release, 2",
        "ImageUri, 123456789012.dkr.ecr.eu-west-1.amazonaws.com/authoriser:2",
        "Architecture, arm64",
        "ValidatedHeaders, X-Channel",
        "ProvisionedConcurrency, 5",
        "ReservedConcurrency, 50",
        "MemoryMb, 2048",
        "ValidationServiceUrl, https://other.example.com/validate"
    })
    void noOtherParameterChangesTheAlias(String parameter, String value) {
        Map<String, String> serving = new HashMap<>(LEAST);
        serving.put("LiveVersion", "7");

        assertEquals(
                template.deployed(serving).resource("AuthoriserAlias"),
                template.deployed(serving, Map.of(parameter, value)).resource("AuthoriserAlias"));
    }

    @Test
    void aliasIsDeletedBeforeItsVersion() {
        assertEquals(
                "AuthoriserVersion",
                object(template.section("Resources").get("AuthoriserAlias")).get("DependsOn"));
    }

    @Test
    void roleMayAlsoReadTheSecretOfTheCurrentVersion() {
        String former = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:former-GhIjKl";
        Stack stack = template.deployed(LEAST, Map.of("FormerClientSecretArn", former));

        assertEquals(
                List.of(LEAST.get("ValidationServiceClientSecretArn"), former),
                resources(stack, "secretsmanager:GetSecretValue"));
    }

    @Test
    void roleMayReadTheFormerSecretAfterAChangeToASecretInTheSettings() {
        String former = LEAST.get("ValidationServiceClientSecretArn");
        Stack stack =
                template.deployed(
                        LEAST,
                        Map.of(
                                "ValidationServiceClientSecretArn", "",
                                "ValidationServiceClientSecretValue", "s3cret",
                                "FormerClientSecretArn", former));

        assertEquals(List.of(former), resources(stack, "secretsmanager:GetSecretValue"));
    }

    @Test
    void roleMayDecryptTheFormerSecretOnlyByWayOfSecretsManager() {
        String key = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
        Stack stack = template.deployed(LEAST, Map.of("FormerSecretKmsKeyArn", key));

        assertEquals(List.of(key), resources(stack, "kms:Decrypt"));
        assertTrue(
                statements(stack).stream()
                        .filter(statement ->
                                statement.path("Action").asText().equals("kms:Decrypt"))
                        .allMatch(statement ->
                                statement
                                        .at("/Condition/StringEquals/kms:ViaService")
                                        .asText()
                                        .equals("secretsmanager.eu-west-1.amazonaws.com")));
    }

    @Test
    void roleHasTheConfiguredBoundary() {
        String boundary = "arn:aws:iam::123456789012:policy/boundary";

        assertFalse(
                template.deployed(LEAST).resource("AuthoriserRole").has("/PermissionsBoundary"));
        assertEquals(
                boundary,
                template.deployed(LEAST, Map.of("PermissionsBoundaryArn", boundary))
                        .resource("AuthoriserRole")
                        .at("/PermissionsBoundary")
                        .asText());
    }

    /** The resources for which the role of the function allows an action. */
    private static List<String> resources(Stack stack, String action) {
        return statements(stack).stream()
                .filter(statement -> statement.path("Action").asText().equals(action))
                .map(statement -> statement.path("Resource").asText())
                .toList();
    }

    private static List<JsonNode> statements(Stack stack) {
        List<JsonNode> statements = new ArrayList<>();
        for (JsonNode policy : stack.resource("AuthoriserRole").at("/Policies")) {
            policy.at("/PolicyDocument/Statement").forEach(statements::add);
        }
        return statements;
    }
}
