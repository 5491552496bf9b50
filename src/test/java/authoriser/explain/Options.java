package authoriser.explain;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the command line asks for.
 *
 * @param event the event to explain; empty for one that is made of token, headers and route
 * @param token the token that replaces the event's
 * @param headers the headers that replace those of the event
 * @param settings the settings; empty for the environment variables
 * @param at the time of the decision; empty for now
 */
record Options(
        Optional<byte[]> event,
        Optional<String> token,
        List<Map.Entry<String, String>> headers,
        String method,
        String path,
        Optional<byte[]> settings,
        Optional<Instant> at) {

    static final String USAGE =
            """
            Usage: explain --event FILE [--settings FILE]
                   explain --token FILE [--header 'NAME: VALUE']... [--route 'GET /path'] [--settings FILE]

              --event FILE      an event of a REQUEST authoriser, in JSON; - reads standard input
              --token FILE      an access token, alone or as Authorization: Bearer TOKEN; replaces the event's
              --header TEXT     a header; replaces the event's; may be repeated
              --route TEXT      method and path of the request that is made without --event
              --settings FILE   the settings, in JSON: the answer of
                                aws lambda get-function-configuration --function-name NAME,
                                or names and values; without it, the environment variables
              --at TIME         decide as of this time, such as 2026-11-27T02:10:00Z

            Exit status: 0 allowed, 1 refused, 2 not decided, 3 settings or options not usable
            """;

    /** The options cannot be used; the message says why. */
    static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        Unusable(String message) {
            super(message);
        }
    }

    static Options parse(List<String> arguments, InputStream input) throws Unusable {
        Optional<byte[]> event = Optional.empty();
        Optional<String> token = Optional.empty();
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        String[] route = {"GET", "/"};
        Optional<byte[]> settings = Optional.empty();
        Optional<Instant> at = Optional.empty();
        for (int i = 0; i < arguments.size(); i += 2) {
            String name = arguments.get(i);
            if (i + 1 == arguments.size()) {
                throw new Unusable(
                        name.equals("--help") ? "" : Shown.text(name) + " needs a value");
            }
            String value = arguments.get(i + 1);
            switch (name) {
                case "--event" -> event = Optional.of(read(name, value, input));
                case "--token" -> token = Optional.of(token(read(name, value, input)));
                case "--header" -> headers.add(header(value));
                case "--route" -> route = route(value);
                case "--settings" -> settings = Optional.of(read(name, value, input));
                case "--at" -> at = Optional.of(time(value));
                default -> throw new Unusable(Shown.text(name) + " is not an option");
            }
        }
        if (event.isEmpty() && token.isEmpty()) {
            throw new Unusable("--event or --token is needed");
        }
        return new Options(event, token, headers, route[0], route[1], settings, at);
    }

    private static byte[] read(String option, String file, InputStream input) throws Unusable {
        try {
            return file.equals("-") ? input.readAllBytes() : Files.readAllBytes(Path.of(file));
        } catch (IOException | InvalidPathException e) {
            throw new Unusable(option + ": " + Shown.text(file) + " cannot be read");
        }
    }

    /** The token in a file, which may hold the whole header. */
    private static String token(byte[] file) {
        String text = new String(file, StandardCharsets.ISO_8859_1).strip();
        String header = "authorization:";
        if (text.regionMatches(true, 0, header, 0, header.length())) {
            text = text.substring(header.length()).strip();
        }
        String scheme = "bearer ";
        return text.regionMatches(true, 0, scheme, 0, scheme.length())
                ? text.substring(scheme.length()).strip()
                : text;
    }

    private static Map.Entry<String, String> header(String text) throws Unusable {
        int colon = text.indexOf(':');
        if (colon < 1) {
            throw new Unusable("--header needs 'NAME: VALUE'");
        }
        return Map.entry(text.substring(0, colon).strip(), text.substring(colon + 1).strip());
    }

    private static String[] route(String text) throws Unusable {
        String[] parts = text.strip().split(" +", 2);
        if (parts.length != 2 || !parts[1].startsWith("/")) {
            throw new Unusable("--route needs 'METHOD /path'");
        }
        return parts;
    }

    private static Instant time(String text) throws Unusable {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new Unusable("--at needs a time such as 2026-11-27T02:10:00Z");
        }
    }
}
