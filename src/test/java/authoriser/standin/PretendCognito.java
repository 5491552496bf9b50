package authoriser.standin;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * A user pool's public face: its JWKS and its domain's token endpoint for the client-credentials
 * grant. In addition, it makes tokens for whoever asks.
 *
 * <p>The first of its keys signs. {@link #jwks()} and {@link #token()} let a test break either.
 */
public final class PretendCognito implements AutoCloseable {
    /** The authoriser's own app client. */
    public static final String SERVICE_CLIENT_ID = "1h57kf5cpq17m0eml12EXAMPLE";

    public static final String SERVICE_CLIENT_SECRET = "local-only-client-secret";
    private static final String POOL = "/eu-west-1_Local0001";
    private static final String JWKS_PATH = POOL + "/.well-known/jwks.json";
    private static final String TOKEN_PATH = "/oauth2/token";
    private static final String MINT_PATH = "/tokens";

    private final StandInEndpoint jwks =
            new StandInEndpoint(_ -> StandInReply.json(TestJson.text(keySet())));
    private final StandInEndpoint token = new StandInEndpoint(this::grant);
    private final TokenMint mint = new TokenMint(() -> tokens(InstantSource.system()));
    private final Set<String> issued = ConcurrentHashMap.newKeySet();
    private final LoopbackServer server;
    private volatile List<SigningKey> keys;
    private volatile String clientSecret = SERVICE_CLIENT_SECRET;
    private volatile Duration tokenLifetime = Duration.ofHours(1);

    private PretendCognito(
            Function<Function<ReceivedRequest, StandInReply>, LoopbackServer> start,
            SigningKey... keys) {
        this.keys = List.of(keys);
        this.server =
                start.apply(
                        LoopbackServer.routes(
                                Map.of(
                                        JWKS_PATH,
                                        jwks,
                                        TOKEN_PATH,
                                        token,
                                        MINT_PATH,
                                        new StandInEndpoint(mint::answer))));
    }

    /** Starts over HTTP with these keys in the JWKS. */
    public static PretendCognito start(SigningKey... keys) {
        return new PretendCognito(answers -> LoopbackServer.http(0, answers), keys);
    }

    /** Starts over HTTPS with these keys in the JWKS. */
    public static PretendCognito start(Certificates certificates, SigningKey... keys) {
        return new PretendCognito(
                answers -> LoopbackServer.https(0, certificates.serverContext(), answers), keys);
    }

    public String issuer() {
        return server.url() + POOL;
    }

    public String jwksUrl() {
        return server.url() + JWKS_PATH;
    }

    public String tokenUrl() {
        return server.url() + TOKEN_PATH;
    }

    /** Where anybody gets a token of this issuer, with the claims that the query names. */
    public String mintUrl() {
        return server.url() + MINT_PATH;
    }

    /** Makes the tokens of {@link #mintUrl()}. */
    public TokenMint mint() {
        return mint;
    }

    /** Tokens of this issuer, signed with its first key. */
    public Tokens tokens(InstantSource clock) {
        return new Tokens(keys.getFirst(), issuer(), clock);
    }

    /** Replaces the key set, as a rotation does; the first signs from now on. */
    public void keys(SigningKey... replacement) {
        keys = List.of(replacement);
    }

    /** Replaces the secret of the authoriser's app client; the old one is refused from now on. */
    public void clientSecret(String replacement) {
        clientSecret = replacement;
    }

    /** Says how long service tokens live from now on. */
    public void tokenLifetime(Duration lifetime) {
        tokenLifetime = lifetime;
    }

    /** Whether a service token was given here and not revoked since. */
    public boolean issued(String serviceToken) {
        return issued.contains(serviceToken);
    }

    /** Makes every service token given so far worthless. */
    public void revokeServiceTokens() {
        issued.clear();
    }

    public StandInEndpoint jwks() {
        return jwks;
    }

    public StandInEndpoint token() {
        return token;
    }

    public int jwksCalls() {
        return jwks.calls();
    }

    public int tokenCalls() {
        return token.calls();
    }

    /** The number of connections opened so far. */
    public int connections() {
        return server.connections();
    }

    @Override
    public void close() {
        server.close();
    }

    /** The JWKS document of the current keys. */
    public Map<String, Object> keySet() {
        return Map.of("keys", keys.stream().map(SigningKey::jwk).toList());
    }

    /** The token endpoint's answer: RFC 6749, 4.4 for the grant and 5.2 for its errors. */
    private StandInReply grant(ReceivedRequest request) {
        Map<String, String> form = form(request.text());
        if (!request.method().equals("POST")) {
            return StandInReply.status(405);
        }
        if (!request.header("Authorization").filter(this::isOurClient).isPresent()) {
            return StandInReply.json(400, "{\"error\":\"invalid_client\"}");
        }
        if (!"client_credentials".equals(form.get("grant_type"))) {
            return StandInReply.json(400, "{\"error\":\"unsupported_grant_type\"}");
        }
        String serviceToken = serviceToken(Optional.ofNullable(form.get("scope")));
        issued.add(serviceToken);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("access_token", serviceToken);
        answer.put("expires_in", tokenLifetime.toSeconds());
        answer.put("token_type", "Bearer");
        return StandInReply.json(TestJson.text(answer));
    }

    private String serviceToken(Optional<String> scope) {
        return tokens(InstantSource.system())
                .machine(claims -> {
                    long issuedAt = (long) claims.get("iat");
                    claims.put("sub", SERVICE_CLIENT_ID);
                    claims.put("client_id", SERVICE_CLIENT_ID);
                    claims.put("scope", scope.orElse("validation/ask"));
                    claims.put("exp", issuedAt + tokenLifetime.toSeconds());
                    return claims;
                });
    }

    private boolean isOurClient(String authorization) {
        String credentials = SERVICE_CLIENT_ID + ":" + clientSecret;
        byte[] utf8 = credentials.getBytes(StandardCharsets.UTF_8);
        return authorization.equals("Basic " + Base64.getEncoder().encodeToString(utf8));
    }

    private static Map<String, String> form(String body) {
        Map<String, String> fields = new LinkedHashMap<>();
        Arrays.stream(body.split("&"))
                .map(field -> field.split("=", 2))
                .forEach(field ->
                        fields.put(decoded(field[0]), field.length < 2 ? "" : decoded(field[1])));
        return fields;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
