package authoriser.secrets;

import authoriser.config.Secret;
import authoriser.config.Texts;
import authoriser.http.Endpoint;
import authoriser.http.HttpCall;
import authoriser.http.HttpSender;
import authoriser.http.Reply;
import authoriser.json.Json;
import authoriser.time.Deadline;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the client secret from AWS Secrets Manager: a plain string, or JSON with {@code
 * client_secret}.
 *
 * <p>It sends one {@code GetSecretValue} request in AWS JSON 1.1, which it does not repeat.
 */
public final class SecretsManagerSource implements SecretSource {
    private static final int ERROR_CODE_LIMIT = 64;

    private final String id;
    private final HttpSender http;
    private final AwsEnvironment environment;
    private final InstantSource clock;
    private Reading.@Nullable Read last;

    /**
     * Makes a source for a secret. Reads nothing yet.
     *
     * @param id ARN or name
     * @param environment the environment variables, for region and credentials
     */
    public SecretsManagerSource(
            String id, HttpSender http, Map<String, String> environment, InstantSource clock) {
        this.id = id;
        this.http = http;
        this.environment = new AwsEnvironment(environment);
        this.clock = clock;
    }

    @Override
    public Reading current(Deadline deadline) {
        return last == null ? reread(deadline) : last;
    }

    @Override
    public boolean rereadable() {
        return true;
    }

    @Override
    public Reading reread(Deadline deadline) {
        Reading reading = read(deadline);
        return switch (reading.kind()) {
            case READ -> kept((Reading.Read) reading);
            case FAILED -> reading;
        };
    }

    private Reading kept(Reading.Read read) {
        last = read;
        return read;
    }

    private Reading read(Deadline deadline) {
        HttpCall call;
        try {
            call = call();
        } catch (AwsEnvironment.Unusable e) {
            return failed(e.detail());
        } catch (IllegalArgumentException e) { // only credentials can end a header
            return failed("the credentials hold a character that HTTP does not allow");
        }
        Reply reply = http.send(call, deadline);
        return switch (reply.kind()) {
            case ANSWERED -> reading((Reply.Answered) reply);
            case FAILED -> failed(((Reply.Failed) reply).detail());
        };
    }

    private HttpCall call() throws AwsEnvironment.Unusable {
        String region = environment.region();
        Endpoint endpoint = environment.secretsManager(region);
        AwsCredentials credentials = environment.credentials();
        AwsSignature signature =
                new AwsSignature(AwsSignature.time(clock.millis()), region, "secretsmanager");
        byte[] question = question();
        TreeMap<String, String> signed = new TreeMap<>();
        signed.put("content-type", "application/x-amz-json-1.1");
        signed.put("x-amz-date", signature.time());
        signed.put("x-amz-target", "secretsmanager.GetSecretValue");
        if (credentials.sessionToken().isPresent()) {
            signed.put("x-amz-security-token", credentials.sessionToken().get());
        }
        HttpCall.Head head = HttpCall.postOnce(endpoint);
        for (Map.Entry<String, String> header : signed.entrySet()) {
            head = head.header(header.getKey(), header.getValue());
        }
        signed.put("host", endpoint.origin().authority()); // every request has it
        return head.header(
                        "Authorization",
                        signature.authorization(
                                credentials, "POST", endpoint.target(), signed, question))
                .body(question);
    }

    private byte[] question() {
        ByteArrayOutputStream question = new ByteArrayOutputStream();
        try (JsonGenerator json = Json.generator(question)) {
            json.writeStartObject();
            json.writeStringField("SecretId", id);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // writing to memory does not fail
        }
        return question.toByteArray();
    }

    private static Reading failed(String detail) {
        return new Reading.Failed("Secrets Manager: " + detail);
    }

    private static Reading reading(Reply.Answered answer) {
        return answer.status() == 200
                ? reading(answer.body())
                : failed(error(answer.status(), answer.body()));
    }

    private static Reading reading(byte[] answer) {
        String[] found = new String[1];
        boolean[] binary = new boolean[1];
        try {
            Json.readStrictly(
                    answer,
                    (name, member) -> {
                        if (name.equals("SecretString")) {
                            found[0] = Json.string(member);
                        } else {
                            binary[0] |= name.equals("SecretBinary");
                            member.skipChildren();
                        }
                    });
        } catch (IOException e) {
            return failed("the answer is not the expected JSON");
        }
        if (found[0] == null) {
            return failed(binary[0] ? "the secret is binary" : "the answer has no secret");
        }
        return secret(found[0]);
    }

    private static Reading secret(String value) {
        String text = Texts.stripped(value);
        if (!text.startsWith("{")) {
            return text.isEmpty() ? failed("the secret is empty") : usable(text);
        }
        String found;
        try {
            found = Texts.stripped(member("client_secret", text.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            return failed("the secret is JSON of an unexpected form");
        }
        return found.isEmpty() ? failed("the secret's JSON has no client_secret") : usable(found);
    }

    /** A client secret has no control character (RFC 6749 appendix A.2). */
    private static Reading usable(String secret) {
        return Texts.holdsControl(secret)
                ? failed("the secret holds a line break or another control character")
                : new Reading.Read(new Secret(secret));
    }

    /** The error's code, without the name space before it and the URL after it. */
    private static String error(int status, byte[] answer) {
        String type;
        try {
            type = member("__type", answer);
        } catch (IOException e) {
            return "status " + status;
        }
        String code = type.substring(type.indexOf('#') + 1);
        int end = code.indexOf(':');
        code = end < 0 ? code : code.substring(0, end);
        return isErrorCode(code) ? code : "status " + status;
    }

    /** The string of the member of this name; empty if there is none. */
    private static String member(String sought, byte[] json) throws IOException {
        String[] found = {""};
        Json.readStrictly(
                json,
                (name, value) -> {
                    if (name.equals(sought)) {
                        found[0] = Json.string(value);
                    } else {
                        value.skipChildren();
                    }
                });
        return found[0];
    }

    private static boolean isErrorCode(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9')) {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= ERROR_CODE_LIMIT;
    }
}
