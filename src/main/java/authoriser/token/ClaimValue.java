package authoriser.token;

import java.util.Optional;

/**
 * A claim's value, of whatever JSON type, handed on without being interpreted.
 *
 * @param json as compact JSON
 * @param text as text: a string as it is, a number or boolean in its JSON form, an array or object
 *     as JSON; empty for null
 */
public record ClaimValue(String json, Optional<String> text) {}
