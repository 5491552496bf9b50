package authoriser.event;

import java.util.Map;
import java.util.function.Function;

/** The headers that the validation service is to judge, as they came. */
public sealed interface Headers {

    /** Applies the function for the case that this is. */
    <T> T match(
            Function<Complete, T> complete,
            Function<Missing, T> missing,
            Function<Ambiguous, T> ambiguous);

    /**
     * Each is there, with one value.
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

        /** Names the headers and none of their values. */
        @Override
        public String toString() {
            return "Complete" + values.keySet();
        }
    }

    /** One is missing or empty; {@code name} is spelt as in the setting. */
    record Missing(String name) implements Headers {
        @Override
        public <T> T match(
                Function<Complete, T> complete,
                Function<Missing, T> missing,
                Function<Ambiguous, T> ambiguous) {
            return missing.apply(this);
        }
    }

    /** One comes more than once, with different values; {@code name} is spelt as in the setting. */
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
