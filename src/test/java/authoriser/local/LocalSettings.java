package authoriser.local;

import authoriser.config.Setting;
import authoriser.standin.PretendCognito;
import authoriser.standin.PretendValidation;
import authoriser.standin.Tokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The settings of the local function: those of the environment, and those of the stand-ins for the
 * rest.
 */
final class LocalSettings {
    /** The name of this API in {@code aud}. */
    static final String AUDIENCE = "https://orders.example.com";

    private static final String VALIDATED_HEADERS = "X-Tenant-Id";

    /** Five questions that hang take this long each. */
    private static final String SERVICE_TIMEOUT_MS = "500";

    private static final String SCOPE_RULES =
            "{\"GET /admin/*\":[\"orders/admin\"],\"* /reports/*\":[\"orders/admin\"]}";
    private static final String GROUP_RULES = "{\"* /shifts/*\":[\"planners\"]}";

    /** What the function needs to read its secret in AWS Secrets Manager. */
    private static final List<String> AWS_VARIABLES =
            List.of(
                    "AWS_REGION",
                    "AWS_ACCESS_KEY_ID",
                    "AWS_SECRET_ACCESS_KEY",
                    "AWS_SESSION_TOKEN",
                    "AWS_ENDPOINT_URL_SECRETS_MANAGER");

    private final Map<String, String> variables;
    private final Map<String, String> own;

    private LocalSettings(Map<String, String> variables, Map<String, String> own) {
        this.variables = Map.copyOf(variables);
        this.own = Map.copyOf(own);
    }

    /** Takes the settings of an environment, and those of the stand-ins for the rest. */
    static LocalSettings of(
            Map<String, String> environment, PretendCognito cognito, PretendValidation validation) {
        Map<String, String> own =
                Arrays.stream(Setting.values())
                        .map(Setting::variable)
                        .filter(name -> !environment.getOrDefault(name, "").isEmpty())
                        .collect(Collectors.toMap(name -> name, environment::get));
        Map<String, String> variables = standIns(cognito, validation);
        if (hasIssuer(own)) {
            remove(
                    variables,
                    Setting.COGNITO_ISSUER,
                    Setting.COGNITO_CLIENT_IDS,
                    Setting.COGNITO_AUDIENCES,
                    Setting.AUDIENCE_REQUIRED);
        }
        if (has(own, Setting.VALIDATION_SERVICE_TOKEN_URL)) {
            remove(
                    variables,
                    Setting.VALIDATION_SERVICE_CLIENT_ID_VALUE,
                    Setting.VALIDATION_SERVICE_CLIENT_SECRET_VALUE,
                    Setting.VALIDATION_SERVICE_SCOPE);
        }
        if (has(own, Setting.VALIDATION_SERVICE_CLIENT_SECRET_ARN)) {
            remove(variables, Setting.VALIDATION_SERVICE_CLIENT_SECRET_VALUE);
            // An empty one replaces what a process has without it: keys and session token of
            // different origin do not fit together
            AWS_VARIABLES.forEach(name -> variables.put(name, environment.getOrDefault(name, "")));
        }
        variables.putAll(own);
        return new LocalSettings(variables, own);
    }

    /** With these, everything that the function talks to is on this machine. */
    private static Map<String, String> standIns(
            PretendCognito cognito, PretendValidation validation) {
        Map<Setting, String> settings =
                Map.ofEntries(
                        Map.entry(Setting.COGNITO_ISSUER, cognito.issuer()),
                        Map.entry(
                                Setting.COGNITO_CLIENT_IDS,
                                Tokens.CLIENT_ID + "," + Tokens.MACHINE_CLIENT_ID),
                        Map.entry(Setting.COGNITO_AUDIENCES, AUDIENCE),
                        Map.entry(Setting.AUDIENCE_REQUIRED, "off"),
                        Map.entry(Setting.SCOPE_RULES, SCOPE_RULES),
                        Map.entry(Setting.GROUP_RULES, GROUP_RULES),
                        Map.entry(Setting.VALIDATED_HEADERS, VALIDATED_HEADERS),
                        Map.entry(Setting.SERVICE_CLAIMS, "origin_jti,auth_time"),
                        Map.entry(Setting.CONTEXT_CLAIMS, "custom:tenant"),
                        Map.entry(Setting.VALIDATION_SERVICE_URL, validation.url()),
                        Map.entry(Setting.VALIDATION_SERVICE_TOKEN_URL, cognito.tokenUrl()),
                        Map.entry(
                                Setting.VALIDATION_SERVICE_CLIENT_ID_VALUE,
                                PretendCognito.SERVICE_CLIENT_ID),
                        Map.entry(
                                Setting.VALIDATION_SERVICE_CLIENT_SECRET_VALUE,
                                PretendCognito.SERVICE_CLIENT_SECRET),
                        Map.entry(Setting.VALIDATION_SERVICE_SCOPE, "validation/ask"),
                        Map.entry(Setting.VALIDATION_SERVICE_TIMEOUT_MS, SERVICE_TIMEOUT_MS));
        Map<String, String> variables = new HashMap<>();
        settings.forEach((setting, value) -> variables.put(setting.variable(), value));
        return variables;
    }

    /** The environment variables for the function. */
    Map<String, String> variables() {
        return variables;
    }

    /** Whether any setting is one of the environment. */
    boolean own() {
        return !own.isEmpty();
    }

    /** Whether tokens come from a real issuer. */
    boolean ownIssuer() {
        return hasIssuer(own);
    }

    /** Whether service tokens come from a real token endpoint. */
    boolean ownTokenEndpoint() {
        return has(own, Setting.VALIDATION_SERVICE_TOKEN_URL);
    }

    /** Whether the validation service is a real one. */
    boolean ownService() {
        return has(own, Setting.VALIDATION_SERVICE_URL);
    }

    /** The names of the validated headers, as the setting has them. */
    List<String> validatedHeaders() {
        return Stream.of(value(Setting.VALIDATED_HEADERS).split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    /** The headers that the REST API requires, and by which it caches. */
    List<String> identitySources() {
        List<String> names = new ArrayList<>(List.of("Authorization"));
        names.addAll(validatedHeaders());
        return names;
    }

    /** The value of a setting; empty if it has none. */
    String value(Setting setting) {
        return variables.getOrDefault(setting.variable(), "");
    }

    /** What is real and what is a stand-in: a line for each, without any value. */
    List<String> parts() {
        List<String> parts = new ArrayList<>();
        parts.add(part("issuer", Setting.COGNITO_USER_POOL_ID, Setting.COGNITO_ISSUER));
        parts.add(part("keys of the issuer", Setting.COGNITO_JWKS_URL, issuerSetting()));
        parts.add(part("token endpoint", Setting.VALIDATION_SERVICE_TOKEN_URL));
        parts.add(
                part(
                        "client secret",
                        Setting.VALIDATION_SERVICE_CLIENT_SECRET_ARN,
                        Setting.VALIDATION_SERVICE_CLIENT_SECRET_VALUE));
        parts.add(part("validation service", Setting.VALIDATION_SERVICE_URL));
        if (own()) {
            parts.add(
                    "settings of the environment: "
                            + String.join(", ", new TreeSet<>(own.keySet())));
        }
        return parts;
    }

    private Setting issuerSetting() {
        return has(own, Setting.COGNITO_USER_POOL_ID)
                ? Setting.COGNITO_USER_POOL_ID
                : Setting.COGNITO_ISSUER;
    }

    private String part(String name, Setting... settings) {
        return Arrays.stream(settings)
                .filter(setting -> has(own, setting))
                .findFirst()
                .map(setting -> name + ": real (" + setting.variable() + ")")
                .orElse(name + ": stand-in");
    }

    private static boolean hasIssuer(Map<String, String> own) {
        return has(own, Setting.COGNITO_USER_POOL_ID) || has(own, Setting.COGNITO_ISSUER);
    }

    private static boolean has(Map<String, String> own, Setting setting) {
        return own.containsKey(setting.variable());
    }

    private static void remove(Map<String, String> variables, Setting... settings) {
        for (Setting setting : settings) {
            variables.remove(setting.variable());
        }
    }
}
