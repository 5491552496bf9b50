package authoriser.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import authoriser.lambda.FunctionDirectory;
import authoriser.standin.LoopbackServer;
import authoriser.standin.PretendCognito;
import authoriser.standin.PretendValidation;
import authoriser.standin.SigningKey;
import authoriser.standin.Tokens;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page in a browser, used by keyboard. Skipped where no Chromium is installed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageIT {
    /** What a person reaches by the Tab key. */
    private static final String CONTROLS =
            "[...document.querySelectorAll('a[href],button,input,select,summary')]"
                    + ".filter(control => control.checkVisibility())";

    /** The lowest contrast of a visible text with what is behind it (WCAG 2.2, 1.4.3). */
    private static final String LOWEST_CONTRAST =
            """
            (() => {
                const channel = c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
                const rgb = text => text.match(/[0-9.]+/g).map(Number);
                const light = ([r, g, b]) => 0.2126 * channel(r / 255)
                    + 0.7152 * channel(g / 255) + 0.0722 * channel(b / 255);
                const back = element => {
                    for (let e = element; e; e = e.parentElement) {
                        const colour = rgb(getComputedStyle(e).backgroundColor);
                        if (colour.length < 4 || colour[3] === 1) return colour;
                    }
                    return [255, 255, 255];
                };
                let lowest = 21;
                for (const element of document.body.querySelectorAll('*')) {
                    const own = [...element.childNodes]
                        .some(node => node.nodeType === 3 && node.data.trim());
                    if (own && element.checkVisibility()) {
                        const [a, b] = [rgb(getComputedStyle(element).color), back(element)]
                            .map(light).sort((x, y) => y - x);
                        lowest = Math.min(lowest, (a + 0.05) / (b + 0.05));
                    }
                }
                return lowest;
            })()
            """;

    private final HttpClient client = HttpClient.newHttpClient();
    private LoopbackServer server;
    private Chromium browser;

    /** What is to be ended, the last first. */
    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    private Tokens tokens;

    @BeforeAll
    void start(@TempDir Path directory) {
        var program = Chromium.program();
        assumeTrue(program.isPresent(), "Chromium is not installed: the page is not tried in it");
        InstantSource clock = InstantSource.system();
        PretendCognito cognito = PretendCognito.start(SigningKey.generate("key"));
        started.push(cognito);
        PretendValidation validation = PretendValidation.start(cognito);
        started.push(validation);
        tokens = cognito.tokens(clock);
        LocalSettings settings = LocalSettings.of(Map.of(), cognito, validation);
        RunningGateway running =
                RunningGateway.start(
                        FunctionDirectory.path().resolve("bootstrap"),
                        directory.resolve("function.log"),
                        0,
                        cognito,
                        validation,
                        settings,
                        clock);
        started.push(running);
        server = running.server();
        running.gateway()
                .offer(
                        new SampleRequests(
                                        server.url(),
                                        settings.validatedHeaders(),
                                        tokens,
                                        Path.of("target/local"))
                                .commands());
        running.function().awaitStart(Duration.ofMinutes(1));
        browser = Chromium.start(program.get(), directory.resolve("profile"));
        started.push(browser);
    }

    @AfterAll
    void stop() throws Exception {
        for (AutoCloseable one : started) {
            one.close();
        }
        client.close();
    }

    @BeforeEach
    void open() {
        browser.forgetEvents();
        browser.call("Emulation.setScriptExecutionDisabled", Map.of("value", false));
        browser.open(server.url() + "/");
    }

    @AfterEach
    void noFaultIsLeft() throws Exception {
        post("/_local/validation-service/up");
        assertEquals(List.of(), browser.events("Runtime.exceptionThrown"));
        assertEquals(List.of(), browser.events("Runtime.consoleAPICalled"));
        assertEquals(List.of(), browser.events("Log.entryAdded"));
    }

    @AfterEach
    void noOtherHostWasAsked() {
        Set<String> others = new TreeSet<>();
        for (JsonNode request : browser.events("Network.requestWillBeSent")) {
            String url = request.at("/request/url").asText();
            if (!url.startsWith(server.url() + "/") && !url.startsWith("data:")) {
                others.add(url);
            }
        }

        assertEquals(Set.of(), others);
    }

    @Test
    void thePageHasItsSections() {
        assertEquals(
                List.of("Last decisions", "Cache", "Tokens to try", "Faults"),
                texts("[...document.querySelectorAll('h2')].map(title => title.textContent)"));
    }

    @Test
    void tabReachesEveryControlAndShowsWhereItIs() throws Exception {
        get("/orders/42", tokens.access(), "acme");
        stopRefreshing();
        browser.open(server.url() + "/");
        stopRefreshing();
        int count = browser.evaluate("(window.controls = " + CONTROLS + ").length").asInt();
        Set<Integer> reached = new TreeSet<>();

        for (int i = 0; i < count; i++) {
            browser.press("Tab");
            reached.add(
                    browser.evaluate("window.controls.indexOf(document.activeElement)").asInt());
            assertNotEquals(
                    "none",
                    browser.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                            .asText());
        }

        assertTrue(count > 20, () -> count + " controls");
        assertEquals(IntStream.range(0, count).boxed().toList(), List.copyOf(reached));
    }

    @Test
    void everyControlHasAName() {
        assertEquals(
                List.of(),
                texts(
                        CONTROLS
                                + ".filter(control => !(control.ariaLabel"
                                + " || control.textContent.trim()"
                                + " || control.labels?.[0]?.textContent.trim()))"
                                + ".map(control => control.outerHTML)"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void enterOnDownSwitchesTheServiceDownWithAndWithoutScripts(boolean withoutScripts)
            throws Exception {
        browser.call("Emulation.setScriptExecutionDisabled", Map.of("value", withoutScripts));
        browser.open(server.url() + "/");
        tabTo("form[action=\"/_local/validation-service/down\"] button");

        browser.load(() -> browser.press("Enter"));

        assertEquals(
                "true",
                browser.evaluate(
                                "document.querySelector('form[action=\"/_local/validation-service/down\"] button').ariaPressed")
                        .asText());
        assertEquals(500, get("/orders/42", tokens.access(), "initech"));
    }

    @Test
    void aDecisionAppearsByItselfAndItsDetailsOpenByKeyboard() throws Exception {
        assertEquals(
                403,
                get(
                        "/orders/4711",
                        tokens.access(Tokens.expiringAt(Instant.now().minusSeconds(60))),
                        "acme"));
        String newest = "document.querySelector('#decisions details')";
        awaitDecision("/orders/4711");
        stopRefreshing();
        tabTo("#decisions summary");

        browser.press("Enter");

        assertTrue(browser.evaluate(newest + ".open").asBoolean());
        assertEquals(
                List.of("exp"),
                texts(
                        "[..."
                                + newest
                                + ".querySelectorAll('tr')].filter(row =>"
                                + " row.cells[1].textContent === 'fail')"
                                + ".map(row => row.cells[0].textContent)"));
    }

    @Test
    void detailsStayOpenAndTheFocusStaysWhenAnotherDecisionAppears() throws Exception {
        get("/orders/1", tokens.access(), "acme");
        browser.open(server.url() + "/");
        tabTo("#decisions summary");
        String first = browser.evaluate("document.activeElement.id").asText();
        browser.press("Enter");

        get("/orders/2", tokens.access(), "acme");
        awaitDecision("/orders/2");

        assertEquals(first, browser.evaluate("document.activeElement.id").asText());
        assertTrue(browser.evaluate("document.activeElement.parentElement.open").asBoolean());
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void everyTextHasContrastInLightAndDark(String scheme) throws Exception {
        get("/orders/42", tokens.access(), "acme");
        get("/orders/42", "no-token", "acme");
        post("/_local/validation-service/down");
        get("/orders/42", tokens.access(), "acme");
        scheme(scheme);
        browser.open(server.url() + "/");
        stopRefreshing();
        browser.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)");

        double lowest = browser.evaluate(LOWEST_CONTRAST).asDouble();

        assertTrue(lowest >= 4.5, () -> "contrast " + lowest);
    }

    @Test
    void darkIsNotLight() {
        String back = "getComputedStyle(document.body).backgroundColor";
        scheme("light");
        String light = browser.evaluate(back).asText();
        scheme("dark");

        assertNotEquals(light, browser.evaluate(back).asText());
    }

    /**
     * Writes the picture of src/docs/local.md, with {@code -Dit.test=PageIT#aPictureIsWritten
     * -Dscreenshot}.
     */
    @Test
    @EnabledIfSystemProperty(named = "screenshot", matches = ".*")
    void aPictureIsWritten() throws Exception {
        post("/_local/cache/flush");
        String token = tokens.access();
        get("/orders/42", token, "acme");
        get("/admin/users", token, "acme");
        get("/orders/42", token, "blocked-tenant");
        post("/_local/validation-service/down");
        get("/orders/42", tokens.access(), "initech");
        get("/orders/42", tokens.access(Tokens.expiringAt(Instant.now().minusSeconds(60))), "acme");
        scheme("light");
        browser.open(server.url() + "/");
        browser.evaluate("document.querySelector('#decisions details').open = true");

        JsonNode picture = browser.call("Page.captureScreenshot", Map.of("format", "png"));

        Files.write(
                Path.of("src/docs/local-page.png"),
                Base64.getDecoder().decode(picture.path("data").asText()));
    }

    private void scheme(String scheme) {
        browser.call(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** Returns when the newest decision on the page is about this path. */
    private void awaitDecision(String path) {
        browser.evaluate(
                "new Promise(found => { const look = () =>"
                        + " document.querySelector('#decisions summary')?.textContent.includes('"
                        + path
                        + "') ? found(true) : setTimeout(look, 20); look(); })");
    }

    private void stopRefreshing() {
        browser.evaluate("document.getElementById('refresh').checked = false");
    }

    /** Presses Tab until the focus is there. */
    private void tabTo(String selector) {
        int most = browser.evaluate(CONTROLS + ".length").asInt();
        for (int i = 0; i < most; i++) {
            browser.press("Tab");
            if (browser.evaluate("document.activeElement.matches('" + selector + "')")
                    .asBoolean()) {
                return;
            }
        }
        throw new AssertionError("Tab does not reach " + selector);
    }

    private List<String> texts(String expression) {
        List<String> texts = new ArrayList<>();
        browser.evaluate(expression).forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private int get(String path, String token, String tenant)
            throws IOException, InterruptedException {
        return client.send(
                        HttpRequest.newBuilder(URI.create(server.url() + path))
                                .header("Authorization", "Bearer " + token)
                                .header("X-Tenant-Id", tenant)
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }

    private void post(String path) throws IOException, InterruptedException {
        client.send(
                HttpRequest.newBuilder(URI.create(server.url() + path))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                BodyHandlers.discarding());
    }
}
