package authoriser.event;

import authoriser.token.BearerToken;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes an {@link AccessRequest} of an event: four shapes and all their gaps in, one shape without
 * gaps out.
 *
 * <p>Header names are compared without case (RFC 9110 section 5.1). Of a header that decides
 * anything every value is looked at, because it cannot be known which one the backend will read.
 */
public final class RequestParser {
    private static final String AUTHORIZATION = "authorization";

    private final List<String> validatedHeaders;

    /**
     * The place of each deciding header in an array: Authorization at 0, then the validated ones.
     */
    private final Map<String, Integer> places = new HashMap<>();

    /** Makes a parser for these names of validated headers. */
    public RequestParser(List<String> validatedHeaders) {
        this.validatedHeaders = validatedHeaders;
        places.put(AUTHORIZATION, 0);
        for (String name : validatedHeaders) {
            places.put(name.toLowerCase(Locale.ROOT), places.size());
        }
    }

    /** Parses an event; empty if it is none that a REQUEST authoriser can receive. */
    public Optional<AccessRequest> parse(RequestEvent event) {
        boolean second = "2.0".equals(event.getVersion());
        String arn = second ? event.getRouteArn() : event.getMethodArn();
        Optional<ExecuteApiArn> stage = arn == null ? Optional.empty() : ExecuteApiArn.parse(arn);
        if (!event.readable() || stage.isEmpty()) {
            return Optional.empty();
        }
        Values values = new Values(places, second);
        values.addAll(event);
        return Optional.of(new AccessRequest(stage.get(), credential(values), headers(values)));
    }

    private static Credential credential(Values values) {
        if (values.ambiguous[0]) {
            return new Credential.Ambiguous();
        }
        String value = values.single[0];
        String scheme = "Bearer";
        if (value == null || !value.regionMatches(true, 0, scheme, 0, scheme.length())) {
            return new Credential.Absent();
        }
        int start = scheme.length();
        while (start < value.length() && value.charAt(start) == ' ') {
            start++;
        }
        if (start == scheme.length() || start == value.length()) {
            return new Credential
                    .Absent(); // a scheme that only begins like ours, or nothing behind it
        }
        String token = value.substring(start);
        for (int i = 0; i < token.length(); i++) {
            if (token.charAt(i) <= ' ') {
                return new Credential.Malformed();
            }
        }
        return new Credential.Bearer(new BearerToken(token));
    }

    private Headers headers(Values values) {
        Map<String, String> complete = new LinkedHashMap<>();
        for (int i = 0; i < validatedHeaders.size(); i++) {
            String name = validatedHeaders.get(i);
            if (values.ambiguous[i + 1]) {
                return new Headers.Ambiguous(name);
            }
            String value = values.single[i + 1];
            if (value == null || value.isEmpty()) {
                return new Headers.Missing(name);
            }
            complete.put(name.toLowerCase(Locale.ROOT), value);
        }
        return new Headers.Complete(complete);
    }

    /** The values of the deciding headers, gathered in one pass over the event's. */
    private static final class Values {
        private final Map<String, Integer> places;
        private final boolean joined;
        private final @Nullable String[] single;
        private final boolean[] ambiguous;

        Values(Map<String, Integer> places, boolean joined) {
            this.places = places;
            this.joined = joined;
            this.single = new @Nullable String[places.size()];
            this.ambiguous = new boolean[places.size()];
        }

        void addAll(RequestEvent event) {
            @Nullable Map<String, String> headers = event.getHeaders();
            if (headers != null) {
                for (Map.Entry<String, String> header : headers.entrySet()) {
                    Integer place = placeOf(header.getKey());
                    if (place != null) {
                        addJoined(place, header.getValue());
                    }
                }
            }
            for (Map.Entry<String, List<String>> header : event.getMultiValueHeaders().entrySet()) {
                Integer place = placeOf(header.getKey());
                if (place != null) {
                    for (String value : header.getValue()) {
                        add(place, value);
                    }
                }
            }
        }

        private @Nullable Integer placeOf(String name) {
            return places.get(name.toLowerCase(Locale.ROOT));
        }

        /**
         * Payload 2.0 joins the values of a repeated header with commas, after which one value with
         * a comma looks like two: it is taken for two, because two taken for one would be a hole.
         */
        private void addJoined(int place, String value) {
            int comma = joined ? value.indexOf(',') : -1;
            int start = 0;
            while (comma >= 0) {
                add(place, value.substring(start, comma));
                start = comma + 1;
                comma = value.indexOf(',', start);
            }
            add(place, value.substring(start));
        }

        /** A field value without the white space around it (RFC 9110 section 5.5). */
        private static String withoutBlanks(String value) {
            int start = 0;
            int end = value.length();
            while (start < end && isBlank(value.charAt(start))) {
                start++;
            }
            while (end > start && isBlank(value.charAt(end - 1))) {
                end--;
            }
            return value.substring(start, end);
        }

        private static boolean isBlank(char c) {
            return c == ' ' || c == '\t';
        }

        private void add(int place, String value) {
            String stripped = withoutBlanks(value);
            String before = single[place];
            if (before == null) {
                single[place] = stripped;
            } else if (!before.equals(stripped)) {
                ambiguous[place] = true;
            }
        }
    }
}
