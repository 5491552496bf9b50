package authoriser.runtime;

import authoriser.standin.ReceivedRequest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Searches output for secrets: complete ones, parts of them, and base64.
 *
 * <p>A finding has the kind of the secret but not its value, because test reports are printed, too.
 */
final class Leaks {
    /** The shortest part of a token that cannot be a coincidence. */
    private static final int PIECE = 12;

    private static final String VALUE = "the value of ";

    /** The secret headers of the events. Other headers, such as Host, are not secret. */
    private static final Set<String> DECIDING = Set.of("x-tenant-id", "x-channel");

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Parts of secrets, each with the kind of its secret. */
    private final Map<String, String> pieces = new HashMap<>();

    private final List<String> shown = new ArrayList<>();
    private final List<String> answered = new ArrayList<>();

    /** Adds the token and the header values of an event, if the text is an event. */
    synchronized void event(byte[] event) {
        JsonNode tree;
        try {
            tree = JSON.readTree(event);
        } catch (IOException e) {
            return;
        }
        for (String holder : List.of("headers", "multiValueHeaders")) {
            for (Map.Entry<String, JsonNode> header : tree.path(holder).properties()) {
                List<String> values = new ArrayList<>();
                if (header.getValue().isTextual()) {
                    values.add(header.getValue().asText());
                }
                header.getValue().forEach(value -> values.add(value.asText()));
                values.forEach(value -> header(header.getKey(), value));
            }
        }
    }

    /** Adds the credentials that a stand-in received. */
    synchronized void request(ReceivedRequest request) {
        request.headerValues("Authorization").forEach(value -> header("Authorization", value));
    }

    /** Adds a short secret that is used unchanged. */
    synchronized void secret(String secret) {
        add("a secret", secret, secret.length());
        byte[] utf8 = secret.getBytes(StandardCharsets.UTF_8);
        for (int offset = 0; offset < 3; offset++) {
            // In base64, a text is different at each position in a group of three bytes
            byte[] moved = new byte[utf8.length + offset];
            System.arraycopy(utf8, 0, moved, offset, utf8.length);
            String encoded = Base64.getEncoder().withoutPadding().encodeToString(moved);
            String inner = encoded.substring(4, encoded.length() - 2);
            add("a secret in base64", inner, Math.min(PIECE, inner.length()));
        }
    }

    /** Adds printed text. */
    synchronized void shown(String text) {
        shown.add(text);
    }

    /** Adds a response, in which the validation service may repeat the value of a header. */
    synchronized void answered(String text) {
        answered.add(text);
    }

    /** The kinds of secrets that were found. */
    synchronized Set<String> found() {
        Set<String> found = search(answered);
        found.removeIf(kind -> kind.startsWith(VALUE));
        found.addAll(search(shown));
        return found;
    }

    private Set<String> search(List<String> texts) {
        Set<String> found = new TreeSet<>();
        Set<Integer> lengths = new TreeSet<>();
        pieces.keySet().forEach(piece -> lengths.add(piece.length()));
        for (String text : texts) {
            for (int length : lengths) {
                for (int i = 0; i + length <= text.length(); i++) {
                    Optional.ofNullable(pieces.get(text.substring(i, i + length)))
                            .ifPresent(found::add);
                }
            }
        }
        return found;
    }

    private void header(String name, String value) {
        if (value.length() < PIECE) {
            return;
        }
        if (name.equalsIgnoreCase("Authorization")) {
            String credential = value.substring(value.indexOf(' ') + 1);
            add("a credential", credential, Math.min(PIECE, credential.length()));
            claims(credential);
        } else if (DECIDING.contains(name.toLowerCase(Locale.ROOT))) {
            add(VALUE + name, value, value.length());
        }
    }

    /** The ids in the claims of a token identify the token, and are treated as parts of it. */
    private void claims(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            return;
        }
        try {
            JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
            for (String claim : List.of("jti", "origin_jti", "event_id")) {
                String id = claims.path(claim).asText();
                if (id.length() >= PIECE) {
                    add("the claim " + claim, id, id.length());
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            // There are no claims, but the text itself was added
        }
    }

    /** Adds parts of this length with such overlap that each longer part contains one. */
    private void add(String what, String secret, int length) {
        if (length == 0) {
            return;
        }
        int step = Math.max(1, length / 2);
        for (int i = 0; i + length <= secret.length(); i += step) {
            pieces.put(secret.substring(i, i + length), what);
        }
        pieces.put(secret.substring(secret.length() - length), what);
    }
}
