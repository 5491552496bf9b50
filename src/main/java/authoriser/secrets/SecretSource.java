package authoriser.secrets;

import authoriser.config.Secret;
import authoriser.time.Deadline;

/** Gives the client secret. Only one thread at a time may use it. */
public interface SecretSource {

    /** A secret, or the reason why it could not be read. */
    sealed interface Reading {
        /**
         * The kind: the compiler checks that a {@code switch} expression over it has every case.
         */
        Kind kind();

        /** The kinds, one for each of the types below. */
        enum Kind {
            READ,
            FAILED
        }

        /** The secret. */
        record Read(Secret secret) implements Reading {
            @Override
            public Kind kind() {
                return Kind.READ;
            }
        }

        /** No secret; {@code detail} is for the log. */
        record Failed(String detail) implements Reading {
            @Override
            public Kind kind() {
                return Kind.FAILED;
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
