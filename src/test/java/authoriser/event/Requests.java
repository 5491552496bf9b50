package authoriser.event;

import java.util.Map;
import java.util.Optional;

/** Requests for tests that need one of no special kind. */
public final class Requests {
    private static final ExecuteApiArn STAGE =
            new ExecuteApiArn("arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod");

    private Requests() {}

    /** A request without a token, with this id of API Gateway. */
    public static AccessRequest withId(String apiRequestId) {
        return new AccessRequest(
                STAGE,
                new Credential.Absent(),
                new Headers.Complete(Map.of()),
                Optional.empty(),
                Optional.of(apiRequestId));
    }
}
