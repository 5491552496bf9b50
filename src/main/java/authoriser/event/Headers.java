package authoriser.event;

import java.util.Map;

/** The headers that the validation service checks, as they were received. */
public sealed interface Headers {

    /** The kind: the compiler checks that a {@code switch} expression over it has every case. */
    Kind kind();

    /** The kinds, one for each of the types below. */
    enum Kind {
        COMPLETE,
        MISSING,
        AMBIGUOUS
    }

    /**
     * Every header is present and has one value.
     *
     * @param values by lower-case name, in the order of the setting
     */
    record Complete(Map<String, String> values) implements Headers {
        @Override
        public Kind kind() {
            return Kind.COMPLETE;
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
        public Kind kind() {
            return Kind.MISSING;
        }
    }

    /** A header has several different values; {@code name} is spelt as in the setting. */
    record Ambiguous(String name) implements Headers {
        @Override
        public Kind kind() {
            return Kind.AMBIGUOUS;
        }
    }
}
