package authoriser.deployment;

import static authoriser.deployment.Parameters.EXISTING_API;
import static authoriser.deployment.Parameters.IN_VPC;
import static authoriser.deployment.Parameters.LEAST;
import static authoriser.deployment.Template.object;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.config.Config;
import authoriser.config.Environment;
import authoriser.config.Setting;
import authoriser.config.Written;
import authoriser.deployment.Stack.Resource;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.events.AliasEvent;

/** Compares the template with the contract and the code. */
class TemplateTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path FILE = Path.of("template.yaml");

    private final Template template;

    TemplateTest() throws IOException {
        template = Template.read(FILE);
    }

    private void assertProblem(String problem, Map<String, String> parameters) {
        List<String> problems = template.deployed(LEAST, parameters).problems();

        if (problem == null) {
            assertEquals(List.of(), problems);
        } else {
            assertEquals(1, problems.size(), problems.toString());
            assertTrue(problems.getFirst().startsWith(problem), problems.toString());
        }
    }

    private static Set<String> settings() {
        return Arrays.stream(Setting.values())
                .map(Setting::variable)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> ofApiGateway(Stack stack) {
        return stack.resources().values().stream()
                .map(Resource::type)
                .filter(type -> type.startsWith("AWS::ApiGateway"))
                .toList();
    }

    private static Resource function(Stack stack) {
        return stack.resource("AuthoriserFunction");
    }

    private static JsonNode variables(Stack stack) {
        return function(stack).at("/Environment/Variables");
    }

    private static JsonNode statements(Stack stack) {
        var statements = JSON.createArrayNode();
        for (JsonNode policy : stack.resource("AuthoriserRole").at("/Policies")) {
            statements.addAll((ArrayNode) policy.at("/PolicyDocument/Statement"));
        }
        return statements;
    }

    private static JsonNode header(Resource response, String name) {
        return response.at("/ResponseParameters/gatewayresponse.header." + name);
    }

    private static String body(Resource response) {
        String template = response.at("/ResponseTemplates/application~1json").asText();
        // API Gateway quotes the value of this variable
        return template.replaceAll("\\$context\\.error\\.messageString", "\"$0\"");
    }

    private static Stream<Map<String, Object>> objects(Object list) {
        return ((List<?>) list).stream().map(Template::object);
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static Set<String> texts(JsonNode array) {
        Set<String> texts = new TreeSet<>();
        array.forEach(one -> texts.add(one.asText()));
        return texts;
    }

    private static JsonNode tree(Object value) {
        return JSON.valueToTree(value);
    }

    @ParameterizedTest
    @CsvSource({
        "aws, aws.amazon.com",
        "aws-cn, amazonaws.cn",
        "aws-us-gov, amazonaws-us-gov.com",
        "aws-eusc, amazonaws-eusc.eu"
    })
    void linksToTheConsoleOfThePartition(String partition, String domain) {
        assertEquals(
                "https://eu-west-1.console."
                        + domain
                        + "/cloudwatch/home?region=eu-west-1#dashboards:name=Dashboard",
                template.deployedIn(partition, LEAST).outputs().get("DashboardUrl").asText());
    }

    @Test
    void isShortEnoughToBeSentWithoutABucket() throws IOException {
        assertTrue(Files.size(FILE) <= 51_200);
    }

    @Test
    void hasNoYamlAliases() throws IOException {
        try (var reader = Files.newBufferedReader(FILE)) {
            assertTrue(
                    StreamSupport.stream(new Yaml().parse(reader).spliterator(), false)
                            .noneMatch(AliasEvent.class::isInstance));
        }
    }

    @Nested
    class Variables {

        @Test
        void areExactlyTheSettings() {
            assertEquals(settings(), names(variables(template.deployed(LEAST))));
        }

        @Test
        void haveTheValuesOfTheParametersOfTheSameName() {
            Map<String, String> given = new HashMap<>(LEAST);
            given.putAll(
                    Map.ofEntries(
                            Map.entry("CognitoIssuer", "https://issuer.example.com"),
                            Map.entry("CognitoJwksUrl", "https://issuer.example.com/keys"),
                            Map.entry("CognitoClientIds", "client1,client2"),
                            Map.entry("CognitoAudiences", "https://orders.example.com,orders"),
                            Map.entry("AudienceRequired", "off"),
                            Map.entry("RequiredScopes", "orders/read"),
                            Map.entry("RequiredGroups", "clerks,admins"),
                            Map.entry("ScopeRules", "{\"GET /orders/*\":[\"orders/read\"]}"),
                            Map.entry("GroupRules", "{\"* /admin/*\":[\"admins\"]}"),
                            Map.entry("ServiceClaims", "origin_jti,custom:tenant"),
                            Map.entry("ContextClaims", "custom:tenant=tenant"),
                            Map.entry("ValidationServiceCaCertificates", "/var/task/ca.pem"),
                            Map.entry("ValidationServiceScope", "validation/ask"),
                            Map.entry("ValidationServiceTimeoutMs", "1500"),
                            Map.entry("InvalidTokenResponse", "unauthorized"),
                            Map.entry("PolicyExpiry", "off"),
                            Map.entry("ClockSkewSeconds", "7"),
                            Map.entry("LogAllowEvery", "10"),
                            Map.entry("DebugFor", "5%")));

            JsonNode variables = variables(template.deployed(given));

            for (String setting : settings()) {
                assertEquals(
                        given.getOrDefault(setting, ""), variables.path(setting).asText(), setting);
            }
        }

        @Test
        void areAcceptedByTheCode() {
            Map<String, String> environment = new HashMap<>();
            variables(template.deployed(LEAST))
                    .properties()
                    .forEach(variable ->
                            environment.put(variable.getKey(), variable.getValue().asText()));

            Config config = Config.parse(environment, Environment.UNCHECKED);

            assertEquals(List.of("X-Tenant-Id"), config.validatedHeaders());
        }
    }

    @Nested
    class TemplateParameters {

        @Test
        void areAcceptedWithOnlyTheRequiredOnes() {
            assertEquals(List.of(), template.deployed(LEAST).problems());
        }

        @Test
        void haveTheDefaultsOfTheSettings() {
            for (Setting setting : Setting.values()) {
                Map<String, Object> parameter =
                        object(template.parameters().get(setting.variable()));
                assertEquals(
                        setting.required() ? null : setting.fallback().orElse(""),
                        parameter.get("Default"),
                        setting.variable());
            }
        }

        @Test
        void haveADescriptionAndAConstraint() {
            template.parameters()
                    .forEach((name, definition) -> {
                        Map<String, Object> parameter = object(definition);
                        assertTrue(parameter.containsKey("Description"), name);
                        assertTrue(
                                parameter.containsKey("AllowedValues")
                                        || parameter.containsKey("MinValue")
                                                && parameter.containsKey("MaxValue")
                                        || parameter.containsKey("AllowedPattern")
                                                && parameter.containsKey("ConstraintDescription"),
                                name);
                    });
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                textBlock =
                        """
                        CognitoUserPoolId          | eu-west-1_Ab12Cd34E
                        CognitoUserPoolId          | eu-west-1_Ab12Cd34E, us-gov-west-1_Xy98
                        CognitoIssuer              | https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34E
                        RequiredScopes             | orders/read, https://api.example.com/orders.write
                        ScopeRules                 | {"GET /orders/*": ["orders/read", "orders/admin"], "* /admin/*": ["admin"]}
                        ValidatedHeaders           | X-Tenant-Id,X-Channel
                        ValidationServiceScope     | validation/ask validation/tell
                        CognitoAudiences           | https://orders.example.com, orders
                        ServiceClaims              | origin_jti, custom:tenant
                        ContextClaims              | custom:tenant, auth_time=loggedInAt
                        ValidationServiceCaCertificates | /var/task/ca.pem
                        CorsOrigin                 | https://app.example.com:8443
                        ImageUri                   | 123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/team/authoriser:1.0.0
                        """)
        void acceptTheseValues(String parameter, String value) {
            assertEquals(List.of(), template.deployed(LEAST, Map.of(parameter, value)).problems());
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                textBlock =
                        """
                        CognitoUserPoolId          | Ab12Cd34E
                        CognitoIssuer              | http://issuer.example.com
                        ValidationServiceUrl       | http://validation.example.com
                        ValidationServiceUrl       | https://
                        ValidatedHeaders           | ''
                        ValidatedHeaders           | X-Tenant-Id, X-Channel
                        ValidatedHeaders           | X Tenant
                        ValidatedHeaders           | X-Tenant-Id,
                        ValidatedHeaders           | X-Tenant:Id
                        ValidatedHeaders           | X-Tenant-Id,authorization
                        ValidatedHeaders           | Authorization
                        ValidatedHeaders           | AUTHORIZATION,X-Tenant-Id
                        ValidatedHeaders           | X-Tenant-Id,x-tenant-id
                        ValidatedHeaders           | X-Channel,X-Tenant-Id,X-Channel
                        InvalidTokenResponse       | forbid
                        AudienceRequired           | yes
                        RequiredGroups             | clerks admins
                        GroupRules                 | admins
                        ServiceClaims              | origin_jti auth_time
                        ContextClaims              | custom:tenant=
                        ContextClaims              | custom:tenant=the-tenant
                        ValidationServiceCaCertificates | ca.pem
                        ResultTtlSeconds           | 45
                        ValidationServiceClientSecretArn | client-secret
                        ValidationServiceClientSecretArn | arn:aws:secretsmanager:eu-west-1:123456789012:secret:client
                        ImageUri                   | docker.io/library/authoriser:1
                        ImageUri                   | 123456789012.dkr.ecr.eu-west-1.amazonaws.com/authoriser
                        CorsOrigin                 | app.example.com
                        SubnetIds                  | subnet-0a1b2c3d, subnet-4e5f6a7b
                        SubnetIds                  | subnet-0a1b2c3d,
                        SecurityGroupIds           | 0a1b2c3d
                        """)
        void refuseTheseValues(String parameter, String value) {
            List<String> problems = template.deployed(LEAST, Map.of(parameter, value)).problems();

            assertFalse(problems.isEmpty());
            assertTrue(problems.getFirst().startsWith(parameter), problems.toString());
        }

        static List<Written> acceptTheSameSpellingsAsTheFunction() {
            return Written.all();
        }

        @ParameterizedTest
        @MethodSource
        void acceptTheSameSpellingsAsTheFunction(Written written) {
            Map<String, String> changes = new HashMap<>();
            if (written.setting() == Setting.VALIDATION_SERVICE_CLIENT_SECRET_VALUE) {
                changes.put(Setting.VALIDATION_SERVICE_CLIENT_SECRET_ARN.variable(), "");
            }
            changes.put(written.setting().variable(), written.value());

            List<String> problems = template.deployed(LEAST, changes).problems();

            assertEquals(written.template(), problems.isEmpty(), () -> written + ": " + problems);
        }

        /** CloudFormation resolves the reference before it calls the function. */
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "CognitoClientIds",
                    "RequiredScopes",
                    "ValidationServiceClientIdValue",
                    "ValidationServiceScope"
                })
        void acceptADynamicReference(String parameter) {
            assertEquals(
                    List.of(),
                    template.deployed(
                                    LEAST, Map.of(parameter, "{{resolve:ssm:/authoriser/value:1}}"))
                            .problems());
        }

        /** A pattern, because {@code Type: Number} also accepts 1.5. */
        @ParameterizedTest
        @CsvSource({
            "MemoryMb, 256, 10240",
            "TimeoutSeconds, 1, 10",
            "ProvisionedConcurrency, 0, 10000",
            "ReservedConcurrency, -1, 10000"
        })
        void acceptOnlyWholeNumbersInTheirRange(String parameter, int least, int most) {
            for (int number : List.of(least, least + 1, (least + most) / 2, most - 1, most)) {
                assertProblem(null, Map.of(parameter, Integer.toString(number)));
            }
            for (String value :
                    List.of(
                            Integer.toString(least - 1),
                            Integer.toString(most + 1),
                            least + 1 + ".5",
                            "1e1",
                            "01",
                            "")) {
                assertProblem(parameter + " must be a whole number", Map.of(parameter, value));
            }
        }

        @Test
        void acceptCertificatesInPem() {
            String pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

            assertProblem(null, Map.of("ValidationServiceCaCertificates", pem + pem));
        }

        @Test
        void acceptHeaderNamesThatBeginWithAuthorization() {
            assertEquals(
                    List.of(),
                    template.deployed(LEAST, Map.of("ValidatedHeaders", "Authorization-Context"))
                            .problems());
        }

        @Test
        void acceptAsManyHeadersAsTheCode() {
            String most =
                    IntStream.range(0, 40)
                            .mapToObj(number -> Character.toString('A' + number % 26) + number / 26)
                            .collect(joining(","));

            assertProblem(null, Map.of("ValidatedHeaders", most));
            assertEquals(
                    40,
                    Config.parse(Environment.with("ValidatedHeaders", most), Environment.UNCHECKED)
                            .validatedHeaders()
                            .size());
            assertProblem("ValidatedHeaders", Map.of("ValidatedHeaders", most + ",X"));
        }

        @Test
        void hideTheValueOfTheSecret() {
            assertEquals(
                    true,
                    object(template.parameters().get("ValidationServiceClientSecretValue"))
                            .get("NoEcho"));
        }

        @Test
        void areAllUsedLikeTheConditions() throws IOException {
            String text = Files.readString(FILE);
            Set<String> unused = new TreeSet<>();
            for (String name : template.parameters().keySet()) {
                if (!text.contains("!Ref " + name) && !text.contains("${" + name + "}")) {
                    unused.add(name);
                }
            }
            for (String name : template.section("Conditions").keySet()) {
                if (!text.matches("(?s).*(Condition:? |\\[|- )" + name + "\\b.*")) {
                    unused.add(name);
                }
            }

            assertEquals(Set.of(), unused);
        }
    }

    @Nested
    class Rules {

        @ParameterizedTest
        @CsvSource({
            "'', '', Set exactly one of",
            "arn, '', ",
            "'', s3cret, ",
            "arn, s3cret, Set exactly one of"
        })
        void requireExactlyOneOfTheTwoSecrets(String arn, String value, String problem) {
            String secretArn = arn.isEmpty() ? "" : LEAST.get("ValidationServiceClientSecretArn");

            assertProblem(
                    problem,
                    Map.of(
                            "ValidationServiceClientSecretArn", secretArn,
                            "ValidationServiceClientSecretValue", value));
        }

        @ParameterizedTest
        @CsvSource({
            "5, 300",
            "10, 600",
            "15, 900",
            "30, 1800",
            "60, 3600",
        })
        void limitTheResultTtlToTheLifetimeOfTheToken(String minutes, int longest) {
            List<?> times =
                    (List<?>)
                            object(template.parameters().get("ResultTtlSeconds"))
                                    .get("AllowedValues");
            for (Object seconds : times) {
                assertProblem(
                        (Integer) seconds <= longest ? null : "ResultTtlSeconds must not be above",
                        Map.of(
                                "AccessTokenMinutes",
                                minutes,
                                "ResultTtlSeconds",
                                seconds.toString()));
            }
        }

        @ParameterizedTest
        @CsvSource({
            "eu-west-1_Ab12Cd34E, '', ",
            "'', https://issuer.example.com, ",
            "'', '', Set CognitoUserPoolId or CognitoIssuer"
        })
        void requireAnIssuer(String pool, String issuer, String problem) {
            assertProblem(problem, Map.of("CognitoUserPoolId", pool, "CognitoIssuer", issuer));
        }

        @ParameterizedTest
        @CsvSource({
            "'', '', ",
            "subnet-0a1b2c3d, sg-0a1b2c3d, ",
            "subnet-0a1b2c3d, '', Set both SubnetIds and SecurityGroupIds",
            "'', sg-0a1b2c3d, Set both SubnetIds and SecurityGroupIds"
        })
        void requireSubnetsAndSecurityGroupsTogether(
                String subnets, String groups, String problem) {
            assertProblem(problem, Map.of("SubnetIds", subnets, "SecurityGroupIds", groups));
        }
    }

    @Nested
    class LambdaFunction {

        @Test
        void hasATimeOutWithinTheLimitOfApiGateway() {
            assertProblem("TimeoutSeconds", Map.of("TimeoutSeconds", "11"));
            assertEquals("5", function(template.deployed(LEAST)).at("/Timeout").asText());
        }

        @Test
        void isInvokedByItsAlias() {
            Stack stack = template.deployed(LEAST);

            assertEquals(
                    "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/AuthoriserAlias/invocations",
                    stack.resource("RequestAuthoriser").at("/AuthorizerUri").asText());
            assertEquals(
                    "AuthoriserVersion.Version",
                    stack.resource("AuthoriserAlias").at("/FunctionVersion").asText());
        }

        @ParameterizedTest
        @CsvSource({
            "Release, 2",
            "ImageUri, 123456789012.dkr.ecr.eu-west-1.amazonaws.com/authoriser:2",
            "ValidatedHeaders, X-Channel"
        })
        void getsANewVersionForANewReleaseImageOrHeaders(String parameter, String value) {
            Stack first = template.deployed(LEAST);
            Stack second = template.deployed(LEAST, Map.of(parameter, value));

            for (String id : List.of("AuthoriserFunction", "AuthoriserVersion")) {
                assertNotEquals(
                        first.resource(id).at("/Description"),
                        second.resource(id).at("/Description"));
            }
        }

        @Test
        void hasTheReleaseTheImageAndTheHeadersInItsDescription() {
            Stack stack = template.deployed(LEAST, Map.of("Release", "1.0.0"));

            assertEquals(
                    "1.0.0 " + "0123456789abcdef".repeat(4) + " X-Tenant-Id",
                    stack.resource("AuthoriserVersion").at("/Description").asText());
        }

        @Test
        void hasADescriptionOf256CharactersAtMost() {
            Map<String, String> longest =
                    Map.of(
                            "Release", "r".repeat(40),
                            "ImageUri",
                                    "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/authoriser:"
                                            + "t".repeat(64),
                            "ValidatedHeaders", "X".repeat(150));
            Stack stack = template.deployed(LEAST, longest);

            assertEquals(List.of(), stack.problems());
            for (String id : List.of("AuthoriserFunction", "AuthoriserVersion")) {
                assertEquals(256, stack.resource(id).at("/Description").asText().length());
            }
            longest.forEach((name, value) ->
                    assertFalse(
                            template.deployed(LEAST, Map.of(name, value + "x"))
                                    .problems()
                                    .isEmpty(),
                            name));
        }

        @Test
        void hasConcurrencyIfConfigured() {
            Stack plain = template.deployed(LEAST);
            Stack set =
                    template.deployed(
                            LEAST,
                            Map.of("ProvisionedConcurrency", "5", "ReservedConcurrency", "0"));

            assertFalse(function(plain).has("/ReservedConcurrentExecutions"));
            assertFalse(plain.resource("AuthoriserVersion").has("/ProvisionedConcurrencyConfig"));
            assertEquals("0", function(set).at("/ReservedConcurrentExecutions").asText());
            assertEquals(
                    "5",
                    set.resource("AuthoriserVersion")
                            .at("/ProvisionedConcurrencyConfig/ProvisionedConcurrentExecutions")
                            .asText());
        }

        @Test
        void isInAVpcIfConfigured() {
            assertFalse(function(template.deployed(LEAST)).has("/VpcConfig"));
            assertEquals(
                    tree(
                            Map.of(
                                    "SubnetIds", List.of("subnet-0a1b2c3d", "subnet-4e5f6a7b"),
                                    "SecurityGroupIds", List.of("sg-0a1b2c3d"))),
                    function(template.deployed(LEAST, IN_VPC)).at("/VpcConfig"));
        }

        @Test
        void usesIpv6IfConfigured() {
            Map<String, String> both = new HashMap<>(IN_VPC);
            both.put("Ipv6", "on");

            assertTrue(
                    function(template.deployed(LEAST, both))
                            .at("/VpcConfig/Ipv6AllowedForDualStack")
                            .booleanValue());
            assertProblem("Ipv6 needs SubnetIds", Map.of("Ipv6", "on"));
        }

        @Test
        void hasMoreJvmOptionsIfConfigured() {
            String options =
                    "-javaagent:/var/task/agent.jar -Djavax.net.ssl.trustStore=/var/task/t.p12";

            assertEquals(
                    options,
                    variables(template.deployed(LEAST, Map.of("JvmOptions", options)))
                            .path("JAVA_TOOL_OPTIONS")
                            .asText());
        }

        @Test
        void sendsTracesIfConfigured() {
            Stack plain = template.deployed(LEAST);
            Stack traced = template.deployed(LEAST, Map.of("Tracing", "Active"));

            assertEquals("PassThrough", function(plain).at("/TracingConfig/Mode").asText());
            assertEquals("Active", function(traced).at("/TracingConfig/Mode").asText());
            assertEquals(
                    Set.of("xray:PutTraceSegments", "xray:PutTelemetryRecords"),
                    texts(statements(traced).path(2).path("Action")));
        }

        @Test
        void encryptsLogsWithAKeyIfConfigured() {
            String key =
                    "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
            Stack stack = template.deployed(LEAST, Map.of("LogKmsKeyArn", key));

            assertFalse(template.deployed(LEAST).resource("AuthoriserLogGroup").has("/KmsKeyId"));
            assertEquals(key, stack.resource("AuthoriserLogGroup").at("/KmsKeyId").asText());
        }

        @Test
        void logsInJsonToItsOwnGroup() {
            Stack stack = template.deployed(LEAST);

            assertEquals("JSON", function(stack).at("/LoggingConfig/LogFormat").asText());
            assertEquals(
                    "AuthoriserLogGroup", function(stack).at("/LoggingConfig/LogGroup").asText());
            assertEquals(
                    "30", stack.resource("AuthoriserLogGroup").at("/RetentionInDays").asText());
        }

        @Test
        void canBeBuiltBySam() {
            Map<String, Object> function =
                    object(template.section("Resources").get("AuthoriserFunction"));
            Map<String, Object> metadata = object(function.get("Metadata"));

            assertEquals("Image", object(function.get("Properties")).get("PackageType"));
            assertTrue(
                    metadata.keySet()
                            .containsAll(Set.of("Dockerfile", "DockerContext", "DockerTag")));
            Path context = FILE.resolveSibling(metadata.get("DockerContext").toString());
            assertTrue(Files.exists(context.resolve(metadata.get("Dockerfile").toString())));
            assertTrue(Files.exists(context.resolve("pom.xml")));
        }
    }

    @Nested
    class Permissions {

        @Test
        void ofTheRoleAreItsLogsAndOneSecret() {
            assertEquals(
                    tree(
                            List.of(
                                    Map.of(
                                            "Effect", "Allow",
                                            "Action",
                                                    List.of(
                                                            "logs:CreateLogStream",
                                                            "logs:PutLogEvents"),
                                            "Resource", "AuthoriserLogGroup.Arn"),
                                    Map.of(
                                            "Effect", "Allow",
                                            "Action", "secretsmanager:GetSecretValue",
                                            "Resource",
                                                    LEAST.get(
                                                            "ValidationServiceClientSecretArn")))),
                    statements(template.deployed(LEAST)));
        }

        @Test
        void ofTheRoleAreItsLogsWithoutASecretArn() {
            Stack stack =
                    template.deployed(
                            LEAST,
                            Map.of(
                                    "ValidationServiceClientSecretArn", "",
                                    "ValidationServiceClientSecretValue", "s3cret"));

            assertEquals(1, statements(stack).size());
        }

        @Test
        void ofTheRoleAllowTheKeyOfTheSecretOnlyByWayOfSecretsManager() {
            String key =
                    "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
            JsonNode statement =
                    statements(template.deployed(LEAST, Map.of("SecretKmsKeyArn", key))).path(2);

            assertEquals(
                    tree(
                            Map.of(
                                    "Effect",
                                    "Allow",
                                    "Action",
                                    "kms:Decrypt",
                                    "Resource",
                                    key,
                                    "Condition",
                                    Map.of(
                                            "StringEquals",
                                            Map.of(
                                                    "kms:ViaService",
                                                    "secretsmanager.eu-west-1.amazonaws.com")))),
                    statement);
        }

        @Test
        void ofTheRoleForNetworkInterfacesAreForLambdaAndNotForTheCode() {
            JsonNode statements = statements(template.deployed(LEAST, IN_VPC));
            JsonNode allow = statements.path(2);
            JsonNode deny = statements.path(3);

            assertEquals(4, statements.size());
            assertEquals("Deny", deny.path("Effect").asText());
            assertTrue(
                    texts(allow.path("Action")).stream().allMatch(one -> one.startsWith("ec2:")));
            assertEquals("ec2:*", deny.path("Action").asText());
            assertEquals(
                    "arn:aws:lambda:eu-west-1:123456789012:function:authoriser",
                    deny.at("/Condition/ArnEquals/lambda:SourceFunctionArn").asText());
            assertEquals(
                    "authoriser",
                    function(template.deployed(LEAST)).at("/FunctionName").asText(),
                    "the name that the condition ends with");
        }

        @Test
        void toInvokeAreForTheAuthoriserOfThisApiOnly() {
            assertEquals(
                    tree(
                            Map.of(
                                    "Action", "lambda:InvokeFunction",
                                    "FunctionName", "AuthoriserAlias",
                                    "Principal", "apigateway.amazonaws.com",
                                    "SourceArn",
                                            "arn:aws:execute-api:eu-west-1:123456789012:"
                                                    + "a1b2c3d4e5/authorizers/RequestAuthoriser")),
                    template.deployed(LEAST, EXISTING_API)
                            .resource("AuthoriserPermission")
                            .properties());
        }
    }

    @Nested
    class Authoriser {

        @ParameterizedTest
        @ValueSource(strings = {"X-Tenant-Id", "X-Tenant-Id,X-Channel,x-device"})
        void hasTheTokenAndTheValidatedHeadersAsIdentitySources(String headers) {
            Stack stack = template.deployed(LEAST, Map.of("ValidatedHeaders", headers));
            String sources =
                    Arrays.stream(("Authorization," + headers).split(","))
                            .map(header -> "method.request.header." + header)
                            .collect(Collectors.joining(","));

            assertEquals(
                    sources, stack.resource("RequestAuthoriser").at("/IdentitySource").asText());
            assertEquals(headers, variables(stack).path("ValidatedHeaders").asText());
        }

        @Test
        void hasAnExplicitResultTtl() {
            Resource authoriser = template.deployed(LEAST).resource("RequestAuthoriser");

            assertEquals("REQUEST", authoriser.at("/Type").asText());
            assertEquals("300", authoriser.at("/AuthorizerResultTtlInSeconds").asText());
        }
    }

    @Nested
    class GatewayResponses {

        @Test
        void canBeReadByABrowserAndHaveTheReason() throws IOException {
            Stack stack = template.deployed(LEAST, Map.of("CorsOrigin", "https://app.example.com"));
            Map<String, Resource> responses =
                    stack.ofType("AWS::ApiGateway::GatewayResponse").stream()
                            .collect(
                                    Collectors.toMap(
                                            response -> response.at("/ResponseType").asText(),
                                            response -> response));

            assertEquals(
                    Set.of(
                            "UNAUTHORIZED",
                            "ACCESS_DENIED",
                            "AUTHORIZER_FAILURE",
                            "AUTHORIZER_CONFIGURATION_ERROR"),
                    responses.keySet());
            for (Resource response : responses.values()) {
                assertEquals(
                        "'https://app.example.com'",
                        header(response, "Access-Control-Allow-Origin").asText());
                assertTrue(JSON.readTree(body(response)).has("message"));
            }
            JsonNode denied = JSON.readTree(body(responses.get("ACCESS_DENIED")));
            assertEquals("$context.authorizer.reason", denied.path("reason").asText());
            assertEquals(
                    "$context.error.messageString",
                    denied.path("error").asText(),
                    "a refusal by a scope rule has no reason in the context");
        }

        /** RFC 6750 section 3: each refusal has a challenge with at least one parameter. */
        @Test
        void haveAChallenge() {
            assertChallenge("Bearer realm=\"api\"", template.deployed(LEAST));
        }

        /** RFC 9728 section 5.1. */
        @Test
        void nameTheMetadataOfTheApiIfConfigured() {
            String metadata = "https://api.example.com/.well-known/oauth-protected-resource";

            assertChallenge(
                    "Bearer realm=\"api\", resource_metadata=\"" + metadata + "\"",
                    template.deployed(LEAST, Map.of("ResourceMetadataUrl", metadata)));
        }

        private static void assertChallenge(String challenge, Stack stack) {
            for (String id : List.of("UnauthorisedResponse", "AccessDeniedResponse")) {
                Resource response = stack.resource(id);
                assertEquals("'" + challenge + "'", header(response, "WWW-Authenticate").asText());
                assertEquals(
                        "'WWW-Authenticate'",
                        header(response, "Access-Control-Expose-Headers").asText());
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"http://api.example.com", "https://a.example.com/\"x", "https://a b"})
        void refuseAMetadataUrlThatIsInvalidInTheHeader(String url) {
            assertProblem("ResourceMetadataUrl", Map.of("ResourceMetadataUrl", url));
        }

        @ParameterizedTest
        @CsvSource({
            "'', auto, 4",
            "'', untouched, 4",
            "a1b2c3d4e5, auto, 0",
            "a1b2c3d4e5, untouched, 0",
            "a1b2c3d4e5, managed, 4"
        })
        void ofAnExistingApiAreUnchangedUnlessConfigured(
                String api, String responses, int managed) {
            Stack stack =
                    template.deployed(
                            LEAST, Map.of("ExistingRestApiId", api, "GatewayResponses", responses));

            assertEquals(List.of(), stack.problems());
            assertEquals(managed, stack.ofType("AWS::ApiGateway::GatewayResponse").size());
        }
    }

    @Nested
    class RestApi {

        @Test
        void hasAProtectedRouteAndAnOpenPreflight() {
            List<Resource> methods = template.deployed(LEAST).ofType("AWS::ApiGateway::Method");
            Set<String> found = new TreeSet<>();
            for (Resource method : methods) {
                found.add(
                        method.at("/HttpMethod").asText()
                                + " "
                                + method.at("/ResourceId").asText()
                                + " "
                                + method.at("/AuthorizationType").asText());
            }

            assertEquals(Set.of("GET ExamplePath CUSTOM", "OPTIONS ExamplePath NONE"), found);
        }

        @Test
        void isAbsentWithoutTheExample() {
            Stack stack = template.deployed(LEAST, Map.of("ExampleApi", "off"));

            assertEquals(List.of(), stack.problems());
            assertEquals(List.of(), ofApiGateway(stack));
            assertEquals(List.of(), stack.ofType("AWS::Lambda::Permission"));
            assertEquals(
                    Set.of(),
                    stack.outputs().keySet().stream()
                            .filter(
                                    Set.of("AuthoriserId", "RestApiId", "RedeployApi", "ExampleUrl")
                                            ::contains)
                            .collect(Collectors.toSet()));
        }

        @Test
        void getsOnlyTheAuthoriserIfItExists() {
            Stack stack = template.deployed(LEAST, EXISTING_API);

            assertEquals(List.of("AWS::ApiGateway::Authorizer"), ofApiGateway(stack));
            assertEquals(
                    "a1b2c3d4e5", stack.resource("RequestAuthoriser").at("/RestApiId").asText());
            assertEquals("a1b2c3d4e5", stack.outputs().get("RestApiId").asText());
        }

        /**
         * The command creates a stage that does not exist, so the template must not guess a stage.
         */
        @Test
        void isDeployedByACommandWithTheKnownStage() {
            String command = "aws apigateway create-deployment --rest-api-id ";
            Map<String, String> named = new HashMap<>(EXISTING_API);
            named.putAll(Map.of("ExistingRestApiName", "orders", "StageName", "prod"));

            assertEquals(
                    command + "ExampleRestApi --stage-name live",
                    template.deployed(LEAST).outputs().get("RedeployApi").asText());
            assertEquals(
                    command + "a1b2c3d4e5 --stage-name YOUR_STAGE",
                    template.deployed(LEAST, EXISTING_API).outputs().get("RedeployApi").asText());
            assertEquals(
                    command + "a1b2c3d4e5 --stage-name prod",
                    template.deployed(LEAST, named).outputs().get("RedeployApi").asText());
        }
    }
}
