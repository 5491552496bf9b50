package authoriser.secrets;

import authoriser.config.Secret;
import authoriser.timing.Deadline;
import java.util.function.Function;

/** Gives the client secret. Only one thread at a time may use it. */
public interface SecretSource {

    /** A secret, or the reason for not having it. */
    sealed interface Reading {
        /** Applies the function for the case that this is. */
        <T> T match(Function<Read, T> read, Function<Failed, T> failed);

        /** The secret. */
        record Read(Secret secret) implements Reading {
            @Override
            public <T> T match(Function<Read, T> read, Function<Failed, T> failed) {
                return read.apply(this);
            }
        }

        /** No secret; {@code detail} is for the log. */
        record Failed(String detail) implements Reading {
            @Override
            public <T> T match(Function<Read, T> read, Function<Failed, T> failed) {
                return failed.apply(this);
            }
        }
    }

    /** The secret as it was last read. */
    Reading current(Deadline deadline);

    /** Whether {@link #reread} may give another secret than {@link #current}. */
    boolean rereadable();

    /** Reads the secret again. */
    Reading reread(Deadline deadline);

    /** A secret that the settings hold. */
    static SecretSource fixed(Secret secret) {
        Reading reading = new Reading.Read(secret);
        return new SecretSource() {
            @Override
            public Reading current(Deadline deadline) {
                return reading;
            }

            @Override
            public boolean rereadable() {
                return false;
            }

            @Override
            public Reading reread(Deadline deadline) {
                return reading;
            }
        };
    }
}
