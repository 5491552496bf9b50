package authoriser.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.deployment.Stack.Resource;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The roles that the pipeline takes on. */
class PipelineRolesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PROVIDER =
            "api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc";
    private static final String REPOSITORY = "{437da666-7aab-4b60-a947-ec542536ca0d}";
    private static final String ENVIRONMENT = "{03baea80-974f-432a-8d42-183fad107439}";
    private static final String AUDIENCE =
            "ari:cloud:bitbucket::workspace/8a1fdad0-cbc0-452c-81ce-07534945e18b";

    private final Stack stack;

    PipelineRolesTest() throws IOException {
        stack =
                Template.read(Path.of("src/deploy/pipeline-roles.yaml"))
                        .deployed(
                                Map.of(
                                        "ProviderArn",
                                        "arn:aws:iam::123456789012:oidc-provider/" + PROVIDER,
                                        "ProviderUrl",
                                        PROVIDER,
                                        "Audience",
                                        AUDIENCE,
                                        "RepositoryUuid",
                                        REPOSITORY,
                                        "EnvironmentUuid",
                                        ENVIRONMENT,
                                        "EcrRepositoryName",
                                        "authoriser",
                                        "StackName",
                                        "authoriser",
                                        "RestApiId",
                                        "a1b2c3d4e5"));
    }

    @Test
    void parametersAreTaken() {
        assertEquals(List.of(), stack.problems());
    }

    @ParameterizedTest
    @CsvSource({
        "BuildRole, " + REPOSITORY + ":*",
        "DeployRole, " + REPOSITORY + ":" + ENVIRONMENT + ":*"
    })
    void roleIsTakenOnByThisRepositorysTokensOnly(String role, String subject) throws IOException {
        JsonNode statements =
                JSON.readTree(stack.resource(role).at("/AssumeRolePolicyDocument").asText())
                        .path("Statement");

        assertEquals(1, statements.size());
        assertEquals(
                JSON.valueToTree(
                        Map.of(
                                "StringEquals", Map.of(PROVIDER + ":aud", AUDIENCE),
                                "StringLike", Map.of(PROVIDER + ":sub", subject))),
                statements.path(0).path("Condition"));
    }

    @Test
    void everythingThatCanBeNamedIsNamed() {
        Set<String> unnamed = new TreeSet<>();
        for (JsonNode statement : statements("BuildRole", "DeployRole")) {
            if (texts(statement.path("Resource")).contains("*")) {
                unnamed.addAll(texts(statement.path("Action")));
            } else {
                for (String resource : texts(statement.path("Resource"))) {
                    assertTrue(
                            resource.contains("authoriser")
                                    || resource.contains("a1b2c3d4e5")
                                    || resource.endsWith("::/restapis"),
                            resource);
                }
            }
        }

        // these know no resource, or only read
        assertEquals(
                Set.of(
                        "cloudformation:GetTemplateSummary",
                        "cloudwatch:DescribeAlarms",
                        "ec2:DescribeSecurityGroups",
                        "ec2:DescribeSubnets",
                        "ec2:DescribeVpcs",
                        "ecr:GetAuthorizationToken",
                        "logs:DescribeLogGroups"),
                unnamed);
    }

    @Test
    void roleOfTheFunctionIsForLambdaOnly() {
        JsonNode passing =
                statements("DeployRole").stream()
                        .filter(one -> texts(one.path("Action")).contains("iam:PassRole"))
                        .findFirst()
                        .orElseThrow();

        assertEquals(
                "lambda.amazonaws.com",
                passing.at("/Condition/StringEquals/iam:PassedToService").asText());
        assertEquals(
                "arn:aws:iam::123456789012:role/authoriser-*", passing.path("Resource").asText());
    }

    /** What the scripts call, by the service's name for it where that isn't the command's own. */
    @ParameterizedTest
    @CsvSource({
        "BuildRole, ecr:DescribeImages",
        "BuildRole, ecr:DescribeImageScanFindings",
        "BuildRole, ecr:PutImage",
        "DeployRole, cloudformation:DescribeStacks",
        "DeployRole, cloudformation:ExecuteChangeSet",
        "DeployRole, lambda:*",
        "DeployRole, apigateway:*"
    })
    void roleMayDoWhatThePipelineDoes(String role, String action) {
        assertTrue(
                statements(role).stream()
                        .anyMatch(statement -> texts(statement.path("Action")).contains(action)));
    }

    @Test
    void buildingChangesNoStack() {
        for (JsonNode statement : statements("BuildRole")) {
            for (String action : texts(statement.path("Action"))) {
                assertTrue(action.startsWith("ecr:"), action);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {".ci/template", "bitbucket-pipelines.yml"})
    void templateIsLintedLikeTheOthersByTheSameVersion(String file) throws IOException {
        String text = Files.readString(Path.of(file));

        assertTrue(text.contains("cfn-lint template.yaml src/deploy/*.yaml"));
        assertTrue(text.contains("cfn-lint==1.51.0"));
    }

    private List<JsonNode> statements(String... roles) {
        List<JsonNode> statements = new ArrayList<>();
        for (String role : roles) {
            Resource resource = stack.resource(role);
            for (JsonNode policy : resource.at("/Policies")) {
                policy.at("/PolicyDocument/Statement").forEach(statements::add);
            }
        }
        return statements;
    }

    private static Set<String> texts(JsonNode oneOrMore) {
        if (oneOrMore.isTextual()) {
            return Set.of(oneOrMore.asText());
        }
        Set<String> texts = new TreeSet<>();
        oneOrMore.forEach(one -> texts.add(one.asText()));
        return texts;
    }
}
