package authoriser.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import authoriser.standin.Relay;
import authoriser.standin.StandInEndpoint;
import authoriser.standin.StandInReply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The process is frozen between invocations, as on Lambda, while peers and time continue. */
class FreezeIT {

    @Test
    void replacesAConnectionThatWasClosedDuringTheFreeze() {
        try (World world = World.overTls();
                Relay relay = Relay.to(world.validation.url())) {
            world.set("ValidationServiceUrl", relay.url(world.validation.url())).start();
            assertEquals(World.ALLOW, world.decide());

            freeze(world);
            relay.cut();
            thaw(world);

            assertEquals(World.ALLOW, world.decide());
            assertEquals(2, relay.connections());
        }
    }

    @Test
    void failsOneRequestForAConnectionThatWasLostDuringTheFreeze() {
        try (World world = World.overTls();
                Relay relay = Relay.to(world.validation.url())) {
            world.set("ValidationServiceUrl", relay.url(world.validation.url()))
                    .set("ValidationServiceTimeoutMs", "1000")
                    .start();
            assertEquals(World.ALLOW, world.decide());

            freeze(world);
            relay.stall();
            thaw(world);

            // It looks like a service that does not respond, and a time-out is not tried again
            assertEquals(World.undecided("validation_unavailable"), world.decide());
            assertEquals(World.ALLOW, world.decide());
            assertEquals(2, relay.connections());
        }
    }

    /** The peer keeps connections for 3 seconds, so the function must use them for 2 seconds. */
    @Test
    void doesNotUseAConnectionAfterTheKeepAliveTimeoutOfThePeer() {
        try (World world = World.overTls()) {
            StandInEndpoint validate = world.validation.validate();
            validate.next(keptFor("3"));
            world.start();
            assertEquals(World.ALLOW, world.decide());
            Instant answered = Instant.now();

            freeze(world);
            waitUntil(answered.plusMillis(2_100));
            thaw(world);

            assertEquals(World.ALLOW, world.decide());
            assertEquals(2, world.validation.connections());
            assertEquals(2, world.validation.calls());
        }
    }

    @Test
    void doesNotSendAServiceTokenThatExpiredDuringTheFreeze() {
        try (World world = World.overTls()) {
            world.cognito.tokenLifetime(Duration.ofSeconds(4));
            world.start();
            Instant fetched = Instant.now();
            assertEquals(World.ALLOW, world.decide());

            freeze(world);
            world.cognito.revokeServiceTokens();
            waitUntil(fetched.plusSeconds(4));
            thaw(world);

            assertEquals(World.ALLOW, world.decide());
            assertEquals(2, world.cognito.tokenCalls());
            assertEquals(2, world.validation.calls());
        }
    }

    @Test
    void fetchesTheKeysOnceAfterARotationDuringTheFreeze() {
        try (World world = World.overTls()) {
            world.start();
            assertEquals(World.ALLOW, world.decide());

            freeze(world);
            world.cognito.keys(World.OTHER_KEY);
            thaw(world);

            assertEquals(
                    World.ALLOW, world.decide(world.tokens.signedWith(World.OTHER_KEY).access()));
            assertEquals(2, world.cognito.jwksCalls());
        }
    }

    @Test
    void isNotAffectedByAnOutageDuringTheFreeze() {
        try (World world = World.overTls();
                Relay relay = Relay.to(world.validation.url())) {
            world.set("ValidationServiceUrl", relay.url(world.validation.url())).start();
            relay.down();
            assertEquals(World.undecided("validation_unavailable"), world.decide());

            freeze(world);
            relay.up();
            thaw(world);

            assertEquals(World.ALLOW, world.decide());
        }
    }

    /** A renewal that was frozen must not fail, and must not delay a later request. */
    @Test
    void doesNotWaitForARenewalThatWasFrozen() {
        try (World world = World.overTls()) {
            CountDownLatch never = new CountDownLatch(1);
            world.cognito.tokenLifetime(Duration.ofSeconds(4));
            world.set("ValidationServiceTimeoutMs", "1500").start();
            Instant fetched = Instant.now();
            world.cognito.token().always(StandInReply.status(200).once(never));
            World.until(
                    Duration.ofSeconds(10),
                    () -> {
                        assertEquals(World.ALLOW, world.decide());
                        return world.cognito.tokenCalls() == 2;
                    });

            freeze(world);
            world.cognito.token().usually();
            world.cognito.revokeServiceTokens();
            waitUntil(fetched.plusSeconds(5));
            thaw(world);

            assertEquals(World.ALLOW, world.decide());
            assertEquals(3, world.cognito.tokenCalls());
        }
    }

    @Test
    void isUndecidedIfTheTimeEndedDuringAFreezeInADecision() throws Exception {
        try (World world = World.overTls()) {
            CountDownLatch asked = new CountDownLatch(1);
            CountDownLatch answer = new CountDownLatch(1);
            world.validation
                    .validate()
                    .next(exchange -> {
                        asked.countDown();
                        answer.await();
                        StandInReply.status(503).to(exchange);
                    });
            world.start();
            Thread freezer =
                    Thread.ofVirtual()
                            .start(() -> {
                                await(asked);
                                Instant frozen = Instant.now();
                                freeze(world);
                                answer.countDown();
                                waitUntil(frozen.plusMillis(1_200));
                                thaw(world);
                            });

            // The time limit of the function has passed after the freeze, so it must not try again
            String decision = world.decide(world.tokens.access(), Duration.ofMillis(1_000));
            freezer.join();

            assertEquals("Error Task timed out after 1.00 seconds", decision);
            assertEquals(World.ALLOW, world.decide());
            assertEquals(2, world.validation.calls());
        }
    }

    private static StandInReply keptFor(String seconds) {
        return StandInReply.of(
                200,
                Map.of("Content-Type", "application/json", "Keep-Alive", "timeout=" + seconds),
                "{\"allowed\":true}".getBytes(StandardCharsets.US_ASCII));
    }

    private static void freeze(World world) {
        signal("STOP", world);
        World.until(Duration.ofSeconds(10), () -> state(world) == 'T');
    }

    private static void thaw(World world) {
        signal("CONT", world);
        World.until(Duration.ofSeconds(10), () -> state(world) != 'T');
    }

    private static void signal(String name, World world) {
        try {
            Process kill =
                    new ProcessBuilder("kill", "-" + name, Long.toString(world.process().pid()))
                            .inheritIO()
                            .start();
            assertEquals(0, kill.waitFor());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The letter after the name in parentheses. The name may have any characters: proc(5). */
    private static char state(World world) {
        try {
            String status = Files.readString(Path.of("/proc/" + world.process().pid() + "/stat"));
            return status.charAt(status.lastIndexOf(')') + 2);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void waitUntil(Instant instant) {
        World.until(Duration.ofSeconds(20), () -> !Instant.now().isBefore(instant));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
