package authoriser.validation;

import authoriser.config.Secret;
import authoriser.http.HttpCall;
import authoriser.http.HttpSender;
import authoriser.http.Reply;
import authoriser.invocation.Invocation;
import authoriser.secrets.SecretSource;
import authoriser.time.Deadline;
import authoriser.token.VerifiedTokens;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Sends requests to a validation service with the HTTP client of the function. The code of the
 * function judges each response. Safe for several threads.
 */
final class ServiceAsker {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final String TOKEN = "{\"access_token\":\"t\",\"token_type\":\"Bearer\"}";

    private final ServiceUnderTest subject;
    private final HttpSender http;
    private final Optional<String> authorization;

    /** Uses this service token instead of the one of the service under test. */
    ServiceAsker(ServiceUnderTest subject, HttpSender http, Optional<Secret> token) {
        this.subject = subject;
        this.http = http;
        this.authorization = token.map(secret -> "Bearer " + secret.reveal());
    }

    /**
     * A response, the verdict of the function, and the time.
     *
     * @param milliseconds the time until the complete response, including the set-up of the
     *     connection
     */
    record Answer(Reply reply, Verdict verdict, long milliseconds) {
        /** Whether the service judged: allowed or refused. */
        boolean judged() {
            return !(verdict instanceof Verdict.Unavailable);
        }

        boolean allowed() {
            return verdict instanceof Verdict.Permitted;
        }

        int status() {
            return reply instanceof Reply.Answered answered ? answered.status() : 0;
        }

        /** Whether both are allowed, or both are refused for the same reason. */
        boolean sameAs(Answer other) {
            return judged()
                    && other.judged()
                    && (allowed() ? other.allowed() : verdict.equals(other.verdict));
        }

        /** The outcome, without any value of the response except the status. */
        String summary() {
            return switch (verdict) {
                case Verdict.Permitted _ -> "allowed, status " + status();
                case Verdict.Refused _ -> "refused, status " + status();
                case Verdict.Unavailable(_, String detail) -> detail;
            };
        }
    }

    Answer ask(byte[] question) {
        return ask(question, authorization, Map.of());
    }

    Answer ask(byte[] question, Map<String, String> more) {
        return ask(question, authorization, more);
    }

    /** Sends the request with another Authorization header, or without one. */
    Answer askAs(Optional<String> other, byte[] question) {
        return ask(question, other, Map.of());
    }

    private Answer ask(byte[] question, Optional<String> credentials, Map<String, String> more) {
        HttpCall.Head head =
                HttpCall.post(subject.service().url()).header("Content-Type", "application/json");
        if (credentials.isPresent()) {
            head = head.header("Authorization", credentials.get());
        }
        for (Map.Entry<String, String> header : more.entrySet()) {
            head = head.header(header.getKey(), header.getValue());
        }
        HttpCall call = head.body(question);
        long start = System.nanoTime();
        Reply reply = send(call);
        if (reply instanceof Reply.Failed failed && !failed.timeOut()) {
            // The service may have closed an idle connection: the function tries again, too
            start = System.nanoTime();
            reply = send(call);
        }
        long milliseconds = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        return new Answer(reply, verdict(reply), milliseconds);
    }

    private Reply send(HttpCall call) {
        return http.send(call, Deadline.in(subject.service().timeout(), CLOCK));
    }

    /** The verdict of the function for a response. */
    private Verdict verdict(Reply reply) {
        HttpSender tokenEndpoint =
                (_, _) -> new Reply.Answered(200, TOKEN.getBytes(StandardCharsets.US_ASCII));
        ServiceTokens tokens =
                new ServiceTokens(
                        tokenEndpoint,
                        subject.service(),
                        SecretSource.fixed(new Secret("none")),
                        CLOCK);
        return new ValidationClient((_, _) -> reply, subject.service(), tokens, CLOCK)
                .validate(
                        VerifiedTokens.user(List.of(), List.of()),
                        Map.of(),
                        Optional.empty(),
                        new Invocation(
                                Deadline.in(Duration.ofSeconds(10), CLOCK), Optional.empty()));
    }
}
