package authoriser.token;

import authoriser.json.Json;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;

/** Makes a token like a caller's but for its signature, which is no one's. */
final class MadeUpToken {
    /** The length of a signature by a 2048-bit key. */
    private static final int SIGNATURE_LENGTH = 256;

    private MadeUpToken() {}

    static BearerToken of(String issuer, String keyId, String clientId, long now) {
        try {
            ByteArrayOutputStream header = new ByteArrayOutputStream();
            try (JsonGenerator json = Json.generator(header)) {
                json.writeStartObject();
                json.writeStringField("kid", keyId);
                json.writeStringField("alg", "RS256");
                json.writeEndObject();
            }
            ByteArrayOutputStream payload = new ByteArrayOutputStream();
            try (JsonGenerator json = Json.generator(payload)) {
                json.writeStartObject();
                json.writeStringField("sub", "rehearsal");
                json.writeStringField("iss", issuer);
                json.writeStringField("client_id", clientId);
                json.writeStringField("token_use", "access");
                json.writeStringField("scope", "rehearsal");
                json.writeNumberField("iat", now);
                json.writeNumberField("exp", now + 60);
                json.writeEndObject();
            }
            byte[] signature = new byte[SIGNATURE_LENGTH];
            signature[SIGNATURE_LENGTH - 1] = 2;
            Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
            return new BearerToken(
                    encoder.encodeToString(header.toByteArray())
                            + "."
                            + encoder.encodeToString(payload.toByteArray())
                            + "."
                            + encoder.encodeToString(signature));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
