package authoriser.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.local.PretendCognito;
import authoriser.local.Reply;
import authoriser.local.SigningKey;
import authoriser.local.Tokens;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Keys that come, go, are made up, or cannot be fetched, in one process with two issuers. */
class KeysIT {
    private static final String UNKNOWN = World.UNAUTHORIZED;
    private static final String NO_KEYS = World.undecided("keys_unavailable");

    /** The least time between two fetches for unknown key ids, and some for a busy machine. */
    private static final Duration INTERVAL = Duration.ofSeconds(15);

    @Test
    void aRotatedKeyIsFetchedAtOnceAndTheOldOneGoesWithItsSet() {
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
    void amongTwentyKeysTheRightOneIsFound() {
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
    void noIssuersKeyIsGoodForAnothersTokens() {
        try (World world = World.overTls();
                PretendCognito other = PretendCognito.start(World.CERTIFICATES, World.OTHER_KEY)) {
            world.set("CognitoIssuer", world.cognito.issuer() + "," + other.issuer()).start();
            Tokens others = other.tokens(InstantSource.system());

            assertEquals(World.ALLOW, world.decide());
            assertEquals(World.ALLOW, world.decide(others.access()));
            assertEquals(UNKNOWN, world.decide(others.signedWith(World.KEY).access()));
        }
    }

    /** Both at a time, since each takes an interval of the function's own to be over. */
    @Test
    void aFloodOfUnknownKeysAndAnOutageCostOneFetchEachAndNoGoodCaller() {
        try (World world = World.overTls();
                PretendCognito down = PretendCognito.start(World.CERTIFICATES, World.KEY)) {
            world.set("CognitoIssuer", world.cognito.issuer() + "," + down.issuer()).start();
            Tokens flooded = world.tokens;
            Tokens dark = down.tokens(InstantSource.system());
            down.jwks().always(Reply.status(503));
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
            // One at the start, one for the first that was unknown, and one an interval after that
            assertTrue(world.cognito.jwksCalls() <= 2 + intervals, "flooded");
            assertTrue(down.jwksCalls() <= 2 + intervals, "dark");

            world.cognito.keys(World.OTHER_KEY, World.KEY);
            down.keys(World.OTHER_KEY, World.KEY);
            down.jwks().usually();
            // With a set too old to tell and no fetch due, the honest answer is that it can't be
            // known
            world.recovers(flooded.signedWith(World.OTHER_KEY), INTERVAL, UNKNOWN, NO_KEYS);
            world.recovers(dark.signedWith(World.OTHER_KEY), INTERVAL, NO_KEYS);
        }
    }

    @Test
    void keysAreSharedByConcurrentInvocationsOfAStartWithoutThem() throws Exception {
        try (World world = World.overTls()) {
            world.concurrent(8);
            world.cognito.jwks().next(Reply.status(503)); // the one that priming asks for
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
