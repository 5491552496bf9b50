package authoriser.token;

import authoriser.invocation.Invocation;
import authoriser.invocation.Invocations;
import java.time.Duration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What looking at a token costs, without and with its signature. */
@State(Scope.Benchmark)
public class TokenBenchmark {
    private final VerifierFixture fixture = new VerifierFixture();
    private final TokenVerifier verifier = fixture.verifier();
    private final String token = fixture.tokens.access();
    private final JoseHeaders headers = new JoseHeaders();

    @Setup
    public void fetchKeys() {
        if (!(fixture.verify(verifier, token) instanceof Verification.Verified)) {
            throw new IllegalStateException("the token is not taken");
        }
    }

    /** Form, header (known, as all tokens of one key have the same) and claims. */
    @Benchmark
    public Object frontDoor() throws RejectedToken {
        return CompactJws.parse(token, headers);
    }

    /** All of it: front door, claims, key, signature. */
    @Benchmark
    public Object verification() {
        Invocation invocation = Invocations.in(Duration.ofSeconds(5), fixture.clock);
        return verifier.verify(new BearerToken(token), invocation);
    }
}
