package authoriser.event;

import authoriser.token.BearerToken;

/** The content of the Authorization header. */
public sealed interface Credential {

    /** The kind: the compiler checks that a {@code switch} expression over it has every case. */
    Kind kind();

    /** The kinds, one for each of the types below. */
    enum Kind {
        BEARER,
        ABSENT,
        AMBIGUOUS
    }

    /** A bearer token (RFC 6750 section 2.1). */
    record Bearer(BearerToken token) implements Credential {
        @Override
        public Kind kind() {
            return Kind.BEARER;
        }
    }

    /** No bearer token: no Authorization header, an empty one, or one of another scheme. */
    record Absent() implements Credential {
        @Override
        public Kind kind() {
            return Kind.ABSENT;
        }
    }

    /** Several Authorization headers with different values. */
    record Ambiguous() implements Credential {
        @Override
        public Kind kind() {
            return Kind.AMBIGUOUS;
        }
    }
}
