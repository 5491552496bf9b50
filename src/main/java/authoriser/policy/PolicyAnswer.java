package authoriser.policy;

import java.io.IOException;
import java.io.OutputStream;

/** An answer to API Gateway, written out. */
public final class PolicyAnswer {
    /** The longest answer that API Gateway is known to take, in bytes. */
    public static final int SIZE_LIMIT = 8 * 1024;

    private final byte[] json;

    PolicyAnswer(byte[] json) {
        this.json = json;
    }

    /** Its length in bytes, at most {@link #SIZE_LIMIT}. */
    public int size() {
        return json.length;
    }

    /** Writes the JSON document. */
    public void writeTo(OutputStream output) throws IOException {
        output.write(json);
    }
}
