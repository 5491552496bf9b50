package authoriser.validation;

import authoriser.config.Config;
import authoriser.http.HttpCall;
import authoriser.http.HttpSender;
import authoriser.http.Reply;
import authoriser.reason.Reason;
import authoriser.timing.Invocation;
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
 * <p>A refused service token is replaced once. A failure other than a time-out is tried once more
 * while time and {@link RetryBudget} allow; the service only judges, so that a second question
 * changes nothing. A service that does not answer is left alone for a while ({@link
 * CircuitBreaker}). Only an explicit answer allows or refuses, and it is used again only where the
 * service allows that ({@link AnswerCache}).
 */
public final class ValidationClient {
    /** A second try with less time than this would fail as well. */
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

    /** What one question came to. */
    private sealed interface Outcome {
        record Judged(Verdict verdict) implements Outcome {}

        /** 401: the token was refused. */
        record TokenRefused() implements Outcome {}

        /** Nobody judged; {@code again} says whether asking once more may help. */
        record Failure(String detail, boolean again) implements Outcome {}
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
     * Asks whether the bearer of a token may come with these header values.
     *
     * @param headers values by lower-case name
     * @param traceparent the caller's trace, to be passed on
     */
    public Verdict validate(
            VerifiedToken token,
            Map<String, String> headers,
            Optional<String> traceparent,
            Invocation invocation) {
        byte[] question = Question.write(token, headers, service.claims());
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
            if (!(lookup instanceof ServiceTokens.Lookup.Found(ServiceToken serviceToken))) {
                return unavailable(lookup);
            }
            start = System.nanoTime();
            Outcome outcome = ask(question, serviceToken, traceparent, invocation);
            invocation.spent(Invocation.Stage.VALIDATION, start);
            if (outcome instanceof Outcome.Judged(Verdict verdict)) {
                tokens.accepted();
                return verdict;
            }
            if (outcome instanceof Outcome.TokenRefused) {
                if (replaced) {
                    tokens.replacedInVain(invocation.deadline());
                    return failure(name() + ": the service refuses our token, also a new one");
                }
                replaced = true;
                start = System.nanoTime();
                lookup = tokens.replace(serviceToken, invocation);
                invocation.spent(Invocation.Stage.SERVICE_TOKEN, start);
            } else {
                Outcome.Failure failed = (Outcome.Failure) outcome;
                if (retried) {
                    retries.failedAgain(token.subject(), clock.millis());
                    return failure(failed.detail);
                }
                if (!failed.again
                        || !invocation.deadline().allows(LEAST_TIME_FOR_RETRY)
                        || !retries.take(token.subject(), clock.millis())) {
                    return failure(failed.detail);
                }
                retried = true;
            }
        }
    }

    private Outcome ask(
            byte[] question,
            ServiceToken token,
            Optional<String> traceparent,
            Invocation invocation) {
        long asked = clock.millis();
        if (invocation.deadline().passed()) {
            return new Outcome.Failure(name() + ": no time is left to ask", false);
        }
        if (!breaker.allows(asked)) {
            return new Outcome.Failure(
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
        if (reply instanceof Reply.Answered answer) {
            breaker.answered();
            Outcome outcome = judge(answer);
            if (answer.status() == 200 && outcome instanceof Outcome.Judged(Verdict verdict)) {
                answers.keep(question, answer, verdict, asked);
            }
            return outcome;
        }
        Reply.Failed failed = (Reply.Failed) reply;
        if (failed.status()) {
            breaker.answered();
        } else {
            breaker.unanswered(clock.millis());
        }
        return new Outcome.Failure(failed.detail(), !failed.timeOut());
    }

    /** What each question of a token's life begins with, written out once. */
    @SuppressWarnings("ReferenceEquality") // the token that an opening holds is this one or another
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

    private Outcome judge(Reply.Answered answer) {
        int status = answer.status();
        if (status == 204) {
            return new Outcome.Judged(new Verdict.Permitted(Map.of()));
        }
        if (answer.successful()) {
            try {
                return new Outcome.Judged(ServiceAnswer.read(answer.body()));
            } catch (IOException e) {
                return new Outcome.Failure(name() + ": the answer is not the JSON agreed on", true);
            }
        }
        return switch (status) {
            case 400, 403, 422 -> refusal(answer);
            case 401 -> new Outcome.TokenRefused();
            default ->
                    new Outcome.Failure(
                            name() + ": the status is " + status,
                            status == 408 || status == 429 || status >= 500);
        };
    }

    /**
     * A challenge is about our own service token (RFC 6750 section 3.1), and a body of another kind
     * comes from something in front of the service: neither is about the caller.
     */
    private Outcome refusal(Reply.Answered answer) {
        if (answer.fields().wwwAuthenticate() != null) {
            return new Outcome.Failure(
                    name() + ": the status is " + answer.status() + " with WWW-Authenticate",
                    false);
        }
        try {
            return new Outcome.Judged(ServiceAnswer.readRefusal(answer.body()));
        } catch (IOException e) {
            return new Outcome.Failure(
                    name() + ": the status is " + answer.status() + " without a JSON object",
                    false);
        }
    }

    private static Verdict unavailable(ServiceTokens.Lookup lookup) {
        String detail = lookup instanceof ServiceTokens.Lookup.Missing(String why) ? why : "";
        return new Verdict.Unavailable(Reason.SERVICE_TOKEN_UNAVAILABLE, detail);
    }

    private static Verdict failure(String detail) {
        return new Verdict.Unavailable(Reason.VALIDATION_UNAVAILABLE, detail);
    }

    private String name() {
        return service.url().origin().authority();
    }
}
