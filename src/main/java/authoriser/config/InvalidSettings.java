package authoriser.config;

import java.util.List;

/** Tells every problem of the settings at once, and no secret. */
public final class InvalidSettings extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidSettings(List<String> problems) {
        super(
                "The settings are not usable:\n  - " + String.join("\n  - ", problems),
                null,
                false,
                false); // the message says it all
    }
}
