package authoriser.validation;

import authoriser.json.Json;
import authoriser.json.UnexpectedJson;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The JSON that the validation service answers with. */
final class ServiceAnswer implements Json.Members {
    private boolean allowed = true;
    private @Nullable String reason;
    private final Map<String, String> context = new LinkedHashMap<>();

    private ServiceAnswer() {}

    /**
     * Reads the body of a 2xx answer; an empty one allows.
     *
     * @throws IOException if it is not an object, {@code allowed} is no boolean, or {@code context}
     *     is anything but an object of strings, numbers and booleans
     */
    static Verdict read(byte[] body) throws IOException {
        ServiceAnswer answer = new ServiceAnswer();
        if (body.length > 0) {
            Json.readStrictly(body, answer);
        }
        return answer.allowed
                ? new Verdict.Permitted(answer.context)
                : new Verdict.Refused(Optional.ofNullable(answer.reason));
    }

    /** Reads what a refusal's body gives as its reason, if it does. */
    static Optional<String> reasonIn(byte[] body) {
        ServiceAnswer answer = new ServiceAnswer();
        try {
            Json.readStrictly(body, answer);
        } catch (IOException e) {
            return Optional.empty();
        }
        return Optional.ofNullable(answer.reason);
    }

    @Override
    public void member(String name, JsonParser value) throws IOException {
        switch (name) {
            case "allowed" -> {
                if (!value.currentToken().isBoolean()) {
                    throw new UnexpectedJson("not a boolean");
                }
                allowed = value.getBooleanValue();
            }
            case "reason" -> reason = Json.stringOrNull(value);
            case "context" -> {
                if (value.currentToken() != JsonToken.START_OBJECT) {
                    throw new UnexpectedJson("not an object");
                }
                Json.readMembers(value, this::contextValue);
            }
            default -> value.skipChildren();
        }
    }

    private void contextValue(String name, JsonParser value) throws IOException {
        JsonToken type = value.currentToken();
        if (type != JsonToken.VALUE_STRING && !type.isNumeric() && !type.isBoolean()) {
            throw new UnexpectedJson("neither string nor number nor boolean");
        }
        context.put(name, value.getText());
    }
}
