package authoriser.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.standin.PretendCognito;
import authoriser.standin.SigningKey;
import authoriser.standin.StandInReply;
import authoriser.standin.Tokens;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** New, withdrawn, unknown and unavailable keys, in one process with two issuers. */
class KeysIT {
    private static final String UNKNOWN = World.UNAUTHORIZED;
    private static final String NO_KEYS = World.undecided("keys_unavailable");

    /** The least time between two fetches for unknown key ids, and a reserve for a busy machine. */
    private static final Duration INTERVAL = Duration.ofSeconds(15);

    @Test
    void fetchesARotatedKeyAtOnceAndRefusesTheOldOneAfterTheRenewal() {
        try (World world = World.overTls()) {
            world.start();
            Tokens rotated = world.tokens.signedWith(World.OTHER_KEY);

            world.cognito.keys(World.OTHER_KEY);
            String newKey = world.decide(rotated.access());
            String oldKey = world.decide(world.tokens.access());

            assertEquals(World.ALLOW, newKey);
            assertEquals(UNKNOWN, oldKey);
            assertEquals(2, world.cognito.jwksCalls());
        }
    }

    @Test
    void findsTheKeyAmongTwenty() {
        try (World world = World.overTls()) {
            List<SigningKey> keys = new ArrayList<>();
            for (int i = 0; i < 19; i++) {
                keys.add(
                        new SigningKey(
                                "decoy/" + i,
                                World.OTHER_KEY.publicKey(),
                                World.OTHER_KEY.privateKey()));
            }
            keys.add(World.KEY);
            world.cognito.keys(keys.toArray(SigningKey[]::new));
            world.start();

            assertEquals(World.ALLOW, world.decide());
        }
    }

    @Test
    void refusesATokenThatIsSignedWithTheKeyOfAnotherIssuer() {
        try (World world = World.overTls();
                PretendCognito other = PretendCognito.start(World.CERTIFICATES, World.OTHER_KEY)) {
            world.set("CognitoIssuer", world.cognito.issuer() + "," + other.issuer()).start();
            Tokens others = other.tokens(InstantSource.system());

            assertEquals(World.ALLOW, world.decide());
            assertEquals(World.ALLOW, world.decide(others.access()));
            assertEquals(UNKNOWN, world.decide(others.signedWith(World.KEY).access()));
        }
    }

    /** Both in one test, because each takes a whole interval of the function. */
    @Test
    void makesOneFetchInAFloodAndInAnOutageAndAllowsValidTokens() {
        try (World world = World.overTls();
                PretendCognito down = PretendCognito.start(World.CERTIFICATES, World.KEY)) {
            world.set("CognitoIssuer", world.cognito.issuer() + "," + down.issuer()).start();
            Tokens flooded = world.tokens;
            Tokens dark = down.tokens(InstantSource.system());
            down.jwks().always(StandInReply.status(503));
            Set<String> decisions = new HashSet<>();
            Set<String> good = new HashSet<>();
            long start = System.nanoTime();

            for (int i = 0; i < 100; i++) {
                SigningKey madeUp =
                        new SigningKey(
                                World.unique("made-up"),
                                World.OTHER_KEY.publicKey(),
                                World.OTHER_KEY.privateKey());
                decisions.add("flooded: " + world.decide(flooded.signedWith(madeUp).access()));
                decisions.add("dark: " + world.decide(dark.signedWith(madeUp).access()));
                good.add(world.decide(flooded.access()));
                good.add(world.decide(dark.access()));
            }

            int intervals = (int) Duration.ofNanos(System.nanoTime() - start).toSeconds() / 10;
            assertEquals(Set.of("flooded: " + UNKNOWN, "dark: " + NO_KEYS), decisions);
            assertEquals(Set.of(World.ALLOW), good);
            // One at the start, one for the first unknown key id, and one after the interval
            assertTrue(world.cognito.jwksCalls() <= 2 + intervals, "flooded");
            assertTrue(down.jwksCalls() <= 2 + intervals, "dark");

            world.cognito.keys(World.OTHER_KEY, World.KEY);
            down.keys(World.OTHER_KEY, World.KEY);
            down.jwks().usually();
            // The set is too old to decide, and no fetch is due, so the keys are unavailable
            world.recovers(flooded.signedWith(World.OTHER_KEY), INTERVAL, UNKNOWN, NO_KEYS);
            world.recovers(dark.signedWith(World.OTHER_KEY), INTERVAL, NO_KEYS);
        }
    }

    @Test
    void fetchesTheKeysOnceForConcurrentInvocations() throws Exception {
        try (World world = World.overTls()) {
            world.concurrent(8);
            world.cognito.jwks().next(StandInReply.status(503)); // the fetch of priming
            world.start();

            List<String> decisions =
                    IntStream.range(0, 8)
                            .parallel()
                            .mapToObj(_ -> world.decide())
                            .distinct()
                            .toList();

            assertEquals(List.of(World.ALLOW), decisions);
            assertEquals(2, world.cognito.jwksCalls());
        }
    }
}
