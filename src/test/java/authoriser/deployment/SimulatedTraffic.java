package authoriser.deployment;

import java.util.Map;
import java.util.SplittableRandom;

/**
 * The metrics of a function and its API for random requests, in each minute.
 *
 * <p>Requests of each kind are independent and arrive at a fixed rate (Poisson). The timestamp of
 * Lambda is the start of an invocation. Our timestamp is {@link #STAMP_DELAY_SECONDS} later, so
 * that some invocations are in the next minute. The same seed gives the same traffic on every
 * machine.
 */
final class SimulatedTraffic {
    /** Ten times the usual time between the timestamp of Lambda and ours. */
    static final double STAMP_DELAY_SECONDS = 0.05;

    /** The outcome of a request. */
    enum Kind {
        ALLOWED,
        /** Allowed, but slower than the limit of the alarm. */
        SLOW,
        /** A Deny. */
        REFUSED,
        /** A 401. It is an error for our code and for Lambda. */
        UNAUTHORIZED,
        UNDECIDED,
        /** Ends without a log line: a crash, a time-out of Lambda, or a start that failed. */
        SILENT,
        /** Throttled by Lambda. */
        THROTTLED,
        /** API Gateway cannot invoke the function. */
        NOT_INVOKED,
        /** Allowed with keys that are two hours old. */
        OLD_KEYS,
        /** Allowed, and the backend fails. */
        BACKEND_FAILED
    }

    /** A count of a minute. */
    enum Count {
        INVOCATIONS,
        ERRORS,
        THROTTLES,
        LINES,
        UNDECIDED_LINES,
        REFUSED_LINES,
        THROWN_LINES,
        SLOW_LINES,
        OLD_KEY_LINES,
        REQUESTS,
        FAILED_REQUESTS
    }

    private final SplittableRandom random;
    private final double requestsPerMinute;
    private final double stampDelaySeconds;
    private final double[][] totals;
    private final double[][] running;
    private int minutes;

    /** Traffic of no more than this many minutes. */
    SimulatedTraffic(
            SplittableRandom random,
            double requestsPerMinute,
            double stampDelaySeconds,
            int longest) {
        this.random = random;
        this.requestsPerMinute = requestsPerMinute;
        this.stampDelaySeconds = stampDelaySeconds;
        this.totals = new double[Count.values().length][longest + 1];
        this.running = new double[Count.values().length][longest + 1];
    }

    /** Adds a minute in which the kinds have these shares of all requests. */
    void minute(Map<Kind, Double> shares) {
        minute(shares, Map.of());
    }

    /** The same. {@code besides} has the mean number of additional requests of a kind. */
    void minute(Map<Kind, Double> shares, Map<Kind, Double> besides) {
        // in the order of the kinds, so that the same seed gives the same traffic
        for (Kind kind : Kind.values()) {
            report(
                    kind,
                    poisson(shares.getOrDefault(kind, 0.0) * requestsPerMinute)
                            + poisson(besides.getOrDefault(kind, 0.0)));
        }
        for (int count = 0; count < totals.length; count++) {
            running[count][minutes + 1] = running[count][minutes] + totals[count][minutes];
        }
        minutes++;
    }

    private void report(Kind kind, int requests) {
        add(Count.REQUESTS, requests, 0);
        switch (kind) {
            case ALLOWED -> invoked(requests);
            case SLOW -> invoked(requests, Count.SLOW_LINES);
            case REFUSED -> invoked(requests, Count.REFUSED_LINES);
            case UNAUTHORIZED -> {
                invoked(requests, Count.REFUSED_LINES, Count.THROWN_LINES);
                add(Count.ERRORS, requests, 0);
            }
            case UNDECIDED -> {
                invoked(requests, Count.UNDECIDED_LINES, Count.THROWN_LINES, Count.SLOW_LINES);
                add(Count.ERRORS, requests, 0);
                add(Count.FAILED_REQUESTS, requests, 0);
            }
            case SILENT -> {
                add(Count.INVOCATIONS, requests, 0);
                add(Count.ERRORS, requests, 0);
                add(Count.FAILED_REQUESTS, requests, 0);
            }
            case THROTTLED -> {
                add(Count.THROTTLES, requests, 0);
                add(Count.FAILED_REQUESTS, requests, 0);
            }
            case NOT_INVOKED -> add(Count.FAILED_REQUESTS, requests, 0);
            case OLD_KEYS -> invoked(requests, Count.OLD_KEY_LINES);
            case BACKEND_FAILED -> {
                invoked(requests);
                add(Count.FAILED_REQUESTS, requests, 0);
            }
        }
    }

    /** Invocations with their log lines. Some lines have the time of the next minute. */
    private void invoked(int requests, Count... lines) {
        add(Count.INVOCATIONS, requests, 0);
        int late = Math.min(requests, poisson(requests * stampDelaySeconds / 60));
        add(Count.LINES, requests, late);
        for (Count count : lines) {
            add(count, requests, late);
        }
    }

    private void add(Count count, int number, int late) {
        totals[count.ordinal()][minutes] += number - late;
        totals[count.ordinal()][minutes + 1] += late;
    }

    /** The count from one minute to another, without the last minute. */
    double between(Count count, int from, int to) {
        double[] sums = running[count.ordinal()];
        return to <= Math.max(0, from) ? 0 : sums[to] - sums[Math.max(0, from)];
    }

    int minutes() {
        return minutes;
    }

    /** A number of events whose mean is this; above 50, by the normal distribution. */
    private int poisson(double mean) {
        if (mean > 50) {
            double normal = -6;
            for (int i = 0; i < 12; i++) {
                normal += random.nextDouble();
            }
            return (int) Math.max(0, Math.rint(mean + normal * StrictMath.sqrt(mean)));
        }
        double limit = StrictMath.exp(-mean);
        double product = random.nextDouble();
        int events = 0;
        while (product > limit) {
            product *= random.nextDouble();
            events++;
        }
        return events;
    }
}
