package authoriser.secrets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import authoriser.config.Secret;
import authoriser.secrets.SecretSource.Reading;
import authoriser.time.Deadline;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

final class SecretSourceTest {

    @Test
    void returnsASecretOfTheSettingsAlsoWithoutTimeAndDoesNotReadItAgain() {
        SecretSource source = SecretSource.fixed(new Secret("s3cr3t"));
        Deadline passed = Deadline.in(Duration.ZERO, InstantSource.system());

        assertEquals(new Reading.Read(new Secret("s3cr3t")), source.current(passed));
        assertEquals(new Reading.Read(new Secret("s3cr3t")), source.reread(passed));
        assertFalse(source.rereadable());
    }
}
