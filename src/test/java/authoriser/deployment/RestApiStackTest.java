package authoriser.deployment;

import static authoriser.deployment.Parameters.EXISTING_API;
import static authoriser.deployment.Parameters.LEAST;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Compares the template for a second REST API with the main template. */
class RestApiStackTest {
    private static final String HEADERS = "X-Tenant-Id,X-Channel";
    private static final String ALIAS =
            "arn:aws:lambda:eu-west-1:123456789012:function:authoriser:live";

    private static final Map<String, String> PARAMETERS =
            Map.of(
                    "RestApiId", "a1b2c3d4e5",
                    "RestApiName", "orders",
                    "StageName", "prod",
                    "AliasArn", ALIAS,
                    "ValidatedHeaders", HEADERS,
                    "GatewayResponses", "managed",
                    "ResourceMetadataUrl", "https://api.example.com/metadata");

    private final Template main;
    private final Template template;
    private final Stack stack;

    RestApiStackTest() throws IOException {
        main = Template.read(Path.of("template.yaml"));
        template = Template.read(Path.of("src/deploy/rest-api.yaml"));
        stack = template.deployed(PARAMETERS);
    }

    @Test
    void parametersAreAccepted() {
        assertEquals(List.of(), stack.problems());
    }

    /** Names that only one of the templates has are ignored. */
    @Test
    void resourcesAreThoseOfTheMainTemplateForAnExistingApi() {
        Map<String, String> same = new HashMap<>(LEAST);
        same.putAll(EXISTING_API);
        same.put("ExistingRestApiName", "orders");
        for (String name :
                List.of(
                        "StageName",
                        "ValidatedHeaders",
                        "GatewayResponses",
                        "ResourceMetadataUrl")) {
            same.put(name, PARAMETERS.get(name));
        }
        Stack whole = main.deployed(same);

        stack.resources()
                .forEach((id, resource) -> {
                    ObjectNode expected = whole.resource(id).properties().deepCopy();
                    ObjectNode actual = resource.properties().deepCopy();
                    expected.remove("AlarmDescription");
                    actual.remove("AlarmDescription");
                    assertEquals(
                            expected.toString().replace("AuthoriserAlias", ALIAS),
                            actual.toString(),
                            id);
                });
    }

    @Test
    void onlyTheAuthoriserIsAddedByDefault() {
        Stack least =
                template.deployed(
                        Map.of(
                                "RestApiId", "a1b2c3d4e5",
                                "AliasArn", ALIAS,
                                "ValidatedHeaders", HEADERS));

        assertEquals(
                Set.of("RequestAuthoriser", "AuthoriserPermission"), least.resources().keySet());
        assertEquals(
                "aws apigateway create-deployment --rest-api-id a1b2c3d4e5 --stage-name YOUR_STAGE",
                least.outputs().get("RedeployApi").asText());
    }

    @Test
    void parametersHaveTheConstraintsOfTheMainTemplate() {
        for (String name :
                List.of(
                        "ResultTtlSeconds",
                        "AccessTokenMinutes",
                        "CorsOrigin",
                        "ResourceMetadataUrl",
                        "AlarmTopicArn",
                        "RunbookUrl",
                        "ServerErrorAlarmPercent")) {
            assertEquals(main.parameters().get(name), template.parameters().get(name), name);
        }
        assertEquals(
                Template.object(main.parameters().get("ValidatedHeaders")).get("AllowedPattern"),
                Template.object(template.parameters().get("ValidatedHeaders"))
                        .get("AllowedPattern"));
        assertFalse(template.section("Rules").isEmpty());
        template.section("Rules")
                .forEach((name, rule) -> assertEquals(main.section("Rules").get(name), rule));
    }

    @Test
    void authoriserHasItsOwnPermissionToInvoke() {
        Set<String> sources = new TreeSet<>();
        for (Stack.Resource permission : stack.ofType("AWS::Lambda::Permission")) {
            JsonNode source = permission.at("/SourceArn");
            sources.add(source.asText());
        }

        assertEquals(
                Set.of(
                        "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/authorizers/RequestAuthoriser"),
                sources);
    }
}
