package authoriser.local;

import authoriser.explain.Shown;
import authoriser.standin.StandInReply;
import authoriser.standin.Tokens;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The page of the local gateway: the last decisions, what the cache holds, tokens to try, and
 * faults to switch on.
 *
 * <p>It works without its script, which only reads the page anew.
 */
final class Page {
    private static final String STYLE = resource("page.css");
    private static final String SCRIPT = resource("page.js");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final LocalSettings settings;
    private final Decisions decisions;
    private final ResultCache cache;
    private final Faults faults;
    private final DecisionsSection decisionsSection;
    private volatile List<SampleRequests.Command> commands = List.of();

    Page(
            LocalSettings settings,
            Decisions decisions,
            ResultCache cache,
            Faults faults,
            InstantSource clock) {
        this.settings = settings;
        this.decisions = decisions;
        this.cache = cache;
        this.faults = faults;
        this.decisionsSection = new DecisionsSection(settings, decisions, clock);
    }

    /** Sets the sample requests, which are known when the gateway has its port. */
    void commands(List<SampleRequests.Command> known) {
        commands = List.copyOf(known);
    }

    /** The page as it is now, with headers that let nothing but itself into it. */
    StandInReply answer() {
        byte[] random = new byte[16];
        RANDOM.nextBytes(random);
        String nonce = Base64.getEncoder().encodeToString(random);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "text/html; charset=utf-8");
        headers.put(
                "Content-Security-Policy",
                "default-src 'none'; style-src 'nonce-"
                        + nonce
                        + "'; script-src 'nonce-"
                        + nonce
                        + "'; img-src data:; connect-src 'self'; form-action 'self'; base-uri"
                        + " 'none'; frame-ancestors 'none'");
        headers.put("Cache-Control", "no-store");
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("Referrer-Policy", "same-origin");
        headers.put("Cross-Origin-Resource-Policy", "same-origin");
        headers.put("Cross-Origin-Opener-Policy", "same-origin");
        return StandInReply.of(200, headers, html(nonce).getBytes(StandardCharsets.UTF_8));
    }

    private String html(String nonce) {
        Html html = new Html();
        html.raw("<!doctype html>\n").open("html", "lang", "en-GB").open("head");
        html.open("meta", "charset", "utf-8");
        html.open("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        html.element("title", "Local API Gateway").open("link", "rel", "icon", "href", "data:,");
        html.open("style", "nonce", nonce).raw(STYLE).close("style");
        html.close("head").open("body");
        header(html);
        html.open("main");
        List<String> routes =
                commands.stream().map(SampleRequests.Command::route).distinct().toList();
        decisionsSection.write(html, routes);
        cache(html);
        tokens(html);
        faults(html);
        html.close("main");
        html.open("script", "nonce", nonce).raw(SCRIPT).close("script");
        return html.close("body").close("html").toString();
    }

    private void header(Html html) {
        html.open("header").element("h1", "Local API Gateway");
        html.open("ul");
        settings.parts().forEach(part -> html.element("li", part));
        html.close("ul");
        html.open("nav", "aria-label", "Sections");
        html.element("a", "Last decisions", "href", "#decisions");
        html.element("a", "Cache", "href", "#cache");
        html.element("a", "Tokens", "href", "#tokens");
        html.element("a", "Faults", "href", "#faults");
        html.close("nav");
        html.open("p", "id", "refreshing", "hidden", "").open("label");
        html.open("input", "type", "checkbox", "id", "refresh", "checked", "");
        html.text(" Read decisions and cache anew every two seconds").close("label").close("p");
        String latest =
                decisions.newestFirst().stream()
                        .findFirst()
                        .map(entry -> "Last: " + entry.request() + ", " + entry.status())
                        .orElse("");
        html.element("p", latest, "id", "latest", "role", "status");
        html.close("header");
    }

    private void cache(Html html) {
        html.open("section", "id", "cache", "aria-labelledby", "cache-title");
        html.element("h2", "Cache", "id", "cache-title");
        html.open("div", "id", "cached");
        List<ResultCache.Content> content = cache.content();
        if (content.isEmpty()) {
            html.element("p", "It is empty.");
        } else {
            html.openTable(
                    "Answers of the function that API Gateway applies again",
                    "Principal",
                    "Validated headers",
                    "Decision",
                    "Remaining time");
            for (ResultCache.Content one : content) {
                html.row(
                        one.answer().principalId(),
                        headers(one.identity()),
                        one.answer().context().getOrDefault("reason", "allowed"),
                        Shown.duration(one.remaining()));
            }
            html.closeTable();
        }
        html.close("div");
        button(html, "/_local/cache/flush", "Flush the cache");
        html.close("section");
    }

    /** The values of the cache key without the first, which is the token. */
    private String headers(List<String> identity) {
        List<String> names = settings.identitySources();
        StringBuilder shown = new StringBuilder();
        for (int i = 1; i < identity.size(); i++) {
            shown.append(i == 1 ? "" : ", ").append(names.get(i)).append(": ");
            shown.append(identity.get(i));
        }
        return shown.toString();
    }

    private void tokens(Html html) {
        html.open("section", "id", "tokens", "aria-labelledby", "tokens-title");
        html.element("h2", "Tokens to try", "id", "tokens-title");
        if (settings.ownIssuer()) {
            html.element("p", "The issuer is a real one. Get a token from it.");
            html.close("section");
            return;
        }
        mint(html);
        html.openTable(
                "Sample requests",
                settings.own()
                        ? new String[] {"Request", "Commands"}
                        : new String[] {"Request", "Expected", "Commands"});
        for (SampleRequests.Command command : commands) {
            html.open("tr").element("th", command.about(), "scope", "row");
            if (!settings.own()) {
                html.element("td", command.expected());
            }
            html.open("td").open("code").text(String.join("\n", command.commands()));
            html.close("code").close("td").close("tr");
        }
        html.closeTable().close("section");
    }

    private static void mint(Html html) {
        html.open("form", "method", "get", "action", LocalGateway.MINT);
        html.element("h3", "A token with these claims");
        html.element("p", "An empty field leaves the claim out.", "id", "mint-hint");
        html.open("div", "class", "fields");
        field(html, "sub", "sub", Tokens.SUBJECT);
        field(html, "username", "username", Tokens.USERNAME);
        field(html, "client_id", "client_id", Tokens.CLIENT_ID);
        html.open("p").element("label", "token_use", "for", "token_use");
        html.open("select", "id", "token_use", "name", "token_use");
        html.element("option", "access").element("option", "id").close("select").close("p");
        field(html, "scope", "scope, separated by spaces", "openid orders/read");
        field(html, "group", "cognito:groups, separated by spaces", "clerks night-shift");
        field(html, "aud", "aud, separated by spaces", "");
        field(html, "expires", "expires in seconds from now", "3600");
        html.close("div");
        html.element("button", "Make the token").close("form");
    }

    private static void field(Html html, String name, String label, String value) {
        html.open("p").element("label", label, "for", name);
        html.open(
                "input",
                "id",
                name,
                "name",
                name,
                "value",
                value,
                "autocomplete",
                "off",
                "spellcheck",
                "false",
                "aria-describedby",
                "mint-hint");
        html.close("p");
    }

    private void faults(Html html) {
        html.open("section", "id", "faults", "aria-labelledby", "faults-title");
        html.element("h2", "Faults", "id", "faults-title");
        html.openTable("What each stand-in does", "Part", "Now", "Switch to");
        for (Faults.Part part : faults.parts()) {
            html.open("tr").element("th", part.name(), "scope", "row");
            if (part.real()) {
                html.element("td", "a real one, without faults to switch on");
                html.open("td").close("td").close("tr");
                continue;
            }
            html.element("td", part.state().path() + ": " + part.state().effect());
            html.open("td", "class", "buttons");
            for (Faults.State state : Faults.State.values()) {
                button(
                        html,
                        "/_local/" + part.path() + "/" + state.path(),
                        state.path(),
                        "aria-label",
                        part.name() + " " + state.path() + ": " + state.effect(),
                        "aria-pressed",
                        Boolean.toString(part.state() == state));
            }
            html.close("td").close("tr");
        }
        html.closeTable();
        html.element(
                "p",
                "The function keeps the issuer's keys and its service token. A fault of the issuer"
                        + " or of the token endpoint has an effect at the next fetch: at once in a"
                        + " new execution environment.");
        button(html, "/_local/function/restart", "End the execution environment");
        html.close("section");
    }

    /** A button that sends a request; a state of it, if it has one, follows its label. */
    private static void button(Html html, String action, String text, String... attributes) {
        html.open("form", "method", "post", "action", action);
        html.element("button", text, attributes).close("form");
    }

    private static String resource(String name) {
        try (InputStream in = Page.class.getResourceAsStream("/local/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(name + " can't be read", e);
        }
    }
}
