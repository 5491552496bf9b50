package authoriser.event;

import java.util.Map;
import java.util.function.Function;

/** The headers that the validation service checks, as they were received. */
public sealed interface Headers {

    /** Applies the function for the case that this is. */
    <T> T match(
            Function<Complete, T> complete,
            Function<Missing, T> missing,
            Function<Ambiguous, T> ambiguous);

    /**
     * Every header is present and has one value.
     *
     * @param values by lower-case name, in the order of the setting
     */
    record Complete(Map<String, String> values) implements Headers {
        @Override
        public <T> T match(
                Function<Complete, T> complete,
                Function<Missing, T> missing,
                Function<Ambiguous, T> ambiguous) {
            return complete.apply(this);
        }

        /** Shows the names of the headers and no value. */
        @Override
        public String toString() {
            return "Complete" + values.keySet();
        }
    }

    /** A header is missing or empty; {@code name} is spelt as in the setting. */
    record Missing(String name) implements Headers {
        @Override
        public <T> T match(
                Function<Complete, T> complete,
                Function<Missing, T> missing,
                Function<Ambiguous, T> ambiguous) {
            return missing.apply(this);
        }
    }

    /** A header has several different values; {@code name} is spelt as in the setting. */
    record Ambiguous(String name) implements Headers {
        @Override
        public <T> T match(
                Function<Complete, T> complete,
                Function<Missing, T> missing,
                Function<Ambiguous, T> ambiguous) {
            return ambiguous.apply(this);
        }
    }
}
