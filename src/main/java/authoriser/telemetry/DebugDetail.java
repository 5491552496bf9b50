package authoriser.telemetry;

import authoriser.config.Config;
import authoriser.decision.Decision;
import authoriser.event.AccessRequest;
import authoriser.event.Credential;
import authoriser.event.Headers;
import authoriser.token.VerifiedToken;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * More detail in the log lines of some callers, or of a share of the requests.
 *
 * <p>It holds claims of verified tokens, the names and lengths of headers, and the names of context
 * keys. It never holds a token, a secret, or a value of a header or of the context.
 */
final class DebugDetail {
    /** The most entries of a list that are written. */
    private static final int LIST_LIMIT = 20;

    private final Config.Logging logging;

    DebugDetail(Config.Logging logging) {
        this.logging = logging;
    }

    /**
     * Whether the line of this request has more detail. The share is taken by the id of the
     * invocation.
     */
    boolean applies(Optional<VerifiedToken> caller, String requestId) {
        if (logging.debugPercent() > 0
                && Math.floorMod(requestId.hashCode(), 100) < logging.debugPercent()) {
            return true;
        }
        return !logging.debugCallers().isEmpty()
                && caller.isPresent()
                && (logging.debugCallers().contains(caller.get().subject())
                        || logging.debugCallers().contains(caller.get().clientId()));
    }

    /** Writes the member {@code debug}. */
    void write(JsonGenerator json, Decision decision, Optional<AccessRequest> request, long now)
            throws IOException {
        json.writeFieldName("debug");
        json.writeStartObject();
        if (request.isPresent()) {
            write(json, request.get());
        }
        Optional<VerifiedToken> caller = decision.caller();
        if (caller.isPresent()) {
            VerifiedToken token = caller.get();
            json.writeStringField("issuer", token.issuer());
            json.writeNumberField("expiresInSeconds", token.expiresAt() - now / 1_000);
            writeList(json, "scopes", token.scopes());
            writeList(json, "groups", token.groups());
        }
        switch (decision.outcome()) {
            case ALLOW -> {
                Decision.Allow allow = (Decision.Allow) decision;
                writeList(json, "contextKeys", allow.context().keySet());
                json.writeBooleanField(
                        "usageIdentifierKey", allow.usageIdentifierKey().isPresent());
            }
            case UNAUTHENTICATED, FORBIDDEN, UNDECIDED -> {}
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, AccessRequest request) throws IOException {
        json.writeStringField("stage", request.arn().stage());
        Credential credential = request.credential();
        switch (credential.kind()) {
            case BEARER ->
                    json.writeNumberField(
                            "tokenLength", ((Credential.Bearer) credential).token().length());
            case ABSENT -> json.writeStringField("token", "absent");
            case AMBIGUOUS -> json.writeStringField("token", "ambiguous");
        }
        Headers headers = request.headers();
        switch (headers.kind()) {
            case COMPLETE -> {
                json.writeFieldName("headerLengths");
                json.writeStartObject();
                for (Map.Entry<String, String> header :
                        ((Headers.Complete) headers).values().entrySet()) {
                    json.writeNumberField(header.getKey(), header.getValue().length());
                }
                json.writeEndObject();
            }
            case MISSING ->
                    json.writeStringField("headerMissing", ((Headers.Missing) headers).name());
            case AMBIGUOUS ->
                    json.writeStringField("headerAmbiguous", ((Headers.Ambiguous) headers).name());
        }
    }

    private static void writeList(JsonGenerator json, String name, Iterable<String> entries)
            throws IOException {
        json.writeFieldName(name);
        json.writeStartArray();
        int left = LIST_LIMIT;
        for (String entry : entries) {
            if (left-- == 0) {
                break;
            }
            json.writeString(entry);
        }
        json.writeEndArray();
    }
}
