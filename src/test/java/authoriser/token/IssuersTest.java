package authoriser.token;

import static authoriser.token.JwkSetCacheTest.assertFound;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import authoriser.config.Config;
import authoriser.http.Endpoint;
import authoriser.http.HttpSender;
import authoriser.http.Reply;
import authoriser.invocation.Invocation;
import authoriser.invocation.Invocations;
import authoriser.standin.ManualClock;
import authoriser.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IssuersTest {
    private static final String EAST = "https://east.example/pool";
    private static final String WEST = "https://west.example/pool";
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final ManualClock clock = ManualClock.anytime();
    private final Deadline deadline = Deadline.in(Duration.ofSeconds(9), clock);
    private final ScriptedIssuer east = ScriptedIssuer.publishing(SampleKeys.ONE);
    private final ScriptedIssuer west = ScriptedIssuer.publishing(SampleKeys.TWO);
    private final Issuers issuers =
            new Issuers(List.of(issuer(EAST), issuer(WEST)), byHost(), TIMEOUT, clock);

    @Test
    void haveSeparateKeys() {
        KeyLookup unknown = new KeyLookup.Unknown();

        assertFound(SampleKeys.ONE, find(EAST, SampleKeys.ONE.kid()));
        assertFound(SampleKeys.TWO, find(WEST, SampleKeys.TWO.kid()));
        assertEquals(unknown, find(EAST, SampleKeys.TWO.kid()));
        assertEquals(unknown, find(WEST, SampleKeys.ONE.kid()));
    }

    @Test
    void areIndependentIfOneIsDown() {
        east.fail();

        assertEquals(
                new KeyLookup.Unavailable("east.example: the keys' status is 503"),
                find(EAST, SampleKeys.ONE.kid()));
        assertFound(SampleKeys.TWO, find(WEST, SampleKeys.TWO.kid()));
    }

    @ParameterizedTest
    @ValueSource(strings = {EAST, WEST})
    void reportTheOldestOverdueKeys(String older) {
        find(older, "unknown");
        clock.advance(Duration.ofSeconds(1));
        find(older.equals(EAST) ? WEST : EAST, "unknown");
        clock.advance(Duration.ofHours(2));
        east.fail();
        west.fail();
        for (int tries = 0; tries < 2; tries++) {
            Invocation later = Invocations.in(Duration.ofSeconds(9), clock);
            issuers.keysOf(EAST).find("unknown", later);
            issuers.keysOf(WEST).find("unknown", later);
            clock.advance(Duration.ofSeconds(10));
        }

        String host = older.equals(EAST) ? "east.example" : "west.example";
        assertEquals(
                Optional.of(new OverdueKeys(7_221, host + ": the keys' status is 503")),
                issuers.overdue());
    }

    @Test
    void reportNoOverdueKeysWhileKeysAreRenewed() {
        find(EAST, SampleKeys.ONE.kid());

        assertEquals(Optional.empty(), issuers.overdue());
    }

    @Test
    void fetchNoKeysBeforeTheFirstRequest() {
        assertEquals(0, east.calls() + west.calls());
    }

    @Test
    void primeOneWithoutTheOthers() {
        issuers.prime(EAST, deadline);

        assertEquals(1, east.calls());
        assertEquals(0, west.calls());
    }

    @Test
    void reportFailedPriming() {
        east.fail();

        assertEquals(
                Optional.of("east.example: the keys' status is 503"),
                issuers.prime(EAST, deadline));
        assertEquals(Optional.empty(), issuers.prime(WEST, deadline));
    }

    @Test
    void ignorePrimingOfAnUnknownIssuer() {
        issuers.prime("https://stranger.example", deadline);

        assertEquals(0, east.calls() + west.calls());
    }

    @Test
    void haveNames() {
        Set<String> names = new TreeSet<>();
        issuers.names().forEach(names::add);

        assertEquals(Set.of(EAST, WEST), names);
        assertNotNull(issuers.keysOf(EAST));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "https://east.example/pool/",
                "https://east.example/pool.attacker.example",
                "https://east.example/poo",
                "https://east.example",
                "https://EAST.example/pool",
                "http://east.example/pool",
                " https://east.example/pool",
                "https://attacker.example/https://east.example/pool",
            })
    void areFoundOnlyByTheExactName(String name) {
        assertNull(issuers.keysOf(name));
    }

    private KeyLookup find(String issuer, String keyId) {
        return issuers.keysOf(issuer).find(keyId, Invocations.in(Duration.ofSeconds(9), clock));
    }

    private HttpSender byHost() {
        return (call, limit) ->
                switch (call.toString()) {
                    case "HttpCall[east.example]" -> east.send(call, limit);
                    case "HttpCall[west.example]" -> west.send(call, limit);
                    default -> new Reply.Failed("no such host");
                };
    }

    private static Config.Issuer issuer(String name) {
        return new Config.Issuer(
                name, Endpoint.parse(name + "/.well-known/jwks.json").orElseThrow());
    }
}
