package authoriser.token;

import authoriser.json.Json;
import authoriser.json.UnexpectedJson;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The claims of a token. Each has the right JSON type. Their values have not been checked.
 *
 * <p>A text claim that is absent is an empty string, which passes no check.
 */
final class Claims implements Json.Members {
    /**
     * The end of the year 9999. Later times are mistakes, and have more digits than a timestamp.
     */
    private static final long LAST_SECOND = 253_402_300_799L;

    /**
     * OpenID Connect Core 1.0 section 2 allows a subject of 255 characters; Cognito's names have at
     * most 128.
     */
    private static final int NAME_LIMIT = 255;

    private String issuer = "";
    private String use = "";
    private String clientId = "";
    private String subject = "";
    private @Nullable String username;
    private Set<String> scopes = Set.of();
    private List<String> groups = List.of();
    private @Nullable List<String> audiences;
    private boolean bound;
    private @Nullable Double expiresAt;
    private double notBefore;
    private double issuedAt;

    private Claims() {}

    /**
     * Reads a token's payload.
     *
     * @throws IOException if it is not a JSON object, or a claim has a wrong type or an impossible
     *     length
     */
    static Claims read(byte[] payload) throws IOException {
        Claims claims = new Claims();
        Json.readStrictly(payload, claims);
        return claims;
    }

    @Override
    public void member(String name, JsonParser value) throws IOException {
        switch (name) {
            case "iss" -> issuer = Json.string(value);
            case "token_use" -> use = Json.string(value);
            case "client_id" -> clientId = name(value);
            case "sub" -> subject = name(value);
            case "username" -> username = name(value);
            case "scope" -> scopes = words(Json.string(value));
            case "cognito:groups" -> groups = strings(value);
            case "aud" -> audiences = audiences(value);
            case "cnf" -> {
                bound = true;
                value.skipChildren();
            }
            case "exp" -> expiresAt = numericDate(value);
            case "nbf" -> notBefore = numericDate(value);
            case "iat" -> issuedAt = numericDate(value);
            default -> value.skipChildren();
        }
    }

    String issuer() {
        return issuer;
    }

    String use() {
        return use;
    }

    String clientId() {
        return clientId;
    }

    String subject() {
        return subject;
    }

    Optional<String> username() {
        return Optional.ofNullable(username);
    }

    Set<String> scopes() {
        return scopes;
    }

    List<String> groups() {
        return groups;
    }

    /** {@code aud} (RFC 7519 section 4.1.3); empty if there is none. */
    Optional<List<String>> audiences() {
        return Optional.ofNullable(audiences);
    }

    /** Whether there is {@code cnf}, which binds a token to a key of its holder (RFC 7800). */
    boolean bound() {
        return bound;
    }

    /** {@code exp} in seconds; empty if there is none. */
    Optional<Double> expiresAt() {
        return Optional.ofNullable(expiresAt);
    }

    /** {@code nbf} in seconds; 0 if there is none. */
    double notBefore() {
        return notBefore;
    }

    /** {@code iat} in seconds; 0 if there is none. */
    double issuedAt() {
        return issuedAt;
    }

    private static String name(JsonParser value) throws IOException {
        String text = Json.string(value);
        if (text.length() > NAME_LIMIT) {
            throw new UnexpectedJson("too long");
        }
        return text;
    }

    /** A NumericDate (RFC 7519 section 2): seconds, perhaps with a fraction. */
    private static double numericDate(JsonParser value) throws IOException {
        if (!value.currentToken().isNumeric()) {
            throw new UnexpectedJson("not a number");
        }
        double seconds = value.getDoubleValue();
        if (!(seconds >= 0 && seconds <= LAST_SECOND)) {
            throw new UnexpectedJson("not a time");
        }
        return seconds;
    }

    /** A list with single spaces between its words (RFC 6749 section 3.3). */
    private static Set<String> words(String text) {
        Set<String> words = new LinkedHashSet<>();
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf(' ', start);
            end = end < 0 ? text.length() : end;
            if (end > start) {
                words.add(text.substring(start, end));
            }
            start = end + 1;
        }
        return words;
    }

    /** One string, or an array of strings. */
    private static List<String> audiences(JsonParser value) throws IOException {
        return value.currentToken() == JsonToken.VALUE_STRING
                ? List.of(Json.string(value))
                : strings(value);
    }

    private static List<String> strings(JsonParser value) throws IOException {
        if (value.currentToken() != JsonToken.START_ARRAY) {
            throw new UnexpectedJson("not an array");
        }
        List<String> strings = new ArrayList<>();
        while (value.nextToken() != JsonToken.END_ARRAY) {
            strings.add(Json.string(value));
        }
        return strings;
    }
}
