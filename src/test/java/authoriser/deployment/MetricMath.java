package authoriser.deployment;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of CloudWatch's metric math that the alarms use: arithmetic, one comparison, {@code IF}
 * and {@code FILL}. A missing value is {@code NaN}.
 */
final class MetricMath {
    private static final Pattern TOKEN =
            Pattern.compile("\\s*([A-Za-z_]+|[0-9.]+|>=|<=|[-+*/(),<>])");

    /** How a missing value is read if other values of the same time exist. */
    enum Gaps {
        /** According to CloudWatch's guide: it is 0, and {@code FILL} fills it. */
        ZERO,
        /** The worst case: the result is missing, and {@code FILL} fills nothing. */
        MISSING
    }

    /** A parsed expression, which is evaluated for one time. */
    @FunctionalInterface
    interface Expression {
        double at(double[] values);
    }

    private final List<String> ids;
    private final Gaps gaps;
    private final Matcher tokens;
    private String token;

    private MetricMath(String text, List<String> ids, Gaps gaps) {
        this.ids = ids;
        this.gaps = gaps;
        this.tokens = TOKEN.matcher(text);
        this.token = next();
    }

    /** Parses an expression. Its values have the order of {@code ids}. */
    static Expression parse(String text, List<String> ids, Gaps gaps) {
        MetricMath math = new MetricMath(text, ids, gaps);
        Expression whole = math.comparison();
        if (!math.token.isEmpty()) {
            throw new IllegalArgumentException("left over: " + math.token + " in " + text);
        }
        return whole;
    }

    private String next() {
        if (tokens.lookingAt()) {
            String found = tokens.group(1);
            tokens.region(tokens.end(), tokens.regionEnd());
            return found;
        }
        if (tokens.regionStart() < tokens.regionEnd()) {
            throw new IllegalArgumentException("not understood from " + tokens.regionStart());
        }
        return "";
    }

    private boolean accept(String expected) {
        if (!token.equals(expected)) {
            return false;
        }
        token = next();
        return true;
    }

    private void expect(String expected) {
        if (!accept(expected)) {
            throw new IllegalArgumentException(expected + " expected, not " + token);
        }
    }

    private Expression comparison() {
        Expression left = sum();
        if (accept(">=")) {
            Expression right = sum();
            return values -> {
                double difference = read(left.at(values)) - read(right.at(values));
                return Double.isNaN(difference) ? difference : difference >= 0 ? 1 : 0;
            };
        }
        return left;
    }

    private Expression sum() {
        Expression left = product();
        while (true) {
            Expression one = left;
            if (accept("+")) {
                Expression other = product();
                left = values -> both(one.at(values), other.at(values), 1);
            } else if (accept("-")) {
                Expression other = product();
                left = values -> both(one.at(values), other.at(values), -1);
            } else {
                return left;
            }
        }
    }

    private double both(double one, double other, int sign) {
        return Double.isNaN(one) && Double.isNaN(other)
                ? Double.NaN
                : read(one) + sign * read(other);
    }

    private double read(double value) {
        return Double.isNaN(value) && gaps == Gaps.ZERO ? 0 : value;
    }

    private Expression product() {
        Expression left = atom();
        while (true) {
            Expression one = left;
            if (accept("*")) {
                Expression other = atom();
                left = values -> one.at(values) * other.at(values);
            } else if (accept("/")) {
                Expression other = atom();
                left = values -> quotient(one.at(values), other.at(values));
            } else {
                return left;
            }
        }
    }

    /** A division by 0, or by a missing value, gives no value. */
    private double quotient(double one, double other) {
        return other == 0 || Double.isNaN(other) ? Double.NaN : read(one) / other;
    }

    private Expression atom() {
        if (accept("(")) {
            Expression inner = comparison();
            expect(")");
            return inner;
        }
        String word = token;
        token = next();
        if (word.matches("[0-9.]+")) {
            double number = Double.parseDouble(word);
            return _ -> number;
        }
        if (word.equals("FILL")) {
            return fill();
        }
        if (word.equals("IF")) {
            return choice();
        }
        int place = ids.indexOf(word);
        if (place < 0) {
            throw new IllegalArgumentException("no metric " + word + " among " + ids);
        }
        return values -> values[place];
    }

    private Expression fill() {
        expect("(");
        Expression filled = comparison();
        expect(",");
        Expression filler = comparison();
        expect(")");
        return values -> {
            double value = filled.at(values);
            return Double.isNaN(value) && gaps == Gaps.ZERO ? filler.at(values) : value;
        };
    }

    private Expression choice() {
        expect("(");
        Expression condition = comparison();
        expect(",");
        Expression yes = comparison();
        expect(",");
        Expression no = comparison();
        expect(")");
        return values -> {
            double decided = condition.at(values);
            return Double.isNaN(decided) ? decided : decided != 0 ? yes.at(values) : no.at(values);
        };
    }
}
