package authoriser.config;

import java.util.List;

/** The settings have problems. The message has all of them, and no secret. */
public final class InvalidSettings extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidSettings(List<String> problems) {
        super(
                "The settings are not usable:\n  - " + String.join("\n  - ", problems),
                null,
                false,
                false); // a stack trace would add nothing
    }
}
