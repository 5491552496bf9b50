package authoriser.validation;

import authoriser.reason.Reason;
import java.util.Map;
import java.util.Optional;

/** What came of asking the validation service. */
public sealed interface Verdict {

    /**
     * The service said yes.
     *
     * @param context what it wants the backend to know, in the service's order
     */
    record Permitted(Map<String, String> context) implements Verdict {}

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
