package authoriser.standin;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;

/** Writes elements of DER (X.690 section 10.1). */
public final class Der {
    private Der() {}

    /** An element with this tag, whose content is the parts one after the other. */
    public static byte[] der(int tag, byte[]... parts) {
        byte[] content = joined(parts);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(tag);
        int length = content.length;
        if (length < 0x80) {
            whole.write(length);
        } else {
            int octets = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
            whole.write(0x80 | octets);
            for (int i = octets - 1; i >= 0; i--) {
                whole.write(length >> (8 * i));
            }
        }
        whole.writeBytes(content);
        return whole.toByteArray();
    }

    /** The parts one after the other. */
    public static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            whole.writeBytes(part);
        }
        return whole.toByteArray();
    }

    /** The bytes that hexadecimal digits name. */
    public static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
