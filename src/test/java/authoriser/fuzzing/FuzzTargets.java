package authoriser.fuzzing;

import authoriser.http.HttpResponseTarget;
import authoriser.trust.KeyStoreTarget;
import java.util.function.Supplier;

/** All targets. The name of a target is the name of the directory with its inputs. */
enum FuzzTargets {
    EVENT("event", EventTarget::new),
    AUTHORIZATION("authorization", AuthorizationTarget::new),
    TOKEN("token", TokenTarget::new),
    KEY_SET("key-set", KeySetTarget::new),
    TOKEN_ENDPOINT("token-endpoint", TokenEndpointTarget::new),
    SERVICE_ANSWER("service-answer", ServiceAnswerTarget::new),
    HTTP_RESPONSE("http-response", HttpResponseTarget::new),
    ROUTE_RULES("route-rules", RouteRulesTarget::new),
    REQUEST_ARN("request-arn", RequestArnTarget::new),
    CA_CERTIFICATES("ca-certificates", CaCertificatesTarget::new),
    SETTINGS("settings", SettingsTarget::new),
    KEY_STORE("key-store", KeyStoreTarget::new);

    private final String label;
    private final Supplier<FuzzTarget> maker;

    FuzzTargets(String label, Supplier<FuzzTarget> maker) {
        this.label = label;
        this.maker = maker;
    }

    String label() {
        return label;
    }

    /** A target that has taken no input yet. */
    FuzzTarget make() {
        return maker.get();
    }

    static FuzzTargets of(String label) {
        for (FuzzTargets target : values()) {
            if (target.label.equals(label)) {
                return target;
            }
        }
        throw new IllegalArgumentException("No fuzz target has the name " + label);
    }
}
