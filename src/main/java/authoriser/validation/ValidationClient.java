package authoriser.validation;

import authoriser.config.Config;
import authoriser.http.HttpCall;
import authoriser.http.HttpSender;
import authoriser.http.Reply;
import authoriser.invocation.Invocation;
import authoriser.reason.Reason;
import authoriser.token.VerifiedToken;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks the validation service.
 *
 * <p>A refused service token is replaced once. After a failure other than a time-out, the question
 * is sent once more if time and {@link RetryBudget} allow; a question changes nothing in the
 * service. A service that does not answer is not asked during a pause ({@link CircuitBreaker}).
 * Only an explicit answer allows or refuses. It is used again only if the service allows that
 * ({@link AnswerCache}).
 */
public final class ValidationClient {
    /** With less time than this, a second question would fail as well. */
    private static final Duration LEAST_TIME_FOR_RETRY = Duration.ofMillis(20);

    private final HttpSender sender;
    private final Config.Service service;
    private final ServiceTokens tokens;
    private final InstantSource clock;
    private final CircuitBreaker breaker;
    private final RetryBudget retries = new RetryBudget();
    private final AnswerCache answers = new AnswerCache();
    private volatile @Nullable Opening opening;

    private record Opening(ServiceToken token, HttpCall.Head head) {}

    /** The result of one request, or why none was sent. */
    private sealed interface Outcome {
        /** The kind of this outcome; a {@code switch} over it is checked for missing cases. */
        Kind kind();

        /** The kinds of outcomes, one for each of the types below. */
        enum Kind {
            JUDGED,
            TOKEN_MISSING,
            TOKEN_REFUSED,
            FAILED
        }

        /** The service allowed or refused. */
        record Judged(Verdict verdict) implements Outcome {
            @Override
            public Kind kind() {
                return Kind.JUDGED;
            }
        }

        /** There is no service token, so no request was sent. */
        record TokenMissing(String detail) implements Outcome {
            @Override
            public Kind kind() {
                return Kind.TOKEN_MISSING;
            }
        }

        /** 401: the service refused this token. */
        record TokenRefused(ServiceToken token) implements Outcome {
            @Override
            public Kind kind() {
                return Kind.TOKEN_REFUSED;
            }
        }

        /** The service did not judge; {@code again} says whether a second request may help. */
        record Failed(String detail, boolean again) implements Outcome {
            @Override
            public Kind kind() {
                return Kind.FAILED;
            }
        }
    }

    /** Makes a client of the service that the settings name. */
    public ValidationClient(
            HttpSender sender, Config.Service service, ServiceTokens tokens, InstantSource clock) {
        this.sender = sender;
        this.service = service;
        this.tokens = tokens;
        this.clock = clock;
        this.breaker = new CircuitBreaker(service.timeout());
    }

    /**
     * Asks whether the caller with this token may send these header values.
     *
     * @param headers values by lower-case name
     * @param traceparent the caller's {@code traceparent} header, which is sent on
     */
    public Verdict validate(
            VerifiedToken token,
            Map<String, String> headers,
            Optional<String> traceparent,
            Invocation invocation) {
        byte[] question = ValidationRequestBody.write(token, headers, service.claims());
        @Nullable Verdict kept = answers.find(question, clock.millis());
        if (kept != null) {
            return kept;
        }
        retries.asked();
        long start = System.nanoTime();
        ServiceTokens.Lookup lookup = tokens.current(invocation);
        invocation.spent(Invocation.Stage.SERVICE_TOKEN, start);
        boolean replaced = false;
        boolean retried = false;
        while (true) {
            Outcome outcome = ask(question, lookup, traceparent, invocation);
            @Nullable Verdict verdict =
                    switch (outcome.kind()) {
                        case JUDGED -> {
                            tokens.accepted();
                            yield ((Outcome.Judged) outcome).verdict;
                        }
                        case TOKEN_MISSING -> tokenMissing((Outcome.TokenMissing) outcome);
                        case TOKEN_REFUSED -> {
                            if (replaced) {
                                tokens.replacementRefused(invocation.deadline());
                                yield failure(
                                        name() + ": the service refuses our token and a new one");
                            }
                            replaced = true;
                            lookup = replace((Outcome.TokenRefused) outcome, invocation);
                            yield null;
                        }
                        case FAILED -> {
                            Outcome.Failed failed = (Outcome.Failed) outcome;
                            if (retried) {
                                retries.failedAgain(token.subject(), clock.millis());
                            } else if (mayRetry(failed, token, invocation)) {
                                retried = true;
                                yield null;
                            }
                            yield failure(failed.detail);
                        }
                    };
            if (verdict != null) {
                return verdict;
            }
        }
    }

    private ServiceTokens.Lookup replace(Outcome.TokenRefused refused, Invocation invocation) {
        long start = System.nanoTime();
        ServiceTokens.Lookup lookup = tokens.replace(refused.token, invocation);
        invocation.spent(Invocation.Stage.SERVICE_TOKEN, start);
        return lookup;
    }

    private boolean mayRetry(Outcome.Failed failed, VerifiedToken token, Invocation invocation) {
        return failed.again
                && invocation.deadline().allows(LEAST_TIME_FOR_RETRY)
                && retries.take(token.subject(), clock.millis());
    }

    private Outcome ask(
            byte[] question,
            ServiceTokens.Lookup lookup,
            Optional<String> traceparent,
            Invocation invocation) {
        return switch (lookup.kind()) {
            case MISSING ->
                    new Outcome.TokenMissing(((ServiceTokens.Lookup.Missing) lookup).detail());
            case FOUND -> {
                ServiceToken token = ((ServiceTokens.Lookup.Found) lookup).token();
                long start = System.nanoTime();
                Outcome outcome = ask(question, token, traceparent, invocation);
                invocation.spent(Invocation.Stage.VALIDATION, start);
                yield outcome;
            }
        };
    }

    private Outcome ask(
            byte[] question,
            ServiceToken token,
            Optional<String> traceparent,
            Invocation invocation) {
        long asked = clock.millis();
        if (invocation.deadline().passed()) {
            return new Outcome.Failed(name() + ": no time is left for the request", false);
        }
        if (!breaker.allows(asked)) {
            return new Outcome.Failed(
                    name() + ": not asked, because the last questions got no answer", false);
        }
        HttpCall.Head head = headWith(token);
        @Nullable String trace = invocation.traceId().orElse(null);
        if (trace != null) {
            head = head.header("X-Amzn-Trace-Id", trace);
        }
        if (traceparent.isPresent()) {
            head = head.header("traceparent", traceparent.get());
        }
        Reply reply =
                sender.send(head.body(question), invocation.deadline().atMost(service.timeout()));
        return switch (reply.kind()) {
            case ANSWERED -> answered((Reply.Answered) reply, question, token, asked);
            case FAILED -> unanswered((Reply.Failed) reply);
        };
    }

    private Outcome answered(
            Reply.Answered answer, byte[] question, ServiceToken token, long asked) {
        breaker.answered();
        Outcome outcome = judge(answer, token);
        if (answer.status() == 200 && outcome.kind() == Outcome.Kind.JUDGED) {
            answers.keep(question, answer, ((Outcome.Judged) outcome).verdict(), asked);
        }
        return outcome;
    }

    private Outcome unanswered(Reply.Failed failed) {
        if (failed.status()) {
            breaker.answered();
        } else {
            breaker.unanswered(clock.millis());
        }
        return new Outcome.Failed(failed.detail(), !failed.timeOut());
    }

    /** The head of each question with this token; made once for each token. */
    @SuppressWarnings("ReferenceEquality") // an equal token only costs another head
    private HttpCall.Head headWith(ServiceToken token) {
        @Nullable Opening known = opening;
        if (known == null || known.token != token) {
            known =
                    new Opening(
                            token,
                            HttpCall.post(service.url())
                                    .header("Content-Type", "application/json")
                                    .header("Authorization", "Bearer " + token.value().reveal()));
            opening = known;
        }
        return known.head;
    }

    private Outcome judge(Reply.Answered answer, ServiceToken token) {
        int status = answer.status();
        if (status == 204) {
            return new Outcome.Judged(new Verdict.Permitted(Map.of()));
        }
        if (answer.successful()) {
            try {
                return new Outcome.Judged(ServiceAnswer.read(answer.body()));
            } catch (IOException e) {
                return new Outcome.Failed(
                        name() + ": the answer is not the JSON of the contract", true);
            }
        }
        return switch (status) {
            case 400, 403, 422 -> refusal(answer);
            case 401 -> new Outcome.TokenRefused(token);
            default ->
                    new Outcome.Failed(
                            name() + ": the status is " + status,
                            status == 408 || status == 429 || status >= 500);
        };
    }

    /**
     * A challenge is about the service token (RFC 6750 section 3.1). A body that is not JSON comes
     * from a proxy or firewall in front of the service. Neither is about the caller, so neither is
     * a refusal.
     */
    private Outcome refusal(Reply.Answered answer) {
        if (answer.fields().wwwAuthenticate() != null) {
            return new Outcome.Failed(
                    name() + ": the status is " + answer.status() + " with WWW-Authenticate",
                    false);
        }
        try {
            return new Outcome.Judged(ServiceAnswer.readRefusal(answer.body()));
        } catch (IOException e) {
            return new Outcome.Failed(
                    name() + ": the status is " + answer.status() + " without a JSON object",
                    false);
        }
    }

    private static Verdict tokenMissing(Outcome.TokenMissing missing) {
        return new Verdict.Unavailable(Reason.SERVICE_TOKEN_UNAVAILABLE, missing.detail);
    }

    private static Verdict failure(String detail) {
        return new Verdict.Unavailable(Reason.VALIDATION_UNAVAILABLE, detail);
    }

    private String name() {
        return service.url().origin().authority();
    }
}
