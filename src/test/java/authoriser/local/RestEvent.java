package authoriser.local;

import authoriser.standin.ReceivedRequest;
import authoriser.standin.TestJson;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The event that a REST API with one greedy route, {@code /{proxy+}}, sends to a REQUEST
 * authoriser.
 */
record RestEvent(ReceivedRequest request, String requestId, String traceId, Instant receivedAt) {
    static final String REGION = "eu-west-1";
    static final String ACCOUNT = "123456789012";
    static final String API = "local00001";
    static final String STAGE = "local";

    private static final String RESOURCE = "/{proxy+}";
    private static final Pattern WORD_START = Pattern.compile("(^|-)([a-z])");
    private static final DateTimeFormatter LOG_TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    String methodArn() {
        return methodArn(request.method(), path());
    }

    /** The method ARN of a request with this method and path. */
    static String methodArn(String method, String path) {
        return "arn:aws:execute-api:%s:%s:%s/%s/%s%s"
                .formatted(REGION, ACCOUNT, API, STAGE, method, path);
    }

    byte[] bytes() {
        ObjectNode event = TestJson.object();
        event.put("type", "REQUEST");
        event.put("methodArn", methodArn());
        event.put("resource", RESOURCE);
        event.put("path", path());
        event.put("httpMethod", request.method());
        putBoth(event, "headers", "multiValueHeaders", headers());
        putBoth(event, "queryStringParameters", "multiValueQueryStringParameters", query());
        event.putObject("pathParameters").put("proxy", path().substring(1));
        event.putObject("stageVariables");
        event.set("requestContext", requestContext());
        return TestJson.bytes(event);
    }

    private String path() {
        String path = request.rawPath();
        return path.startsWith("/") ? path : "/" + path;
    }

    /**
     * The last of several values in the one map, as API Gateway has it, all of them in the other.
     */
    private static void putBoth(
            ObjectNode event, String single, String multiple, Map<String, List<String>> values) {
        ObjectNode lastOnes = event.putObject(single);
        ObjectNode all = event.putObject(multiple);
        values.forEach((name, list) -> {
            lastOnes.put(name, list.getLast());
            ArrayNode array = all.putArray(name);
            list.forEach(array::add);
        });
    }

    private Map<String, List<String>> headers() {
        Map<String, List<String>> headers = new TreeMap<>();
        request.headers().forEach((name, values) -> headers.put(spelt(name), values));
        headers.put("X-Amzn-Trace-Id", List.of(traceId));
        headers.put("X-Forwarded-For", List.of(sourceIp()));
        headers.put("X-Forwarded-Port", List.of("443"));
        headers.put("X-Forwarded-Proto", List.of("https"));
        return headers;
    }

    /** A header's name as most clients write it; the JDK's server keeps the first capital only. */
    private static String spelt(String name) {
        return WORD_START
                .matcher(name.toLowerCase(Locale.ROOT))
                .replaceAll(start -> start.group().toUpperCase(Locale.ROOT));
    }

    private Map<String, List<String>> query() {
        Map<String, List<String>> query = new TreeMap<>();
        String raw = request.uri().getRawQuery();
        if (raw != null && !raw.isEmpty()) {
            for (String pair : raw.split("&")) {
                String[] nameAndValue = pair.split("=", 2);
                query.computeIfAbsent(decoded(nameAndValue[0]), _ -> new ArrayList<>())
                        .add(nameAndValue.length < 2 ? "" : decoded(nameAndValue[1]));
            }
        }
        return query;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    private ObjectNode requestContext() {
        ObjectNode context = TestJson.object();
        context.put("resourceId", "proxy1");
        context.put("resourcePath", RESOURCE);
        context.put("httpMethod", request.method());
        context.put("extendedRequestId", requestId.substring(0, 15) + "=");
        context.put("requestTime", LOG_TIME.format(receivedAt));
        context.put("path", path());
        context.put("accountId", ACCOUNT);
        context.put("protocol", "HTTP/1.1");
        context.put("stage", STAGE);
        context.put("domainPrefix", API);
        context.put("requestTimeEpoch", receivedAt.toEpochMilli());
        context.put("requestId", requestId);
        context.set("identity", identity());
        context.put("domainName", API + ".execute-api." + REGION + ".amazonaws.com");
        context.put("deploymentId", "local1");
        context.put("apiId", API);
        return context;
    }

    private ObjectNode identity() {
        ObjectNode identity = TestJson.object();
        for (String unset :
                List.of(
                        "cognitoIdentityPoolId",
                        "accountId",
                        "cognitoIdentityId",
                        "caller",
                        "principalOrgId",
                        "accessKey",
                        "cognitoAuthenticationType",
                        "cognitoAuthenticationProvider",
                        "userArn",
                        "user")) {
            identity.putNull(unset);
        }
        identity.put("sourceIp", sourceIp());
        identity.put("userAgent", request.header("User-Agent").orElse(null));
        return identity;
    }

    private String sourceIp() {
        return request.sender().getAddress().getHostAddress();
    }
}
