package authoriser.policy;

import authoriser.config.ContextClaim;
import authoriser.decision.Decision;
import authoriser.event.ExecuteApiArn;
import authoriser.json.Json;
import authoriser.json.JsonDocument;
import authoriser.token.ClaimValue;
import authoriser.token.VerifiedToken;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes a decision as the answer of a Lambda authoriser: principal, policy and context.
 *
 * <p>Every policy covers the whole stage, because API Gateway caches it and applies it to other
 * routes. If an answer would be too long, whole names of scopes and groups are left out of the
 * context, and nothing else. A backend that gets fewer of them grants less. An answer that is still
 * too long is not written.
 */
public final class PolicyWriter {
    /** The longest answer that API Gateway is known to accept, in bytes. */
    static final int SIZE_LIMIT = 8 * 1024;

    /** The principal of an answer without a verified caller; API Gateway requires one. */
    private static final String NO_CALLER = "unauthenticated";

    private final Timestamps timestamps = new Timestamps();
    private final RoutePolicy routePolicy;
    private final List<ContextClaim> contextClaims;
    private final ContextKeys contextKeys;
    private final boolean expires;
    private final Duration skew;

    /**
     * Makes a writer.
     *
     * @param contextClaims the claims that the context holds for the backend
     * @param expires whether an Allow ends with its token
     * @param skew how long after {@code exp} it ends
     */
    public PolicyWriter(
            RoutePolicy routePolicy,
            List<ContextClaim> contextClaims,
            boolean expires,
            Duration skew) {
        this.routePolicy = routePolicy;
        this.contextClaims = contextClaims;
        this.contextKeys = new ContextKeys(contextClaims);
        this.expires = expires;
        this.skew = skew;
    }

    /**
     * Writes an Allow on the whole stage, except the routes that the token may not use. It is empty
     * if the answer, or a resource in it, would be too long.
     */
    public Optional<JsonDocument> allow(Decision.Allow allow, ExecuteApiArn arn) {
        VerifiedToken token = allow.token();
        List<String> allowed = routePolicy.allowed(arn);
        Set<String> denied = routePolicy.deniedTo(token);
        if (!fit(allowed, arn) || !fit(denied, arn)) {
            return Optional.empty();
        }
        String scope = joined(token.scopes(), ' ', Integer.MAX_VALUE);
        String groups = joined(token.groups(), ',', Integer.MAX_VALUE);
        byte[] json = allowWith(allow, arn, allowed, denied, scope, groups);
        if (json.length > SIZE_LIMIT) {
            int room = SIZE_LIMIT - allowWith(allow, arn, allowed, denied, "", "").length;
            scope = joined(token.scopes(), ' ', room);
            groups = joined(token.groups(), ',', room - JsonSize.of(scope));
            json = allowWith(allow, arn, allowed, denied, scope, groups);
        }
        return json.length > SIZE_LIMIT ? Optional.empty() : Optional.of(new JsonDocument(json));
    }

    /**
     * Writes an explicit Deny on the whole stage. Without one, a resource policy of the API could
     * still allow the request.
     *
     * @param message a sentence for the caller, which is made safe to show here
     */
    public JsonDocument deny(Decision decision, String message, ExecuteApiArn arn) {
        ByteArrayOutputStream output = new ByteArrayOutputStream(512);
        try (JsonGenerator json = Json.generator(output)) {
            json.writeStartObject();
            json.writeStringField(
                    "principalId",
                    decision.caller().isPresent() ? decision.caller().get().subject() : NO_CALLER);
            startPolicy(json);
            startStatement(json, "Deny");
            json.writeStringField("Resource", arn.stage() + "/*");
            json.writeEndObject();
            endPolicy(json);
            json.writeFieldName("context");
            json.writeStartObject();
            json.writeStringField("reason", decision.reason().code());
            json.writeStringField("message", SafeMessage.of(message));
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // writing to memory does not fail
        }
        return new JsonDocument(output.toByteArray());
    }

    private byte[] allowWith(
            Decision.Allow allow,
            ExecuteApiArn arn,
            List<String> allowed,
            Set<String> denied,
            String scope,
            String groups) {
        VerifiedToken token = allow.token();
        ByteArrayOutputStream output = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = Json.generator(output)) {
            json.writeStartObject();
            json.writeStringField("principalId", token.subject());
            startPolicy(json);
            startStatement(json, "Allow");
            if (allowed.size() == 1) {
                json.writeStringField("Resource", arn.stage() + allowed.getFirst());
            } else {
                writeResources(json, arn, allowed);
            }
            if (expires) {
                json.writeFieldName("Condition");
                json.writeStartObject();
                json.writeFieldName("DateLessThan");
                json.writeStartObject();
                json.writeStringField(
                        "aws:CurrentTime", timestamps.iso(token.expiresAt() + skew.toSeconds()));
                json.writeEndObject();
                json.writeEndObject();
            }
            json.writeEndObject();
            if (!denied.isEmpty()) {
                startStatement(json, "Deny");
                writeResources(json, arn, denied);
                json.writeEndObject();
            }
            endPolicy(json);
            json.writeFieldName("context");
            json.writeStartObject();
            json.writeStringField("subject", token.subject());
            json.writeStringField("issuer", token.issuer());
            if (token.username().isPresent()) {
                json.writeStringField("username", token.username().get());
            }
            json.writeStringField("clientId", token.clientId());
            json.writeStringField("scope", scope);
            json.writeStringField("groups", groups);
            json.writeStringField("expiresAt", Long.toString(token.expiresAt()));
            for (ContextClaim claim : contextClaims) {
                ClaimValue value = token.claims().get(claim.claim());
                if (value != null && value.text().isPresent()) {
                    json.writeStringField(claim.key(), value.text().get());
                }
            }
            for (Map.Entry<String, String> entry : allow.context().entrySet()) {
                if (contextKeys.freeFor(entry.getKey())) {
                    json.writeStringField(entry.getKey(), entry.getValue());
                }
            }
            json.writeEndObject();
            if (allow.usageIdentifierKey().isPresent()) {
                json.writeStringField(
                        "usageIdentifierKey", allow.usageIdentifierKey().get().reveal());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // writing to memory does not fail
        }
        return output.toByteArray();
    }

    private static void startPolicy(JsonGenerator json) throws IOException {
        json.writeFieldName("policyDocument");
        json.writeStartObject();
        json.writeStringField("Version", "2012-10-17");
        json.writeFieldName("Statement");
        json.writeStartArray();
    }

    private static void startStatement(JsonGenerator json, String effect) throws IOException {
        json.writeStartObject();
        json.writeStringField("Effect", effect);
        json.writeStringField("Action", "execute-api:Invoke");
    }

    private static void writeResources(
            JsonGenerator json, ExecuteApiArn arn, Collection<String> resources)
            throws IOException {
        json.writeFieldName("Resource");
        json.writeStartArray();
        for (String resource : resources) {
            json.writeString(arn.stage() + resource);
        }
        json.writeEndArray();
    }

    private static boolean fit(Collection<String> resources, ExecuteApiArn arn) {
        for (String resource : resources) {
            if (arn.stage().length() + resource.length() > RoutePolicy.RESOURCE_LIMIT) {
                return false;
            }
        }
        return true;
    }

    private static void endPolicy(JsonGenerator json) throws IOException {
        json.writeEndArray();
        json.writeEndObject();
    }

    /**
     * Joins the first names that fit, and leaves out the rest.
     *
     * @param room the bytes that they may take in JSON
     */
    private static String joined(Iterable<String> names, char separator, int room) {
        StringBuilder text = new StringBuilder();
        int left = room;
        for (String name : names) {
            if (name.indexOf(separator) >= 0) {
                continue; // it would look like two names
            }
            left -= JsonSize.of(name) + (text.isEmpty() ? 0 : 1);
            if (left < 0) {
                break;
            }
            if (!text.isEmpty()) {
                text.append(separator);
            }
            text.append(name);
        }
        return text.toString();
    }
}
