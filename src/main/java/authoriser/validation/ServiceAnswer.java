package authoriser.validation;

import authoriser.config.Secret;
import authoriser.json.Json;
import authoriser.json.UnexpectedJson;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON of the validation service's answers.
 *
 * <p>Only {@code "allowed": true} allows and only {@code "allowed": false} refuses. An optional
 * member that is null counts as absent, because many serialisers write it so.
 */
final class ServiceAnswer implements Json.Members {
    /** The longest API key that API Gateway accepts (CreateApiKey, value), in characters. */
    private static final int KEY_LIMIT = 128;

    private @Nullable Boolean allowed;
    private @Nullable String reason;
    private final Map<String, String> context = new LinkedHashMap<>();
    private boolean contextUsable = true;
    private @Nullable Secret usageIdentifierKey;
    private boolean keyUsable = true;

    private ServiceAnswer() {}

    /**
     * Reads the body of a 2xx answer.
     *
     * @throws IOException if it is not a JSON object, if {@code allowed} is not a boolean, or if it
     *     is true and {@code context} is not an object of strings, numbers and booleans, or {@code
     *     usageIdentifierKey} cannot be an API key
     */
    static Verdict read(byte[] body) throws IOException {
        ServiceAnswer answer = parsed(body);
        if (answer.allowed == null) {
            throw new UnexpectedJson("allowed is missing, or is not a boolean");
        }
        if (!answer.allowed) {
            return answer.refusal();
        }
        if (!answer.contextUsable) {
            throw new UnexpectedJson("the context is not an object of texts, numbers, booleans");
        }
        if (!answer.keyUsable) {
            throw new UnexpectedJson("the usage identifier key is not an API key");
        }
        return new Verdict.Permitted(
                answer.context, Optional.ofNullable(answer.usageIdentifierKey));
    }

    /**
     * Reads the body of an answer whose status refuses: empty, or a JSON object that may hold a
     * {@code reason}. The types of its other members do not matter.
     *
     * @throws IOException if it is anything else
     */
    static Verdict.Refused readRefusal(byte[] body) throws IOException {
        return body.length == 0 ? new Verdict.Refused(Optional.empty()) : parsed(body).refusal();
    }

    private static ServiceAnswer parsed(byte[] body) throws IOException {
        ServiceAnswer answer = new ServiceAnswer();
        Json.readStrictly(body, answer);
        return answer;
    }

    private Verdict.Refused refusal() {
        return new Verdict.Refused(Optional.ofNullable(reason));
    }

    @Override
    public void member(String name, JsonParser value) throws IOException {
        switch (name) {
            case "allowed" -> {
                if (value.currentToken().isBoolean()) {
                    allowed = value.getBooleanValue();
                }
                value.skipChildren();
            }
            case "reason" -> {
                String text = Json.stringOrNull(value);
                reason = text == null || text.isBlank() ? null : text;
            }
            case "context" -> {
                if (value.currentToken() == JsonToken.START_OBJECT) {
                    Json.readMembers(value, this::contextValue);
                } else {
                    contextUsable &= value.currentToken() == JsonToken.VALUE_NULL;
                    value.skipChildren();
                }
            }
            case "usageIdentifierKey" -> usageIdentifierKey(value);
            default -> value.skipChildren();
        }
    }

    private void usageIdentifierKey(JsonParser value) throws IOException {
        boolean absent = value.currentToken() == JsonToken.VALUE_NULL;
        String text = Json.stringOrNull(value);
        if (text != null && isApiKey(text)) {
            usageIdentifierKey = new Secret(text);
        } else {
            keyUsable &= absent;
        }
    }

    /** Whether it has only visible ASCII characters, and no more than API Gateway accepts. */
    private static boolean isApiKey(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= 0x20 || text.charAt(i) > 0x7e) {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= KEY_LIMIT;
    }

    private void contextValue(String name, JsonParser value) throws IOException {
        JsonToken type = value.currentToken();
        if (type == JsonToken.VALUE_STRING || type.isNumeric() || type.isBoolean()) {
            String text = value.getText();
            contextUsable &= Json.isText(name) && Json.isText(text);
            context.put(name, text);
        } else {
            contextUsable = false;
            value.skipChildren();
        }
    }
}
