package authoriser.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouteRulesReaderTest {
    private static final String NO_OBJECT =
            "must be a JSON object of routes to arrays of scopes, each route once";

    private final List<String> problems = new ArrayList<>();

    @Test
    void readsARouteAndItsScopes() {
        assertEquals(
                List.of(
                        new RouteRule("GET", "/orders/*", Set.of("orders/read", "orders/admin")),
                        new RouteRule("*", "/admin/*", Set.of("admin"))),
                read(
                        """
                        {"GET /orders/*": ["orders/read", "orders/admin"],
                         "* /admin/*": ["admin", "admin"]}
                        """));
        assertEquals(List.of(), problems);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
    void acceptsEveryMethodOfApiGateway(String method) {
        assertEquals(
                List.of(new RouteRule(method, "/x", Set.of("s"))),
                read("{\"" + method + " /x\":[\"s\"]}"));
        assertEquals(List.of(), problems);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/*",
                "/a/*/b",
                "/a*b*",
                "/azAZ09-._~!$&'()+,;=:@%41",
                "/Orders",
                "//a/"
            })
    void acceptsEveryCharacterOfAPath(String path) {
        assertEquals(
                List.of(new RouteRule("GET", path, Set.of("s"))),
                read("{\"GET " + path + "\":[\"s\"]}"));
        assertEquals(List.of(), problems);
    }

    /** RFC 6749 section 3.3: all printable ASCII except blank, quote and backslash. */
    @Test
    void acceptsEveryCharacterOfAScope() {
        String widest = "!#$%&'()*+,-./09:;<=>?@AZ[]^_`az{|}~";

        assertEquals(
                List.of(new RouteRule("GET", "/x", Set.of(widest))),
                read("{\"GET /x\":[\"" + widest + "\"]}"));
        assertEquals(List.of(), problems);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "GET",
                "/orders",
                " /orders",
                "GET ",
                "GET orders",
                "GET *",
                "get /orders",
                "ANY /orders",
                "TRACE /orders",
                "GET,POST /orders",
                "G* /orders",
                "GET /orders?",
                "GET /orders/{id}",
                "GET /orders/${id}",
                "GET /orders/a b",
                "GET /orders/é",
                "GET /orders/#x",
                "GET https://example.com/orders"
            })
    void refusesARouteThatMatchesNoRequest(String route) {
        assertEquals(List.of(), read("{\"" + route + "\":[\"s\"]}"));
        assertEquals(
                List.of(
                        "holds the route \""
                                + route
                                + "\", which is not a method or * and a path such as GET /orders/*"
                                + " (a path holds letters, digits and /-._~!$&'()+,;=:@% and *; no"
                                + " ?, no {name}: write * for it)"),
                problems);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "null",
                "\"s\"",
                "7",
                "true",
                "{\"s\":true}",
                "[null]",
                "[7]",
                "[\"\"]",
                "[\"a b\"]",
                "[\"a\\\"\"]",
                "[\"a\\\\\"]",
                "[\"é\"]",
                "[\"s\",null]",
                "[[\"s\"]]",
                "[{\"s\":1},\"s\"]"
            })
    void refusesARouteWithoutAnArrayOfScopes(String scopes) {
        read("{\"GET /a\":" + scopes + "}");

        assertEquals(
                List.of("must give the route \"GET /a\" an array of one or more scopes"), problems);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[]",
                "\"GET /a\"",
                "{",
                "{\"GET /a\":[\"s\"]",
                "{\"GET /a\":[\"s\"}",
                "{\"GET /a\":[\"s\"]} x",
                "{'GET /a':['s']}",
                "{\"GET /a\":[\"s\"],}",
                "{\"GET /a\":[\"s\"],\"GET /a\":[\"t\"]}",
                "GET /a: s"
            })
    void refusesAnyOtherText(String json) {
        read(json);

        assertEquals(List.of(NO_OBJECT), problems);
    }

    @Test
    void reportsEveryProblem() {
        read("{\"get /a\":[\"s\"],\"GET /b\":[],\"GET /c\":[\"s\"],\"GET /d?\":7}");

        assertEquals(4, problems.size(), problems::toString);
    }

    private List<RouteRule> read(String json) {
        return RouteRulesReader.scopeRules(json, problems::add);
    }
}
