package authoriser.local;

import authoriser.local.Faults.Part;
import authoriser.local.Faults.State;
import authoriser.standin.ReceivedRequest;
import authoriser.standin.StandInReply;
import authoriser.standin.TestJson;
import authoriser.standin.TokenMint;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Answers the requests that are for this gateway and not for the API: the page at {@code /}, and
 * all below {@code /_local/}.
 *
 * <p>Another web site, open in the same browser, can neither read the page nor press its buttons:
 * the host must be this machine's (no DNS rebinding), and what changes something takes {@code POST}
 * of the page itself alone (no request forgery).
 */
final class LocalConsole {
    private static final String PREFIX = "/_local/";
    private static final Set<String> HOSTS = Set.of("localhost", "127.0.0.1", "[::1]");

    private final LocalSettings settings;
    private final TokenMint mint;
    private final Faults faults;
    private final ResultCache cache;
    private final Runnable restart;
    private final Page page;

    /**
     * Answers with this page, and changes these.
     *
     * @param restart starts the function anew
     */
    LocalConsole(
            LocalSettings settings,
            TokenMint mint,
            Faults faults,
            ResultCache cache,
            Runnable restart,
            Page page) {
        this.settings = settings;
        this.mint = mint;
        this.faults = faults;
        this.cache = cache;
        this.restart = restart;
        this.page = page;
    }

    /** Whether a request is for this gateway. {@code /} with a token is a route of the API. */
    boolean isFor(ReceivedRequest request) {
        return request.path().startsWith(PREFIX) || isForPage(request);
    }

    private static boolean isForPage(ReceivedRequest request) {
        return request.path().equals("/")
                && Set.of("GET", "HEAD").contains(request.method())
                && request.header("Authorization").isEmpty();
    }

    StandInReply answer(ReceivedRequest request) {
        if (!isLocal(request)) {
            return text(403, "The host must be localhost, 127.0.0.1 or [::1].");
        }
        if (isForPage(request)) {
            return page.answer();
        }
        if (request.path().equals(LocalGateway.MINT)) {
            return settings.ownIssuer()
                    ? text(404, "The issuer is a real one. Get a token from it.")
                    : mint.answer(request);
        }
        Optional<Change> change = change(request.path().substring(PREFIX.length()));
        if (change.isEmpty()) {
            return text(404, "There is no such path.");
        }
        if (!request.method().equals("POST")) {
            return StandInReply.of(405, Map.of("Allow", "POST"), new byte[0]);
        }
        if (!isOfThisSite(request)) {
            return text(403, "Another site may not do this.");
        }
        return change.get().make(request);
    }

    /**
     * What a button does.
     *
     * @param section of the page, where the browser is sent back to
     * @param name of what is changed, and its new state, for other clients
     */
    private record Change(String section, String name, String state, Runnable action) {
        StandInReply make(ReceivedRequest request) {
            action.run();
            boolean browser = request.header("Accept").orElse("").contains("text/html");
            return browser
                    ? StandInReply.of(303, Map.of("Location", "/#" + section), new byte[0])
                    : StandInReply.json(TestJson.text(Map.of(name, state)) + "\n");
        }
    }

    private Optional<Change> change(String path) {
        if (path.equals("cache/flush")) {
            return Optional.of(new Change("cache", "cache", "empty", cache::flush));
        }
        if (path.equals("function/restart")) {
            return Optional.of(new Change("faults", "function", "ended", restart));
        }
        String[] names = path.split("/", -1);
        if (names.length != 2) {
            return Optional.empty();
        }
        Optional<Part> part = faults.part(names[0]).filter(known -> !known.real());
        Optional<State> state = State.of(names[1]);
        if (part.isEmpty() || state.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Change(
                        "faults",
                        jsonName(names[0]),
                        names[1],
                        () -> part.get().switchTo(state.get())));
    }

    /** {@code validationService} for {@code validation-service}. */
    private static String jsonName(String path) {
        int hyphen = path.indexOf('-');
        return hyphen < 0
                ? path
                : path.substring(0, hyphen)
                        + Character.toUpperCase(path.charAt(hyphen + 1))
                        + path.substring(hyphen + 2);
    }

    private static boolean isLocal(ReceivedRequest request) {
        List<String> hosts = request.headerValues("Host");
        if (hosts.size() != 1) {
            return false;
        }
        String host = hosts.getFirst().toLowerCase(Locale.ROOT);
        int colon = host.lastIndexOf(':');
        boolean port =
                colon > host.lastIndexOf(']')
                        && host.substring(colon + 1).chars().allMatch(c -> c >= '0' && c <= '9');
        return HOSTS.contains(port ? host.substring(0, colon) : host);
    }

    /** Whether no browser says that another site made the request. */
    private static boolean isOfThisSite(ReceivedRequest request) {
        String own = "http://" + request.header("Host").orElse("");
        return request.headerValues("Sec-Fetch-Site").stream()
                        .allMatch(site -> site.equals("same-origin") || site.equals("none"))
                && request.headerValues("Origin").stream().allMatch(own::equalsIgnoreCase);
    }

    private static StandInReply text(int status, String message) {
        return StandInReply.of(
                status,
                Map.of(
                        "Content-Type", "text/plain; charset=utf-8",
                        "X-Content-Type-Options", "nosniff"),
                (message + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
