package authoriser.config;

import authoriser.http.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/** Turns environment variables into a {@link Config}, gathering problems on the way. */
final class SettingsReader {
    /** As many headers as API Gateway takes identity sources is far more than anyone names. */
    private static final int HEADERS_LIMIT = 40;

    private static final Endpoint NOWHERE =
            new Endpoint(new Endpoint.Origin(true, "invalid", 443), "/");

    private final Map<String, String> environment;
    private final Config.RulesCheck rulesCheck;
    private final List<String> problems = new ArrayList<>();

    SettingsReader(Map<String, String> environment, Config.RulesCheck rulesCheck) {
        this.environment = environment;
        this.rulesCheck = rulesCheck;
    }

    Config read() {
        Config config =
                new Config(
                        issuers(),
                        Set.copyOf(limit(Setting.COGNITO_CLIENT_IDS, ",")),
                        scopes(),
                        scopeRules(),
                        validatedHeaders(),
                        service(),
                        oneOf(Setting.INVALID_TOKEN_RESPONSE, "deny", "unauthorized")
                                .equals("unauthorized"),
                        oneOf(Setting.POLICY_EXPIRY, "on", "off").equals("on"),
                        Duration.ofSeconds(number(Setting.CLOCK_SKEW_SECONDS, 0, 0, 300)));
        if (!problems.isEmpty()) {
            throw new InvalidSettings(problems);
        }
        return config;
    }

    private List<Config.Issuer> issuers() {
        List<String> pools = new ArrayList<>();
        for (String pool : list(Setting.COGNITO_USER_POOL_ID)) {
            pools.add(issuerOf(pool));
        }
        List<String> names = list(Setting.COGNITO_ISSUER);
        Setting source = Setting.COGNITO_ISSUER;
        for (String name : names) {
            endpoint(source, name);
        }
        if (names.isEmpty()) {
            names = pools;
            source = Setting.COGNITO_USER_POOL_ID;
        }
        if (names.isEmpty()) {
            problem(source, "must be set, unless CognitoIssuer is");
        }
        if (new LinkedHashSet<>(names).size() != names.size()) {
            problem(source, "names an issuer twice");
        }
        List<String> urls = list(Setting.COGNITO_JWKS_URL);
        if (!urls.isEmpty() && urls.size() != names.size()) {
            problem(
                    Setting.COGNITO_JWKS_URL,
                    "must hold one URL for each issuer: "
                            + names.size()
                            + ", and holds "
                            + urls.size());
            urls = List.of();
        }
        List<Config.Issuer> issuers = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            Endpoint jwks =
                    urls.isEmpty()
                            ? Endpoint.parse(jwksUrl(name)).orElse(NOWHERE)
                            : endpoint(Setting.COGNITO_JWKS_URL, urls.get(i));
            issuers.add(new Config.Issuer(name, jwks));
        }
        return List.copyOf(issuers);
    }

    /**
     * OpenID Connect Discovery 1.0, section 4: a slash at the end of an issuer is left out before
     * adding a path.
     */
    private static String jwksUrl(String issuer) {
        String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        return base + "/.well-known/jwks.json";
    }

    /** {@code REGION_ID}; the partition's domain follows from the region. */
    private String issuerOf(String pool) {
        int underscore = pool.indexOf('_');
        String region = underscore < 0 ? "" : pool.substring(0, underscore);
        String id = pool.substring(underscore + 1);
        if (!consistsOf(region, "abcdefghijklmnopqrstuvwxyz0123456789-")
                || region.indexOf('-') <= 0
                || !consistsOf(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
                || pool.length() > 55) {
            problem(
                    Setting.COGNITO_USER_POOL_ID,
                    "must be user pool ids such as eu-west-1_Ab12Cd34E, and holds " + quoted(pool));
            return "https://invalid/" + pool;
        }
        String domain = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
        return "https://cognito-idp." + region + "." + domain + "/" + pool;
    }

    private static boolean consistsOf(String text, String characters) {
        for (int i = 0; i < text.length(); i++) {
            if (characters.indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private Set<String> scopes() {
        Set<String> scopes = new LinkedHashSet<>();
        for (String scope : limit(Setting.REQUIRED_SCOPES, ", ")) {
            scopes.add(scope(Setting.REQUIRED_SCOPES, scope));
        }
        return scopes;
    }

    private String scope(Setting setting, String scope) {
        if (!ScopeRulesReader.isScope(scope)) {
            problem(
                    setting,
                    "holds something that is no scope (RFC 6749 section 3.3): " + quoted(scope));
        }
        return scope;
    }

    private List<ScopeRule> scopeRules() {
        Optional<String> json = value(Setting.SCOPE_RULES);
        if (json.isEmpty()) {
            return List.of();
        }
        List<ScopeRule> rules =
                ScopeRulesReader.read(json.get(), problem -> problem(Setting.SCOPE_RULES, problem));
        rulesCheck.problemOf(rules).ifPresent(problem -> problem(Setting.SCOPE_RULES, problem));
        return rules;
    }

    private List<String> validatedHeaders() {
        List<String> names = list(Setting.VALIDATED_HEADERS);
        if (names.isEmpty()) {
            problem(Setting.VALIDATED_HEADERS, "must be set");
        }
        if (names.size() > HEADERS_LIMIT) {
            problem(
                    Setting.VALIDATED_HEADERS,
                    "names " + names.size() + " headers; at most " + HEADERS_LIMIT + " are taken");
        }
        Set<String> seen = new LinkedHashSet<>();
        for (String name : names) {
            if (!isHeaderName(name)) {
                problem(
                        Setting.VALIDATED_HEADERS,
                        "holds something that is no header name: " + quoted(name));
            } else if (name.equalsIgnoreCase("Authorization")) {
                problem(
                        Setting.VALIDATED_HEADERS,
                        "must not name Authorization: the token is checked anyway and never passed on");
            } else if (!seen.add(name.toLowerCase(Locale.ROOT))) {
                problem(Setting.VALIDATED_HEADERS, "names " + name + " twice");
            }
        }
        return names;
    }

    /** A token of RFC 9110 section 5.6.2. */
    private static boolean isHeaderName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean alphanumeric =
                    (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!alphanumeric && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
                return false;
            }
        }
        return !name.isEmpty() && name.length() <= 128;
    }

    private Config.Service service() {
        Optional<String> scope = value(Setting.VALIDATION_SERVICE_SCOPE).map(String::strip);
        for (String part : scope.orElse("").split(" ", -1)) {
            if (!part.isEmpty()) {
                scope(Setting.VALIDATION_SERVICE_SCOPE, part);
            }
        }
        return new Config.Service(
                requiredEndpoint(Setting.VALIDATION_SERVICE_URL),
                requiredEndpoint(Setting.VALIDATION_SERVICE_TOKEN_URL),
                required(Setting.VALIDATION_SERVICE_CLIENT_ID_VALUE),
                secret(),
                scope,
                List.of(),
                Duration.ofMillis(number(Setting.VALIDATION_SERVICE_TIMEOUT_MS, 2_000, 1, 30_000)));
    }

    private Config.ClientSecret secret() {
        Optional<String> value = value(Setting.VALIDATION_SERVICE_CLIENT_SECRET_VALUE);
        Optional<String> arn = value(Setting.VALIDATION_SERVICE_CLIENT_SECRET_ARN);
        if (value.isPresent() == arn.isPresent()) {
            problem(
                    Setting.VALIDATION_SERVICE_CLIENT_SECRET_ARN,
                    "or ValidationServiceClientSecretValue must be set, and not both");
        }
        return arn.isPresent()
                ? new Config.ClientSecret.Stored(arn.get().strip())
                : new Config.ClientSecret.Value(new Secret(value.orElse("")));
    }

    private String required(Setting setting) {
        Optional<String> value = value(setting);
        if (value.isEmpty()) {
            problem(setting, "must be set");
        }
        return value.orElse("");
    }

    private Endpoint requiredEndpoint(Setting setting) {
        String url = required(setting).strip();
        return url.isEmpty() ? NOWHERE : endpoint(setting, url);
    }

    /** Does not repeat the URL, whose query may hold what should not be seen. */
    private Endpoint endpoint(Setting setting, String url) {
        Optional<Endpoint> endpoint = Endpoint.parse(url);
        if (endpoint.isEmpty()) {
            problem(setting, "must be an absolute https URL without user information or fragment");
        } else if (!endpoint.get().origin().tls() && !endpoint.get().origin().loopback()) {
            problem(
                    setting,
                    "must be https, except on a loopback host: "
                            + endpoint.get().origin().authority());
        }
        return endpoint.orElse(NOWHERE);
    }

    private long number(Setting setting, long fallback, long least, long most) {
        Optional<String> value = value(setting);
        if (value.isEmpty()) {
            return fallback;
        }
        String text = value.get().strip();
        if (consistsOf(text, "0123456789") && text.length() <= 9) {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        }
        problem(
                setting,
                "must be a whole number from "
                        + least
                        + " to "
                        + most
                        + ", and is "
                        + quoted(text));
        return fallback;
    }

    private String oneOf(Setting setting, String fallback, String other) {
        String value = value(setting).orElse(fallback).strip();
        if (!value.equals(fallback) && !value.equals(other)) {
            problem(setting, "must be " + fallback + " or " + other + ", and is " + quoted(value));
        }
        return value;
    }

    private List<String> list(Setting setting) {
        return items(setting, ",");
    }

    /** A list that limits: one that is set must hold something, or a slip would lift the limit. */
    private List<String> limit(Setting setting, String separators) {
        List<String> items = items(setting, separators);
        if (items.isEmpty() && value(setting).isPresent()) {
            problem(setting, "holds nothing but separators");
        }
        return items;
    }

    private List<String> items(Setting setting, String separators) {
        List<String> items = new ArrayList<>();
        StringTokenizer tokens = new StringTokenizer(value(setting).orElse(""), separators);
        while (tokens.hasMoreTokens()) {
            String item = tokens.nextToken();
            if (!item.isBlank()) {
                items.add(item.strip());
            }
        }
        return items;
    }

    /** A value; CloudFormation passes empty parameters on, so an empty one counts as unset. */
    private Optional<String> value(Setting setting) {
        @Nullable String value = environment.get(setting.variable());
        return value == null || value.isBlank() ? Optional.empty() : Optional.of(value);
    }

    private void problem(Setting setting, String problem) {
        String whole = setting.variable() + " " + problem;
        if (!problems.contains(whole)) {
            problems.add(whole);
        }
    }

    /** A value on one line and cut short. */
    private static String quoted(String value) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < Math.min(value.length(), 60); i++) {
            char c = value.charAt(i);
            text.append(c < 0x20 || c == 0x7f ? '?' : c);
        }
        return text.append(value.length() > 60 ? "…\"" : "\"").toString();
    }
}
