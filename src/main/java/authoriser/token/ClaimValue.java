package authoriser.token;

import java.util.Optional;

/**
 * The value of a claim, of any JSON type.
 *
 * @param json the value in compact JSON
 * @param text a string as it is, any other value in compact JSON; empty for null
 */
public record ClaimValue(String json, Optional<String> text) {}
