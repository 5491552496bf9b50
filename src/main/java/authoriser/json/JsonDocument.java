package authoriser.json;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** A JSON document, written out in UTF-8. */
public final class JsonDocument {
    private final byte[] json;

    /** Takes over what was written. */
    public JsonDocument(ByteArrayOutputStream written) {
        this(written.toByteArray());
    }

    /** Takes over a document. */
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

    /** Holds claims of a caller, so it shows nothing. */
    @Override
    public String toString() {
        return "JsonDocument[" + json.length + " bytes]";
    }
}
