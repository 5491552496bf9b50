package authoriser.event;

import java.util.Optional;

/**
 * The stage of an API, taken from the ARN of a request: {@code
 * arn:PARTITION:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/PATH}, or {@code …/STAGE/$connect} for
 * a WebSocket API.
 *
 * <p>The caller chooses the path, which may hold anything and is never used.
 *
 * @param stage the ARN up to the end of the stage's name, without a slash after it
 * @param webSocket whether the API is a WebSocket API, whose ARNs have no method
 */
public record ExecuteApiArn(String stage, boolean webSocket) {
    private static final String CONNECT = "/$connect";

    /** The stage of an API that is not a WebSocket API. */
    public ExecuteApiArn(String stage) {
        this(stage, false);
    }

    /** A policy's resource has at most 512 characters, two of which are a slash and a star. */
    private static final int STAGE_LIMIT = 510;

    /** Parses the ARN of a request; empty if it is not one. */
    public static Optional<ExecuteApiArn> parse(String arn) {
        int start = 0;
        for (int i = 0; i < 5; i++) {
            int colon = arn.indexOf(':', start);
            String part = colon < 0 ? "" : arn.substring(start, colon);
            boolean good =
                    switch (i) {
                        case 0 -> part.equals("arn");
                        case 2 -> part.equals("execute-api");
                        default -> isName(part, "-");
                    };
            if (!good) {
                return Optional.empty();
            }
            start = colon + 1;
        }
        int afterApi = arn.indexOf('/', start);
        int afterStage = arn.indexOf('/', afterApi + 1);
        if (afterStage < 0 || afterStage > STAGE_LIMIT) {
            return Optional.empty();
        }
        String stage = arn.substring(afterApi + 1, afterStage);
        boolean sound =
                isName(arn.substring(start, afterApi), "-")
                        && (stage.equals("$default") || isName(stage, "-_"));
        return sound
                ? Optional.of(
                        new ExecuteApiArn(arn.substring(0, afterStage), connects(arn, afterStage)))
                : Optional.empty();
    }

    /** Whether parsing a request's ARN would give this stage. */
    boolean isStageOf(String arn) {
        return arn.length() > stage.length()
                && arn.charAt(stage.length()) == '/'
                && arn.startsWith(stage)
                && connects(arn, stage.length()) == webSocket;
    }

    /** Whether {@code $connect} follows the stage; other APIs have a method and a slash there. */
    private static boolean connects(String arn, int afterStage) {
        return arn.length() == afterStage + CONNECT.length() && arn.endsWith(CONNECT);
    }

    /**
     * Whether a text has none of a policy's special characters: wildcards, variables, separators.
     */
    private static boolean isName(String text, String besides) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean alphanumeric =
                    (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!alphanumeric && besides.indexOf(c) < 0) {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= 128;
    }
}
