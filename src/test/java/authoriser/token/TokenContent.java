package authoriser.token;

import authoriser.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * What a token holds, for a person: nothing here accepts or refuses a token.
 *
 * @param length in characters
 * @param header the JOSE header, or a missing node if it cannot be read
 * @param claims the payload, or a missing node if it cannot be read
 */
public record TokenContent(int length, JsonNode header, JsonNode claims) {

    /** Reads what can be read of a token. */
    public static TokenContent of(BearerToken token) {
        String[] parts = token.value().split("\\.", -1);
        return new TokenContent(token.value().length(), part(parts, 0), part(parts, 1));
    }

    private static JsonNode part(String[] parts, int index) {
        try {
            JsonNode node =
                    new ObjectMapper().readTree(Base64.getUrlDecoder().decode(parts[index]));
            return node == null ? MissingNode.getInstance() : node;
        } catch (IOException | IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            return MissingNode.getInstance();
        }
    }

    /** Which rule of the form a token breaks, found by the function's own readers. */
    public static String fault(BearerToken bearer) {
        String token = bearer.value();
        if (token.length() > CompactJws.SIZE_LIMIT) {
            return "it has "
                    + token.length()
                    + " characters; at most "
                    + CompactJws.SIZE_LIMIT
                    + " are accepted";
        }
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            return "it has "
                    + parts.length
                    + (parts.length == 1 ? " part" : " parts")
                    + "; three are needed, with dots between them";
        }
        String[] names = {"header", "payload", "signature"};
        byte[][] decoded = new byte[3][];
        for (int i = 0; i < 3; i++) {
            byte[] text = parts[i].getBytes(StandardCharsets.ISO_8859_1);
            try {
                decoded[i] = Base64Url.decode(text, 0, text.length);
            } catch (IOException e) {
                return "its " + names[i] + " is not canonical base64url";
            }
        }
        for (int i = 0; i < 2; i++) {
            try {
                Json.readStrictly(decoded[i], (name, value) -> value.skipChildren());
            } catch (IOException e) {
                return "its " + names[i] + " is not one JSON object in UTF-8 with unique names";
            }
        }
        TokenContent content = of(bearer);
        for (String name : new String[] {"crit", "b64", "zip", "cty"}) {
            if (content.header().has(name)) {
                return "its header has " + name + ", which must be refused";
            }
        }
        if (!content.header().path("kid").isTextual()) {
            return "its header has no kid that is a string";
        }
        try {
            Claims claims = Claims.read(decoded[1]);
            if (claims.subject().isEmpty()) {
                return "it has no sub";
            }
            return claims.expiresAt().isEmpty() ? "it has no exp" : "its kid is not accepted";
        } catch (IOException e) {
            return "a claim has a wrong type or an impossible value";
        }
    }
}
