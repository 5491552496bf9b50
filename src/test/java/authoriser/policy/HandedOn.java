package authoriser.policy;

import authoriser.token.VerifiedToken;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the backend and the caller get of a response of the validation service. */
public final class HandedOn {
    private HandedOn() {}

    /**
     * The keys of a context that the backend gets. Empty if the response is too long for API
     * Gateway.
     */
    public static Optional<Set<String>> keys(VerifiedToken token, Map<String, String> context) {
        return Policies.allow(Policies.writer(), token, context, Policies.LONGEST_ARN)
                .map(CheckedAnswer::of)
                .map(answer ->
                        context.keySet().stream()
                                .filter(key -> context.get(key).equals(answer.context().get(key)))
                                .collect(Collectors.toSet()));
    }

    /** The reason that the caller gets. */
    public static String message(String reason) {
        return SafeMessage.of(reason);
    }
}
