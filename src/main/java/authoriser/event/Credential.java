package authoriser.event;

import authoriser.token.BearerToken;
import java.util.function.Function;

/** The content of the Authorization header. */
public sealed interface Credential {

    /** Applies the function for the case that this is. */
    <T> T match(
            Function<Bearer, T> bearer,
            Function<Absent, T> absent,
            Function<Ambiguous, T> ambiguous);

    /** A bearer token (RFC 6750 section 2.1). */
    record Bearer(BearerToken token) implements Credential {
        @Override
        public <T> T match(
                Function<Bearer, T> bearer,
                Function<Absent, T> absent,
                Function<Ambiguous, T> ambiguous) {
            return bearer.apply(this);
        }
    }

    /** No bearer token: no Authorization header, an empty one, or one of another scheme. */
    record Absent() implements Credential {
        @Override
        public <T> T match(
                Function<Bearer, T> bearer,
                Function<Absent, T> absent,
                Function<Ambiguous, T> ambiguous) {
            return absent.apply(this);
        }
    }

    /** Several Authorization headers with different values. */
    record Ambiguous() implements Credential {
        @Override
        public <T> T match(
                Function<Bearer, T> bearer,
                Function<Absent, T> absent,
                Function<Ambiguous, T> ambiguous) {
            return ambiguous.apply(this);
        }
    }
}
