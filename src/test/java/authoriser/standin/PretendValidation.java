package authoriser.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A validation service with two rules: a header whose value holds {@code blocked} is refused, and
 * anything else is allowed with a little context. For a value that holds {@code metered}, the
 * answer names an API key.
 *
 * <p>The context repeats the claims of the question as {@code serviceClaims}. The stand-in takes
 * only service tokens that its issuer gave out. {@link #validate()} lets a test break it or script
 * it.
 */
public final class PretendValidation implements AutoCloseable {
    /** The API key of metered callers. */
    public static final String API_KEY = "local-only-api-key";

    private static final String PATH = "/validate";
    private static final String ALLOWED =
            "{\"allowed\":true,\"context\":{\"plan\":\"gold\",\"dailyLimit\":500,\"trial\":false}}";

    private final Predicate<String> serviceTokens;
    private final StandInEndpoint validate;
    private final LoopbackServer server;

    private PretendValidation(
            Predicate<String> serviceTokens,
            Function<Function<ReceivedRequest, StandInReply>, LoopbackServer> start) {
        this.serviceTokens = serviceTokens;
        this.validate = new StandInEndpoint(this::judge);
        this.server = start.apply(LoopbackServer.routes(Map.of(PATH, validate)));
    }

    /** Starts over HTTP, for callers with a service token of this issuer. */
    public static PretendValidation start(PretendCognito issuer) {
        return start(issuer::issued);
    }

    /** Starts over HTTPS, for callers with a service token of this issuer. */
    public static PretendValidation start(Certificates certificates, PretendCognito issuer) {
        return new PretendValidation(
                issuer::issued,
                answers -> LoopbackServer.https(0, certificates.serverContext(), answers));
    }

    /** Starts over HTTP, for callers whose service token passes the test. */
    public static PretendValidation start(Predicate<String> serviceTokens) {
        return new PretendValidation(serviceTokens, answers -> LoopbackServer.http(0, answers));
    }

    public String url() {
        return server.url() + PATH;
    }

    public StandInEndpoint validate() {
        return validate;
    }

    public int calls() {
        return validate.calls();
    }

    /** The bodies it was sent, oldest first. */
    public List<JsonNode> questions() {
        return validate.requests().stream().map(ReceivedRequest::json).toList();
    }

    /** The number of connections opened so far. */
    public int connections() {
        return server.connections();
    }

    @Override
    public void close() {
        server.close();
    }

    /** What it answers when nothing is wrong. */
    public StandInReply judge(ReceivedRequest request) {
        if (!request.method().equals("POST")) {
            return StandInReply.status(405);
        }
        if (!request.header("Authorization").filter(this::hasToken).isPresent()) {
            return StandInReply.json(401, "{\"error\":\"invalid_token\"}");
        }
        JsonNode question = request.json();
        boolean metered = false;
        for (Map.Entry<String, JsonNode> header : question.path("headers").properties()) {
            String value = header.getValue().asText();
            if (value.contains("blocked")) {
                return StandInReply.json(
                        "{\"allowed\":false,\"reason\":\"" + header.getKey() + " is blocked\"}");
            }
            metered |= value.contains("metered");
        }
        JsonNode claims = question.at("/principal/claims");
        return claims.isMissingNode() && !metered
                ? StandInReply.json(ALLOWED)
                : StandInReply.json(allowed(claims, metered));
    }

    private static String allowed(JsonNode claims, boolean metered) {
        ObjectNode answer = (ObjectNode) TestJson.read(ALLOWED.getBytes(StandardCharsets.UTF_8));
        if (!claims.isMissingNode()) {
            answer.withObjectProperty("context").put("serviceClaims", claims.toString());
        }
        if (metered) {
            answer.put("usageIdentifierKey", API_KEY);
        }
        return TestJson.text(answer);
    }

    private boolean hasToken(String authorization) {
        return authorization.startsWith("Bearer ")
                && serviceTokens.test(authorization.substring("Bearer ".length()));
    }
}
