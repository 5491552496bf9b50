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
 * Makes an {@link AccessRequest} of an event: four shapes and all their gaps in, one shape without
 * gaps out.
 *
 * <p>Header names are compared without case (RFC 9110 section 5.1). Of a header that decides
 * anything every value is looked at, because it cannot be known which one the backend will read.
 */
public final class RequestParser {
    private static final String SCHEME = "Bearer";
    private static final String TRACEPARENT = "traceparent";

    /** The ids of REST APIs have 36 characters, those of HTTP and WebSocket APIs 16. */
    private static final int API_REQUEST_ID_LIMIT = 64;

    private final List<String> validatedHeaders;

    /** The names of all headers that are read: Authorization, the validated ones, the trace. */
    private final HeaderNames names;

    private final int traceparentPlace;

    /** The validated ones in lower case. */
    private final String[] keys;

    private volatile Optional<ExecuteApiArn> lastStage = Optional.empty();

    /** Makes a parser for these names of validated headers. */
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

    /** Parses an event; empty if it is none that a REQUEST authoriser can receive. */
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
            return Optional.empty(); // such as a TOKEN authoriser's, which has no headers to judge
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

    /** API Gateway's ids are short, so anything else is not one. */
    private static Optional<String> apiRequestId(EventReader reader) {
        String id = reader.requestId();
        return id == null || id.isEmpty() || id.length() > API_REQUEST_ID_LIMIT
                ? Optional.empty()
                : Optional.of(id);
    }

    /** The stage of a request's ARN; mostly that of the request before. */
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
        return start == SCHEME.length() || start == value.length()
                ? new Credential
                        .Absent() // a scheme that only begins like ours, or nothing behind it
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

    /** The values of the deciding headers, and which of them came with different ones. */
    private static final class Values {
        private final @Nullable String[] single;
        private final boolean[] ambiguous;

        Values(int size) {
            this.single = new @Nullable String[size];
            this.ambiguous = new boolean[size];
        }

        /**
         * Payload 2.0 joins the values of a repeated header with commas, after which one value with
         * a comma looks like two: it is taken for two, because two taken for one would be a hole.
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
