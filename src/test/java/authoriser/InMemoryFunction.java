package authoriser;

import authoriser.config.Environment;
import authoriser.decision.Authoriser;
import authoriser.http.PretendHttp;
import authoriser.standin.ManualClock;
import authoriser.standin.SigningKey;
import authoriser.standin.Tokens;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;

/**
 * The whole function with a fixed clock and a network in memory. All peers work unless the test
 * changes this.
 */
public final class InMemoryFunction {
    /** The host of the issuer's keys. */
    public static final String KEYS = "cognito-idp.eu-west-1.amazonaws.com";

    /** The host of the token endpoint. */
    public static final String LOGIN = "login.example.com";

    /** The host of the validation service. */
    public static final String VALIDATION = "validation.example.com";

    public static final String ISSUER = "https://" + KEYS + "/eu-west-1_Ab12Cd34E";
    public static final String SERVICE_TOKEN = "canary-service-token";
    public static final SigningKey KEY = SigningKey.generate("canary+key/1=");

    public final ManualClock clock = ManualClock.at("2026-11-24T04:00:00Z");
    public final Tokens tokens = new Tokens(KEY, ISSUER, clock);
    public final PretendHttp http =
            new PretendHttp()
                    .on(KEYS, goodAnswerOf(KEYS))
                    .on(LOGIN, goodAnswerOf(LOGIN))
                    .on(VALIDATION, goodAnswerOf(VALIDATION));

    private final Wiring wiring;

    /** Makes a function with the required settings, changed by names and values. */
    public InMemoryFunction(String... settings) {
        this(Environment.with(settings));
    }

    /** Makes a function with these environment variables. */
    public InMemoryFunction(Map<String, String> environment) {
        wiring = Wiring.of(environment, http, clock);
    }

    /** The authoriser without the handler. */
    public Authoriser authoriser() {
        return wiring.authoriser();
    }

    /** A handler before its first request. */
    public AuthoriserHandler handler() {
        return new AuthoriserHandler(wiring);
    }

    /** The reply of a host that works. */
    public static String goodAnswerOf(String host) {
        return switch (host) {
            case KEYS -> jwks(KEY);
            case LOGIN ->
                    "{\"access_token\":\""
                            + SERVICE_TOKEN
                            + "\",\"token_type\":\"Bearer\",\"expires_in\":3600}";
            case VALIDATION -> "{\"allowed\":true,\"context\":{\"plan\":\"gold\"}}";
            default -> throw new IllegalArgumentException(host);
        };
    }

    private static String jwks(SigningKey key) {
        try {
            return new ObjectMapper().writeValueAsString(Map.of("keys", List.of(key.jwk())));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
