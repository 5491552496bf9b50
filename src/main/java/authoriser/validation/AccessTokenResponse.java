package authoriser.validation;

import authoriser.json.Json;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.Duration;

/** The JSON that a token endpoint answers with (RFC 6749 section 5). */
final class AccessTokenResponse implements Json.Members {
    /** RFC 6749 section 5.1 only recommends that the answer holds {@code expires_in}. */
    private static final Duration DEFAULT_LIFE = Duration.ofMinutes(5);

    private String token = "";
    private String type = "";
    private Duration life = DEFAULT_LIFE;

    private AccessTokenResponse() {}

    /**
     * Reads a successful response (RFC 6749 section 5.1).
     *
     * @throws IOException if it is not a JSON object, or {@code access_token} or {@code token_type}
     *     is not a string
     */
    static AccessTokenResponse read(byte[] body) throws IOException {
        AccessTokenResponse response = new AccessTokenResponse();
        Json.readStrictly(body, response);
        return response;
    }

    /** Whether an error response (RFC 6749 section 5.2) says {@code invalid_client}. */
    static boolean saysInvalidClient(byte[] body) {
        ErrorCode error = new ErrorCode();
        try {
            Json.readStrictly(body, error);
        } catch (IOException e) {
            return false;
        }
        return error.invalidClient;
    }

    /** Whether there is a token, and {@code token_type} is Bearer or absent. */
    boolean isBearer() {
        return (type.isEmpty() || type.equalsIgnoreCase("Bearer")) && fitsHeader(token);
    }

    /** {@code access_token}; empty if there is none. */
    String token() {
        return token;
    }

    /** {@code expires_in}; five minutes if it is absent or cannot be a life. */
    Duration life() {
        return life;
    }

    @Override
    public void member(String name, JsonParser value) throws IOException {
        switch (name) {
            case "access_token" -> token = Json.string(value);
            case "token_type" -> {
                if (value.currentToken() != JsonToken.VALUE_NULL) {
                    type = Json.string(value);
                }
            }
            case "expires_in" -> {
                life = life(value);
                value.skipChildren();
            }
            default -> value.skipChildren();
        }
    }

    /**
     * A number, or a string, which some servers send. Zero and less count as absent, because every
     * request would otherwise fetch a token.
     */
    private static Duration life(JsonParser value) throws IOException {
        JsonToken type = value.currentToken();
        if (type != JsonToken.VALUE_STRING && !type.isNumeric()) {
            return DEFAULT_LIFE;
        }
        long seconds = (long) value.getValueAsDouble(0);
        return seconds <= 0 ? DEFAULT_LIFE : Duration.ofSeconds(seconds);
    }

    /** Whether a header can hold the token: visible ASCII characters (RFC 6750 section 2.1). */
    private static boolean fitsHeader(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= 0x20 || text.charAt(i) > 0x7e) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static final class ErrorCode implements Json.Members {
        private boolean invalidClient;

        @Override
        public void member(String name, JsonParser value) throws IOException {
            if (name.equals("error")) {
                invalidClient = "invalid_client".equals(value.getValueAsString());
            }
            value.skipChildren();
        }
    }
}
