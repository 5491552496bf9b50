package authoriser.token;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class BearerTokenTest {

    @Test
    void doesNotPrintTheToken() {
        BearerToken token = new BearerToken("eyJhbGciOiJSUzI1NiJ9.e30.c2ln");

        assertEquals("[[bearer token]]", List.of(token).toString());
    }

    @Test
    void hasTheLengthOfItsText() {
        assertEquals(4, new BearerToken("a.b.").length());
    }
}
