package authoriser;

import authoriser.decision.Decision;
import authoriser.event.AccessRequest;
import authoriser.event.RequestEvent;
import authoriser.json.JsonDocument;
import authoriser.policy.Unauthorized;
import authoriser.policy.Undecided;
import authoriser.reason.Reason;
import authoriser.timing.Deadline;
import authoriser.timing.Invocation;
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
 * <p>Holds no invocation's state, so one instance serves as many threads as Lambda likes.
 */
public final class AuthoriserHandler implements RequestHandler<RequestEvent, JsonDocument> {
    /** Kept back of an invocation's time to write down what came of it: a fifth, but no more. */
    private static final long RESERVE_MILLIS = 200;

    private final Wiring wiring;
    private final AtomicBoolean first = new AtomicBoolean(true);

    /**
     * Reads the settings from the environment and gets ready.
     *
     * @throws authoriser.config.InvalidSettings naming every problem, which stops the start
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
     * Decides on a request, or, where the event asks for it, checks what the function can reach.
     *
     * @throws Unauthorized for a bad token, where the settings ask for it or time alone would lift
     *     the refusal; API Gateway answers 401 and caches nothing
     * @throws Undecided if it cannot be known whether the request is allowed; API Gateway answers
     *     500
     */
    @Override
    public JsonDocument handleRequest(RequestEvent event, Context context) {
        if (event != null && event.asksForSelfCheck()) {
            return selfCheck(context);
        }
        boolean coldStart = first.get() && first.getAndSet(false);
        Invocation invocation = invocation(context);
        Optional<AccessRequest> request = Optional.empty();
        Decision decision;
        @Nullable JsonDocument answer = null;
        try {
            request = wiring.parser().parse(event);
            decision =
                    request.isPresent()
                            ? wiring.authoriser().decide(request.get(), invocation)
                            : undecided(
                                    Reason.EVENT_MALFORMED, "no request of an API in the event");
            if (request.isPresent()) {
                answer = answer(decision, request.get());
            }
            if (answer == null && decision instanceof Decision.Allow allow) {
                decision =
                        new Decision.Undecided(
                                allow.caller(), Reason.ANSWER_TOO_LARGE, "the Allow is too long");
            }
        } catch (IOException | RuntimeException e) {
            answer = null;
            decision = undecided(Reason.INTERNAL_ERROR, describe(e));
        }
        Optional<String> apiRequestId =
                request.isPresent() ? request.get().apiRequestId() : Optional.empty();
        log(decision, invocation, context, apiRequestId, coldStart, answer == null);
        if (answer != null) {
            return answer;
        }
        throw decision instanceof Decision.Unauthenticated
                ? new Unauthorized()
                : new Undecided(decision.reason());
    }

    /** What can be reached now; no decision of an authoriser, so it is not counted as one. */
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
            // a line that is not written stops nothing
        }
    }

    /** The policy for a decision; null where an error is the answer. */
    private @Nullable JsonDocument answer(Decision decision, AccessRequest request)
            throws IOException {
        if (decision instanceof Decision.Allow allow) {
            return wiring.policies().allow(allow, request.arn()).orElse(null);
        }
        if (decision instanceof Decision.Forbidden forbidden) {
            return wiring.policies().deny(forbidden, forbidden.message(), request.arn());
        }
        if (decision instanceof Decision.Unauthenticated(Reason reason)
                && !wiring.config().unauthorizedForInvalidTokens()
                && !reason.temporary()) {
            return wiring.policies().deny(decision, reason.message(), request.arn());
        }
        return null;
    }

    private Invocation invocation(Context context) {
        long left = Math.max(0, context.getRemainingTimeInMillis());
        long usable = Math.max(left - RESERVE_MILLIS, left * 4 / 5);
        Deadline deadline = Deadline.inMillis(usable, wiring.clock());
        return new Invocation(deadline, traceId(context.getXrayTraceId()));
    }

    /** A trace id that can stand in a header; Lambda's always can. */
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
            Decision decision,
            Invocation invocation,
            Context context,
            Optional<String> apiRequestId,
            boolean coldStart,
            boolean thrown) {
        try {
            String requestId = context.getAwsRequestId();
            context.getLogger()
                    .log(
                            wiring.telemetry()
                                    .write(
                                            decision,
                                            invocation,
                                            requestId == null ? "" : requestId,
                                            apiRequestId,
                                            coldStart,
                                            thrown));
        } catch (IOException | RuntimeException e) {
            // an answer is worth more than its record
        }
    }

    private static Decision undecided(Reason reason, String detail) {
        return new Decision.Undecided(Optional.empty(), reason, detail);
    }

    /** Where an exception comes from, without its message, which may quote what it failed on. */
    private static String describe(Exception e) {
        StackTraceElement[] trace = e.getStackTrace();
        return e.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
    }
}
