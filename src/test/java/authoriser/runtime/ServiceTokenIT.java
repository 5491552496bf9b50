package authoriser.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.standin.StandInReply;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The service token, from its first use to its expiry. */
class ServiceTokenIT {
    private static final String NO_SERVICE_TOKEN = World.undecided("service_token_unavailable");
    private static final String NO_VALIDATION = World.undecided("validation_unavailable");

    @Test
    void replacesARevokedTokenWithinTheInvocation() {
        try (World world = World.overTls()) {
            world.start();
            assertEquals(World.ALLOW, world.decide());

            world.cognito.revokeServiceTokens();

            assertEquals(World.ALLOW, world.decide());
            assertEquals(2, world.cognito.tokenCalls());
            assertEquals(3, world.validation.calls());
        }
    }

    @Test
    void sendsFewTokenRequestsIfTheServiceRefusesEveryToken() {
        try (World world = World.overTls()) {
            world.start();
            world.validation.validate().always(StandInReply.status(401));
            long start = System.nanoTime();

            assertEquals(NO_VALIDATION, world.decide());
            assertEquals(2, world.cognito.tokenCalls());
            assertEquals(2, world.validation.calls());
            Set<String> decisions = new HashSet<>();
            for (int i = 0; i < 50; i++) {
                decisions.add(world.decide());
            }

            int seconds = (int) Duration.ofNanos(System.nanoTime() - start).toSeconds();
            assertTrue(Set.of(NO_VALIDATION, NO_SERVICE_TOKEN).containsAll(decisions));
            assertTrue(
                    world.cognito.tokenCalls() <= 4 + seconds,
                    () -> "" + world.cognito.tokenCalls());
            world.validation.validate().usually();
            world.recovers(Duration.ofSeconds(15), NO_VALIDATION, NO_SERVICE_TOKEN);
        }
    }

    @Test
    void renewsTokensBeforeTheyExpire() {
        try (World world = World.overTls()) {
            world.cognito.tokenLifetime(Duration.ofSeconds(2));
            world.start();
            Instant start = Instant.now();
            Instant end = start.plusSeconds(4);
            Set<String> decisions = new HashSet<>();

            World.until(
                    Duration.ofSeconds(20),
                    () -> {
                        decisions.add(world.decide());
                        return Instant.now().isAfter(end);
                    });

            assertEquals(Set.of(World.ALLOW), decisions);
            // Each is used for 75% to 90% of its lifetime
            int calls = world.cognito.tokenCalls();
            long most = 2 + Duration.between(start, Instant.now()).toMillis() / 1_500;
            assertTrue(calls >= 3 && calls <= most, () -> calls + " of " + most);
        }
    }

    @Test
    void usesAValidTokenWhileTheTokenEndpointIsDown() {
        try (World world = World.overTls()) {
            world.start();

            world.cognito.token().always(StandInReply.status(503));

            assertEquals(World.ALLOW, world.decide());
            assertEquals(1, world.cognito.tokenCalls());
        }
    }
}
