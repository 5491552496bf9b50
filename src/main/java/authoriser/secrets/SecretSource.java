package authoriser.secrets;

import authoriser.config.Secret;
import authoriser.timing.Deadline;
import java.util.function.Function;

/** Where the client secret comes from; not asked by two threads at a time. */
public interface SecretSource {

    /** A secret, or why there is none. */
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

    /** The secret as last read. */
    Reading current(Deadline deadline);

    /** Whether {@link #reread} may give another secret than {@link #current}. */
    boolean rereadable();

    /** The secret as it is now at its source. */
    Reading reread(Deadline deadline);

    /** A secret that stands in the settings. */
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
