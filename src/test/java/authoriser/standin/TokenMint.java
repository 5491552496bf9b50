package authoriser.standin;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Makes tokens of the stand-in issuer, with the claims that a request's query names: {@code
 * ?sub=jane&scope=orders/read&group=clerks&expires=-10}.
 */
public final class TokenMint {
    /** What a wrong query is answered with. */
    static final String PARAMETERS =
            """
            Parameters, all optional. An empty value leaves the claim out.
              sub          subject
              username     name of the user
              client_id    app client
              token_use    access (default) or id
              scope        scopes, separated by spaces; may be repeated
              group        groups, separated by spaces; may be repeated
              aud          audiences, separated by spaces; may be repeated
              expires      seconds from now until the token expires, such as 3600 (default) or -10
            """;

    /** The seconds of ten years. */
    private static final long LONGEST = 315_360_000;

    private static final Map<String, String> CLAIMS =
            Map.of(
                    "sub", "sub",
                    "username", "username",
                    "client_id", "client_id",
                    "token_use", "token_use",
                    "scope", "scope",
                    "group", "cognito:groups",
                    "aud", "aud",
                    "expires", "exp");
    private static final Set<String> LISTS = Set.of("scope", "group", "aud");

    private final Supplier<Tokens> tokens;

    /** Makes tokens with what is current at each request. */
    TokenMint(Supplier<Tokens> tokens) {
        this.tokens = tokens;
    }

    /** The query can't be used; the message says why. */
    private static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        Unusable(String message) {
            super(message);
        }
    }

    /** Answers with a token as plain text, or with status 400 and the list of parameters. */
    public StandInReply answer(ReceivedRequest request) {
        if (!request.method().equals("GET")) {
            return StandInReply.of(405, Map.of("Allow", "GET"), new byte[0]);
        }
        try {
            return text(200, token(parameters(request.uri().getRawQuery())) + "\n");
        } catch (Unusable e) {
            return text(400, e.getMessage() + "\n" + PARAMETERS);
        }
    }

    private String token(Map<String, List<String>> parameters) throws Unusable {
        Tokens current = tokens.get();
        boolean id = one(parameters, "token_use", "access").equals("id");
        Map<String, Object> changes = new TreeMap<>();
        for (Map.Entry<String, List<String>> parameter : parameters.entrySet()) {
            changes.put(
                    CLAIMS.get(parameter.getKey()), claim(parameter, current.clock().instant()));
        }
        UnaryOperator<Map<String, Object>> change = claims -> changed(claims, changes);
        return id ? current.id(change) : current.access(change);
    }

    private static Map<String, Object> changed(
            Map<String, Object> claims, Map<String, Object> changes) {
        changes.forEach((name, value) -> {
            if (value.equals("") || value.equals(List.of())) {
                claims.remove(name);
            } else {
                claims.put(name, value);
            }
        });
        // What has expired was issued before that
        long now = (long) claims.get("iat");
        long end = (long) claims.get("exp");
        if (end <= now) {
            claims.put("iat", end - Tokens.LIFETIME.toSeconds());
            claims.put("auth_time", end - Tokens.LIFETIME.toSeconds());
        }
        return claims;
    }

    private static Object claim(Map.Entry<String, List<String>> parameter, Instant now)
            throws Unusable {
        String name = parameter.getKey();
        List<String> values = parameter.getValue();
        if (LISTS.contains(name)) {
            List<String> words =
                    values.stream()
                            .flatMap(value -> List.of(value.split(" +")).stream())
                            .filter(word -> !word.isEmpty())
                            .toList();
            return switch (name) {
                case "scope" -> String.join(" ", words);
                case "aud" -> words.size() == 1 ? words.getFirst() : words;
                default -> words;
            };
        }
        if (values.size() > 1) {
            throw new Unusable(name + " is there twice.");
        }
        String value = values.getFirst();
        if (name.equals("expires")) {
            return now.getEpochSecond() + seconds(value);
        }
        if (name.equals("token_use") && !Set.of("access", "id").contains(value)) {
            throw new Unusable("token_use must be access or id.");
        }
        return value;
    }

    private static long seconds(String value) throws Unusable {
        try {
            long seconds = Long.parseLong(value);
            if (seconds >= -LONGEST && seconds <= LONGEST) {
                return seconds;
            }
        } catch (NumberFormatException e) {
            // The same message as for a number out of range
        }
        throw new Unusable("expires must be a whole number of seconds, at most ten years.");
    }

    private static String one(Map<String, List<String>> parameters, String name, String otherwise) {
        return parameters.getOrDefault(name, List.of(otherwise)).getFirst();
    }

    private static Map<String, List<String>> parameters(String query) throws Unusable {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        if (query == null || query.isEmpty()) {
            return parameters;
        }
        for (String field : query.split("&")) {
            String[] nameAndValue = field.split("=", 2);
            String name = decoded(nameAndValue[0]);
            if (!CLAIMS.containsKey(name)) {
                throw new Unusable("The query has an unknown parameter.");
            }
            parameters
                    .computeIfAbsent(name, _ -> new ArrayList<>())
                    .add(nameAndValue.length < 2 ? "" : decoded(nameAndValue[1]));
        }
        return parameters;
    }

    private static String decoded(String text) throws Unusable {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Unusable("The query has a % without two hexadecimal digits.");
        }
    }

    private static StandInReply text(int status, String body) {
        return StandInReply.of(
                status,
                Map.of(
                        "Content-Type", "text/plain; charset=utf-8",
                        "Cache-Control", "no-store",
                        "X-Content-Type-Options", "nosniff"),
                body.getBytes(StandardCharsets.UTF_8));
    }
}
