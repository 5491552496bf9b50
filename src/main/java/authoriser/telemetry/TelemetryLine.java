package authoriser.telemetry;

import authoriser.decision.Decision;
import authoriser.decision.Outcome;
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

/**
 * Writes the line that an invocation logs: a log record in CloudWatch embedded metric format (EMF).
 *
 * <p>It holds what was verified and what failed, and never a token, a secret or a header's value.
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

    private static final String METRIC = "{\"Name\":\"%\",\"Unit\":\"#\"}";

    private final String functionName;
    private final SerializableString functionVersion;
    private final SerializableString metrics;
    private final SerializableString metricsWithValidation;
    private final Supplier<Optional<OverdueKeys>> overdueKeys;

    /**
     * Prepares the lines of the function {@code functionName}.
     *
     * @param overdueKeys called for each line
     */
    public TelemetryLine(
            String functionName,
            String functionVersion,
            Supplier<Optional<OverdueKeys>> overdueKeys) {
        this.functionName = functionName;
        this.functionVersion = new SerializedString(functionVersion);
        this.metrics = new SerializedString(directives(functionName, false, false));
        this.metricsWithValidation = new SerializedString(directives(functionName, true, false));
        this.overdueKeys = overdueKeys;
    }

    /**
     * Writes the line of an invocation, with a line feed at its end.
     *
     * @param requestId Lambda's id of the invocation
     * @param apiRequestId API Gateway's id of the request, which the caller sees
     * @param thrown whether the handler throws an exception, which Lambda counts as an error
     */
    public byte[] write(
            Decision decision,
            Invocation invocation,
            String requestId,
            Optional<String> apiRequestId,
            boolean coldStart,
            boolean thrown)
            throws IOException {
        Optional<OverdueKeys> overdue = overdueKeys.get();
        long validation = invocation.nanos(Invocation.Stage.VALIDATION);
        ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = Json.generator(line)) {
            json.writeStartObject();
            json.writeFieldName("_aws");
            json.writeStartObject();
            json.writeNumberField("Timestamp", invocation.startedMillis());
            json.writeFieldName("CloudWatchMetrics");
            json.writeRawValue(metrics(validation > 0, overdue.isPresent()));
            json.writeEndObject();
            json.writeStringField("requestId", requestId);
            if (apiRequestId.isPresent()) {
                json.writeStringField("apiRequestId", apiRequestId.get());
            }
            if (invocation.traceId().isPresent()) {
                json.writeStringField("traceId", invocation.traceId().get());
            }
            json.writeFieldName("functionVersion");
            json.writeString(functionVersion);
            Outcome outcome = decision.outcome();
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
            json.writeBooleanField("coldStart", coldStart);
            writeMillis(json, "tokenMs", invocation.nanos(Invocation.Stage.TOKEN));
            writeMillis(json, "serviceTokenMs", invocation.nanos(Invocation.Stage.SERVICE_TOKEN));
            writeMillis(json, "validationMs", validation);
            json.writeNumberField("Decisions", 1);
            writeMillis(json, "DecisionLatency", invocation.nanos());
            if (validation > 0) {
                writeMillis(json, "ValidationLatency", validation);
            }
            json.writeNumberField("ColdStart", coldStart ? 1 : 0);
            json.writeNumberField("Thrown", thrown ? 1 : 0);
            json.writeNumberField("Refused", outcome.refused() ? 1 : 0);
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

    /** Writes nanoseconds as milliseconds with three decimals, rounded down. */
    static void writeMillis(JsonGenerator json, String name, long nanos) throws IOException {
        json.writeFieldName(name);
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
                + metric("Decisions", "Count")
                + "]},{"
                + namespace
                + ",\"Dimensions\":[[]],\"Metrics\":["
                + metric("DecisionLatency", "Milliseconds")
                + (withValidation ? "," + metric("ValidationLatency", "Milliseconds") : "")
                + (withKeys ? "," + metric("KeyAge", "Seconds") : "")
                + ","
                + metric("ColdStart", "Count")
                + ","
                + metric("Thrown", "Count")
                + ","
                + metric("Refused", "Count")
                + "]}]";
    }

    private static String metric(String name, String unit) {
        return METRIC.replace("%", name).replace("#", unit);
    }
}
