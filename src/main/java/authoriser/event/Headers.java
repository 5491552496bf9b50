package authoriser.event;

import java.util.Map;

/** The headers that the validation service is to judge, as they came. */
public sealed interface Headers {

    /**
     * Each is there, with one value.
     *
     * @param values by lower-case name, in the order of the setting
     */
    record Complete(Map<String, String> values) implements Headers {
        /** Names the headers and none of their values. */
        @Override
        public String toString() {
            return "Complete" + values.keySet();
        }
    }

    /** One is missing or empty; {@code name} is spelt as in the setting. */
    record Missing(String name) implements Headers {}

    /** One comes more than once, with different values; {@code name} is spelt as in the setting. */
    record Ambiguous(String name) implements Headers {}
}
