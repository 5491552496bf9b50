package authoriser.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code InvalidTokenResponse=unauthorized}: API Gateway responds with 401 to an invalid token. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnauthorizedIT {
    private final World world =
            Refusals.setUp(World.overHttp())
                    .set("InvalidTokenResponse", "unauthorized")
                    .set("AWS_LAMBDA_LOG_FORMAT", "JSON");

    @BeforeAll
    void start() {
        world.start();
    }

    @AfterAll
    void end() {
        world.close();
    }

    @ParameterizedTest
    @MethodSource
    void returnsTheErrorUnauthorizedForAnUnauthenticatedCaller(Refusals.Refusal refusal) {
        assertEquals(
                "Unauthorized", world.invoke(refusal.event()).json().path("errorMessage").asText());
    }

    Stream<Refusals.Refusal> returnsTheErrorUnauthorizedForAnUnauthenticatedCaller() {
        return Stream.of(Refusals.unauthenticated(world), Refusals.temporary(world))
                .flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource
    void returnsADenyForAVerifiedCaller(Refusals.Refusal refusal) {
        assertEquals(refusal.reason(), World.decision(world.invoke(refusal.event())));
    }

    Stream<Refusals.Refusal> returnsADenyForAVerifiedCaller() {
        return Refusals.forbidden(world).stream();
    }
}
