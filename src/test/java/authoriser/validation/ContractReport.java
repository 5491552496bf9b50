package authoriser.validation;

import authoriser.config.Secret;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The table of checks. It shows none of the secrets that it knows. */
final class ContractReport {
    /** A text with this number of the first characters of a secret is treated as the secret. */
    private static final int BEGINNING = 12;

    private static final int SHORTEST = 4;

    private static final String ROW = " %-46s%-9s%s%n";

    private final List<Row> rows = new ArrayList<>();
    private final List<String> secrets = new ArrayList<>();

    /** The outcome of a check. */
    enum Result {
        PASSED("ok"),
        /** The service breaks the contract. */
        FAILED("FAILED"),
        /** The service follows the contract, but can be improved. */
        ADVICE("advice"),
        /** The check could not be made. */
        SKIPPED("skipped");

        private final String shown;

        Result(String shown) {
            this.shown = shown;
        }
    }

    /** A check and its result. */
    record Row(String check, Result result, String detail) {}

    /** Hides a text in all output, unless it is too short for a secret. */
    void conceal(Secret secret) {
        if (secret.reveal().length() >= SHORTEST) {
            secrets.add(secret.reveal());
        }
    }

    void add(String check, Result result, String detail) {
        rows.add(new Row(check, result, shown(detail)));
    }

    /** A check that must pass. */
    void require(String check, boolean passed, String detail) {
        add(check, passed ? Result.PASSED : Result.FAILED, detail);
    }

    /** A check that may fail. */
    void advise(String check, boolean passed, String detail) {
        add(check, passed ? Result.PASSED : Result.ADVICE, detail);
    }

    List<Row> rows() {
        return List.copyOf(rows);
    }

    boolean passed() {
        return rows.stream().noneMatch(row -> row.result == Result.FAILED);
    }

    void print(PrintStream out) {
        out.printf("%n" + ROW, "check", "outcome", "detail");
        out.println(" " + "-".repeat(110));
        for (Row row : rows) {
            out.printf(ROW, row.check, row.result.shown, row.detail);
        }
        out.println(" " + "-".repeat(110));
        long failed = rows.stream().filter(row -> row.result == Result.FAILED).count();
        out.printf(
                " %s%n%n",
                failed == 0
                        ? "The service keeps the contract."
                        : failed + " of " + rows.size() + " checks failed.");
    }

    private String shown(String detail) {
        return withoutSecrets(detail).replaceAll("\\p{Cntrl}", " ");
    }

    /** The text with each secret replaced, also if the end of the secret is missing. */
    String withoutSecrets(String text) {
        String shown = text;
        for (String secret : secrets) {
            shown = shown.replace(secret, "[secret]");
            if (secret.length() > BEGINNING) {
                String beginning = Pattern.quote(secret.substring(0, BEGINNING));
                shown = shown.replaceAll(beginning + "\\S*", "[secret]");
            }
        }
        return shown;
    }
}
