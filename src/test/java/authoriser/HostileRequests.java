package authoriser;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import authoriser.json.CollidingNames;
import authoriser.standin.Events;
import authoriser.standin.SigningKey;
import authoriser.standin.Tokens;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Makes events that unverified callers can cause. None has a valid token. Each is made to change
 * state of the function, if that is possible.
 *
 * <p>Sizes are within the limits of API Gateway. Some events are such that it never sends them.
 */
public final class HostileRequests {
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();
    private static final int TOKEN_BYTES = 9_800;

    private final Random random;
    private final Tokens tokens;
    private final CollidingNames names;
    private final List<Supplier<String>> badTokens =
            List.of(
                    this::withMadeUpKeyId,
                    this::withWrongSignature,
                    this::withOneCharacterChanged,
                    this::ofAnotherIssuer,
                    this::withClaimOfWrongType,
                    this::withNameTwice,
                    this::nested,
                    this::withLongName,
                    this::withLongString,
                    this::withLongNumber,
                    this::withManyMembers,
                    this::withBytesThatAreNoText,
                    this::ofAnotherAlgorithm,
                    this::withLongKeyId,
                    this::withOddParts,
                    this::ofOneLongPart);
    private final List<Supplier<byte[]>> badEvents =
            List.of(
                    () -> anyShape(anyBadToken()),
                    this::withOddAuthorization,
                    this::withTwoAuthorizations,
                    this::withLongHeaders,
                    this::withMemberOfWrongType,
                    this::cutOff,
                    this::withOneByteChanged,
                    this::withDeepMember,
                    this::inAnotherEncoding);

    /** Makes the same requests for the same seed, for a function that accepts these tokens. */
    public HostileRequests(long seed, Tokens tokens) {
        this.random = new Random(seed);
        this.tokens = tokens;
        this.names = new CollidingNames(seed);
    }

    /** One event of each kind, and a series of those whose member names collide. */
    public List<byte[]> round() {
        List<byte[]> events = new ArrayList<>();
        badTokens.forEach(token -> events.add(anyShape(token.get())));
        badEvents.forEach(event -> events.add(event.get()));
        int place = random.nextInt(4);
        for (List<String> colliding : names.round()) {
            String object = CollidingNames.object(colliding);
            events.add(
                    switch (place) {
                        case 0 -> anyShape(unsigned(goodHeader(), object));
                        case 1 -> anyShape(unsigned(object, "{}"));
                        case 2 -> withNames(colliding, "headers", "multiValueHeaders");
                        default -> withNames(colliding, "queryStringParameters");
                    });
        }
        return events;
    }

    // Tokens

    private String anyBadToken() {
        return badTokens.get(random.nextInt(badTokens.size())).get();
    }

    private String goodHeader() {
        return tokens.headerJson();
    }

    private String goodClaims() {
        return payload(tokens.access());
    }

    private static String unsigned(String header, String payload) {
        return SigningKey.encode(header) + "." + SigningKey.encode(payload) + ".AAAA";
    }

    private String withMadeUpKeyId() {
        String header = "{\"kid\":\"" + text(44) + "\",\"alg\":\"RS256\"}";
        return SigningKey.encode(header) + "." + SigningKey.encode(goodClaims()) + "." + junk(256);
    }

    private String withWrongSignature() {
        String good = tokens.access();
        return good.substring(0, good.lastIndexOf('.') + 1) + junk(256);
    }

    private String withOneCharacterChanged() {
        StringBuilder token = new StringBuilder(tokens.access());
        int at = random.nextInt(token.length());
        token.setCharAt(at, token.charAt(at) == 'A' ? 'B' : 'A');
        return token.toString();
    }

    private String ofAnotherIssuer() {
        return tokens.issuedBy("https://" + text(20) + ".example.com").access();
    }

    private String withClaimOfWrongType() {
        List<Object> wrong = Arrays.asList(null, 7, true, "", List.of(1), Map.of("a", 1), -1e300);
        List<String> claims = List.of("iss", "sub", "exp", "token_use", "client_id");
        return tokens.access(
                Tokens.with(
                        claims.get(random.nextInt(claims.size())),
                        wrong.get(random.nextInt(wrong.size()))));
    }

    private String withNameTwice() {
        return unsigned(
                goodHeader().replace("{", "{\"alg\":\"RS256\","),
                goodClaims().replaceFirst("\\{", "{\"iss\":\"x\","));
    }

    private String nested() {
        int depth = random.nextInt(1, 3_000);
        return unsigned(
                goodHeader(), "{\"a\":" + (random.nextBoolean() ? "[" : "{\"a\":").repeat(depth));
    }

    private String withLongName() {
        return unsigned(goodHeader(), "{\"" + text(TOKEN_BYTES * 3 / 4 - 300) + "\":1}");
    }

    private String withLongString() {
        String escapes = "\\ud83d\\ude00\\n".repeat(random.nextInt(1, 480));
        return unsigned(goodHeader(), "{\"scope\":\"" + escapes + "\",\"sub\":\"" + escapes);
    }

    private String withLongNumber() {
        String digits = "9".repeat(random.nextInt(1, TOKEN_BYTES * 3 / 4 - 300));
        return unsigned(goodHeader(), "{\"exp\":" + digits + (random.nextBoolean() ? "}" : "e9}"));
    }

    private String withManyMembers() {
        StringBuilder claims = new StringBuilder("{\"0\":0");
        for (int i = 1; claims.length() < 6_500; i++) {
            claims.append(",\"").append(i).append("\":").append(i);
        }
        return unsigned(goodHeader(), claims + "}");
    }

    private String withBytesThatAreNoText() {
        return SigningKey.encode(goodHeader()) + "." + junk(random.nextInt(1, 2_000)) + ".AAAA";
    }

    private String ofAnotherAlgorithm() {
        List<String> algorithms =
                List.of("\"none\"", "\"HS256\"", "\"RS512\"", "null", "[\"RS256\"]", "\"rs256\"");
        String algorithm = algorithms.get(random.nextInt(algorithms.size()));
        return unsigned(goodHeader().replace("\"RS256\"", algorithm), goodClaims());
    }

    private String withLongKeyId() {
        return unsigned("{\"alg\":\"RS256\",\"kid\":\"" + text(2_000) + "\"}", goodClaims());
    }

    private String withOddParts() {
        List<String> odd =
                List.of(
                        ".",
                        "..",
                        "...",
                        "a.b",
                        "a.b.c.d",
                        "=.=.=",
                        "e30.e30.",
                        ".e30.AAAA",
                        "e30=.e30=.AAAA",
                        "e30.e31.AAAA",
                        "\u00e9.\u20ac.\ud83d\ude00",
                        "a b.c.d");
        return odd.get(random.nextInt(odd.size()));
    }

    private String ofOneLongPart() {
        return "e".repeat(random.nextInt(9_000, 13_000));
    }

    private static String payload(String token) {
        String[] parts = token.split("\\.");
        return new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8);
    }

    // Events

    private byte[] anyShape(String token) {
        return anyShape(token, event -> event);
    }

    private byte[] anyShape(String token, UnaryOperator<ObjectNode> change) {
        return switch (random.nextInt(4)) {
            case 0 -> Events.rest(token, change);
            case 1 -> Events.httpV1(token, change);
            case 2 -> Events.httpV2(token, change);
            default -> Events.websocket(token, change);
        };
    }

    private byte[] withNames(List<String> added, String... members) {
        return anyShape(
                withWrongSignature(),
                event -> {
                    for (String member : members) {
                        ObjectNode object = event.withObjectProperty(member);
                        added.forEach(name -> object.put(name, "x"));
                    }
                    return event;
                });
    }

    private byte[] withOddAuthorization() {
        List<String> odd =
                List.of(
                        "",
                        " ",
                        "\t",
                        "Bearer",
                        "Bearer ",
                        "Bearer \t ",
                        "bearer,bearer",
                        "Basic eA==",
                        "Bearer" + " ".repeat(9_000) + "x",
                        "Bearer a b",
                        "Bearer \u0000",
                        "Bearer \"",
                        "Bearer \\u0041",
                        "B".repeat(9_000),
                        "\u212aearer x",
                        "Bearer \ud83d\ude00");
        String value = odd.get(random.nextInt(odd.size()));
        return anyShape("unused", Events.header("Authorization", value));
    }

    private byte[] withTwoAuthorizations() {
        return anyShape(
                "unused",
                Events.header("Authorization", "Bearer " + anyBadToken(), "Bearer " + text(300)));
    }

    private byte[] withLongHeaders() {
        return anyShape(
                withWrongSignature(),
                event -> {
                    Events.header("X-Tenant-Id", text(8_000), "\"\\".repeat(500)).apply(event);
                    for (int i = 0; i < 200; i++) {
                        event.withObjectProperty("headers").put(text(12), text(12));
                    }
                    return event;
                });
    }

    private byte[] withMemberOfWrongType() {
        return anyShape(
                withWrongSignature(),
                event -> {
                    List<String> members = new ArrayList<>();
                    event.fieldNames().forEachRemaining(members::add);
                    String member = members.get(random.nextInt(members.size()));
                    switch (random.nextInt(5)) {
                        case 0 -> event.putNull(member);
                        case 1 -> event.put(member, 7);
                        case 2 -> event.put(member, text(10));
                        case 3 -> event.putArray(member).add(text(10));
                        default -> event.putObject(member).put(text(10), true);
                    }
                    return event;
                });
    }

    private byte[] cutOff() {
        byte[] event = anyShape(withWrongSignature());
        return Arrays.copyOf(event, random.nextInt(event.length));
    }

    private byte[] withOneByteChanged() {
        byte[] event = anyShape(withWrongSignature());
        event[random.nextInt(event.length)] = (byte) random.nextInt();
        return event;
    }

    private byte[] withDeepMember() {
        String event = new String(anyShape(withWrongSignature()), UTF_8);
        String deep = (random.nextBoolean() ? "[" : "{\"a\":").repeat(random.nextInt(1, 20_000));
        return event.replaceFirst("\\{", "{\"deep\":" + deep).getBytes(UTF_8);
    }

    private byte[] inAnotherEncoding() {
        String event = new String(anyShape(withWrongSignature()), UTF_8);
        return switch (random.nextInt(3)) {
            case 0 -> event.getBytes(UTF_16LE);
            case 1 -> ("\uFEFF" + event).getBytes(UTF_8);
            default -> event.replace("web", "w\u00e9b").getBytes(ISO_8859_1);
        };
    }

    // Text

    private String junk(int bytes) {
        byte[] junk = new byte[bytes];
        random.nextBytes(junk);
        return BASE64URL.encodeToString(junk);
    }

    private String text(int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) random.nextInt('a', 'z' + 1));
        }
        return text.toString();
    }
}
