package authoriser;

import authoriser.decision.Decision;
import authoriser.event.AccessRequest;
import authoriser.event.ExecuteApiArn;
import authoriser.event.RequestEvent;
import authoriser.invocation.Invocation;
import authoriser.json.JsonDocument;
import authoriser.policy.Unauthorized;
import authoriser.policy.Undecided;
import authoriser.reason.Reason;
import authoriser.time.Deadline;
import authoriser.token.VerifiedToken;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The Lambda function: a REQUEST authoriser for API Gateway.
 *
 * <p>It keeps no state of an invocation, so several threads may use one instance.
 */
public final class AuthoriserHandler implements RequestHandler<RequestEvent, JsonDocument> {
    /** The time reserved for writing answer and log line: this, or a fifth if that is less. */
    private static final long RESERVE_MILLIS = 200;

    /**
     * The result of an invocation.
     *
     * @param policy the answer; empty if an error is thrown instead
     */
    private record Answer(Decision decision, Optional<JsonDocument> policy) {}

    private final Wiring wiring;
    private final AtomicBoolean first = new AtomicBoolean(true);

    /**
     * Reads the settings from the environment variables and prepares for the first request.
     *
     * @throws authoriser.config.InvalidSettings with every problem, which stops the start
     */
    public AuthoriserHandler() {
        this(Wiring.of(System.getenv()));
        Readiness readiness = new Priming(wiring.upstreams(), wiring.clock()).run();
        if (!readiness.complete()) {
            log(LambdaRuntime.getLogger(), readiness.written("init"));
        }
    }

    AuthoriserHandler(Wiring wiring) {
        this.wiring = wiring;
    }

    /**
     * Decides on a request, or checks what the function can reach if the event asks for this.
     *
     * @throws Unauthorized for a bad token, if the settings ask for it or the token may be accepted
     *     later; API Gateway answers 401 and caches nothing
     * @throws Undecided if no decision was possible; API Gateway answers 500 and caches nothing
     */
    @Override
    public JsonDocument handleRequest(RequestEvent event, Context context) {
        if (event != null && event.asksForSelfCheck()) {
            return selfCheck(context);
        }
        boolean coldStart = first.get() && first.getAndSet(false);
        Invocation invocation = invocation(context);
        Optional<AccessRequest> request = Optional.empty();
        Answer answer;
        try {
            request = wiring.parser().parse(event);
            answer =
                    request.isPresent()
                            ? answer(request.get(), invocation)
                            : undecided(
                                    Reason.EVENT_MALFORMED, "no request of an API in the event");
        } catch (RuntimeException e) {
            answer = undecided(Reason.INTERNAL_ERROR, describe(e));
        }
        log(answer, request, invocation, context, coldStart);
        if (answer.policy().isPresent()) {
            return answer.policy().get();
        }
        throw error(answer.decision());
    }

    /** Checks what the function can reach. It is not a decision and not counted as one. */
    private JsonDocument selfCheck(Context context) {
        Deadline deadline = invocation(context).deadline();
        JsonDocument result = wiring.upstreams().reach(deadline, () -> {}).written("selfCheck");
        log(context.getLogger(), result);
        return result;
    }

    private static void log(LambdaLogger logger, JsonDocument line) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            line.writeTo(bytes);
            bytes.write('\n');
            logger.log(bytes.toByteArray());
        } catch (IOException | RuntimeException e) {
            // the function goes on without the log line
        }
    }

    /** Decides on a request and writes the policy. */
    private Answer answer(AccessRequest request, Invocation invocation) {
        ExecuteApiArn arn = request.arn();
        Decision decision = wiring.authoriser().decide(request, invocation);
        return switch (decision.outcome()) {
            case ALLOW -> allowed((Decision.Allow) decision, arn);
            case UNAUTHENTICATED -> unauthenticated((Decision.Unauthenticated) decision, arn);
            case FORBIDDEN -> denied(decision, ((Decision.Forbidden) decision).message(), arn);
            case UNDECIDED -> new Answer(decision, Optional.empty());
        };
    }

    private Answer allowed(Decision.Allow allow, ExecuteApiArn arn) {
        Optional<JsonDocument> policy = wiring.policies().allow(allow, arn);
        return policy.isPresent()
                ? new Answer(allow, policy)
                : undecided(allow.caller(), Reason.ANSWER_TOO_LARGE, "the Allow is too long");
    }

    private Answer unauthenticated(Decision.Unauthenticated decision, ExecuteApiArn arn) {
        Reason reason = decision.reason();
        return wiring.config().unauthorizedForInvalidTokens() || reason.temporary()
                ? new Answer(decision, Optional.empty())
                : denied(decision, reason.message(), arn);
    }

    private Answer denied(Decision decision, String message, ExecuteApiArn arn) {
        return new Answer(decision, Optional.of(wiring.policies().deny(decision, message, arn)));
    }

    /** The error for a decision without a policy. */
    private static RuntimeException error(Decision decision) {
        return switch (decision.outcome()) {
            case UNAUTHENTICATED -> new Unauthorized();
            case ALLOW, FORBIDDEN, UNDECIDED -> new Undecided(decision.reason());
        };
    }

    private Invocation invocation(Context context) {
        long left = Math.max(0, context.getRemainingTimeInMillis());
        long usable = Math.max(left - RESERVE_MILLIS, left * 4 / 5);
        Deadline deadline = Deadline.inMillis(usable, wiring.clock());
        return new Invocation(deadline, traceId(context.getXrayTraceId()));
    }

    /** A trace id that is allowed in a header. Lambda's always are. */
    private static Optional<String> traceId(@Nullable String traceId) {
        if (traceId == null || traceId.isEmpty() || traceId.length() > 512) {
            return Optional.empty();
        }
        for (int i = 0; i < traceId.length(); i++) {
            char c = traceId.charAt(i);
            if (c < 0x20 || c > 0x7e) {
                return Optional.empty();
            }
        }
        return Optional.of(traceId);
    }

    private void log(
            Answer answer,
            Optional<AccessRequest> request,
            Invocation invocation,
            Context context,
            boolean coldStart) {
        try {
            String requestId = context.getAwsRequestId();
            byte[] line =
                    wiring.telemetry()
                            .write(
                                    answer.decision(),
                                    request,
                                    invocation,
                                    requestId == null ? "" : requestId,
                                    coldStart,
                                    answer.policy().isEmpty());
            if (line.length > 0) {
                context.getLogger().log(line);
            }
        } catch (IOException | RuntimeException e) {
            // the answer is sent anyway
        }
    }

    private static Answer undecided(Reason reason, String detail) {
        return undecided(Optional.empty(), reason, detail);
    }

    private static Answer undecided(Optional<VerifiedToken> caller, Reason reason, String detail) {
        return new Answer(new Decision.Undecided(caller, reason, detail), Optional.empty());
    }

    /**
     * The class of an exception and where it was thrown. Its message is left out, because it may
     * quote a value of the request.
     */
    private static String describe(RuntimeException e) {
        StackTraceElement[] trace = e.getStackTrace();
        return e.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
    }
}
