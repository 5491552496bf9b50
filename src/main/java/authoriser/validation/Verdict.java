package authoriser.validation;

import authoriser.config.Secret;
import authoriser.reason.Reason;
import java.util.Map;
import java.util.Optional;

/** What came of asking the validation service. */
public sealed interface Verdict {

    /**
     * The service said yes.
     *
     * @param context what it wants the backend to know, in the service's order
     * @param usageIdentifierKey the API key whose usage plan the request counts for
     */
    record Permitted(Map<String, String> context, Optional<Secret> usageIdentifierKey)
            implements Verdict {
        /** An Allow without a key. */
        public Permitted(Map<String, String> context) {
            this(context, Optional.empty());
        }
    }

    /**
     * The service judged and said no.
     *
     * @param why in its own words, not made safe for anything
     */
    record Refused(Optional<String> why) implements Verdict {}

    /**
     * Nobody judged.
     *
     * @param reason which of the services failed
     * @param detail what failed, for the log
     */
    record Unavailable(Reason reason, String detail) implements Verdict {}
}
