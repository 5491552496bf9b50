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

/** The template for an authoriser of a WebSocket API. */
class WebSocketApiTest {
    private static final String ALIAS =
            "arn:aws:lambda:eu-west-1:123456789012:function:authoriser:live";

    private final Template template;
    private final Stack stack;

    WebSocketApiTest() throws IOException {
        template = Template.read(Path.of("src/deploy/websocket-api.yaml"));
        stack =
                template.deployed(
                        Map.of(
                                "WebSocketApiId", "a1b2c3d4e5",
                                "AliasArn", ALIAS,
                                "ValidatedHeaders", "X-Tenant-Id,X-Channel"));
    }

    @Test
    void parametersAreAccepted() {
        assertEquals(List.of(), stack.problems());
    }

    @Test
    void identitySourcesAreTheTokenAndTheValidatedHeaders() {
        assertEquals(
                List.of(
                        "route.request.header.Authorization",
                        "route.request.header.X-Tenant-Id",
                        "route.request.header.X-Channel"),
                StreamSupport.stream(
                                stack.resource("RequestAuthoriser")
                                        .at("/IdentitySource")
                                        .spliterator(),
                                false)
                        .map(JsonNode::asText)
                        .toList());
    }

    /** API Gateway accepts these properties for HTTP APIs only. */
    @Test
    void propertiesOfHttpApisAreAbsent() {
        for (String property :
                List.of(
                        "AuthorizerPayloadFormatVersion",
                        "AuthorizerResultTtlInSeconds",
                        "EnableSimpleResponses")) {
            assertFalse(stack.resource("RequestAuthoriser").has("/" + property), property);
        }
    }

    @Test
    void onlyThisAuthoriserMayInvoke() {
        Stack.Resource permission = stack.resource("AuthoriserPermission");

        assertEquals(ALIAS, permission.at("/FunctionName").asText());
        assertEquals(
                "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/authorizers/RequestAuthoriser",
                permission.at("/SourceArn").asText());
    }

    @Test
    void headersHaveTheConstraintsOfTheMainTemplate() throws IOException {
        Template main = Template.read(Path.of("template.yaml"));

        assertEquals(
                Template.object(main.parameters().get("ValidatedHeaders")).get("AllowedPattern"),
                Template.object(template.parameters().get("ValidatedHeaders"))
                        .get("AllowedPattern"));
    }
}
