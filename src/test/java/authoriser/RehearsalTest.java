package authoriser;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.local.ManualClock;
import org.junit.jupiter.api.Test;

class RehearsalTest {

    @Test
    void aRehearsalGoesAllTheWayToAnAllow() {
        assertTrue(new Rehearsal(ManualClock.at("2026-11-24T04:00:00Z")).run());
    }

    @Test
    void aRehearsalWorksForAsLongAsTimesCanBeWritten() {
        assertTrue(new Rehearsal(ManualClock.at("9999-12-31T23:59:58Z")).run());
    }

    /** A clock that is wrong by years must not keep the function from starting. */
    @Test
    void aRehearsalThatFailsOnlySaysSo() {
        assertFalse(new Rehearsal(ManualClock.at("2020-01-01T00:00:00Z")).run());
    }
}
