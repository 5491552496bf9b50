package authoriser.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.reason.Reason;
import java.io.IOException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Compares the page for callers and backends with the code. */
class CallersPageTest {
    private final String page;

    CallersPageTest() throws IOException {
        page = Pages.read("callers-and-backends.md");
    }

    @Test
    void everyReasonIsExplainedWithItsStatus() {
        Map<String, String> reasons = new LinkedHashMap<>();
        for (Reason reason : EnumSet.complementOf(EnumSet.of(Reason.ALLOWED))) {
            reasons.put(reason.code(), statusOf(reason));
        }
        Map<String, String> explained = new LinkedHashMap<>();
        Tables.rows(page, "status", "reason", "why")
                .forEach(row -> explained.put(Tables.codeWords(row.get(1)).getFirst(), row.get(0)));

        assertEquals(reasons, explained);
    }

    private static String statusOf(Reason reason) {
        if (reason.compareTo(Reason.KEYS_UNAVAILABLE) >= 0) {
            return "500";
        }
        if (reason.temporary()) {
            return "401";
        }
        boolean token = reason.code().startsWith("token_");
        boolean lacking = reason == Reason.TOKEN_SCOPE || reason == Reason.TOKEN_GROUP;
        return token && !lacking ? "403 or 401" : "403";
    }

    @Test
    void theKeysOfTheContextAreThoseOfTheCode() {
        Set<String> keys = new TreeSet<>(Set.of("reason", "message"));
        Tables.firstCells(page, Set.of("key"))
                .forEach(key -> keys.add(key.toLowerCase(Locale.ROOT)));

        assertEquals(new TreeSet<>((Set<?>) Constants.of("policy.ContextKeys.OURS")), keys);
    }

    @Test
    void theKeysThatHaveAMeaningInApiGatewayAreThoseOfTheCode() {
        var sentence =
                Pattern.compile("(?s)have a meaning in API Gateway \\((.*?)\\)").matcher(page);
        assertTrue(sentence.find());

        assertEquals(
                new TreeSet<>((Set<?>) Constants.of("policy.ContextKeys.API_GATEWAYS")),
                new TreeSet<>(Tables.codeWords(sentence.group(1))));
    }

    @Test
    void theLimitsOfATokenAreThoseOfTheCode() {
        assertEquals(12 * 1024, Constants.of("token.CompactJws.SIZE_LIMIT"));
        assertTrue(page.contains("longer than 12 KB"));
        assertTrue(page.contains("more than " + Constants.of("json.Json.DEPTH_LIMIT") + " levels"));
        assertTrue(
                page.contains("more than " + Constants.of("json.Json.NUMBER_LIMIT") + " digits"));
    }
}
