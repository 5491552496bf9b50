package authoriser.deployment;

import static authoriser.deployment.Parameters.EXISTING_API;
import static authoriser.deployment.Parameters.IN_VPC;
import static authoriser.deployment.Parameters.LEAST;
import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.deployment.HandlerPermissions.Need;
import authoriser.deployment.Stack.Resource;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the roles of the pipeline with the calls of CloudFormation and of the scripts. */
class PipelineRolesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path TABLE = Path.of("src/docs/pipeline-permissions.md");
    private static final String PROVIDER =
            "api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc";
    private static final String REPOSITORY = "{437da666-7aab-4b60-a947-ec542536ca0d}";
    private static final String BUILD = "{5a1b2c3d-974f-432a-8d42-183fad107439}";
    private static final String ENVIRONMENT = "{03baea80-974f-432a-8d42-183fad107439}";
    private static final String AUDIENCE =
            "ari:cloud:bitbucket::workspace/8a1fdad0-cbc0-452c-81ce-07534945e18b";
    private static final String SIGNING_KEY =
            "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

    private static final Map<String, String> COMMON =
            Map.ofEntries(
                    entry("ProviderArn", "arn:aws:iam::123456789012:oidc-provider/" + PROVIDER),
                    entry("ProviderUrl", PROVIDER),
                    entry("Audience", AUDIENCE),
                    entry("RepositoryUuid", REPOSITORY),
                    entry("EcrRepositoryName", "authoriser"),
                    entry("SigningKeyArn", SIGNING_KEY),
                    entry("BuildEnvironmentUuid", BUILD),
                    entry("EnvironmentUuid", ENVIRONMENT),
                    entry("StackName", "authoriser"),
                    entry("RestApiId", "a1b2c3d4e5"),
                    entry(
                            "ClientSecretArns",
                            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:client-*"));
    private static final Map<String, String> EVERYTHING =
            Map.of(
                    "RestApiId", "*",
                    "HttpApiId", "h1t2t3p4",
                    "SmokeClientSecretArn",
                            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:smoke-AbCdEf");

    /** The calls of {@code src/deploy/release} and {@code aws cloudformation deploy}. */
    private static final Map<String, String> SCRIPT =
            Map.ofEntries(
                    entry("apigateway:POST", "`create-deployment` for `API_STAGE`"),
                    entry("cloudformation:CreateChangeSet", "`cloudformation deploy`"),
                    entry("cloudformation:DeleteStack", "a stack in `ROLLBACK_COMPLETE`"),
                    entry("cloudformation:DescribeChangeSet", "`cloudformation deploy`"),
                    entry("cloudformation:DescribeStackEvents", "why a deployment failed"),
                    entry(
                            "cloudformation:DescribeStacks",
                            "`cloudformation deploy`, outputs and parameters"),
                    entry("cloudformation:ExecuteChangeSet", "`cloudformation deploy`"),
                    entry("cloudformation:GetTemplate", "recording the version that serves"),
                    entry("cloudformation:GetTemplateSummary", "`cloudformation deploy`"),
                    entry("cloudformation:ListStackResources", "the names of the alarms"),
                    entry("cloudwatch:DescribeAlarms", "watching the alarms"),
                    entry(
                            "ecr:BatchGetImage",
                            "Lambda checks that the role which names an image may read it; the image's signatures"),
                    entry("ecr:GetAuthorizationToken", "the image's signatures"),
                    entry(
                            "ecr:GetDownloadUrlForLayer",
                            "Lambda checks that the role which names an image may read it; the image's signatures"),
                    entry("kms:DescribeKey", "the image's signatures"),
                    entry("kms:GetPublicKey", "the image's signatures"),
                    entry(
                            "lambda:DeleteProvisionedConcurrencyConfig",
                            "versions that no longer serve"),
                    entry("lambda:GetAlias", "the version that serves"),
                    entry(
                            "lambda:GetFunctionConfiguration",
                            "state, headers and secret of a version; whether it is being measured"),
                    entry("lambda:InvokeFunction", "self-check and smoke test"),
                    entry(
                            "lambda:ListProvisionedConcurrencyConfigs",
                            "versions that no longer serve"),
                    entry("lambda:PutProvisionedConcurrencyConfig", "rolling back"),
                    entry("lambda:UpdateAlias", "moving the traffic"),
                    entry(
                            "secretsmanager:GetSecretValue",
                            "the secret of the smoke test's app client"));

    /** Permissions that handlers list, but that these templates do not need. */
    private static final Map<String, String> NOT_GRANTED =
            Map.ofEntries(
                    entry("apigateway:UpdateRestApiPolicy", "no API has a resource policy"),
                    entry("codedeploy:*", "the alias has no update policy"),
                    entry("elasticfilesystem:*", "the function has no file system"),
                    entry("firehose:*", "no log is delivered to a stream"),
                    entry("iam:AttachRolePolicy", "the function's role has no managed policy"),
                    entry("iam:DeleteRolePermissionsBoundary", "the boundary must not be removed"),
                    entry("iam:DetachRolePolicy", "the function's role has no managed policy"),
                    entry("iam:UpdateRoleDescription", "the function's role has no description"),
                    entry(
                            "kms:CreateGrant",
                            "the function's variables and image have no key of ours"),
                    entry("kms:Decrypt", "the function's variables and image have no key of ours"),
                    entry("kms:Encrypt", "the function's variables and image have no key of ours"),
                    entry(
                            "kms:GenerateDataKey",
                            "the function's variables and image have no key of ours"),
                    entry("lambda:DeleteFunctionCodeSigningConfig", "images are not code-signed"),
                    entry("lambda:GetCodeSigningConfig", "images are not code-signed"),
                    entry("lambda:GetLayerVersion", "images have no layers"),
                    entry("lambda:PassCapacityProvider", "the function has no capacity provider"),
                    entry("lambda:PutFunctionCodeSigningConfig", "images are not code-signed"),
                    entry("lambda:PutFunctionRecursionConfig", "no recursion is configured"),
                    entry("lambda:PutFunctionScalingConfig", "no scaling is configured"),
                    entry("lambda:PutRuntimeManagementConfig", "images have no managed runtime"),
                    entry("logs:CreateLogDelivery", "no log is delivered elsewhere"),
                    entry("logs:DeleteDataProtectionPolicy", "no data protection is configured"),
                    entry("logs:DeleteIndexPolicy", "no index is configured"),
                    entry("logs:DeleteResourcePolicy", "no resource policy is configured"),
                    entry(
                            "logs:PutBearerTokenAuthentication",
                            "no log line is written with a bearer token"),
                    entry("logs:PutDataProtectionPolicy", "no data protection is configured"),
                    entry("logs:PutIndexPolicy", "no index is configured"),
                    entry(
                            "logs:PutLogGroupDeletionProtection",
                            "the log group is deleted with the stack"),
                    entry("logs:PutResourcePolicy", "no resource policy is configured"),
                    entry("s3:*", "no code and no definition of an API is in a bucket"),
                    entry("s3files:*", "the function has no file system"));

    private final Template roles = Template.read(Path.of("src/deploy/pipeline-roles.yaml"));
    private final Template template = Template.read(Path.of("template.yaml"));
    private final Template httpApi = Template.read(Path.of("src/deploy/http-api.yaml"));
    private final HandlerPermissions handlers = HandlerPermissions.read();

    PipelineRolesTest() throws IOException {}

    private Stack roles(Map<String, String> changes) {
        Stack stack = roles.deployed(COMMON, changes);
        assertEquals(List.of(), stack.problems());
        return stack;
    }

    private static Map<String, String> inVpc(Map<String, String> changes) {
        Map<String, String> both = new HashMap<>(IN_VPC);
        both.putAll(changes);
        return both;
    }

    /** The resource types of the templates. */
    private Set<String> types() {
        Set<String> types = new TreeSet<>();
        for (Template one : List.of(template, httpApi)) {
            one.section("Resources")
                    .values()
                    .forEach(resource ->
                            types.add(Template.object(resource).get("Type").toString()));
        }
        return types;
    }

    /** The actions that must be granted, each with the handlers that need it. */
    private Map<String, Set<Need>> needed() {
        Map<String, Set<Need>> needed = new TreeMap<>();
        for (String type : types()) {
            for (String action : handlers.actions(type)) {
                if (reason(action) == null) {
                    needed.computeIfAbsent(action, _ -> new TreeSet<>())
                            .add(handlers.need(type, action));
                }
            }
        }
        return needed;
    }

    private static String reason(String action) {
        return NOT_GRANTED.entrySet().stream()
                .filter(entry -> matches(entry.getKey(), action))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    private Set<String> granted() {
        Set<String> granted = new TreeSet<>();
        statements(roles(EVERYTHING), "DeployRole")
                .forEach(statement -> granted.addAll(texts(statement.path("Action"))));
        return granted;
    }

    /** The resources of an action of a handler. */
    private static List<String> arns(Resource resource, String action) {
        String function = "arn:aws:lambda:eu-west-1:123456789012:function:authoriser";
        return switch (action.substring(0, action.indexOf(':'))) {
            case "lambda" ->
                    switch (resource.type()) {
                        case "AWS::Lambda::Function" -> List.of(function);
                        case "AWS::Lambda::Version" -> List.of(function, function + ":5");
                        default -> List.of(function + ":live");
                    };
            case "iam" ->
                    action.equals("iam:PassRole")
                                    && !resource.type().equals("AWS::Lambda::Function")
                            ? List.of() // this permission is for credentials of an integration,
                            // which has none here
                            : List.of(
                                    "arn:aws:iam::123456789012:role/authoriser-AuthoriserRole-1A2B3C");
            case "logs" ->
                    List.of(
                            "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/authoriser",
                            "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/authoriser:*");
            case "cloudwatch" ->
                    resource.type().equals("AWS::CloudWatch::Alarm")
                            ? List.of(
                                    "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:"
                                            + resource.at("/AlarmName").asText())
                            : List.of("arn:aws:cloudwatch::123456789012:dashboard/authoriser");
            case "kms" -> List.of(); // for a key of the function's variables, which have none
            case "apigateway" -> apiArns(resource.type(), action);
            default -> List.of("*");
        };
    }

    private static List<String> apiArns(String type, String action) {
        String part = "/restapis/a1b2c3d4e5/";
        boolean creates = action.equals("apigateway:POST");
        String tags = api("/tags/arn%3Aaws%3Aapigateway%3Aeu-west-1%3A%3A%2Frestapis%2Fa1b2c3d4e5");
        return switch (type) {
            case "AWS::ApiGateway::RestApi" ->
                    creates
                            ? List.of(api("/restapis"))
                            : List.of(api("/restapis/a1b2c3d4e5"), tags);
            case "AWS::ApiGateway::Stage" -> List.of(api(part + "stages/live"), tags);
            case "AWS::ApiGatewayV2::Authorizer" -> List.of(api("/apis/h1t2t3p4/authorizers/1"));
            default -> List.of(api(part + "of-its-kind"), api(part + "of-its-kind/1"));
        };
    }

    private static String api(String path) {
        return "arn:aws:apigateway:eu-west-1::" + path;
    }

    private static boolean allows(Stack roleStack, String action, String resource) {
        return allow(statements(roleStack, "DeployRole"), action, resource);
    }

    private static boolean allow(List<JsonNode> statements, String action, String resource) {
        return statements.stream()
                .anyMatch(statement ->
                        texts(statement.path("Action")).contains(action)
                                && texts(statement.path("Resource")).stream()
                                        .anyMatch(pattern -> matches(pattern, resource)));
    }

    /** Whether IAM would match the pattern, which may have {@code *}. */
    private static boolean matches(String pattern, String text) {
        return Pattern.matches("\\Q" + pattern.replace("*", "\\E.*\\Q") + "\\E", text);
    }

    private JsonNode statementWith(String action) {
        return statements(roles(Map.of()), "DeployRole").stream()
                .filter(one -> texts(one.path("Action")).contains(action))
                .findFirst()
                .orElseThrow();
    }

    private static List<JsonNode> statements(Stack stack, String... names) {
        List<JsonNode> statements = new ArrayList<>();
        for (String role : names) {
            for (JsonNode policy : stack.resource(role).at("/Policies")) {
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

    @Nested
    class TrustPolicy {

        @ParameterizedTest
        @CsvSource({
            "BuildRole, " + REPOSITORY + ":" + BUILD + ":*",
            "DeployRole, " + REPOSITORY + ":" + ENVIRONMENT + ":*"
        })
        void allowsOnlyTokensOfTheEnvironment(String role, String subject) throws IOException {
            JsonNode statements =
                    JSON.readTree(
                                    roles(Map.of())
                                            .resource(role)
                                            .at("/AssumeRolePolicyDocument")
                                            .asText())
                            .path("Statement");

            assertEquals(1, statements.size());
            assertEquals(
                    JSON.valueToTree(
                            Map.of(
                                    "StringEquals", Map.of(PROVIDER + ":aud", AUDIENCE),
                                    "StringLike", Map.of(PROVIDER + ":sub", subject))),
                    statements.path(0).path("Condition"));
        }
    }

    @Nested
    class RoleStack {

        @Test
        void hasNoRoleForDeploymentInTheAccountForBuilding() {
            Stack stack = roles(Map.of("EnvironmentUuid", "", "StackName", "", "RestApiId", ""));

            assertEquals(Set.of("BuildRole"), stack.resources().keySet());
            assertEquals(Set.of("BuildRoleArn"), stack.outputs().keySet());
        }

        @Test
        void allowsToReadTheImageInAnotherAccount() {
            Stack stack = roles(Map.of("BuildEnvironmentUuid", "", "EcrAccountId", "999999999999"));

            assertFalse(stack.resources().containsKey("BuildRole"));
            assertTrue(
                    allows(
                            stack,
                            "ecr:BatchGetImage",
                            "arn:aws:ecr:eu-west-1:999999999999:repository/authoriser"));
        }

        @ParameterizedTest
        @CsvSource({
            "'', '', authoriser, a1b2c3d4e5, '', 'Set BuildEnvironmentUuid, EnvironmentUuid or both.'",
            "b, e, '', a1b2c3d4e5, '', 'With EnvironmentUuid, set StackName.'",
            "b, e, authoriser, '', '', 'With EnvironmentUuid, set RestApiId, HttpApiId or both.'"
        })
        void refusesParametersThatMakeNoRole(
                String build,
                String environment,
                String stack,
                String restApi,
                String httpApiId,
                String problem) {
            Map<String, String> given = new HashMap<>();
            given.put("BuildEnvironmentUuid", build.isEmpty() ? "" : BUILD);
            given.put("EnvironmentUuid", environment.isEmpty() ? "" : ENVIRONMENT);
            given.put("StackName", stack);
            given.put("RestApiId", restApi);
            given.put("HttpApiId", httpApiId);

            assertEquals(List.of(problem), roles.deployed(COMMON, given).problems());
        }

        @Test
        void limitsTheStackNameToTheLengthOfARoleName() {
            // IAM allows 64 characters. CloudFormation adds the logical id and 12 or 13 characters
            String longest = "s".repeat(35);

            assertTrue((longest + "-AuthoriserRole-1234567890123").length() <= 64);
            assertEquals(
                    List.of(), roles.deployed(COMMON, Map.of("StackName", longest)).problems());
            assertFalse(
                    roles.deployed(COMMON, Map.of("StackName", longest + "s"))
                            .problems()
                            .isEmpty());
        }

        @ParameterizedTest
        @ValueSource(strings = {".ci/template", "bitbucket-pipelines.yml"})
        void isLintedByTheSameVersionAsEveryTemplate(String file) throws IOException {
            String text = Files.readString(Path.of(file));

            assertTrue(
                    text.contains(
                            "cfn-lint template.yaml"
                                    + " $(grep -l '^AWSTemplateFormatVersion' src/deploy/*.yaml)"));
            assertTrue(text.contains("cfn-lint==1.51.0"));
        }
    }

    @Nested
    class DeployRole {

        @Test
        void mayChangeEveryRestApiOnlyIfConfigured() {
            Map<String, String> silent = new HashMap<>(COMMON);
            silent.remove("RestApiId");

            assertFalse(roles.deployed(silent).problems().isEmpty());
            assertFalse(
                    allows(
                            roles(Map.of()),
                            "apigateway:DELETE",
                            api("/restapis/z9z9z9/resources")));
            assertTrue(
                    allows(
                            roles(Map.of("RestApiId", "*")),
                            "apigateway:DELETE",
                            api("/restapis/z9z9z9/resources")));
        }

        @Test
        void hasThePermissionsOfEachHandlerForAnExistingApi() {
            assertNothingMissing(
                    roles(Map.of()),
                    template.deployed(LEAST, EXISTING_API),
                    template.deployed(LEAST, inVpc(EXISTING_API)));
        }

        @Test
        void hasThePermissionsOfEachHandlerForTheExampleApi() {
            assertNothingMissing(roles(EVERYTHING), template.deployed(LEAST));
        }

        @Test
        void hasThePermissionsOfEachHandlerForAnHttpApi() {
            assertNothingMissing(
                    roles(EVERYTHING),
                    httpApi.deployed(
                            Map.of(
                                    "HttpApiId", "h1t2t3p4",
                                    "AliasArn",
                                            "arn:aws:lambda:eu-west-1:123456789012:function:authoriser:live",
                                    "ValidatedHeaders", "X-Tenant-Id")));
        }

        private void assertNothingMissing(Stack roleStack, Stack... stacks) {
            Set<String> missing = new TreeSet<>();
            for (Stack stack : stacks) {
                for (Resource resource : stack.resources().values()) {
                    for (String action : handlers.actions(resource.type())) {
                        if (reason(action) != null) {
                            continue;
                        }
                        for (String arn : arns(resource, action)) {
                            if (!allows(roleStack, action, arn)) {
                                missing.add(action + " on " + arn + " for " + resource.type());
                            }
                        }
                    }
                }
            }
            assertEquals(Set.of(), missing);
        }

        @Test
        void hasOnlyPermissionsThatAHandlerOrTheScriptNeeds() {
            Set<String> needless = new TreeSet<>(granted());
            needless.removeAll(needed().keySet());
            needless.removeAll(SCRIPT.keySet());

            assertEquals(Set.of(), needless);
        }

        @Test
        void hasThePermissionsOfTheScripts() {
            assertTrue(granted().containsAll(SCRIPT.keySet()), granted().toString());
        }

        /** An entry is wrong if the permission is granted, or if no handler lists it. */
        @Test
        void lacksOnlyListedPermissionsOfHandlers() {
            Set<String> asked =
                    types().stream()
                            .flatMap(type -> handlers.actions(type).stream())
                            .collect(Collectors.toSet());
            for (String action : NOT_GRANTED.keySet()) {
                assertTrue(asked.stream().anyMatch(one -> matches(action, one)), action);
                assertTrue(granted().stream().noneMatch(one -> matches(action, one)), action);
            }
        }

        @Test
        void isExplainedInTheTableOfPermissions() throws IOException {
            assertEquals(table(), Files.readString(TABLE));
        }

        private String table() {
            StringBuilder table =
                    new StringBuilder(
                            """
                            # Permissions of the pipeline's role for deploying

                            For the person who reviews what the pipeline may do in AWS.

                            `PipelineRolesTest` compares this page with `pipeline-roles.yaml`, with the permissions that the handlers of
                            CloudFormation's resource types ask for, and with what the scripts of `src/deploy` call.

                            | permission | handlers that ask for it | the scripts |
                            | --- | --- | --- |
                            """);
            for (String action : granted()) {
                table.append(
                        "| `%s` | %s | %s |\n"
                                .formatted(
                                        action,
                                        needed().getOrDefault(action, Set.of()).stream()
                                                .map(Need::toString)
                                                .collect(Collectors.joining("; ")),
                                        SCRIPT.getOrDefault(action, "")));
            }
            table.append(
                    """

                    ## Permissions that handlers ask for and the role does not have

                    | permission | why the role does not have it |
                    | --- | --- |
                    """);
            new TreeMap<>(NOT_GRANTED)
                    .forEach((action, because) ->
                            table.append("| `%s` | %s |\n".formatted(action, because)));
            return table.toString();
        }

        @Test
        void hasOnlyTheseActionsForEveryResource() {
            Set<String> unnamed = new TreeSet<>();
            for (JsonNode statement : statements(roles(Map.of()), "BuildRole", "DeployRole")) {
                if (texts(statement.path("Resource")).contains("*")) {
                    unnamed.addAll(texts(statement.path("Action")));
                }
            }

            assertEquals(
                    Set.of(
                            "cloudformation:GetTemplateSummary",
                            "cloudwatch:DescribeAlarms",
                            "ec2:DescribeNetworkInterfaces",
                            "ec2:DescribeSecurityGroups",
                            "ec2:DescribeSubnets",
                            "ec2:DescribeVpcs",
                            "ecr:GetAuthorizationToken",
                            "logs:DescribeLogGroups",
                            "logs:DescribeResourcePolicies"),
                    unnamed);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "arn:aws:cloudformation:eu-west-1:123456789012:stack/authoriser-other/1",
                    "arn:aws:lambda:eu-west-1:123456789012:function:authoriser-other",
                    "arn:aws:lambda:eu-west-1:123456789012:function:authoriser-other:live",
                    "arn:aws:iam::123456789012:role/authoriser-other-AuthoriserRole-1A2B3C",
                    "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/authoriser-other",
                    "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/authoriser-other:*",
                    "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:authoriser-other-undecided",
                    "arn:aws:cloudwatch::123456789012:dashboard/authoriser-other",
                    "arn:aws:apigateway:eu-west-1::/restapis/a1b2c3d4e5other/authorizers/1",
                    "arn:aws:ecr:eu-west-1:123456789012:repository/authoriser-other"
                })
        void cannotChangeAStackWithALongerName(String resource) {
            for (JsonNode statement :
                    statements(roles(Map.of("HttpApiId", "h1t2t3p4")), "BuildRole", "DeployRole")) {
                for (String pattern : texts(statement.path("Resource"))) {
                    assertFalse(!pattern.equals("*") && matches(pattern, resource), pattern);
                }
            }
        }

        @Test
        void cannotDeleteAnExistingApi() {
            assertFalse(allows(roles(Map.of()), "apigateway:DELETE", api("/restapis/a1b2c3d4e5")));
            assertTrue(allows(roles(Map.of()), "apigateway:GET", api("/restapis/a1b2c3d4e5")));
        }

        @Test
        void cannotChangeThePolicyOfTheRepository() {
            assertTrue(granted().stream().noneMatch(action -> action.contains("RepositoryPolicy")));
        }

        @Test
        void isShortEnoughForIam() {
            int length = 0;
            for (JsonNode policy : roles(EVERYTHING).resource("DeployRole").at("/Policies")) {
                length += policy.path("PolicyDocument").toString().length();
            }

            assertTrue(length <= 10_240, length + " characters");
        }
    }

    @Nested
    class BuildRole {

        @Test
        void hasOnlyPermissionsForTheRepositoryAndTheSigningKey() {
            for (JsonNode statement : statements(roles(Map.of()), "BuildRole")) {
                boolean signs = texts(statement.path("Resource")).equals(Set.of(SIGNING_KEY));
                for (String action : texts(statement.path("Action"))) {
                    assertTrue(action.startsWith(signs ? "kms:" : "ecr:"), action);
                }
            }
        }

        @Test
        void aloneMaySign() {
            Stack stack = roles(Map.of());

            assertTrue(allow(statements(stack, "BuildRole"), "kms:Sign", SIGNING_KEY));
            assertFalse(allow(statements(stack, "DeployRole"), "kms:Sign", SIGNING_KEY));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "ecr:DescribeImages",
                    "ecr:DescribeImageScanFindings",
                    "ecr:PutImage",
                    "ecr:BatchGetImage"
                })
        void hasThePermissionsOfItsScript(String action) {
            assertTrue(
                    statements(roles(Map.of()), "BuildRole").stream()
                            .anyMatch(
                                    statement -> texts(statement.path("Action")).contains(action)));
        }
    }

    @Nested
    class FunctionRole {

        @Test
        void mayBePassedToLambdaOnly() {
            JsonNode passing = statementWith("iam:PassRole");

            assertEquals(
                    "lambda.amazonaws.com",
                    passing.at("/Condition/StringEquals/iam:PassedToService").asText());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"})
        void mayBeChangedOnlyWithItsBoundary(String action) {
            String given = "arn:aws:iam::123456789012:policy/given";
            String condition = "/Condition/StringEquals/iam:PermissionsBoundary";

            assertEquals("FunctionBoundary", statementWith(action).at(condition).asText());
            assertEquals(
                    given,
                    statements(roles(Map.of("PermissionsBoundaryArn", given)), "DeployRole")
                            .stream()
                            .filter(statement -> texts(statement.path("Action")).contains(action))
                            .map(statement -> statement.at(condition).asText())
                            .collect(Collectors.joining()));
        }

        @Test
        void mayHaveAnExistingBoundary() {
            String given = "arn:aws:iam::123456789012:policy/given";
            Stack stack = roles(Map.of("PermissionsBoundaryArn", given));

            assertFalse(stack.resources().containsKey("FunctionBoundary"));
            assertEquals(given, stack.outputs().get("PermissionsBoundaryArn").asText());
            assertEquals(
                    "FunctionBoundary",
                    roles(Map.of()).outputs().get("PermissionsBoundaryArn").asText());
        }

        @Test
        void hasABoundaryWithAllItsPermissions() {
            String secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:client-AbCdEf";
            Map<String, String> most = new HashMap<>(LEAST);
            most.putAll(IN_VPC);
            most.putAll(
                    Map.of(
                            "ValidationServiceClientSecretArn",
                            secret,
                            "FormerClientSecretArn",
                            secret,
                            "SecretKmsKeyArn",
                            "arn:aws:kms:eu-west-1:123456789012:key/1",
                            "FormerSecretKmsKeyArn",
                            "arn:aws:kms:eu-west-1:123456789012:key/2"));
            List<JsonNode> boundary = new ArrayList<>();
            roles(Map.of())
                    .resource("FunctionBoundary")
                    .at("/PolicyDocument/Statement")
                    .forEach(boundary::add);

            for (JsonNode policy :
                    template.deployed(most).resource("AuthoriserRole").at("/Policies")) {
                for (JsonNode statement : policy.at("/PolicyDocument/Statement")) {
                    if (statement.path("Effect").asText().equals("Deny")) {
                        continue;
                    }
                    for (String action : texts(statement.path("Action"))) {
                        for (String resource : texts(statement.path("Resource"))) {
                            String arn =
                                    resource.equals("AuthoriserLogGroup.Arn")
                                            ? "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/authoriser:*"
                                            : resource;
                            assertTrue(allow(boundary, action, arn), action + " on " + arn);
                        }
                    }
                }
            }
        }
    }
}
