package authoriser.event;

import authoriser.token.BearerToken;

/** What the request shows to say who it comes from. */
public sealed interface Credential {

    /** A bearer token (RFC 6750 section 2.1). */
    record Bearer(BearerToken token) implements Credential {}

    /** No bearer token: no Authorization header, an empty one, or one of another scheme. */
    record Absent() implements Credential {}

    /** Several Authorization headers that differ. */
    record Ambiguous() implements Credential {}
}
