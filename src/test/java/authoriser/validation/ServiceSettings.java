package authoriser.validation;

import authoriser.config.Config;
import authoriser.config.Secret;
import authoriser.http.Endpoint;
import authoriser.http.PretendHttp;
import authoriser.http.Reply;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Function;

/** The settings of the validation service of these tests, and replies for them. */
final class ServiceSettings {
    static final String SERVICE = "validation.example.com";
    static final String ISSUER = "auth.example.com";
    static final String SECRET = "top-secret-value";
    static final Duration TIMEOUT = Duration.ofSeconds(2);

    private ServiceSettings() {}

    static Config.Service service() {
        return service("service-client", Optional.empty());
    }

    static Config.Service service(String clientId, Optional<String> scope) {
        return new Config.Service(
                endpoint("https://" + SERVICE + "/validate"),
                List.of(),
                endpoint("https://" + ISSUER + "/oauth2/token"),
                clientId,
                new Config.ClientSecret.Value(new Secret(SECRET)),
                scope,
                List.of(),
                TIMEOUT);
    }

    static Config.Service service(String url, String tokenUrl, String clientId, Duration timeout) {
        return new Config.Service(
                endpoint(url),
                List.of(),
                endpoint(tokenUrl),
                clientId,
                new Config.ClientSecret.Value(new Secret(SECRET)),
                Optional.empty(),
                List.of(),
                timeout);
    }

    private static Endpoint endpoint(String url) {
        return Endpoint.parse(url).orElseThrow();
    }

    /** The response of the token endpoint with a token that is valid for an hour. */
    static Reply token(String value) {
        return token(value, "3600");
    }

    static Reply token(String value, String expiresIn) {
        return PretendHttp.answer(
                200,
                "{\"access_token\":\""
                        + value
                        + "\",\"expires_in\":"
                        + expiresIn
                        + ",\"token_type\":\"Bearer\"}");
    }

    /** One reply for each request. A further request fails the test. */
    static Function<PretendHttp.Sent, Reply> inTurn(Reply... replies) {
        Queue<Reply> left = new ArrayDeque<>(List.of(replies));
        return request -> {
            synchronized (left) {
                if (left.isEmpty()) {
                    throw new AssertionError("one request more than scripted to " + request.host());
                }
                return left.remove();
            }
        };
    }
}
