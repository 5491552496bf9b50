package authoriser.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A validation service that knows one rule: a header whose value holds {@code blocked} is refused,
 * anything else is allowed and answered with a little context.
 *
 * <p>It takes only service tokens that its issuer gave out. {@link #validate()} lets a test break
 * it or script it.
 */
public final class PretendValidation implements AutoCloseable {
    private static final String PATH = "/validate";
    private static final String ALLOWED =
            "{\"allowed\":true,\"context\":{\"plan\":\"gold\",\"dailyLimit\":500,\"trial\":false}}";

    private final Endpoint validate;
    private final LoopbackServer server;

    private PretendValidation(
            Predicate<String> serviceTokens,
            Function<Function<Request, Reply>, LoopbackServer> start) {
        this.validate = new Endpoint(request -> judge(request, serviceTokens));
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

    public Endpoint validate() {
        return validate;
    }

    public int calls() {
        return validate.calls();
    }

    /** The bodies it was sent, oldest first. */
    public List<JsonNode> questions() {
        return validate.requests().stream().map(Request::json).toList();
    }

    /** The number of connections opened so far. */
    public int connections() {
        return server.connections();
    }

    @Override
    public void close() {
        server.close();
    }

    private static Reply judge(Request request, Predicate<String> serviceTokens) {
        if (!request.method().equals("POST")) {
            return Reply.status(405);
        }
        if (!request.header("Authorization").filter(hasToken(serviceTokens)).isPresent()) {
            return Reply.json(401, "{\"error\":\"invalid_token\"}");
        }
        for (Map.Entry<String, JsonNode> header : request.json().path("headers").properties()) {
            if (header.getValue().asText().contains("blocked")) {
                return Reply.json(
                        "{\"allowed\":false,\"reason\":\"" + header.getKey() + " is blocked\"}");
            }
        }
        return Reply.json(ALLOWED);
    }

    private static Predicate<String> hasToken(Predicate<String> serviceTokens) {
        return authorization ->
                authorization.startsWith("Bearer ")
                        && serviceTokens.test(authorization.substring("Bearer ".length()));
    }
}
