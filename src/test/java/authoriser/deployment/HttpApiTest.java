package authoriser.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The template for an authoriser of an HTTP API. */
class HttpApiTest {
    private static final Map<String, String> PARAMETERS =
            Map.of(
                    "HttpApiId", "a1b2c3d4e5",
                    "AliasArn", "arn:aws:lambda:eu-west-1:123456789012:function:authoriser:live",
                    "ValidatedHeaders", "X-Tenant-Id,X-Channel");

    private final Stack stack;

    HttpApiTest() throws IOException {
        stack = Template.read(Path.of("src/deploy/http-api.yaml")).deployed(PARAMETERS);
    }

    @Test
    void parametersAreAccepted() {
        assertEquals(List.of(), stack.problems());
    }

    @Test
    void responseIsAnIamPolicyWithPayloadVersion2() {
        Stack.Resource authoriser = stack.resource("RequestAuthoriser");

        assertEquals("2.0", authoriser.at("/AuthorizerPayloadFormatVersion").asText());
        assertFalse(authoriser.at("/EnableSimpleResponses").booleanValue());
    }

    @Test
    void identitySourcesAreTheTokenAndTheValidatedHeaders() {
        assertEquals(
                List.of(
                        "$request.header.Authorization",
                        "$request.header.X-Tenant-Id",
                        "$request.header.X-Channel"),
                StreamSupport.stream(
                                stack.resource("RequestAuthoriser")
                                        .at("/IdentitySource")
                                        .spliterator(),
                                false)
                        .map(JsonNode::asText)
                        .toList());
    }

    @Test
    void resultTtlIsLimitedToTheLifetimeOfTheToken() throws IOException {
        Template template = Template.read(Path.of("src/deploy/http-api.yaml"));

        assertEquals(
                List.of(),
                template.deployed(
                                PARAMETERS,
                                Map.of("ResultTtlSeconds", "600", "AccessTokenMinutes", "10"))
                        .problems());
        assertFalse(
                template.deployed(PARAMETERS, Map.of("ResultTtlSeconds", "600"))
                        .problems()
                        .isEmpty());
    }

    @Test
    void headersAndResultTtlHaveTheConstraintsOfTheMainTemplate() throws IOException {
        Template main = Template.read(Path.of("template.yaml"));
        Template template = Template.read(Path.of("src/deploy/http-api.yaml"));
        Map<String, Object> rules = template.section("Rules");

        assertEquals(
                pattern(main.parameters().get("ValidatedHeaders")),
                pattern(template.parameters().get("ValidatedHeaders")));
        for (String name : List.of("ResultTtlSeconds", "AccessTokenMinutes")) {
            assertEquals(main.parameters().get(name), template.parameters().get(name));
        }
        assertEquals(1, rules.size());
        rules.forEach((name, rule) -> assertEquals(main.section("Rules").get(name), rule));
    }

    @Test
    void headersAreThoseOfTheMainStack() throws IOException {
        Stack authoriser = Template.read(Path.of("template.yaml")).deployed(Parameters.LEAST);

        assertEquals("X-Tenant-Id", authoriser.outputs().get("ValidatedHeaders").asText());
    }

    private static Object pattern(Object parameter) {
        return Template.object(parameter).get("AllowedPattern");
    }

    @Test
    void alarmOfTheStageIsTheOneOfTheMainTemplateWithMetricsOfHttpApis() throws IOException {
        Stack main = Template.read(Path.of("template.yaml")).deployed(Parameters.LEAST);
        Stack watched =
                Template.read(Path.of("src/deploy/http-api.yaml"))
                        .deployed(PARAMETERS, Map.of("StageName", "$default"));
        Stack.Resource alarm = watched.resource("ServerErrorsAlarm");

        for (String property :
                List.of(
                        "/Metrics/0/Expression",
                        "/Metrics/1/MetricStat/Period",
                        "/ComparisonOperator",
                        "/Threshold",
                        "/EvaluationPeriods",
                        "/TreatMissingData")) {
            assertEquals(
                    main.resource("ServerErrorsAlarm").at(property), alarm.at(property), property);
        }
        assertEquals(
                List.of("a1b2c3d4e5", "$default"),
                alarm.at("/Metrics/1/MetricStat/Metric/Dimensions").findValuesAsText("Value"));
        assertEquals(List.of(), stack.ofType("AWS::CloudWatch::Alarm"));
    }

    @Test
    void onlyThisAuthoriserMayInvoke() {
        Stack.Resource permission = stack.resource("AuthoriserPermission");

        assertEquals(PARAMETERS.get("AliasArn"), permission.at("/FunctionName").asText());
        assertEquals(
                "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/authorizers/RequestAuthoriser",
                permission.at("/SourceArn").asText());
    }
}
