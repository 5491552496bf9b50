package authoriser.trust;

import static authoriser.trust.Checks.TRUSTED;
import static authoriser.trust.Checks.UNKNOWN;
import static authoriser.trust.Checks.decision;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.standin.Identity;
import authoriser.standin.Identity.Order;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Authorities that are read on demand give the same decisions as the whole store. */
@Timeout(60)
final class TrustAnchorsTest {
    private static final Duration LONG_AGO = Duration.ofDays(-30);

    private static final Identity ROOT = authority("Local Root");
    private static final Identity NAMESAKE = authority("Local Root");
    private static final Identity OTHER = authority("Other Root");
    private static final Identity OLD = authority("Old Root");
    private static final Identity ISSUING = ROOT.signs(Order.ec("Issuing").authority());
    private static final Identity SERVER = ISSUING.signs(server());
    private static final Identity CROSSED = OLD.signsToo(ROOT, Order.ec("Local Root").authority());
    private static final Identity CROSSED_BACK =
            ROOT.signsToo(OLD, Order.ec("Old Root").authority());
    private static final Identity OTHERS = OTHER.signs(server());
    private static final Identity UNKNOWN_ROOT = authority("Unknown Root");
    private static final Identity UNKNOWNS = UNKNOWN_ROOT.signs(server());
    private static final Identity ACCENTED = authority("Tanúsítvány");
    private static final Identity WEAK =
            Identity.selfSigned(Order.of("Weak Root").authority().key("RSA 1024"));
    private static final Identity STRONG_NAMESAKE = authority("Weak Root");
    private static final Identity CONSTRAINED =
            Identity.selfSigned(Order.ec("Constrained").authority().permitting("other.test"));

    @TempDir private static Path directory;

    private static Identity authority(String name) {
        return Identity.selfSigned(Order.ec(name).authority());
    }

    private static Order server() {
        return Order.ec("server").hosts("localhost");
    }

    private static final Map<String, List<X509Certificate>> CHAINS = chains();

    private static Map<String, List<X509Certificate>> chains() {
        Map<String, List<X509Certificate>> chains = new LinkedHashMap<>();
        chains.put("all up to the root", SERVER.chain());
        chains.put("without the root", own(SERVER, ISSUING));
        chains.put("without the issuer", own(SERVER));
        chains.put("not in order", own(SERVER, ROOT, ISSUING));
        chains.put("the root cross-signed", own(SERVER, ISSUING, CROSSED));
        chains.put("the root cross-signed, and the old one", own(SERVER, ISSUING, CROSSED, OLD));
        chains.put(
                "the roots cross-signed in both directions",
                own(SERVER, ISSUING, CROSSED, CROSSED_BACK));
        chains.put("the root's namesake", own(SERVER, ISSUING, NAMESAKE));
        chains.put("too many", own(SERVER, OTHER, ISSUING, UNKNOWN_ROOT));
        chains.put("the same twice", own(SERVER, ISSUING, ISSUING, ROOT, ROOT));
        chains.put("signed by the namesake", NAMESAKE.signs(server()).chain());
        chains.put("signed by the namesake, with the root", own(NAMESAKE.signs(server()), ROOT));
        chains.put("of the other", OTHERS.chain());
        chains.put("of the other, without it", own(OTHERS));
        chains.put("of the other by its name in capitals", upper(OTHER, "OTHER ROOT"));
        chains.put("of the other by its name with more space", upper(OTHER, " Other  Root "));
        chains.put("of the other by its name in wide letters", upper(OTHER, "Ｏther Root"));
        chains.put("of an unknown authority", UNKNOWNS.chain());
        chains.put("of an unknown authority, without its certificate", own(UNKNOWNS));
        chains.put("self-signed", Identity.selfSigned(server()).chain());
        chains.put(
                "of an issuer that has expired",
                ROOT.signs(Order.ec("late").authority().start(LONG_AGO)).signs(server()).chain());
        chains.put("of a weak one", WEAK.signs(server().signature("SHA256withRSA")).chain());
        chains.put("of a weak one's namesake", STRONG_NAMESAKE.signs(server()).chain());
        chains.put("of an issuer that is no authority", SERVER.signs(server()).chain());
        chains.put("of one with constraints", CONSTRAINED.signs(server()).chain());
        chains.put(
                "of an issuer with constraints",
                OTHER.signs(Order.ec("constrained").authority().permitting("other.test"))
                        .signs(server())
                        .chain());
        chains.put("of one with accents", own(ACCENTED.signs(server())));
        chains.put("for another host", own(ROOT.signs(Order.ec("server").hosts("other.test"))));
        return chains;
    }

    private static List<X509Certificate> own(Identity... identities) {
        return Stream.of(identities).map(Identity::own).toList();
    }

    private static List<X509Certificate> upper(Identity authority, String name) {
        return own(authority.signsAs(name, server()));
    }

    /** Other authorities, which are not read in most tests. */
    private static final List<X509Certificate> MORE =
            own(authority("A"), authority("B"), authority("C"));

    static Stream<List<X509Certificate>> stores() {
        Identity expired = ROOT.again(Order.ec("Local Root").authority().start(LONG_AGO));
        return Stream.of(
                store(ROOT),
                store(ROOT, OTHER),
                store(NAMESAKE, WEAK),
                store(OLD, OTHER),
                store(OLD, ROOT),
                store(CROSSED),
                store(CROSSED_BACK, CONSTRAINED),
                store(expired, ACCENTED),
                store(ISSUING),
                store(SERVER, ISSUING),
                store(
                        ROOT.again(Order.ec("Local Root")),
                        OLD), // not an authority according to its extensions
                store(
                        ROOT.again(Order.ec("Local Root").authority().printable()),
                        OTHER.again(Order.ec("other root").authority().printable())),
                store(OTHER.again(Order.ec("Ｏther Root").authority())));
    }

    private static List<X509Certificate> store(Identity... identities) {
        List<X509Certificate> store = new ArrayList<>(MORE);
        store.addAll(own(identities));
        return store;
    }

    @ParameterizedTest
    @MethodSource("stores")
    void decideEachTwoPeersLikeTheWholeStore(List<X509Certificate> store)
            throws UnusableTrustStore {
        assertSameDecisions(store, decision -> decision);
    }

    /** The reason of the JDK is that of one or the other, at random. */
    @Test
    void trustTheSamePeersIfAuthoritiesHaveOneName() throws UnusableTrustStore {
        assertSameDecisions(
                store(ROOT, NAMESAKE, WEAK, STRONG_NAMESAKE),
                decision -> decision.equals(TRUSTED) ? TRUSTED : "refused");
    }

    private static void assertSameDecisions(
            List<X509Certificate> store, UnaryOperator<String> compared) throws UnusableTrustStore {
        TrustStore lazy = StoreFiles.file(directory, StoreFiles.pkcs12(store));
        PeerTrust whole = PeerTrust.in(StoreFiles.readByJdk(lazy));
        Map<String, String> expected = new LinkedHashMap<>();
        CHAINS.forEach((name, chain) -> expected.put(name, compared.apply(decision(whole, chain))));

        for (String first : CHAINS.keySet()) {
            PeerTrust trust = PeerTrust.in(lazy);
            assertEquals(
                    expected.get(first), compared.apply(decision(trust, CHAINS.get(first))), first);
            for (String second : CHAINS.keySet()) {
                assertEquals(
                        expected.get(second),
                        compared.apply(decision(trust, CHAINS.get(second))),
                        () -> second + ", after " + first);
            }
        }
    }

    /**
     * The issuer's certificate names, in other letters, an authority that has not signed it. The
     * JDK then looks for no other path. Its name must be found in any case.
     */
    @Test
    void findAnAuthorityByItsNameInAnyCase() throws UnusableTrustStore {
        Identity decoy = NAMESAKE.signsAs("OTHER ROOT", Order.ec("Local Root").authority());

        assertDecidedAsByTheWholeStore(
                store(ROOT, OTHER), own(ROOT.signs(server()), decoy), UNKNOWN);
    }

    private static void assertDecidedAsByTheWholeStore(
            List<X509Certificate> store, List<X509Certificate> chain, String expected)
            throws UnusableTrustStore {
        TrustStore lazy = StoreFiles.file(directory, StoreFiles.pkcs12(store));
        assertEquals(expected, decision(PeerTrust.in(StoreFiles.readByJdk(lazy)), chain));
        assertEquals(expected, decision(PeerTrust.in(lazy), chain));
    }

    /** A trusted certificate that is not an authority has the key and the name of the issuer. */
    @Test
    void doNotTrustTheKeyOfAnAuthorityInAnotherCertificate() throws UnusableTrustStore {
        Identity crossed = OLD.signsToo(ISSUING, Order.ec("Issuing").authority());
        Identity none = ISSUING.again(Order.ec("ISSUING"));

        assertDecidedAsByTheWholeStore(
                store(none, OLD),
                own(SERVER, crossed),
                "its certificate is refused by the JDK's rules");
    }

    @Test
    void readOnlyTheAuthoritiesThatAChainNames() throws Exception {
        TrustAnchors anchors = anchors(store(ROOT, OTHER), () -> List.of());

        TrustAnchors.Known known = anchors.namedBy(array(OTHERS));

        assertEquals(own(OTHER), List.of(known.pkix().getAcceptedIssuers()));
    }

    @Test
    void keepAnAuthorityThatWasRead() throws Exception {
        TrustAnchors anchors = anchors(store(ROOT, OTHER), () -> List.of());
        anchors.namedBy(array(OTHERS));

        TrustAnchors.Known known = anchors.namedBy(array(SERVER));

        assertEquals(Set.copyOf(own(OTHER, ROOT)), Set.of(known.pkix().getAcceptedIssuers()));
    }

    @ParameterizedTest
    @MethodSource("unknownNames")
    void readAllForAChainThatNamesNone(Identity peer) throws Exception {
        TrustAnchors anchors = anchors(store(ROOT), () -> own(OLD));

        assertEquals(own(OLD), List.of(anchors.namedBy(array(peer)).pkix().getAcceptedIssuers()));
    }

    static Stream<Identity> unknownNames() {
        return Stream.of(UNKNOWNS, ACCENTED.signs(server()), authority("#1"));
    }

    @Test
    void keepAllForALaterChainThatNamesSome() throws Exception {
        TrustAnchors anchors = anchors(store(ROOT), () -> own(OLD));
        TrustAnchors.Known all = anchors.all();

        assertEquals(all, anchors.namedBy(array(SERVER)));
    }

    /** One thread waits for the lock to read some authorities while another thread reads all. */
    @Test
    void keepAllThatAnotherThreadRead() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch waiting = new CountDownLatch(1);
        TrustAnchors anchors =
                anchors(
                        store(ROOT),
                        () -> {
                            reading.countDown();
                            await(waiting);
                            return own(OLD);
                        });
        Thread all = Thread.ofPlatform().start(() -> readAll(anchors));
        await(reading);
        Thread some = Thread.ofPlatform().start(() -> readNamed(anchors));
        while (some.getState() != Thread.State.BLOCKED) {
            Thread.onSpinWait();
        }
        waiting.countDown();
        all.join();
        some.join();

        assertEquals(own(OLD), List.of(anchors.namedBy(array(SERVER)).pkix().getAcceptedIssuers()));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void readAll(TrustAnchors anchors) {
        try {
            anchors.all();
        } catch (UnusableTrustStore | CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void readNamed(TrustAnchors anchors) {
        try {
            anchors.namedBy(array(SERVER));
        } catch (UnusableTrustStore | CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TrustAnchors anchors(List<X509Certificate> store, TrustAnchors.Reading all) {
        return TrustAnchors.of(SubjectIndex.of(StoreFiles.pkcs12(store)).orElseThrow(), all);
    }

    private static X509Certificate[] array(Identity peer) {
        return peer.chain().toArray(X509Certificate[]::new);
    }

    @Test
    void includeTrustedAndRefusedChainsInThisTest() throws UnusableTrustStore {
        Set<String> decisions = new HashSet<>();
        for (List<X509Certificate> store : stores().toList()) {
            PeerTrust trust = PeerTrust.in(StoreFiles.file(directory, StoreFiles.pkcs12(store)));
            CHAINS.values().forEach(chain -> decisions.add(decision(trust, chain)));
        }

        assertTrue(decisions.containsAll(Set.of(TRUSTED, UNKNOWN)), decisions::toString);
        assertTrue(decisions.size() >= 7, decisions::toString);
    }
}
