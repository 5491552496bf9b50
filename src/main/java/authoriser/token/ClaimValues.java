package authoriser.token;

import authoriser.json.Json;
import authoriser.json.UnexpectedJson;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the claims that the settings name from a payload, whatever their types are. */
final class ClaimValues implements Json.Members {
    private final Set<String> names;
    private final Map<String, ClaimValue> found = new LinkedHashMap<>();

    private ClaimValues(Set<String> names) {
        this.names = names;
    }

    /**
     * Reads the claims of these names, in the token's order.
     *
     * @throws IOException if one of them holds half of a surrogate pair
     */
    static Map<String, ClaimValue> read(byte[] payload, Set<String> names) throws IOException {
        ClaimValues values = new ClaimValues(names);
        Json.readStrictly(payload, values);
        return values.found;
    }

    @Override
    public void member(String name, JsonParser value) throws IOException {
        if (!names.contains(name)) {
            value.skipChildren();
            return;
        }
        JsonToken type = value.currentToken();
        Optional<String> text =
                type == JsonToken.VALUE_STRING ? Optional.of(value.getText()) : Optional.empty();
        String json = Json.copy(value);
        if (!Json.isText(json)) {
            throw new UnexpectedJson("not text");
        }
        if (text.isEmpty() && type != JsonToken.VALUE_NULL) {
            text = Optional.of(json);
        }
        found.put(name, new ClaimValue(json, text));
    }
}
