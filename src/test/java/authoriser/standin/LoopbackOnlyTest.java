package authoriser.standin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class LoopbackOnlyTest {
    @Test
    void testsResolveThisMachine() throws UnknownHostException {
        assertEquals("127.0.0.1", InetAddress.getByName("localhost").getHostAddress());
    }

    @Test
    void testsResolveNoOtherHost() {
        assertThrows(
                UnknownHostException.class,
                () -> InetAddress.getByName("cognito-idp.eu-west-1.amazonaws.com"));
    }
}
