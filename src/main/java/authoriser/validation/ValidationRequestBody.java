package authoriser.validation;

import authoriser.json.Json;
import authoriser.token.ClaimValue;
import authoriser.token.VerifiedToken;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * Writes the body of a request to the validation service: the caller and the header values.
 *
 * <p>It depends only on API Gateway's cache key, which is the Authorization header and the
 * validated headers. So a cached answer is right for every request that it is used for.
 */
final class ValidationRequestBody {

    private ValidationRequestBody() {}

    /**
     * Writes the JSON of the body.
     *
     * @param headers values by lower-case name
     * @param claims the names of the claims to send; empty for none
     */
    static byte[] write(VerifiedToken token, Map<String, String> headers, List<String> claims) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(512);
        try (JsonGenerator json = Json.generator(body)) {
            json.writeStartObject();
            json.writeFieldName("principal");
            json.writeStartObject();
            json.writeStringField("issuer", token.issuer());
            json.writeStringField("subject", token.subject());
            if (token.username().isPresent()) {
                json.writeStringField("username", token.username().get());
            }
            json.writeStringField("clientId", token.clientId());
            writeStrings(json, "scopes", token.scopes());
            writeStrings(json, "groups", token.groups());
            if (!claims.isEmpty()) {
                writeClaims(json, token, claims);
            }
            json.writeEndObject();
            json.writeFieldName("headers");
            json.writeStartObject();
            for (Map.Entry<String, String> header : headers.entrySet()) {
                json.writeStringField(header.getKey(), header.getValue());
            }
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // writing to memory does not fail
        }
        return body.toByteArray();
    }

    private static void writeClaims(JsonGenerator json, VerifiedToken token, List<String> claims)
            throws IOException {
        json.writeFieldName("claims");
        json.writeStartObject();
        for (String name : claims) {
            ClaimValue value = token.claims().get(name);
            if (value != null) {
                json.writeFieldName(name);
                json.writeRawValue(value.json());
            }
        }
        json.writeEndObject();
    }

    private static void writeStrings(JsonGenerator json, String name, Iterable<String> strings)
            throws IOException {
        json.writeFieldName(name);
        json.writeStartArray();
        for (String string : strings) {
            json.writeString(string);
        }
        json.writeEndArray();
    }
}
