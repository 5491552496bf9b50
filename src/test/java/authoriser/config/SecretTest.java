package authoriser.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class SecretTest {

    @Test
    void isEqualOnlyToASecretWithTheSameText() {
        assertEquals(new Secret("a"), new Secret("a"));
        assertNotEquals(new Secret("a"), new Secret("b"));
        assertNotEquals(new Secret("a"), (Object) "a");
    }
}
