package authoriser.validation;

import authoriser.config.Secret;
import authoriser.reason.Reason;
import java.util.Map;
import java.util.Optional;

/** The result of asking the validation service. */
public sealed interface Verdict {

    /** The kind of this verdict; a {@code switch} over it is checked for missing cases. */
    Kind kind();

    /** The kinds of verdicts, one for each of the types below. */
    enum Kind {
        PERMITTED,
        REFUSED,
        UNAVAILABLE
    }

    /**
     * The service allows the request.
     *
     * @param context values for the backend, in the order of the service's answer
     * @param usageIdentifierKey the API key whose usage plan the request counts for
     */
    record Permitted(Map<String, String> context, Optional<Secret> usageIdentifierKey)
            implements Verdict {
        /** An Allow without a key. */
        public Permitted(Map<String, String> context) {
            this(context, Optional.empty());
        }

        @Override
        public Kind kind() {
            return Kind.PERMITTED;
        }
    }

    /**
     * The service refuses the request.
     *
     * @param why the service's own text, which may hold any characters
     */
    record Refused(Optional<String> why) implements Verdict {
        @Override
        public Kind kind() {
            return Kind.REFUSED;
        }
    }

    /**
     * There is no answer that allows or refuses.
     *
     * @param reason which service failed
     * @param detail what failed, for the log
     */
    record Unavailable(Reason reason, String detail) implements Verdict {
        @Override
        public Kind kind() {
            return Kind.UNAVAILABLE;
        }
    }
}
