package authoriser;

import authoriser.decision.Decision;
import authoriser.event.AccessRequest;
import authoriser.event.RequestEvent;
import authoriser.http.HttpSender;
import authoriser.http.Reply;
import authoriser.invocation.Invocation;
import authoriser.time.Deadline;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * Makes one whole decision in memory, so that the first request does not pay for loading classes.
 *
 * <p>A second function makes it, wired as the real one. Its settings, keys and answers are
 * invented, and its issuer is a host name that cannot exist (RFC 6761 section 6.4). The two
 * functions share code only: the real one does not accept the key, whose private key was deleted.
 */
final class Rehearsal {
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private static final Map<String, String> SETTINGS =
            Map.of(
                    "CognitoIssuer", "https://rehearsal.invalid/pool",
                    "ValidatedHeaders", "X-Rehearsal",
                    "ValidationServiceUrl", "https://rehearsal.invalid/validate",
                    "ValidationServiceTokenUrl", "https://rehearsal.invalid/token",
                    "ValidationServiceClientIdValue", "rehearsal",
                    "ValidationServiceClientSecretValue", "rehearsal");

    private static final String KEYS =
            """
            {"keys":[{"kid":"rehearsal","kty":"RSA","alg":"RS256","use":"sig","e":"AQAB","n":"\
            u-4lwYBzL_UZKPg-xx65vojN3QqLz-dvyxGPQRIk5AiFjT64szXt0lKHhLDdr9LFTF51KdHB5WIu\
            N_QgXgnfUKrtVJt0nyyoZRwtiLQeB6Sy8prYabrjm99AjXXvjjmLHaDUPLQsVB7ndHSIwhyw4rZC\
            XhyxKciUjQnK8AoSDO0DS-pkk8JGvS-d1cIWBm0M7Y88JeUdElyeAqoiSTPTGgVnwXM8XFINyUSp\
            I-LnZexgCXCSHBF42KzsrEH6ygr3S-5KaqAa4PYzfuaxO6W6cS-BbgU09NBSRKHfiUHDV0um48GN\
            lelw5X8xLxvJwYNqm6Ou-jtubeCPQODsM898NQ"}]}
            """;

    private static final String SERVICE_TOKEN =
            """
            {"access_token":"rehearsal","token_type":"Bearer","expires_in":3600}
            """;

    private static final String ANSWER =
            """
            {"allowed":true,"context":{"tier":"rehearsal"}}
            """;

    private static final String EVENT =
            """
            {"type":"REQUEST","methodArn":\
            "arn:aws:execute-api:eu-west-1:000000000000:rehearsal0/rehearsal/GET/",\
            "headers":{"Authorization":"Bearer \
            eyJraWQiOiJyZWhlYXJzYWwiLCJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJyZWhlYXJzYWwiLCJjb2d\
            uaXRvOmdyb3VwcyI6WyJyZWhlYXJzYWwiXSwiaXNzIjoiaHR0cHM6Ly9yZWhlYXJzYWwuaW52YWx\
            pZC9wb29sIiwiY2xpZW50X2lkIjoicmVoZWFyc2FsIiwidG9rZW5fdXNlIjoiYWNjZXNzIiwic2N\
            vcGUiOiJyZWhlYXJzYWwiLCJhdXRoX3RpbWUiOjE3NjcyMjU2MDAsImV4cCI6MjUzNDAyMzAwNzk\
            5LCJpYXQiOjE3NjcyMjU2MDAsInVzZXJuYW1lIjoicmVoZWFyc2FsIn0.i4t3e5H0OIO89L9nc2p\
            e6FPlqeTAhoKNMeeDxZ-IOb4wJJ_w7m5_nLSeEmKupYHjKlkbNFfn6h2JRbwNopeLWlU2XYI3bEo\
            yZvxNMs8O8c7P8zsGkGH1vMU2DIyWbDi5PM2famvvnPanL3VTIUzXRt8kqGloHTtrxuCc_N5u-NG\
            lm-06ib3pQIlwaYnhzaKyQNGHv_KhrHa9M7H3AYV13NRyonQskSLFwQ6qwqNtavTurdMpj8AQe_F\
            eFTtSfDiwWECSplogxONT7CIZd10v7AFcy6jR0MLuzuKdg2QuvApBkUHmHOyLMARCPlhDQD7tmFA\
            JCjD42OMrdfwIH8GRQw",\
            "X-Rehearsal":"rehearsal"},"multiValueHeaders":{"X-Rehearsal":["rehearsal"]},\
            "requestContext":{"stage":"rehearsal","requestId":"rehearsal"}}
            """;

    private final InstantSource clock;

    Rehearsal(InstantSource clock) {
        this.clock = clock;
    }

    /** Makes the decision; returns whether it was an Allow, as expected. */
    boolean run() {
        HttpSender answers = (call, deadline) -> new Reply.Answered(200, answer(call.target()));
        Wiring wiring = Wiring.of(SETTINGS, answers, clock);
        Invocation invocation = new Invocation(Deadline.in(LIMIT, clock), Optional.empty());
        byte[] event = EVENT.getBytes(StandardCharsets.US_ASCII);
        Optional<AccessRequest> request =
                wiring.parser().parse(RequestEvent.read(new ByteArrayInputStream(event)));
        if (request.isEmpty()) {
            return false;
        }
        Decision decision = wiring.authoriser().decide(request.get(), invocation);
        try {
            wiring.telemetry().write(decision, request, invocation, "rehearsal", true, false);
            return switch (decision.outcome()) {
                case ALLOW ->
                        wiring.policies()
                                .allow((Decision.Allow) decision, request.get().arn())
                                .isPresent();
                case UNAUTHENTICATED, FORBIDDEN, UNDECIDED -> false;
            };
        } catch (IOException e) {
            return false;
        }
    }

    private static byte[] answer(String target) {
        String answer =
                switch (target) {
                    case "/validate" -> ANSWER;
                    case "/token" -> SERVICE_TOKEN;
                    default -> KEYS;
                };
        return answer.getBytes(StandardCharsets.US_ASCII);
    }
}
