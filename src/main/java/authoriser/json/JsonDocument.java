package authoriser.json;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** A JSON document, written out in UTF-8. */
public final class JsonDocument {
    private final byte[] json;

    /** Makes a document of what was written. */
    public JsonDocument(ByteArrayOutputStream written) {
        this(written.toByteArray());
    }

    /** Makes a document of its bytes, which must not change afterwards. */
    public JsonDocument(byte[] json) {
        this.json = json;
    }

    /** Its length in bytes. */
    public int size() {
        return json.length;
    }

    /** Writes the document. */
    public void writeTo(OutputStream output) throws IOException {
        output.write(json);
    }

    /** Shows the length only, because a document may hold claims of a caller. */
    @Override
    public String toString() {
        return "JsonDocument[" + json.length + " bytes]";
    }
}
