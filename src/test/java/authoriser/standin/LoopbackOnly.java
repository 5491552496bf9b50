package authoriser.standin;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Resolves no name but this machine's own, to loopback, and those that tests make up: a test that
 * asks for any other host fails at once, with the name in its message. The JDK finds it as a
 * service.
 *
 * <p>With the system property {@value #NAMES} set to {@code all}, the JDK resolves names as usual.
 * That is for programs of the test tree that a person starts and that ask a service elsewhere.
 */
public final class LoopbackOnly extends InetAddressResolverProvider implements InetAddressResolver {
    static final String NAMES = "resolved.names";

    private static final Map<String, Supplier<InetAddress[]>> MADE_UP = new ConcurrentHashMap<>();

    private String ownName = "localhost";

    /**
     * Makes a name up and lets it have these addresses, asked for at each look-up. The JDK
     * remembers them, so each test should take a name of its own.
     */
    public static void name(String host, Supplier<InetAddress[]> addresses) {
        MADE_UP.put(host, addresses);
    }

    /** Makes a name up that is not answered for before the end of this silence. */
    public static void silence(String host, CountDownLatch end) {
        name(
                host,
                () -> {
                    try {
                        end.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return new InetAddress[] {InetAddress.getLoopbackAddress()};
                });
    }

    @Override
    public InetAddressResolver get(Configuration configuration) {
        if (System.getProperty(NAMES, "").equals("all")) {
            return configuration.builtinResolver();
        }
        ownName = configuration.lookupLocalHostName();
        return this;
    }

    @Override
    public String name() {
        return "loopback only";
    }

    @Override
    public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
            throws UnknownHostException {
        Supplier<InetAddress[]> madeUp = MADE_UP.get(host);
        if (madeUp != null) {
            return Stream.of(madeUp.get());
        }
        if (!Set.of("localhost", ownName).contains(host)) {
            throw new UnknownHostException(host + ": tests reach nothing but this machine");
        }
        return Stream.of(InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1}));
    }

    @Override
    public String lookupByAddress(byte[] address) throws UnknownHostException {
        if (!InetAddress.getByAddress(address).isLoopbackAddress()) {
            throw new UnknownHostException("tests reach nothing but this machine");
        }
        return "localhost";
    }
}
