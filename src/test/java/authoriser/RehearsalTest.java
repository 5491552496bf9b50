package authoriser;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.standin.ManualClock;
import org.junit.jupiter.api.Test;

class RehearsalTest {

    @Test
    void endsWithAnAllow() {
        assertTrue(new Rehearsal(ManualClock.at("2026-11-24T04:00:00Z")).run());
    }

    @Test
    void succeedsUntilTheYear9999() {
        assertTrue(new Rehearsal(ManualClock.at("9999-12-31T23:59:58Z")).run());
    }

    /** The function must start also with a clock that is wrong by years. */
    @Test
    void returnsFalseIfItFails() {
        assertFalse(new Rehearsal(ManualClock.at("2020-01-01T00:00:00Z")).run());
    }
}
