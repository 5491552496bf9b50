package authoriser.config;

import static authoriser.config.Setting.AUDIENCE_REQUIRED;
import static authoriser.config.Setting.CLOCK_SKEW_SECONDS;
import static authoriser.config.Setting.COGNITO_AUDIENCES;
import static authoriser.config.Setting.COGNITO_CLIENT_IDS;
import static authoriser.config.Setting.COGNITO_ISSUER;
import static authoriser.config.Setting.COGNITO_JWKS_URL;
import static authoriser.config.Setting.COGNITO_USER_POOL_ID;
import static authoriser.config.Setting.CONTEXT_CLAIMS;
import static authoriser.config.Setting.DEBUG_FOR;
import static authoriser.config.Setting.GROUP_RULES;
import static authoriser.config.Setting.INVALID_TOKEN_RESPONSE;
import static authoriser.config.Setting.LOG_ALLOW_EVERY;
import static authoriser.config.Setting.POLICY_EXPIRY;
import static authoriser.config.Setting.REQUIRED_GROUPS;
import static authoriser.config.Setting.REQUIRED_SCOPES;
import static authoriser.config.Setting.SCOPE_RULES;
import static authoriser.config.Setting.SERVICE_CLAIMS;
import static authoriser.config.Setting.VALIDATED_HEADERS;
import static authoriser.config.Setting.VALIDATION_SERVICE_CA_CERTIFICATES;
import static authoriser.config.Setting.VALIDATION_SERVICE_CLIENT_ID_VALUE;
import static authoriser.config.Setting.VALIDATION_SERVICE_CLIENT_SECRET_ARN;
import static authoriser.config.Setting.VALIDATION_SERVICE_CLIENT_SECRET_VALUE;
import static authoriser.config.Setting.VALIDATION_SERVICE_SCOPE;
import static authoriser.config.Setting.VALIDATION_SERVICE_TIMEOUT_MS;
import static authoriser.config.Setting.VALIDATION_SERVICE_TOKEN_URL;
import static authoriser.config.Setting.VALIDATION_SERVICE_URL;

import authoriser.http.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A spelling of a setting, and its outcome. Each setting has spellings with white space, line
 * breaks, quotes, brackets, commas, slashes and letters in the wrong place, and with the value of
 * another setting.
 *
 * @param as the plain value with the same meaning, if the spelling is accepted
 * @param problems the problems that stop the start otherwise, without the name of the setting
 * @param template whether the parameter of the template accepts it. This differs from the code only
 *     if a pattern cannot check the value, or if the template needs the value for something else
 */
public record Written(
        Setting setting, String value, String as, List<String> problems, boolean template) {
    private static final String POOL = "eu-west-1_Ab12Cd34E";
    private static final String POOL_ARN =
            "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/" + POOL;
    private static final String ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/" + POOL;
    private static final String KEYS = ISSUER + "/.well-known/jwks.json";
    private static final String TOKEN_URL =
            "https://example.auth.eu-west-1.amazoncognito.com/oauth2/token";
    private static final String SECRET_ARN =
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:validation-Ab12Cd";

    private static final String NO_ISSUER =
            "must be exactly the value of iss, which has no query and no /.well-known/";
    private static final String NO_COGNITO_ISSUER =
            "must be exactly the value of iss, which for a user pool has the form"
                    + " https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34E";
    private static final String NO_HTTPS =
            "must be an absolute https URL, and does not begin with https://";
    private static final String NO_KEYS =
            "must be the URL of a JWK Set, such as ISSUER/.well-known/jwks.json";
    private static final String NO_SERVICE =
            "must be the validation service, and not the issuer or its token endpoint";
    private static final String NO_TOKEN_ENDPOINT =
            "must be a token endpoint, such as"
                    + " https://DOMAIN.auth.REGION.amazoncognito.com/oauth2/token";
    private static final String NO_CLIENT_ID =
            "must be one client id, without line breaks, and not an ARN";
    private static final String NO_SECRET =
            "must be the client secret itself, and not JSON or a reference to it:"
                    + " ValidationServiceClientSecretArn takes the ARN of a secret";
    private static final String NO_SECRET_ID =
            "must be the ARN or the name of a secret in Secrets Manager";
    private static final String WRAPPED = "must not have quotes or brackets around it";
    private static final String NO_RULES =
            "must be a JSON object of routes to arrays of scopes, each route once";

    /** All spellings of all settings. */
    public static List<Written> all() {
        List<Written> all = new ArrayList<>();
        all.addAll(pools());
        all.addAll(issuers());
        all.addAll(keys());
        all.addAll(clientIds());
        all.addAll(audiences());
        all.addAll(audienceRequired());
        all.addAll(scopes());
        all.addAll(groups());
        all.addAll(groupRules());
        all.addAll(claims());
        all.addAll(authorities());
        all.addAll(rules());
        all.addAll(headers());
        all.addAll(urls());
        all.addAll(client());
        all.addAll(numbersAndChoices());
        return all;
    }

    private static List<Written> pools() {
        Setting setting = COGNITO_USER_POOL_ID;
        return List.of(
                taken(setting, " " + POOL + " ", POOL),
                taken(setting, "\n" + POOL + "\r\n", POOL),
                taken(setting, POOL + ",", POOL),
                taken(setting, "," + POOL, POOL),
                taken(setting, POOL + ",\n  us-east-1_Zz99\n", POOL + ",us-east-1_Zz99"),
                taken(setting, POOL + " , us-east-1_Zz99 ,", POOL + ",us-east-1_Zz99"),
                noPool(POOL + "\nus-east-1_Zz99"),
                noPool(POOL + " us-east-1_Zz99"),
                noPool(POOL + ";us-east-1_Zz99"),
                noPool("\"" + POOL + "\""),
                noPool("'" + POOL + "'"),
                noPool("[\"" + POOL + "\"]"),
                noPool("[" + POOL + "]"),
                noPool(POOL + "/"),
                noPool("EU-WEST-1_Ab12Cd34E"),
                noPool("eu-west_Ab12Cd34E"),
                noPool("eu-1_Ab12Cd34E"),
                noPool("Ab12Cd34E"),
                noPool("my-pool"),
                noPool(POOL_ARN),
                noPool(ISSUER),
                noPool(KEYS),
                noPool("example.auth.eu-west-1.amazoncognito.com"),
                noPool("3n4b5urk1ft4fl3mg5e62d9ado"));
    }

    private static List<Written> issuers() {
        Setting setting = COGNITO_ISSUER;
        String two = "https://one.example.com,https://two.example.com/pool";
        return List.of(
                taken(setting, " " + ISSUER + "\n", ISSUER),
                taken(setting, ISSUER + ",", ISSUER),
                taken(setting, "https://one.example.com,\n https://two.example.com/pool\n", two),
                taken(setting, "https://issuer.example.com/", "https://issuer.example.com/"),
                taken(setting, "https://Issuer.example.com", "https://Issuer.example.com"),
                taken(
                        setting,
                        "https://issuer-cognito-idp.eu-west-1.amazonaws.com/" + POOL,
                        "https://issuer-cognito-idp.eu-west-1.amazonaws.com/" + POOL),
                // some servers have this path
                taken(
                        setting,
                        "https://issuer.example.com:9443/oauth2/token",
                        "https://issuer.example.com:9443/oauth2/token"),
                noUrl(setting, "https://one.example.com https://two.example.com"),
                noUrl(setting, "\"https://issuer.example.com\""),
                noUrl(setting, "[\"https://issuer.example.com\"]"),
                stops(setting, "issuer.example.com", NO_HTTPS),
                stops(
                        setting,
                        "https://my_issuer.example.com",
                        "holds the host name my_issuer.example.com, whose underscore Java's URI"
                                + " parser refuses"),
                stops(setting, "https://issuer.example.com#x", "must not hold a fragment"),
                stops(setting, "https://issuer.example.com?x", NO_ISSUER),
                stops(setting, "https://issuer.example.com/pool?", NO_ISSUER),
                stops(setting, "https://issuer.example.com/.well-known", NO_ISSUER),
                stops(setting, "https://issuer.example.com/.well-known/jwks.json", NO_ISSUER),
                stops(
                        setting,
                        "https://issuer.example.com/a/.well-known/openid-configuration",
                        NO_ISSUER),
                stops(setting, KEYS, NO_COGNITO_ISSUER),
                pastTheTemplate(setting, ISSUER + "/", NO_COGNITO_ISSUER),
                pastTheTemplate(
                        setting, "https://cognito-idp.eu-west-1.amazonaws.com", NO_COGNITO_ISSUER),
                pastTheTemplate(
                        setting,
                        "https://Cognito-IDP.eu-west-1.amazonaws.com/" + POOL,
                        NO_COGNITO_ISSUER),
                pastTheTemplate(setting, "HTTPS" + ISSUER.substring(5), NO_COGNITO_ISSUER),
                pastTheTemplate(
                        setting,
                        "https://cognito-idp.eu-west-1.amazonaws.com:443/" + POOL,
                        NO_COGNITO_ISSUER),
                pastTheTemplate(
                        setting,
                        "https://example.auth.eu-west-1.amazoncognito.com",
                        "must be the issuer, and not the domain where users sign in: a user pool's"
                                + " has the form"
                                + " https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34E"),
                stops(setting, POOL, NO_HTTPS));
    }

    private static List<Written> keys() {
        Setting setting = COGNITO_JWKS_URL;
        String keys = "https://keys.example.com/jwks";
        return List.of(
                taken(setting, " " + keys + "\n", keys),
                taken(setting, keys + ",", keys),
                taken(setting, keys + "/", keys + "/"),
                taken(setting, KEYS, KEYS),
                taken(setting, "HTTPS://KEYS.example.com/jwks", keys),
                stops(setting, "keys.example.com/jwks", NO_HTTPS),
                noUrl(setting, "\"" + keys + "\""),
                stops(
                                setting,
                                keys + "," + keys,
                                "must hold one URL for each issuer: 1, and holds 2")
                        .takenByTheTemplate(),
                pastTheTemplate(setting, ISSUER, NO_KEYS),
                pastTheTemplate(
                        setting,
                        "https://issuer.example.com/.well-known/openid-configuration",
                        NO_KEYS),
                pastTheTemplate(setting, TOKEN_URL, NO_KEYS));
    }

    private static List<Written> clientIds() {
        Setting setting = COGNITO_CLIENT_IDS;
        return List.of(
                taken(setting, " one ", "one"),
                taken(setting, "one,\n  two\n", "one,two"),
                taken(setting, "\tone\t,\ttwo\t", "one,two"),
                taken(setting, ",one,,two,", "one,two"),
                noClientIds("one two", "one two"),
                noClientIds("one\ntwo\n", "one?two"),
                noClientIds("\"one\"", "\"one\""),
                noClientIds("'one'", "'one'"),
                noClientIds("[\"one\",\"two\"]", "[\"one\"", "\"two\"]"),
                noClientIds("[one, two]", "[one", "two]"),
                noClientIds("{one}", "{one}"),
                noClientIds("one,(two)", "(two)"),
                noClientIds("one,<two>", "<two>"),
                noClientIds("one,tw\u00f6", "tw\u00f6"),
                noAppClients(POOL_ARN, POOL_ARN.substring(0, 60) + "…"),
                taken(setting, "one-two,three.4", "three.4,one-two"),
                noClientIds("one;two", "one;two"),
                noAppClients(POOL, POOL).takenByTheTemplate(),
                taken(
                        setting,
                        "https://client.example.com/,one/",
                        "one/,https://client.example.com/"),
                stops(setting, " , ", "has only separators"));
    }

    private static List<Written> scopes() {
        Setting required = REQUIRED_SCOPES;
        Setting service = VALIDATION_SERVICE_SCOPE;
        return List.of(
                taken(required, " a ", "a"),
                taken(required, "a\nb\n", "a b"),
                taken(required, "a,\r\n\tb,", "a b"),
                taken(required, ",a,, b", "a b"),
                // a scope may have each of these characters
                taken(required, "a;b", "a;b"),
                taken(required, "Orders/Read/", "Orders/Read/"),
                taken(
                        required,
                        "https://api.example.com/a(b)'c'[d]",
                        "https://api.example.com/a(b)'c'[d]"),
                noScope(required, "\"a\" b", "\"a\""),
                noScope(required, "a\\nb", "a\\nb"),
                noScope(required, "\u00e4", "\u00e4"),
                stops(required, "\"a b\"", WRAPPED),
                stops(required, "'a b'", WRAPPED),
                stops(required, "[\"a\",\"b\"]", WRAPPED),
                stops(required, "[a, b]", WRAPPED),
                stops(required, "<scopes>", WRAPPED),
                stops(required, "{\"GET /a\":[\"a\"]}", WRAPPED),
                stops(required, ", ,", "has only separators"),
                taken(service, " a  b ", "a b"),
                taken(service, "a\nb\n", "a b"),
                taken(service, "a,b", "a,b"),
                taken(service, "a;b", "a;b"),
                noScope(service, "\"a\" b", "\"a\""),
                stops(service, "\"a b\"", WRAPPED),
                stops(service, "'a b'", WRAPPED),
                stops(service, "[\"a\",\"b\"]", WRAPPED),
                stops(service, "[a b]", WRAPPED));
    }

    private static List<Written> rules() {
        Setting setting = SCOPE_RULES;
        String plain = "{\"GET /a\":[\"s\",\"t\"]}";
        return List.of(
                taken(setting, "\n" + plain + "\n", plain),
                taken(setting, "\ufeff" + plain, plain).refusedByTheTemplate(),
                taken(setting, "{\n  \"GET /a\": [\n    \"s\",\n    \"t\"\n  ]\n}\n", plain),
                taken(setting, "{\" GET  /a \":[\" s\",\"t\\n\"]}", plain),
                stops(setting, "\"" + plain.replace("\"", "\\\"") + "\"", NO_RULES),
                stops(setting, "'" + plain + "'", NO_RULES),
                stops(setting, "[" + plain + "]", NO_RULES),
                stops(setting, plain.replace('"', '\''), NO_RULES).takenByTheTemplate(),
                stops(setting, "{\"GET /a\":[\"s\",\"t\"],}", NO_RULES).takenByTheTemplate(),
                stops(setting, "GET /a: [s, t]", NO_RULES),
                stops(setting, "s t", NO_RULES),
                stops(
                                setting,
                                "{\"GET /a\":\"s t\"}",
                                "must give the route \"GET /a\" an array of one or more scopes")
                        .takenByTheTemplate(),
                stops(
                                setting,
                                "{\"GET /a\":[\"s t\"]}",
                                "must give the route \"GET /a\" an array of one or more scopes")
                        .takenByTheTemplate(),
                noRoute("get /a"),
                noRoute("/a"),
                noRoute("GET a"),
                noRoute("GET /{id}"),
                noRoute("GET https://api.example.com/a"));
    }

    private static List<Written> audiences() {
        Setting setting = COGNITO_AUDIENCES;
        String what = "names of this API";
        return List.of(
                taken(setting, " https://api.example.com ", "https://api.example.com"),
                taken(setting, "a,\n  urn:b\n", "a,urn:b"),
                taken(setting, ",a,,b,", "a,b"),
                noPlainNames(setting, what, "a b", "a b"),
                noPlainNames(setting, what, "\"a\"", "\"a\""),
                noPlainNames(setting, what, "'a'", "'a'"),
                noPlainNames(setting, what, "[\"a\",\"b\"]", "[\"a\"", "\"b\"]"),
                noPlainNames(setting, what, "a;b", "a;b"),
                noPlainNames(setting, what, "\u00e4", "\u00e4"),
                stops(setting, ",", "has only separators"));
    }

    private static List<Written> audienceRequired() {
        Setting setting = AUDIENCE_REQUIRED;
        String alone =
                "must be off where CognitoAudiences is not set: every token would be refused";
        List<Written> written = new ArrayList<>();
        for (String off : List.of("off", " off\n", "OFF", "false", "False")) {
            written.add(taken(setting, off, ""));
        }
        for (String on : List.of("on", "true")) {
            written.add(pastTheTemplate(setting, on, alone));
        }
        for (String no : List.of("yes", "1", "\"off\"", "off,")) {
            written.add(
                    stops(
                            setting,
                            no,
                            "must be on or off (or true or false), and is " + quoted(no)));
        }
        return written;
    }

    private static List<Written> groups() {
        Setting setting = REQUIRED_GROUPS;
        return List.of(
                taken(setting, " clerks ", "clerks"),
                taken(setting, "clerks,\n  admins\n", "clerks,admins"),
                taken(setting, ",clerks,,admins,", "clerks,admins"),
                taken(setting, "Zürich;1,a\"b", "Zürich;1,a\"b"),
                noGroups("clerks admins", "clerks admins"),
                noGroups("clerks\nadmins", "clerks?admins"),
                noGroups("x".repeat(129), "x".repeat(60) + "…").takenByTheTemplate(),
                stops(setting, "\"clerks\"", WRAPPED),
                stops(setting, "'clerks,admins'", WRAPPED),
                stops(setting, "[\"clerks\",\"admins\"]", WRAPPED),
                stops(setting, "{\"GET /a\":[\"clerks\"]}", WRAPPED),
                stops(setting, ", ,", "has only separators"));
    }

    private static List<Written> groupRules() {
        Setting setting = GROUP_RULES;
        String plain = "{\"GET /a\":[\"clerks\",\"Zürich\"]}";
        String noRules = "must be a JSON object of routes to arrays of groups, each route once";
        return List.of(
                taken(setting, "\n" + plain + "\n", plain),
                taken(setting, "{\" GET  /a \":[\" clerks\",\"Zürich\\n\"]}", plain),
                stops(setting, "[" + plain + "]", noRules),
                stops(setting, "'" + plain + "'", noRules),
                stops(setting, "clerks", noRules),
                stops(setting, plain.replace('"', '\''), noRules).takenByTheTemplate(),
                stops(
                                setting,
                                "{\"GET /a\":[\"two clerks\"]}",
                                "must give the route \"GET /a\" an array of one or more groups")
                        .takenByTheTemplate());
    }

    private static List<Written> claims() {
        Setting service = SERVICE_CLAIMS;
        Setting context = CONTEXT_CLAIMS;
        String what = "names of claims";
        String whatKeys = "claims, each CLAIM or CLAIM=KEY,";
        return List.of(
                taken(service, " origin_jti ", "origin_jti"),
                taken(service, "a,\n  custom:b\n", "a,custom:b"),
                taken(service, ",a,,https://example.com/b,", "a,https://example.com/b"),
                noPlainNames(service, what, "a b", "a b"),
                noPlainNames(service, what, "\"a\"", "\"a\""),
                noPlainNames(service, what, "[\"a\"]", "[\"a\"]"),
                noPlainNames(service, what, "a;b", "a;b"),
                pastTheTemplate(service, "a,a", "names a claim twice"),
                stops(service, ",", "has only separators"),
                taken(context, " custom:tenant ", "custom:tenant=custom_tenant"),
                taken(context, "a,\n  custom:b=b\n", "a=a,custom:b=b"),
                taken(context, ",a,,a=b=c,", "a=a,a=b=c"),
                taken(context, "sub", "sub=sub"),
                noPlainNames(context, whatKeys, "a = b", "a = b"),
                noPlainNames(context, whatKeys, "\"a\"", "\"a\""),
                noPlainNames(context, whatKeys, "{a=b}", "{a=b}"),
                noContextClaim("a=", "a="),
                noContextClaim("=b", "=b"),
                noContextClaim("a=b-c", "a=b-c"),
                noContextClaim("a=custom:b", "a=custom:b"));
    }

    private static List<Written> headers() {
        Setting setting = VALIDATED_HEADERS;
        return List.of(
                taken(setting, "X-A,X-B", "X-A,X-B"),
                // the template also writes them as identity sources, unchanged
                taken(setting, " X-A ", "X-A").refusedByTheTemplate(),
                taken(setting, "X-A,\n  X-B\n", "X-A,X-B").refusedByTheTemplate(),
                taken(setting, "X-A, X-B,", "X-A,X-B").refusedByTheTemplate(),
                noHeader("X-A X-B", "X-A X-B"),
                noHeader("X-A\nX-B", "X-A?X-B"),
                noHeader("X-A;X-B", "X-A;X-B"),
                noHeader("X-A:", "X-A:"),
                noHeader("X-A: acme", "X-A: acme"),
                noHeader("X-A/", "X-A/"),
                stops(setting, "\"X-A\"", WRAPPED),
                stops(setting, "'X-A,X-B'", WRAPPED),
                stops(setting, "[\"X-A\",\"X-B\"]", WRAPPED),
                noIdentitySource("method.request.header.X-A"),
                noIdentitySource("$request.header.X-A"),
                noIdentitySource("route.request.header.X-A"),
                noIdentitySource("method.request.querystring.tenant"),
                stops(
                        setting,
                        "X-A,AUTHORIZATION",
                        "must not name Authorization: the token is checked anyway and never passed"
                                + " on"),
                stops(setting, "X-A,x-a", "names x-a twice"));
    }

    private static List<Written> authorities() {
        Setting setting = VALIDATION_SERVICE_CA_CERTIFICATES;
        String pem = SampleAuthorities.UNTIL_2036;
        String other =
                "must hold certificates only, each from BEGIN CERTIFICATE to END CERTIFICATE";
        String noFile = "must be certificates in PEM, or the path of a PEM file in the image";
        return List.of(
                taken(setting, "\n  " + pem + "\n", pem),
                taken(setting, pem.replace("\n", "\r\n"), pem),
                taken(setting, pem.replace("\n", " "), pem),
                taken(setting, pem.replace("\n", "\\n"), pem).refusedByTheTemplate(),
                taken(setting, "\"" + pem + "\"", pem).refusedByTheTemplate(),
                stops(setting, pem.substring(0, 200), other),
                stops(setting, "-----BEGIN PRIVATE KEY-----\nAA\n-----END PRIVATE KEY-----", other),
                pastTheTemplate(setting, "/nowhere/ca.pem", noFile),
                stops(setting, "ca.pem", noFile),
                stops(setting, "[]", noFile),
                pastTheTemplate(
                        setting,
                        SampleAuthorities.SERVER,
                        "holds a certificate that is not an authority's by its basic constraints"));
    }

    private static List<Written> urls() {
        Setting service = VALIDATION_SERVICE_URL;
        Setting token = VALIDATION_SERVICE_TOKEN_URL;
        String url = "https://api.example.com/v1/ask?a=b,c";
        List<Written> urls = new ArrayList<>();
        for (Setting setting : List.of(service, token)) {
            urls.add(taken(setting, " " + url + " ", url));
            urls.add(taken(setting, "\n" + url + "\r\n", url));
            urls.add(taken(setting, "https://api.example.com/v1/", "https://api.example.com/v1/"));
            urls.add(taken(setting, "HTTPS://API.EXAMPLE.COM", "https://api.example.com"));
            urls.add(
                    taken(setting, "https://[2001:db8::1]:8443/a", "https://[2001:db8::1]:8443/a"));
            urls.add(stops(setting, "api.example.com/v1", NO_HTTPS));
            urls.add(
                    stops(
                            setting,
                            "http://api.example.com/v1",
                            "must be https, except on a loopback host: api.example.com"));
            urls.add(noUrl(setting, "\"" + url + "\""));
            urls.add(noUrl(setting, "https://api.example.com/v1\n/ask"));
            urls.add(
                    stops(
                            setting,
                            "https://my_api.example.com/v1",
                            "holds the host name my_api.example.com, whose underscore Java's URI"
                                    + " parser refuses"));
            urls.add(stops(setting, url + "#x", "must not hold a fragment"));
            urls.add(
                    stops(
                            setting,
                            "https://id:canary@api.example.com",
                            "must not hold user information"));
            urls.add(stops(setting, "X-Tenant-Id", NO_HTTPS));
        }
        urls.add(taken(token, TOKEN_URL, TOKEN_URL));
        urls.add(taken(token, TOKEN_URL + "?a=b", TOKEN_URL + "?a=b"));
        urls.add(pastTheTemplate(token, TOKEN_URL + "/", NO_TOKEN_ENDPOINT));
        urls.add(
                pastTheTemplate(token, TOKEN_URL.replace("token", "authorize"), NO_TOKEN_ENDPOINT));
        urls.add(
                pastTheTemplate(
                        token,
                        "https://example.auth.eu-west-1.amazoncognito.com",
                        NO_TOKEN_ENDPOINT));
        urls.add(
                pastTheTemplate(
                        token, "https://login.example.com/oauth2/authorize", NO_TOKEN_ENDPOINT));
        urls.add(pastTheTemplate(token, ISSUER, NO_TOKEN_ENDPOINT));
        urls.add(
                pastTheTemplate(
                        token,
                        "https://login.example.com/.well-known/openid-configuration",
                        NO_TOKEN_ENDPOINT));
        urls.add(pastTheTemplate(service, "https://login.example.com/oauth2/token", NO_SERVICE));
        urls.add(pastTheTemplate(service, TOKEN_URL, NO_SERVICE));
        urls.add(pastTheTemplate(service, ISSUER, NO_SERVICE));
        return urls;
    }

    private static List<Written> client() {
        Setting id = VALIDATION_SERVICE_CLIENT_ID_VALUE;
        Setting secret = VALIDATION_SERVICE_CLIENT_SECRET_VALUE;
        Setting arn = VALIDATION_SERVICE_CLIENT_SECRET_ARN;
        return List.of(
                taken(id, " client\n", "client"),
                taken(id, "\u00a0client\u200b", "client"),
                // RFC 6749 appendix A.1 allows them
                taken(id, "one, two", "one, two"),
                taken(id, "https://client.example.com/", "https://client.example.com/"),
                stops(id, "\"client\"", WRAPPED),
                stops(id, "'client'", WRAPPED),
                stops(id, "[\"client\"]", WRAPPED),
                stops(id, "<client>", WRAPPED),
                stops(id, "one\ntwo", NO_CLIENT_ID),
                stops(id, SECRET_ARN, NO_CLIENT_ID),
                taken(secret, "canary\n", "canary"),
                taken(secret, "\t canary \r\n", "canary"),
                taken(secret, "\ufeffcanary", "canary"),
                // RFC 6749 appendix A.2 allows them
                taken(secret, "a canary, \"quoted\"", "a canary, \"quoted\""),
                taken(secret, "\"canary\"", "\"canary\""),
                taken(secret, "{canary}", "{canary}"),
                stops(
                        secret,
                        "can\nary",
                        "must not hold a line break or another control character"),
                stops(
                        secret,
                        "can\u0000ary",
                        "must not hold a line break or another control character"),
                stops(secret, SECRET_ARN, NO_SECRET),
                stops(secret, "{\"client_secret\":\"canary\"}", NO_SECRET),
                // CloudFormation resolves such a value
                pastTheTemplate(secret, "{{resolve:secretsmanager:canary}}", NO_SECRET),
                taken(arn, SECRET_ARN, SECRET_ARN),
                // the role of the function has the value unchanged
                taken(arn, " " + SECRET_ARN + "\n", SECRET_ARN).refusedByTheTemplate(),
                taken(arn, "validation/client", "validation/client").refusedByTheTemplate(),
                taken(
                                arn,
                                "arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:a",
                                "arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:a")
                        .refusedByTheTemplate(),
                stops(arn, "\"" + SECRET_ARN + "\"", NO_SECRET_ID),
                stops(arn, "'" + SECRET_ARN + "'", NO_SECRET_ID),
                stops(arn, SECRET_ARN + ",", NO_SECRET_ID),
                stops(arn, SECRET_ARN + ":client_secret::", NO_SECRET_ID),
                stops(arn, SECRET_ARN.toUpperCase(java.util.Locale.ROOT), NO_SECRET_ID),
                stops(arn, "arn:aws:ssm:eu-west-1:123456789012:parameter/canary", NO_SECRET_ID),
                stops(arn, "arn:aws:secretsmanager:eu-west-1:canary", NO_SECRET_ID),
                stops(arn, "{{resolve:secretsmanager:canary}}", NO_SECRET_ID),
                stops(arn, "canary secret!", NO_SECRET_ID),
                stops(arn, "can\nary", NO_SECRET_ID));
    }

    private static List<Written> numbersAndChoices() {
        Map<Setting, String> ranges =
                Map.of(
                        VALIDATION_SERVICE_TIMEOUT_MS, "from 1 to 30000",
                        CLOCK_SKEW_SECONDS, "from 0 to 300",
                        LOG_ALLOW_EVERY, "from 1 to 100");
        List<Written> written = new ArrayList<>();
        ranges.forEach((setting, range) -> {
            written.add(taken(setting, " 30 ", "30"));
            written.add(taken(setting, "\n30\r\n", "30"));
            written.add(taken(setting, "030", "30"));
            for (String no :
                    List.of(
                            "1.5",
                            "1e3",
                            "1,000",
                            "\u0663",
                            "-1",
                            "+5",
                            "0x10",
                            "\"5\"",
                            "[5]",
                            "5,",
                            "5 s",
                            "5s",
                            "PT5S",
                            "five",
                            "30001",
                            "1 0",
                            "9999999999")) {
                written.add(
                        stops(
                                setting,
                                no,
                                "must be a whole number " + range + ", and is " + quoted(no)));
            }
        });
        written.add(
                stops(
                        VALIDATION_SERVICE_TIMEOUT_MS,
                        "0",
                        "must be a whole number from 1 to 30000, and is \"0\""));
        written.add(taken(VALIDATION_SERVICE_TIMEOUT_MS, "30000", "30000").refusedByTheTemplate());
        for (String on : List.of("on", "true", "ON", "True", "TRUE", " on\n", "oN")) {
            written.add(taken(POLICY_EXPIRY, on, "on"));
        }
        for (String off : List.of("off", "false", "OFF", "False", " off\n")) {
            written.add(taken(POLICY_EXPIRY, off, "off"));
        }
        for (String no :
                List.of("1", "0", "yes", "no", "y", "\"on\"", "[on]", "on,", "on off", "deny")) {
            written.add(
                    stops(
                            POLICY_EXPIRY,
                            no,
                            "must be on or off (or true or false), and is " + quoted(no)));
        }
        written.add(taken(DEBUG_FOR, " caller-1 , 5% ", "caller-1,5%"));
        written.add(taken(DEBUG_FOR, "caller-1,\n", "caller-1"));
        for (String no : List.of("\"caller\"", "[caller]", "a b", "a;b", "{a}")) {
            written.add(
                    stops(
                            DEBUG_FOR,
                            no,
                            "must be callers or a share such as 5% separated by commas, without"
                                    + " white space, quotes, brackets or semicolons, and holds "
                                    + quoted(no)));
        }
        for (String no : List.of("0%", "101%", "%")) {
            written.add(
                    pastTheTemplate(
                            DEBUG_FOR,
                            no,
                            "must hold at most one share, from 1% to 100%, and holds "
                                    + quoted(no)));
        }
        written.add(taken(INVALID_TOKEN_RESPONSE, "unauthorized", "unauthorized"));
        // the template compares the value
        written.add(
                taken(INVALID_TOKEN_RESPONSE, " unauthorized\n", "unauthorized")
                        .refusedByTheTemplate());
        for (String no :
                List.of(
                        "Deny",
                        "DENY",
                        "Unauthorized",
                        "unauthorised",
                        "401",
                        "403",
                        "true",
                        "on",
                        "\"deny\"",
                        "deny,",
                        "[deny]")) {
            written.add(
                    stops(
                            INVALID_TOKEN_RESPONSE,
                            no,
                            "must be deny or unauthorized, and is " + quoted(no)));
        }
        return written;
    }

    private static Written taken(Setting setting, String value, String as) {
        return new Written(setting, value, as, List.of(), true);
    }

    private static Written stops(Setting setting, String value, String... problems) {
        return new Written(setting, value, "", List.of(problems), false);
    }

    private static Written pastTheTemplate(Setting setting, String value, String problem) {
        return stops(setting, value, problem).takenByTheTemplate();
    }

    /** The problem that {@link Endpoint} finds. */
    private static Written noUrl(Setting setting, String value) {
        return stops(setting, value, Endpoint.problemOf(value).orElseThrow());
    }

    private static Written noPool(String value) {
        return stops(
                COGNITO_USER_POOL_ID,
                value,
                "must be user pool ids such as eu-west-1_Ab12Cd34E, and holds " + quoted(value));
    }

    private static Written noClientIds(String value, String... shown) {
        return noPlainNames(COGNITO_CLIENT_IDS, "client ids", value, shown);
    }

    private static Written noPlainNames(
            Setting setting, String what, String value, String... shown) {
        List<String> problems = new ArrayList<>();
        for (String one : shown) {
            problems.add(
                    "must be "
                            + what
                            + " separated by commas, without white space, quotes, brackets or"
                            + " semicolons, and holds \""
                            + one
                            + "\"");
        }
        return new Written(setting, value, "", problems, false);
    }

    private static Written noAppClients(String value, String shown) {
        return stops(
                COGNITO_CLIENT_IDS,
                value,
                "must be ids of app clients separated by commas, and holds \"" + shown + "\"");
    }

    private static Written noGroups(String value, String shown) {
        return stops(
                REQUIRED_GROUPS,
                value,
                "must be names of groups separated by commas, without white space in them, and"
                        + " holds \""
                        + shown
                        + "\"");
    }

    private static Written noContextClaim(String value, String shown) {
        return stops(
                CONTEXT_CLAIMS,
                value,
                "must give each claim a key of letters, digits and underscores, and holds \""
                        + shown
                        + "\"");
    }

    private static Written noScope(Setting setting, String value, String shown) {
        return stops(
                setting,
                value,
                "holds something that is not a scope (RFC 6749 section 3.3): \"" + shown + "\"");
    }

    private static Written noRoute(String route) {
        return stops(
                        SCOPE_RULES,
                        "{\"" + route + "\":[\"s\"]}",
                        "holds the route \""
                                + route
                                + "\", which is not a method or * and a path such as GET /orders/*"
                                + " (a path holds letters, digits and /-._~!$&'()+,;=:@% and *; no"
                                + " ?, no {name}: write * for it)")
                .takenByTheTemplate();
    }

    private static Written noHeader(String value, String shown) {
        return stops(
                VALIDATED_HEADERS,
                value,
                "holds something that is not a header name: \"" + shown + "\"");
    }

    private static Written noIdentitySource(String value) {
        return stops(
                VALIDATED_HEADERS,
                value,
                "must name headers, and not API Gateway's identity sources: \"" + value + "\"");
    }

    private static String quoted(String value) {
        String line = value.replace('\n', '?');
        return line.length() > 60 ? "\"" + line.substring(0, 60) + "…\"" : "\"" + line + "\"";
    }

    private Written takenByTheTemplate() {
        return new Written(setting, value, as, problems, true);
    }

    private Written refusedByTheTemplate() {
        return new Written(setting, value, as, problems, false);
    }

    /** The required settings, and this one in this spelling. */
    Map<String, String> environment() {
        return environment(value);
    }

    /** The required settings, and this one with the plain value. */
    Map<String, String> plainEnvironment() {
        return environment(as);
    }

    private Map<String, String> environment(String text) {
        Map<String, String> environment = Environment.with(setting.variable(), text);
        if (setting == VALIDATION_SERVICE_CLIENT_SECRET_ARN) {
            environment.remove(VALIDATION_SERVICE_CLIENT_SECRET_VALUE.variable());
        }
        return environment;
    }

    /** The complete message. Empty if the spelling is accepted. */
    Optional<String> message() {
        if (problems.isEmpty()) {
            return Optional.empty();
        }
        StringBuilder message = new StringBuilder("The settings are not usable:");
        for (String problem : problems) {
            message.append("\n  - ").append(setting.variable()).append(' ').append(problem);
        }
        return Optional.of(message.toString());
    }

    @Override
    public String toString() {
        return setting.variable() + " = " + value;
    }
}
