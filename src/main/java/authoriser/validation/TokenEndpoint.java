package authoriser.validation;

import authoriser.config.Config;
import authoriser.config.Secret;
import authoriser.http.HttpCall;
import authoriser.http.HttpSender;
import authoriser.http.Reply;
import authoriser.secrets.SecretSource;
import authoriser.time.Deadline;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;

/** Requests service tokens by the client credentials grant (RFC 6749 section 4.4). */
final class TokenEndpoint {
    private final HttpSender sender;
    private final Config.Service service;
    private final SecretSource secrets;
    private final InstantSource clock;

    /** What a request for a token got. */
    sealed interface Answer {
        /** The kind of this answer; a {@code switch} over it is checked for missing cases. */
        Kind kind();

        /** The kinds of answers, one for each of the types below. */
        enum Kind {
            ISSUED,
            FAILED
        }

        /** A token. */
        record Issued(ServiceToken token) implements Answer {
            @Override
            public Kind kind() {
                return Kind.ISSUED;
            }
        }

        /**
         * No token.
         *
         * @param detail what failed, for the log
         * @param invalidClient whether the endpoint answered {@code invalid_client}
         */
        record Failed(String detail, boolean invalidClient) implements Answer {
            Failed(String detail) {
                this(detail, false);
            }

            @Override
            public Kind kind() {
                return Kind.FAILED;
            }
        }
    }

    TokenEndpoint(
            HttpSender sender, Config.Service service, SecretSource secrets, InstantSource clock) {
        this.sender = sender;
        this.service = service;
        this.secrets = secrets;
        this.clock = clock;
    }

    /**
     * Requests a token. If the answer is {@code invalid_client}, the client secret may have been
     * rotated: it is read again, and one more request is made.
     */
    Answer request(Deadline limit) {
        Answer answer = requestWith(secrets.current(limit), limit);
        return answer.kind() == Answer.Kind.FAILED
                        && ((Answer.Failed) answer).invalidClient()
                        && secrets.rereadable()
                ? requestWith(secrets.reread(limit), limit)
                : answer;
    }

    /** The endpoint's name, for the log. */
    String name() {
        return service.tokenUrl().origin().authority();
    }

    private Answer requestWith(SecretSource.Reading reading, Deadline limit) {
        return switch (reading.kind()) {
            case READ -> requestWith(((SecretSource.Reading.Read) reading).secret(), limit);
            case FAILED -> new Answer.Failed(((SecretSource.Reading.Failed) reading).detail());
        };
    }

    private Answer requestWith(Secret secret, Deadline limit) {
        long asked = clock.millis();
        Reply reply = sender.send(call(secret), limit);
        return switch (reply.kind()) {
            case ANSWERED -> {
                Reply.Answered answered = (Reply.Answered) reply;
                yield answer(answered.status(), answered.body(), asked);
            }
            case FAILED -> new Answer.Failed(((Reply.Failed) reply).detail());
        };
    }

    private HttpCall call(Secret secret) {
        String form = "grant_type=client_credentials";
        if (service.scope().isPresent()) {
            form += "&scope=" + encoded(service.scope().get());
        }
        return HttpCall.postOnce(service.tokenUrl())
                .header("Authorization", "Basic " + credentials(secret))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .body(form.getBytes(StandardCharsets.US_ASCII));
    }

    /** RFC 6749 section 2.3.1: both are form-encoded before they are put together. */
    private String credentials(Secret secret) {
        String pair = encoded(service.clientId()) + ":" + encoded(secret.reveal());
        return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private Answer answer(int status, byte[] body, long asked) {
        if (status == 200) {
            return token(body, asked);
        }
        // RFC 6749 section 5.2: 401 for a refused Authorization header, else 400; Cognito sends 400
        if ((status == 400 || status == 401) && AccessTokenResponse.saysInvalidClient(body)) {
            return new Answer.Failed(
                    name() + ": the client id or its secret is not accepted (invalid_client)",
                    true);
        }
        return new Answer.Failed(name() + ": the token endpoint's status is " + status);
    }

    private Answer token(byte[] body, long asked) {
        try {
            AccessTokenResponse response = AccessTokenResponse.read(body);
            return response.isBearer()
                    ? new Answer.Issued(
                            ServiceToken.issued(response.token(), response.life(), asked))
                    : new Answer.Failed(
                            name() + ": the token endpoint's answer holds no bearer token");
        } catch (IOException e) {
            return new Answer.Failed(
                    name() + ": the token endpoint's answer is not the expected JSON");
        }
    }
}
