package authoriser.config;

import authoriser.http.Endpoint;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a {@link Config} of environment variables, and collects all problems.
 *
 * <p>A value that must be a mistake is a problem: with it, every caller would be refused, or every
 * request would fail. A value that may be intended is accepted.
 *
 * <p>No problem repeats what may be secret: secrets and their ids, client ids, and URLs except for
 * the host.
 */
final class SettingsReader {
    /** The most validated headers; far more than a service needs. */
    private static final int HEADERS_LIMIT = 40;

    private final SettingValues values;
    private final Config.AnswerCheck answerCheck;

    SettingsReader(Map<String, String> environment, Config.AnswerCheck answerCheck) {
        this.values = new SettingValues(environment);
        this.answerCheck = answerCheck;
    }

    Config read() {
        List<String> serviceClaims = serviceClaims();
        List<ContextClaim> contextClaims = contextClaims();
        Config config =
                new Config(
                        issuers(),
                        tokenRules(serviceClaims, contextClaims),
                        rules(Setting.SCOPE_RULES),
                        rules(Setting.GROUP_RULES),
                        validatedHeaders(),
                        service(serviceClaims),
                        unauthorizedForInvalidTokens(),
                        values.isOn(Setting.POLICY_EXPIRY),
                        contextClaims,
                        logging());
        checkRules(config.scopeRules(), config.groupRules());
        if (!values.problems().isEmpty()) {
            throw new InvalidSettings(values.problems());
        }
        return config;
    }

    private List<Config.Issuer> issuers() {
        List<String> pools = new ArrayList<>();
        for (String pool : values.list(Setting.COGNITO_USER_POOL_ID)) {
            pools.add(issuerOf(pool));
        }
        List<String> names = values.list(Setting.COGNITO_ISSUER);
        Setting source = Setting.COGNITO_ISSUER;
        for (String name : names) {
            checkIssuer(name);
        }
        if (names.isEmpty()) {
            names = pools;
            source = Setting.COGNITO_USER_POOL_ID;
        }
        if (names.isEmpty()) {
            values.problem(source, "must be set unless CognitoIssuer is set");
        }
        if (new LinkedHashSet<>(names).size() != names.size()) {
            values.problem(source, "names an issuer twice");
        }
        List<String> urls = values.list(Setting.COGNITO_JWKS_URL);
        if (!urls.isEmpty() && urls.size() != names.size()) {
            values.problem(
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
                            ? Endpoint.parse(jwksUrl(name)).orElse(SettingValues.NOWHERE)
                            : keysEndpoint(urls.get(i));
            issuers.add(new Config.Issuer(name, jwks));
        }
        return List.copyOf(issuers);
    }

    /**
     * The URL of an issuer's keys. A slash at the end of the issuer is removed first (OpenID
     * Connect Discovery 1.0, section 4).
     */
    private static String jwksUrl(String issuer) {
        String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        return base + "/.well-known/jwks.json";
    }

    private String issuerOf(String pool) {
        if (Cognito.isPoolId(pool)) {
            return Cognito.issuerOf(pool);
        }
        values.problem(
                Setting.COGNITO_USER_POOL_ID,
                "must be user pool ids such as eu-west-1_Ab12Cd34E, and holds "
                        + SettingValues.quoted(pool));
        return "https://invalid/" + pool;
    }

    /** Checks a value of {@code iss}, which must be exactly the one in tokens. */
    private void checkIssuer(String name) {
        Endpoint endpoint = values.endpoint(Setting.COGNITO_ISSUER, name);
        if (SettingValues.isNowhere(endpoint)) {
            return;
        }
        String host = endpoint.origin().host();
        String target = endpoint.target();
        if (Cognito.isPoolDomain(host)) {
            values.problem(
                    Setting.COGNITO_ISSUER,
                    "must be the issuer, and not the domain where users sign in: a user pool's has"
                            + " the form https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34E");
        } else if (Cognito.issues(host)
                && !(name.equals("https://" + host + target) && isOneSegment(target))) {
            values.problem(
                    Setting.COGNITO_ISSUER,
                    "must be exactly the value of iss, which for a user pool has the form"
                            + " https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34E");
        } else if (target.indexOf('?') >= 0 || (target + "/").contains("/.well-known/")) {
            values.problem(
                    Setting.COGNITO_ISSUER,
                    "must be exactly the value of iss, which has no query and no /.well-known/");
        }
    }

    /** Whether a target is a slash, a name, and nothing else. */
    private static boolean isOneSegment(String target) {
        return target.length() > 1 && target.indexOf('/', 1) < 0 && target.indexOf('?') < 0;
    }

    private Endpoint keysEndpoint(String url) {
        Endpoint endpoint = values.endpoint(Setting.COGNITO_JWKS_URL, url);
        boolean discovery = endpoint.target().endsWith("/.well-known/openid-configuration");
        boolean wrongPath =
                Cognito.issues(endpoint.origin().host())
                        && !endpoint.target().endsWith("/.well-known/jwks.json");
        if (discovery || wrongPath || Cognito.isPoolDomain(endpoint.origin().host())) {
            values.problem(
                    Setting.COGNITO_JWKS_URL,
                    "must be the URL of a JWK Set, such as ISSUER/.well-known/jwks.json");
        }
        return endpoint;
    }

    private TokenRules tokenRules(List<String> serviceClaims, List<ContextClaim> contextClaims) {
        Set<String> audiences =
                Set.copyOf(plainNames(Setting.COGNITO_AUDIENCES, "names of this API"));
        boolean audienceRequired =
                values.isSet(Setting.AUDIENCE_REQUIRED)
                        ? values.isOn(Setting.AUDIENCE_REQUIRED)
                        : values.isSet(Setting.COGNITO_AUDIENCES);
        if (audienceRequired && !values.isSet(Setting.COGNITO_AUDIENCES)) {
            values.problem(
                    Setting.AUDIENCE_REQUIRED,
                    "must be off where CognitoAudiences is not set: every token would be refused");
        }
        Set<String> kept = new LinkedHashSet<>(serviceClaims);
        for (ContextClaim claim : contextClaims) {
            kept.add(claim.claim());
        }
        return new TokenRules(
                clientIds(),
                audiences,
                audienceRequired,
                Set.copyOf(scopes(Setting.REQUIRED_SCOPES)),
                requiredGroups(),
                Duration.ofSeconds(values.number(Setting.CLOCK_SKEW_SECONDS)),
                kept);
    }

    private Config.Logging logging() {
        Set<String> callers = new LinkedHashSet<>();
        int percent = 0;
        for (String entry : plainNames(Setting.DEBUG_FOR, "callers or a share such as 5%")) {
            if (!entry.endsWith("%")) {
                callers.add(entry);
                continue;
            }
            String number = entry.substring(0, entry.length() - 1);
            boolean valid = Texts.consistsOf(number, "0123456789") && number.length() <= 3;
            int share = valid ? Integer.parseInt(number) : 0;
            if (share < 1 || share > 100 || percent > 0) {
                values.problem(
                        Setting.DEBUG_FOR,
                        "must hold at most one share, from 1% to 100%, and holds "
                                + SettingValues.quoted(entry));
            }
            percent = share;
        }
        return new Config.Logging(
                (int) values.number(Setting.LOG_ALLOW_EVERY), Set.copyOf(callers), percent);
    }

    private Set<String> clientIds() {
        List<String> ids = plainNames(Setting.COGNITO_CLIENT_IDS, "client ids");
        for (String id : ids) {
            if (id.startsWith("arn:") || Cognito.isPoolId(id)) {
                values.problem(
                        Setting.COGNITO_CLIENT_IDS,
                        "must be ids of app clients separated by commas, and holds "
                                + SettingValues.quoted(id));
            }
        }
        return Set.copyOf(ids);
    }

    private Set<String> requiredGroups() {
        Setting setting = Setting.REQUIRED_GROUPS;
        if (values.isWrapped(setting)) {
            return Set.of();
        }
        List<String> groups = values.limit(setting, values.list(setting));
        for (String group : groups) {
            if (!RouteRulesReader.isGroup(group)) {
                values.problem(
                        setting,
                        "must be names of groups separated by commas, without white space in them,"
                                + " and holds "
                                + SettingValues.quoted(group));
            }
        }
        return Set.copyOf(groups);
    }

    /** Entries separated by commas, without the characters of other notations for lists. */
    private List<String> plainNames(Setting setting, String what) {
        List<String> names = values.limit(setting, values.list(setting));
        for (String name : names) {
            if (!isPlain(name)) {
                values.problem(
                        setting,
                        "must be "
                                + what
                                + " separated by commas, without white space, quotes, brackets or"
                                + " semicolons, and holds "
                                + SettingValues.quoted(name));
            }
        }
        return names;
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c > '~' || "\"'`()<>[]{};|".indexOf(c) >= 0) {
                return false;
            }
        }
        return true;
    }

    private List<String> serviceClaims() {
        List<String> claims = plainNames(Setting.SERVICE_CLAIMS, "names of claims");
        if (Set.copyOf(claims).size() != claims.size()) {
            values.problem(Setting.SERVICE_CLAIMS, "names a claim twice");
        }
        return List.copyOf(claims);
    }

    private List<ContextClaim> contextClaims() {
        Setting setting = Setting.CONTEXT_CLAIMS;
        List<ContextClaim> claims = new ArrayList<>();
        for (String entry : plainNames(setting, "claims, each CLAIM or CLAIM=KEY,")) {
            int equals = entry.lastIndexOf('=');
            String claim = Texts.stripped(equals < 0 ? entry : entry.substring(0, equals));
            String key = equals < 0 ? keyOf(claim) : Texts.stripped(entry.substring(equals + 1));
            if (isPlain(entry) && (claim.isEmpty() || key.isEmpty() || !keyOf(key).equals(key))) {
                values.problem(
                        setting,
                        "must give each claim a key of letters, digits and underscores, and holds "
                                + SettingValues.quoted(entry));
            }
            claims.add(new ContextClaim(claim, key));
        }
        answerCheck
                .collisionOf(claims)
                .ifPresent(key ->
                        values.problem(
                                setting,
                                "needs the key "
                                        + SettingValues.quoted(key)
                                        + ", which is in use: give the claim another key, as CLAIM=KEY"));
        return List.copyOf(claims);
    }

    /** The key of a claim for which the setting has no key. */
    private static String keyOf(String claim) {
        StringBuilder key = new StringBuilder();
        for (int i = 0; i < claim.length(); i++) {
            char c = claim.charAt(i);
            boolean taken =
                    (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            key.append(taken ? c : '_');
        }
        return key.toString();
    }

    private List<String> scopes(Setting setting) {
        if (values.isWrapped(setting)) {
            return List.of();
        }
        List<String> scopes =
                setting == Setting.REQUIRED_SCOPES
                        ? values.limit(setting, values.wordsOrList(setting))
                        : values.words(setting);
        for (String scope : scopes) {
            if (!RouteRulesReader.isScope(scope)) {
                values.problem(
                        setting,
                        "holds something that is not a scope (RFC 6749 section 3.3): "
                                + SettingValues.quoted(scope));
            }
        }
        return scopes;
    }

    private List<RouteRule> rules(Setting setting) {
        Optional<String> json = values.value(setting);
        if (json.isEmpty()) {
            return List.of();
        }
        return setting == Setting.SCOPE_RULES
                ? RouteRulesReader.scopeRules(
                        json.get(), problem -> values.problem(setting, problem))
                : RouteRulesReader.groupRules(
                        json.get(), problem -> values.problem(setting, problem));
    }

    private void checkRules(List<RouteRule> scopeRules, List<RouteRule> groupRules) {
        List<RouteRule> all = new ArrayList<>(scopeRules);
        all.addAll(groupRules);
        Setting setting = scopeRules.isEmpty() ? Setting.GROUP_RULES : Setting.SCOPE_RULES;
        String together = scopeRules.isEmpty() || groupRules.isEmpty() ? "" : "and GroupRules: ";
        answerCheck
                .problemOf(all)
                .ifPresent(problem -> values.problem(setting, together + problem));
    }

    private List<String> validatedHeaders() {
        if (values.isWrapped(Setting.VALIDATED_HEADERS)) {
            return List.of();
        }
        List<String> names = values.list(Setting.VALIDATED_HEADERS);
        if (names.isEmpty()) {
            values.problem(Setting.VALIDATED_HEADERS, "must be set");
        }
        if (names.size() > HEADERS_LIMIT) {
            values.problem(
                    Setting.VALIDATED_HEADERS,
                    "names "
                            + names.size()
                            + " headers; at most "
                            + HEADERS_LIMIT
                            + " are accepted");
        }
        Set<String> seen = new LinkedHashSet<>();
        for (String name : names) {
            String key = name.toLowerCase(Locale.ROOT);
            if (!isHeaderName(name)) {
                values.problem(
                        Setting.VALIDATED_HEADERS,
                        "holds something that is not a header name: " + SettingValues.quoted(name));
            } else if (key.contains("request.header.") || key.contains("request.querystring.")) {
                values.problem(
                        Setting.VALIDATED_HEADERS,
                        "must name headers, and not API Gateway's identity sources: "
                                + SettingValues.quoted(name));
            } else if (key.equals("authorization")) {
                values.problem(
                        Setting.VALIDATED_HEADERS,
                        "must not name Authorization: the token is checked anyway and never passed on");
            } else if (!seen.add(key)) {
                values.problem(Setting.VALIDATED_HEADERS, "names " + name + " twice");
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

    private Config.Service service(List<String> claims) {
        String scope = String.join(" ", scopes(Setting.VALIDATION_SERVICE_SCOPE));
        Endpoint url = values.requiredEndpoint(Setting.VALIDATION_SERVICE_URL);
        Endpoint tokenUrl = values.requiredEndpoint(Setting.VALIDATION_SERVICE_TOKEN_URL);
        checkServiceUrl(url, tokenUrl);
        checkTokenUrl(tokenUrl);
        return new Config.Service(
                url,
                authorities(url),
                tokenUrl,
                serviceClientId(),
                secret(),
                scope.isEmpty() ? Optional.empty() : Optional.of(scope),
                claims,
                Duration.ofMillis(values.number(Setting.VALIDATION_SERVICE_TIMEOUT_MS)));
    }

    private List<X509Certificate> authorities(Endpoint url) {
        Setting setting = Setting.VALIDATION_SERVICE_CA_CERTIFICATES;
        Optional<String> value = values.value(setting);
        if (value.isEmpty()) {
            return List.of();
        }
        if (!url.origin().tls()) {
            values.problem(setting, "has no effect, because ValidationServiceUrl is not https");
        }
        try {
            return CaCertificates.read(value.get(), System.currentTimeMillis());
        } catch (CaCertificates.Unusable e) {
            values.problem(setting, e.problem());
            return List.of();
        }
    }

    private void checkServiceUrl(Endpoint url, Endpoint tokenUrl) {
        String host = url.origin().host();
        // a record's own equals is generated at run time, which a cold start would wait for
        boolean same =
                url.origin().equals(tokenUrl.origin()) && url.target().equals(tokenUrl.target());
        if (!SettingValues.isNowhere(url)
                && (same || Cognito.issues(host) || Cognito.isPoolDomain(host))) {
            values.problem(
                    Setting.VALIDATION_SERVICE_URL,
                    "must be the validation service, and not the issuer or its token endpoint");
        }
    }

    private void checkTokenUrl(Endpoint url) {
        String host = url.origin().host();
        String target = url.target();
        if (Cognito.issues(host)
                || (Cognito.isPoolDomain(host) && !(target + "?").startsWith("/oauth2/token?"))
                || target.equals("/oauth2/authorize")
                || target.contains("/.well-known/")) {
            values.problem(
                    Setting.VALIDATION_SERVICE_TOKEN_URL,
                    "must be a token endpoint, such as"
                            + " https://DOMAIN.auth.REGION.amazoncognito.com/oauth2/token");
        }
    }

    private String serviceClientId() {
        Setting setting = Setting.VALIDATION_SERVICE_CLIENT_ID_VALUE;
        String id = values.required(setting);
        if (!values.isWrapped(setting) && (Texts.holdsControl(id) || id.startsWith("arn:"))) {
            values.problem(setting, "must be one client id, without line breaks, and not an ARN");
        }
        return id;
    }

    private Config.ClientSecret secret() {
        Optional<String> value = values.value(Setting.VALIDATION_SERVICE_CLIENT_SECRET_VALUE);
        Optional<String> id = values.value(Setting.VALIDATION_SERVICE_CLIENT_SECRET_ARN);
        if (value.isPresent() == id.isPresent()) {
            values.problem(
                    Setting.VALIDATION_SERVICE_CLIENT_SECRET_ARN,
                    "or ValidationServiceClientSecretValue must be set, and not both");
        }
        checkSecret(value.orElse(""));
        if (id.isPresent()) {
            checkSecretId(id.get());
        }
        return id.isPresent()
                ? new Config.ClientSecret.Stored(id.get())
                : new Config.ClientSecret.Value(new Secret(value.orElse("")));
    }

    private void checkSecret(String secret) {
        Setting setting = Setting.VALIDATION_SERVICE_CLIENT_SECRET_VALUE;
        if (Texts.holdsControl(secret)) {
            values.problem(setting, "must not hold a line break or another control character");
        }
        boolean arn = secret.startsWith("arn:") && secret.contains(":secretsmanager:");
        boolean json = secret.startsWith("{") && secret.contains("\"client_secret\"");
        if (arn || json || secret.startsWith("{{resolve:")) {
            values.problem(
                    setting,
                    "must be the client secret itself, and not JSON or a reference to it:"
                            + " ValidationServiceClientSecretArn takes the ARN of a secret");
        }
    }

    private void checkSecretId(String id) {
        if (!SecretId.isOne(id)) {
            values.problem(
                    Setting.VALIDATION_SERVICE_CLIENT_SECRET_ARN,
                    "must be the ARN or the name of a secret in Secrets Manager");
        }
    }

    private boolean unauthorizedForInvalidTokens() {
        String value = values.valueOrDefault(Setting.INVALID_TOKEN_RESPONSE);
        if (!value.equals("deny") && !value.equals("unauthorized")) {
            values.problem(
                    Setting.INVALID_TOKEN_RESPONSE,
                    "must be deny or unauthorized, and is " + SettingValues.quoted(value));
        }
        return value.equals("unauthorized");
    }
}
