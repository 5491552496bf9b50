package authoriser.validation;

import authoriser.config.Config;
import authoriser.config.Environment;
import authoriser.config.InvalidSettings;
import authoriser.config.Secret;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The validation service under test, which its team describes by system properties.
 *
 * @param service the settings of the function for this service
 * @param token a service token. Empty if the token endpoint issues one
 * @param principal the principal of a question that must be allowed
 * @param headers the header values of that request, by lower-case name
 * @param refused header values with which the same principal must be refused. May be empty
 * @param burst the number of concurrent requests
 */
record ServiceUnderTest(
        Config.Service service,
        Optional<Secret> token,
        ObjectNode principal,
        Map<String, String> headers,
        Map<String, String> refused,
        int burst) {
    /** The properties, each with its meaning. */
    static final Map<String, String> PROPERTIES = properties();

    /** The variable of the client secret. A command line would be visible to other users. */
    static final String CLIENT_SECRET = "SERVICE_CLIENT_SECRET";

    /** The variable of a service token, for the same reason. */
    static final String TOKEN = "SERVICE_TOKEN";

    private static final int LARGEST_BURST = 64;

    /** The property for a setting of the function. */
    private static final Map<String, String> NAMES =
            Map.of(
                    "ValidationServiceUrl", "service.url",
                    "ValidationServiceTokenUrl", "service.tokenUrl",
                    "ValidationServiceClientIdValue", "service.clientId",
                    "ValidationServiceClientSecretValue", CLIENT_SECRET,
                    "ValidationServiceScope", "service.scope",
                    "ValidationServiceTimeoutMs", "service.timeoutMs",
                    "ValidationServiceCaCertificates", "service.caCertificates",
                    "ValidatedHeaders", "service.headers");

    /** The problems of the properties, one on each line. */
    static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        Unusable(String problems) {
            super(problems);
        }
    }

    private static Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("service.url", "the URL of the service");
        properties.put(
                "service.headers",
                "the validated headers with values that are allowed: 'X-Tenant-Id: acme;"
                        + " X-Channel: web'");
        properties.put(
                "service.refused", "header values that are refused, in the same form (optional)");
        properties.put(
                "service.principal",
                "a JSON file with the principal of the questions, as in"
                        + " src/deploy/validation-service.yaml; default: its example");
        properties.put(
                "service.token", "a service token; or the environment variable " + TOKEN + "; or");
        properties.put(
                "service.tokenUrl",
                "the token endpoint, with service.clientId, service.scope (optional) and the"
                        + " environment variable "
                        + CLIENT_SECRET);
        properties.put("service.clientId", "the client of the token endpoint");
        properties.put("service.scope", "the scopes to ask the token endpoint for");
        properties.put("service.timeoutMs", "the limit of each answer, default 2000");
        properties.put("service.caCertificates", "a PEM file with the authorities of a private CA");
        properties.put(
                "service.burst",
                "the number of questions at once, default 16, at most " + LARGEST_BURST);
        return properties;
    }

    /**
     * Reads the properties.
     *
     * @throws Unusable naming every problem, and no token or secret
     */
    static ServiceUnderTest read(Map<String, String> properties, Map<String, String> environment)
            throws Unusable {
        List<String> problems = new ArrayList<>();
        String token =
                value(properties, "service.token").orElse(environment.getOrDefault(TOKEN, ""));
        boolean fetched = value(properties, "service.tokenUrl").isPresent();
        if (token.isBlank() && !fetched) {
            problems.add("service.token or service.tokenUrl must be set");
        }
        if (!isToken(token.strip())) {
            problems.add("service.token holds a character that no token has");
        }
        Map<String, String> headers = headers(properties, "service.headers", problems);
        Map<String, String> refused = headers(properties, "service.refused", problems);
        if (!refused.isEmpty() && !refused.keySet().equals(headers.keySet())) {
            problems.add("service.refused must name the headers of service.headers");
        }
        ObjectNode principal = principal(properties, problems);
        int burst = burst(properties, problems);
        Optional<Config> config =
                config(
                        properties,
                        environment,
                        fetched,
                        String.join(",", headers.keySet()),
                        problems);
        if (!problems.isEmpty() || config.isEmpty()) {
            throw new Unusable("  - " + String.join("\n  - ", problems));
        }
        return new ServiceUnderTest(
                config.get().service(),
                token.isBlank() ? Optional.empty() : Optional.of(new Secret(token.strip())),
                principal,
                headers,
                refused,
                burst);
    }

    /** A property; one that is empty or an unresolved Maven expression counts as unset. */
    private static Optional<String> value(Map<String, String> properties, String name) {
        String value = properties.getOrDefault(name, "").strip();
        return value.isEmpty() || value.startsWith("${") ? Optional.empty() : Optional.of(value);
    }

    /** Visible ASCII: what can be sent in a header (RFC 6750 section 2.1). */
    private static boolean isToken(String text) {
        return text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    }

    private static Map<String, String> headers(
            Map<String, String> properties, String name, List<String> problems) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String header : value(properties, name).orElse("").split(";")) {
            int colon = header.indexOf(':');
            if (colon > 0 && !header.substring(colon + 1).isBlank()) {
                headers.put(
                        header.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        header.substring(colon + 1).strip());
            } else if (!header.isBlank()) {
                problems.add(name + " must be 'Name: value; Name: value'");
            }
        }
        return headers;
    }

    private static ObjectNode principal(Map<String, String> properties, List<String> problems) {
        Optional<String> file = value(properties, "service.principal");
        if (file.isEmpty()) {
            return (ObjectNode)
                    ServiceDocument.read().questions().getFirst().getValue().path("principal");
        }
        try {
            JsonNode principal = new ObjectMapper().readTree(Files.readString(Path.of(file.get())));
            ServiceDocument document = ServiceDocument.read();
            List<String> wrong =
                    JsonSchema.problemsIfClosed(
                            document.root(), document.schema("Principal"), principal);
            if (principal instanceof ObjectNode object && wrong.isEmpty()) {
                return object;
            }
            problems.add("service.principal is no principal of the document: " + wrong);
        } catch (IOException e) {
            problems.add("service.principal cannot be read, or is not JSON");
        }
        return new ObjectMapper().createObjectNode();
    }

    private static int burst(Map<String, String> properties, List<String> problems) {
        String burst = value(properties, "service.burst").orElse("16");
        if (burst.matches("[1-9][0-9]?") && Integer.parseInt(burst) <= LARGEST_BURST) {
            return Integer.parseInt(burst);
        }
        problems.add("service.burst must be a number from 1 to " + LARGEST_BURST);
        return 1;
    }

    /** The settings as the function reads and checks them. */
    private static Optional<Config> config(
            Map<String, String> properties,
            Map<String, String> environment,
            boolean fetched,
            String headerNames,
            List<String> problems) {
        Map<String, String> settings = new HashMap<>();
        NAMES.forEach((setting, name) ->
                value(properties, name).ifPresent(value -> settings.put(setting, value)));
        settings.put("CognitoUserPoolId", "eu-west-1_Ab12Cd34E");
        settings.put("ValidatedHeaders", headerNames);
        if (fetched) {
            settings.put(
                    "ValidationServiceClientSecretValue",
                    environment.getOrDefault(CLIENT_SECRET, ""));
        } else {
            // The settings require this, but it is not used if there is a token
            settings.put("ValidationServiceTokenUrl", "https://localhost/oauth2/token");
            settings.put("ValidationServiceClientIdValue", "none");
            settings.put("ValidationServiceClientSecretValue", "none");
        }
        try {
            return Optional.of(Config.parse(settings, Environment.UNCHECKED));
        } catch (InvalidSettings e) {
            e.getMessage()
                    .lines()
                    .skip(1)
                    .map(line -> named(line.strip().substring(2)))
                    .forEach(problems::add);
            return Optional.empty();
        }
    }

    private static String named(String problem) {
        String named = problem;
        for (Map.Entry<String, String> name : NAMES.entrySet()) {
            named = named.replaceAll("\\b" + name.getKey() + "\\b", name.getValue());
        }
        return named;
    }
}
