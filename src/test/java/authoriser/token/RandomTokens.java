package authoriser.token;

import authoriser.standin.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes tokens with none, one or two changes. The same seed makes the same tokens. */
final class RandomTokens {
    private static final long NOW = VerifierFixture.NOW.getEpochSecond();

    private final Random random;
    private int number;

    /** A token with the names of its changes. */
    record Made(String token, List<String> changes) {}

    RandomTokens(long seed) {
        this.random = new Random(seed);
    }

    Made next() {
        TokenDraft draft = good();
        int count = List.of(0, 1, 1, 1, 1, 1, 1, 1, 2, 2).get(random.nextInt(10));
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            TokenChange change = TokenChange.ALL.get(random.nextInt(TokenChange.ALL.size()));
            change.apply(draft, random);
            names.add(change.name());
        }
        return new Made(draft.token(), names);
    }

    /** A good access token of Cognito's; no two are the same. */
    private TokenDraft good() {
        TokenDraft draft = new TokenDraft();
        draft.header.put("kid", TokenChange.ONE.kid());
        draft.header.put("alg", "RS256");
        draft.claims.put("sub", Tokens.SUBJECT);
        draft.claims.put("cognito:groups", List.of("clerks", "night-shift"));
        draft.claims.put("iss", VerifierFixture.ISSUER);
        draft.claims.put("version", 2);
        draft.claims.put("client_id", Tokens.CLIENT_ID);
        draft.claims.put("token_use", "access");
        draft.claims.put("scope", "openid orders/read");
        draft.claims.put("auth_time", NOW);
        draft.claims.put("exp", NOW + 3_600);
        draft.claims.put("iat", NOW);
        draft.claims.put("jti", "token-" + number++);
        draft.claims.put("username", Tokens.USERNAME);
        return draft;
    }
}
