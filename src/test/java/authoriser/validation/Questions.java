package authoriser.validation;

import authoriser.token.ClaimValue;
import authoriser.token.VerifiedToken;
import authoriser.token.VerifiedTokens;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Validation requests as JSON trees, and as the function writes them. */
final class Questions {
    private Questions() {}

    /** The request with this principal and these headers, written by the code of the function. */
    static byte[] written(JsonNode question) {
        JsonNode principal = question.path("principal");
        Map<String, String> headers = new LinkedHashMap<>();
        question.path("headers")
                .properties()
                .forEach(header -> headers.put(header.getKey(), header.getValue().asText()));
        JsonNode claims = principal.path("claims");
        // If the setting names a claim, there is an object also if the token lacks the claim
        List<String> names =
                claims.isMissingNode()
                        ? List.of()
                        : new ArrayList<>(List.of("a-claim-that-no-token-has"));
        claims.fieldNames().forEachRemaining(names::add);
        return ValidationRequestBody.write(caller(principal), headers, names);
    }

    /** The verified token for which the function writes this principal. */
    static VerifiedToken caller(JsonNode principal) {
        Map<String, ClaimValue> claims = new LinkedHashMap<>();
        principal
                .path("claims")
                .properties()
                .forEach(claim ->
                        claims.put(
                                claim.getKey(),
                                new ClaimValue(claim.getValue().toString(), Optional.empty())));
        return VerifiedTokens.of(
                principal.path("issuer").asText(),
                principal.path("subject").asText(),
                Optional.ofNullable(principal.path("username").textValue()),
                principal.path("clientId").asText(),
                texts(principal.path("scopes")),
                texts(principal.path("groups")),
                claims,
                VerifiedTokens.EXPIRES_AT);
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(element -> texts.add(element.asText()));
        return texts;
    }
}
