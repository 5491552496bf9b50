package authoriser.config;

import authoriser.http.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/**
 * The values of the settings by type, and the problems with them.
 *
 * <p>White space around a value and around a list's entries is removed. An empty value counts as
 * unset, because CloudFormation passes empty parameters on.
 */
final class SettingValues {
    private static final String WHITE_SPACE = " \t\r\n\f\u000b";

    /** The most characters of a value that a message repeats. */
    private static final int QUOTE_LIMIT = 60;

    /** The endpoint that replaces an invalid URL. */
    static final Endpoint NOWHERE = new Endpoint(new Endpoint.Origin(true, "invalid", 443), "/");

    private final Map<String, String> environment;
    private final List<String> problems = new ArrayList<>();

    SettingValues(Map<String, String> environment) {
        this.environment = environment;
    }

    Optional<String> value(Setting setting) {
        @Nullable String value = environment.get(setting.variable());
        String text = value == null ? "" : Texts.stripped(value);
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    boolean isSet(Setting setting) {
        return value(setting).isPresent();
    }

    /** The entries between commas. */
    List<String> list(Setting setting) {
        return entries(setting, ",");
    }

    /** The words between white space. */
    List<String> words(Setting setting) {
        return entries(setting, WHITE_SPACE);
    }

    /** The words between white space and commas. */
    List<String> wordsOrList(Setting setting) {
        return entries(setting, WHITE_SPACE + ",");
    }

    private List<String> entries(Setting setting, String separators) {
        List<String> entries = new ArrayList<>();
        StringTokenizer tokens = new StringTokenizer(value(setting).orElse(""), separators);
        while (tokens.hasMoreTokens()) {
            String entry = Texts.stripped(tokens.nextToken());
            if (!entry.isEmpty()) {
                entries.add(entry);
            }
        }
        return entries;
    }

    String required(Setting setting) {
        Optional<String> value = value(setting);
        if (value.isEmpty()) {
            problem(setting, "must be set");
        }
        return value.orElse("");
    }

    Endpoint requiredEndpoint(Setting setting) {
        String url = required(setting);
        return url.isEmpty() ? NOWHERE : endpoint(setting, url);
    }

    static boolean isNowhere(Endpoint endpoint) {
        return endpoint.origin().equals(NOWHERE.origin());
    }

    /** Parses a URL. A problem does not repeat it, because its query may hold a secret. */
    Endpoint endpoint(Setting setting, String url) {
        Optional<Endpoint> endpoint = Endpoint.parse(url);
        if (endpoint.isEmpty()) {
            problem(setting, Endpoint.problemOf(url).orElse("must be an https URL"));
        } else if (!endpoint.get().origin().tls() && !endpoint.get().origin().loopback()) {
            problem(
                    setting,
                    "must be https, except on a loopback host: "
                            + endpoint.get().origin().authority());
        }
        return endpoint.orElse(NOWHERE);
    }

    /** The value of a setting, or its default; empty if it has none. */
    String valueOrDefault(Setting setting) {
        Optional<String> value = value(setting);
        return value.isPresent() ? value.get() : setting.fallback().orElse("");
    }

    /** A number within the setting's limits, or its least one after a problem. */
    long number(Setting setting) {
        String text = valueOrDefault(setting);
        if (Texts.consistsOf(text, "0123456789") && text.length() <= 9) {
            long number = Long.parseLong(text);
            if (number >= setting.least() && number <= setting.most()) {
                return number;
            }
        }
        problem(
                setting,
                "must be a whole number from "
                        + setting.least()
                        + " to "
                        + setting.most()
                        + ", and is "
                        + quoted(text));
        return setting.least();
    }

    /** Reads {@code on} or {@code off}, of which YAML makes {@code true} and {@code false}. */
    boolean isOn(Setting setting) {
        String value = valueOrDefault(setting);
        String text = value.toLowerCase(Locale.ROOT);
        if (text.equals("on") || text.equals("true")) {
            return true;
        }
        if (!text.equals("off") && !text.equals("false")) {
            problem(setting, "must be on or off (or true or false), and is " + quoted(value));
        }
        return false;
    }

    /** Notes a problem if a list has no entries, because it would remove a limit on callers. */
    List<String> limit(Setting setting, List<String> entries) {
        if (entries.isEmpty() && value(setting).isPresent()) {
            problem(setting, "has only separators");
        }
        return entries;
    }

    /** Notes a problem if a value is in quotes or brackets. Its parts may look correct. */
    boolean isWrapped(Setting setting) {
        boolean wrapped = Texts.isWrapped(value(setting).orElse(""));
        if (wrapped) {
            problem(setting, "must not have quotes or brackets around it");
        }
        return wrapped;
    }

    /**
     * Notes a problem.
     *
     * @param problem the rest of a sentence that begins with the setting's name
     */
    void problem(Setting setting, String problem) {
        String whole =
                setting.variable()
                        + " "
                        + (holdsSecret(setting)
                                ? "is not usable, and is not shown, because it holds the value of "
                                        + Setting.VALIDATION_SERVICE_CLIENT_SECRET_VALUE.variable()
                                : problem);
        if (!problems.contains(whole)) {
            problems.add(whole);
        }
    }

    /** All problems, in the order in which they were noted. */
    List<String> problems() {
        return problems;
    }

    /**
     * Whether a setting holds the client secret by mistake. A message could repeat a part of it.
     */
    private boolean holdsSecret(Setting setting) {
        Optional<String> secret = value(Setting.VALIDATION_SERVICE_CLIENT_SECRET_VALUE);
        return secret.isPresent()
                && setting != Setting.VALIDATION_SERVICE_CLIENT_SECRET_VALUE
                && setting != Setting.VALIDATION_SERVICE_CLIENT_SECRET_ARN
                && value(setting).orElse("").contains(secret.get());
    }

    /** A value in quotes, on one line, and shortened. */
    static String quoted(String value) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < Math.min(value.length(), QUOTE_LIMIT); i++) {
            char c = value.charAt(i);
            boolean breaks = Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
            text.append(breaks ? '?' : c);
        }
        return text.append(value.length() > QUOTE_LIMIT ? "…\"" : "\"").toString();
    }
}
