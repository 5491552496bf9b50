package authoriser.event;

import authoriser.token.BearerToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes an {@link AccessRequest} of an event of any of the four kinds, whose parts may be missing.
 *
 * <p>Header names are compared without case (RFC 9110 section 5.1). Every value of a header that
 * decisions use is read, because it is unknown which one the backend will read.
 */
public final class RequestParser {
    private static final String SCHEME = "Bearer";
    private static final String TRACEPARENT = "traceparent";

    /** In characters; the ids of REST APIs have 36, those of HTTP and WebSocket APIs 16. */
    private static final int API_REQUEST_ID_LIMIT = 64;

    private final List<String> validatedHeaders;

    /** The names of all headers that are read: Authorization, the validated ones, traceparent. */
    private final HeaderNames names;

    private final int traceparentPlace;

    /** The names of the validated headers in lower case. */
    private final String[] keys;

    private volatile Optional<ExecuteApiArn> lastStage = Optional.empty();

    /** Makes a parser for validated headers of these names. */
    public RequestParser(List<String> validatedHeaders) {
        this.validatedHeaders = validatedHeaders;
        keys = new String[validatedHeaders.size()];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = validatedHeaders.get(i).toLowerCase(Locale.ROOT);
        }
        List<String> all = new ArrayList<>();
        all.add("Authorization");
        all.addAll(validatedHeaders);
        int validated = Arrays.asList(keys).indexOf(TRACEPARENT);
        traceparentPlace = validated < 0 ? all.size() : validated + 1;
        if (validated < 0) {
            all.add(TRACEPARENT);
        }
        names = new HeaderNames(all);
    }

    /** Parses an event; empty if it is not an event of a REQUEST authoriser. */
    public Optional<AccessRequest> parse(RequestEvent event) {
        EventReader reader;
        try {
            reader = EventReader.read(event.document(), names);
        } catch (IOException e) {
            return Optional.empty();
        }
        String version = reader.version();
        boolean second = "2.0".equals(version);
        boolean first = version == null || version.equals("1.0");
        if (!"REQUEST".equals(reader.type()) || !(first || second)) {
            return Optional.empty(); // such as a TOKEN authoriser's event, which has no headers
        }
        String arn = second ? reader.routeArn() : reader.methodArn();
        Optional<ExecuteApiArn> stage = arn == null ? Optional.empty() : stage(arn);
        if (stage.isEmpty()) {
            return Optional.empty();
        }
        Values values = new Values(names.size());
        for (EventReader.Value value : reader.values()) {
            if (second && value.folded()) {
                values.addUnfolded(value.place(), value.text());
            } else {
                values.add(value.place(), value.text());
            }
        }
        return Optional.of(
                new AccessRequest(
                        stage.get(),
                        credential(values),
                        headers(values),
                        traceparent(values),
                        apiRequestId(reader)));
    }

    private Optional<String> traceparent(Values values) {
        String value = values.single[traceparentPlace];
        return value == null
                        || values.ambiguous[traceparentPlace]
                        || !Traceparent.isWellFormed(value)
                ? Optional.empty()
                : Optional.of(value);
    }

    /** API Gateway's id of the request; it is short, so a long value is not one. */
    private static Optional<String> apiRequestId(EventReader reader) {
        String id = reader.requestId();
        return id == null || id.isEmpty() || id.length() > API_REQUEST_ID_LIMIT
                ? Optional.empty()
                : Optional.of(id);
    }

    /** The stage of a request's ARN, which is usually that of the last request. */
    private Optional<ExecuteApiArn> stage(String arn) {
        Optional<ExecuteApiArn> last = lastStage;
        if (last.isPresent() && last.get().isStageOf(arn)) {
            return last;
        }
        Optional<ExecuteApiArn> stage = ExecuteApiArn.parse(arn);
        if (stage.isPresent()) {
            lastStage = stage;
        }
        return stage;
    }

    private static Credential credential(Values values) {
        if (values.ambiguous[0]) {
            return new Credential.Ambiguous();
        }
        String value = values.single[0];
        if (value == null || !value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return new Credential.Absent();
        }
        int start = SCHEME.length();
        while (start < value.length() && value.charAt(start) == ' ') {
            start++;
        }
        return start == SCHEME.length() // no token, or another scheme that begins with "Bearer"
                ? new Credential.Absent()
                : new Credential.Bearer(new BearerToken(value.substring(start)));
    }

    private Headers headers(Values values) {
        Map<String, String> complete = new LinkedHashMap<>();
        for (int i = 0; i < keys.length; i++) {
            if (values.ambiguous[i + 1]) {
                return new Headers.Ambiguous(validatedHeaders.get(i));
            }
            String value = values.single[i + 1];
            if (value == null || value.isEmpty()) {
                return new Headers.Missing(validatedHeaders.get(i));
            }
            complete.put(keys[i], value);
        }
        return new Headers.Complete(complete);
    }

    /** The value of each header, and whether it has several different values. */
    private static final class Values {
        private final @Nullable String[] single;
        private final boolean[] ambiguous;

        Values(int size) {
            this.single = new @Nullable String[size];
            this.ambiguous = new boolean[size];
        }

        /**
         * Adds the parts between commas. Payload 2.0 joins the values of a repeated header with
         * commas, so one value with a comma looks like two values. It counts as two: if two values
         * counted as one, the backend could read another one than was checked.
         */
        void addUnfolded(int place, String value) {
            int comma = value.indexOf(',');
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

        void add(int place, String value) {
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
