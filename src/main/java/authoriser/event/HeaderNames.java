package authoriser.event;

import authoriser.json.JsonScanner;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The names of the headers that are read, each with its place in a list, found without regard to
 * case (RFC 9110 section 5.1).
 */
final class HeaderNames {
    private final Map<String, Integer> places = new HashMap<>();
    private final boolean[] lengths;

    HeaderNames(List<String> names) {
        int longest = 0;
        for (String name : names) {
            places.put(name.toLowerCase(Locale.ROOT), places.size());
            longest = Math.max(longest, name.length());
        }
        lengths = new boolean[longest + 1];
        for (String name : names) {
            lengths[name.length()] = true;
        }
    }

    int size() {
        return places.size();
    }

    /** The place of a member's name in the list; -1 if it is not in the list. */
    int placeOf(JsonScanner member) throws IOException {
        int length = member.nameLength();
        if (length >= lengths.length || (length >= 0 && !lengths[length])) {
            return -1; // most names have another length, and no text is made of them
        }
        return places.getOrDefault(member.name().toLowerCase(Locale.ROOT), -1);
    }
}
