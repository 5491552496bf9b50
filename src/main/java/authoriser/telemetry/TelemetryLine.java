package authoriser.telemetry;

import authoriser.config.Config;
import authoriser.decision.Decision;
import authoriser.decision.Outcome;
import authoriser.event.AccessRequest;
import authoriser.invocation.Invocation;
import authoriser.json.Json;
import authoriser.token.OverdueKeys;
import authoriser.token.VerifiedToken;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes the line that an invocation logs: a log record in CloudWatch embedded metric format (EMF).
 *
 * <p>It has what was verified and what failed. It never has a token, a secret or a header's value.
 * The dimensions are outcome and reason, which have few values. The namespace ends with the
 * function's name, so that the metrics of two deployments in one account stay separate.
 *
 * <p>Its time is the invocation's start, which Lambda gives its own metrics, too: an alarm
 * subtracts {@code Thrown} from Lambda's {@code Errors}.
 */
public final class TelemetryLine {
    /** The first part of the namespace; the function's name follows. */
    public static final String NAMESPACE = "CognitoRequestAuthoriser";

    /** The characters of 9223372036854.775, the milliseconds that fit a long in nanoseconds. */
    private static final int LONGEST_MILLIS = 17;

    private static final String METRIC = "{\"Name\":\"%\"}";
    private static final String METRIC_WITH_UNIT = "{\"Name\":\"%\",\"Unit\":\"#\"}";
    private static final String ROOT = "Root=";
    private static final byte[] NOTHING = {};

    private final String functionName;
    private final SerializableString functionVersion;
    private final SerializableString metrics;
    private final SerializableString metricsWithValidation;
    private final Supplier<Optional<OverdueKeys>> overdueKeys;
    private final DebugDetail debugDetail;

    /** Null if every line is written. */
    private final @Nullable SkippedLines skippedLines;

    /**
     * Prepares the lines of the function {@code functionName}.
     *
     * @param logging which lines are written, and with how much detail
     * @param overdueKeys called for each line
     */
    public TelemetryLine(
            String functionName,
            String functionVersion,
            Config.Logging logging,
            Supplier<Optional<OverdueKeys>> overdueKeys) {
        this.functionName = functionName;
        this.functionVersion = new SerializedString(functionVersion);
        this.metrics = new SerializedString(directives(functionName, false, false));
        this.metricsWithValidation = new SerializedString(directives(functionName, true, false));
        this.overdueKeys = overdueKeys;
        this.debugDetail = new DebugDetail(logging);
        this.skippedLines =
                logging.allowEvery() > 1 ? new SkippedLines(logging.allowEvery() - 1) : null;
    }

    /**
     * Writes the line of an invocation, with a line feed at its end.
     *
     * <p>The line of an Allow may be left out, if the settings ask for it. A later line then has
     * its metrics. The line of a cold start, with more detail, or with overdue keys is always
     * written.
     *
     * @param request the request; empty if the event has none
     * @param requestId Lambda's id of the invocation
     * @param thrown whether the handler throws an exception, which Lambda counts as an error
     * @return no bytes if the line is left out
     */
    public byte[] write(
            Decision decision,
            Optional<AccessRequest> request,
            Invocation invocation,
            String requestId,
            boolean coldStart,
            boolean thrown)
            throws IOException {
        Optional<OverdueKeys> overdue = overdueKeys.get();
        long validation = invocation.nanos(Invocation.Stage.VALIDATION);
        long decided = invocation.nanos();
        long started = invocation.startedMillis();
        Outcome outcome = decision.outcome();
        boolean debug = debugDetail.applies(decision.caller(), requestId);
        SkippedLines.Times skipped = SkippedLines.Times.EMPTY;
        if (skippedLines != null && outcome == Outcome.ALLOW) {
            boolean needed = coldStart || debug || overdue.isPresent();
            if (!needed && skippedLines.keep(started, decided, validation)) {
                return NOTHING;
            }
            skipped = skippedLines.take(started);
        }
        boolean validated = validation > 0 || skipped.validated();
        ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = Json.generator(line)) {
            json.writeStartObject();
            json.writeFieldName("_aws");
            json.writeStartObject();
            json.writeNumberField("Timestamp", started);
            json.writeFieldName("CloudWatchMetrics");
            json.writeRawValue(metrics(validated, overdue.isPresent()));
            json.writeEndObject();
            json.writeStringField("requestId", requestId);
            if (request.isPresent() && request.get().apiRequestId().isPresent()) {
                json.writeStringField("apiRequestId", request.get().apiRequestId().get());
            }
            if (invocation.traceId().isPresent()) {
                json.writeStringField("traceId", root(invocation.traceId().get()));
            }
            json.writeFieldName("functionVersion");
            json.writeString(functionVersion);
            json.writeStringField("outcome", outcome.code());
            json.writeStringField("reason", decision.reason().code());
            Optional<VerifiedToken> caller = decision.caller();
            if (caller.isPresent()) {
                json.writeStringField("subject", caller.get().subject());
                json.writeStringField("clientId", caller.get().clientId());
            }
            Optional<String> detail = detail(decision);
            if (detail.isPresent()) {
                json.writeStringField("detail", detail.get());
            }
            if (overdue.isPresent()) {
                json.writeStringField("keyRenewal", overdue.get().failure());
                json.writeNumberField("KeyAge", overdue.get().ageSeconds());
            }
            if (debug) {
                debugDetail.write(json, decision, request, started);
            }
            if (skipped.count() > 0) {
                json.writeNumberField("skipped", skipped.count());
            }
            writeMillis(json, "tokenMs", invocation.nanos(Invocation.Stage.TOKEN));
            writeMillis(json, "serviceTokenMs", invocation.nanos(Invocation.Stage.SERVICE_TOKEN));
            json.writeNumberField("Decisions", skipped.count() + 1);
            writeMillis(json, "DecisionLatency", decided, skipped.decisions());
            if (validated) {
                writeMillis(json, "ValidationLatency", validation, skipped.validations());
            }
            json.writeNumberField("ColdStart", coldStart ? 1 : 0);
            writeFlag(json, "Thrown", thrown, skipped.count());
            writeFlag(json, "Refused", outcome.refused(), skipped.count());
            json.writeEndObject();
        }
        line.write('\n');
        return line.toByteArray();
    }

    /** The metric directives of a line. Those for overdue keys are made when needed. */
    private SerializableString metrics(boolean validated, boolean keysOverdue) {
        if (keysOverdue) {
            return new SerializedString(directives(functionName, validated, true));
        }
        return validated ? metricsWithValidation : metrics;
    }

    /** What failed, if no decision was possible. */
    private static Optional<String> detail(Decision decision) {
        return switch (decision.outcome()) {
            case ALLOW, UNAUTHENTICATED, FORBIDDEN -> Optional.empty();
            case UNDECIDED -> Optional.of(((Decision.Undecided) decision).detail());
        };
    }

    /** The trace id in Lambda's trace header, whose other parts change nothing in the log. */
    private static String root(String trace) {
        int end = trace.indexOf(';');
        return trace.startsWith(ROOT)
                ? trace.substring(ROOT.length(), end < 0 ? trace.length() : end)
                : trace;
    }

    /** Writes 1 or 0, and a 0 for each line that was left out. */
    private static void writeFlag(JsonGenerator json, String name, boolean set, int skipped)
            throws IOException {
        json.writeFieldName(name);
        if (skipped > 0) {
            json.writeStartArray();
        }
        json.writeNumber(set ? 1 : 0);
        for (int i = 0; i < skipped; i++) {
            json.writeNumber(0);
        }
        if (skipped > 0) {
            json.writeEndArray();
        }
    }

    /** Writes a time, and those of the lines that were left out, without the ones that are 0. */
    private static void writeMillis(JsonGenerator json, String name, long nanos, long[] skipped)
            throws IOException {
        if (skipped.length == 0) {
            writeMillis(json, name, nanos);
            return;
        }
        json.writeFieldName(name);
        json.writeStartArray();
        if (nanos > 0) {
            writeMillis(json, nanos);
        }
        for (long other : skipped) {
            if (other > 0) {
                writeMillis(json, other);
            }
        }
        json.writeEndArray();
    }

    /** Writes nanoseconds as milliseconds with three decimals, rounded down. */
    static void writeMillis(JsonGenerator json, String name, long nanos) throws IOException {
        json.writeFieldName(name);
        writeMillis(json, nanos);
    }

    private static void writeMillis(JsonGenerator json, long nanos) throws IOException {
        char[] digits = new char[LONGEST_MILLIS];
        int start = digits.length;
        long rest = nanos / 1_000;
        for (int place = 0; place < 5 || rest > 0; place++) {
            start--;
            if (place == 3) {
                digits[start] = '.';
            } else {
                digits[start] = (char) ('0' + rest % 10);
                rest /= 10;
            }
        }
        json.writeNumber(digits, start, digits.length - start);
    }

    private static String directives(
            String functionName, boolean withValidation, boolean withKeys) {
        String namespace = "\"Namespace\":\"" + NAMESPACE + "/" + functionName + "\"";
        return "[{"
                + namespace
                + ",\"Dimensions\":[[\"outcome\"],[\"outcome\",\"reason\"]],\"Metrics\":["
                + metric("Decisions")
                + "]},{"
                + namespace
                + ",\"Dimensions\":[[]],\"Metrics\":["
                + metric("DecisionLatency", "Milliseconds")
                + (withValidation ? "," + metric("ValidationLatency", "Milliseconds") : "")
                + (withKeys ? "," + metric("KeyAge", "Seconds") : "")
                + ","
                + metric("ColdStart")
                + ","
                + metric("Thrown")
                + ","
                + metric("Refused")
                + "]}]";
    }

    private static String metric(String name) {
        return METRIC.replace("%", name);
    }

    private static String metric(String name, String unit) {
        return METRIC_WITH_UNIT.replace("%", name).replace("#", unit);
    }
}
