package authoriser.reason;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReasonTest {

    /** Backends, gateway responses and alarms use these codes, so a code must not change. */
    @Test
    void haveFixedCodes() {
        List<String> ofDenies =
                List.of(
                        "token_missing",
                        "token_malformed",
                        "token_algorithm",
                        "token_key_unknown",
                        "token_signature",
                        "token_issuer",
                        "token_use",
                        "token_client",
                        "token_audience",
                        "token_expired",
                        "token_not_yet_valid",
                        "token_scope",
                        "token_group",
                        "header_missing",
                        "ambiguous_header",
                        "validation_refused");
        List<String> ofErrors =
                List.of(
                        "keys_unavailable",
                        "service_token_unavailable",
                        "validation_unavailable",
                        "time_out",
                        "event_malformed",
                        "answer_too_large",
                        "internal_error");
        List<String> all = new ArrayList<>(List.of("allowed"));
        all.addAll(ofDenies);
        all.addAll(ofErrors);

        assertEquals(all, Arrays.stream(Reason.values()).map(Reason::code).toList());
    }

    @Test
    void areTemporaryForTwoReasons() {
        assertEquals(
                List.of(Reason.TOKEN_KEY_UNKNOWN, Reason.TOKEN_NOT_YET_VALID),
                Arrays.stream(Reason.values()).filter(Reason::temporary).toList());
    }

    @ParameterizedTest
    @EnumSource
    void haveOneFixedSentenceAsMessage(Reason reason) {
        assertTrue(reason.message().matches("[A-Z][A-Za-z0-9,' -]+\\."), reason.message());
    }
}
