package authoriser.deployment;

import authoriser.deployment.MetricMath.Expression;
import authoriser.deployment.MetricMath.Gaps;
import authoriser.deployment.SimulatedTraffic.Count;
import authoriser.deployment.Stack.Resource;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * An alarm of the template, evaluated each minute as CloudWatch does: over sliding windows, with
 * more data points than necessary if some are missing, and with metrics that arrive late.
 */
final class SimulatedAlarm {
    /**
     * The minutes by which Lambda's and API Gateway's metrics are behind, and those of our lines.
     */
    private static final int LAG = 1;

    private static final int LAG_OF_LINES = 2;

    /**
     * A statistic of a metric over several minutes, read at a later minute. NaN if there is none.
     */
    @FunctionalInterface
    private interface Statistic {
        double of(SimulatedTraffic traffic, int from, int to, int now);
    }

    private final String name;
    private final List<Statistic> statistics = new ArrayList<>();
    private final Expression expression;
    private final int period;
    private final int evaluationPeriods;
    private final int datapointsToAlarm;
    private final double threshold;
    private final boolean thresholdBreaches;

    SimulatedAlarm(Resource alarm, Gaps gaps) {
        this.name = alarm.at("/AlarmName").asText();
        this.threshold = alarm.at("/Threshold").asDouble();
        this.evaluationPeriods = alarm.at("/EvaluationPeriods").asInt();
        this.datapointsToAlarm =
                alarm.has("/DatapointsToAlarm")
                        ? alarm.at("/DatapointsToAlarm").asInt()
                        : evaluationPeriods;
        this.thresholdBreaches =
                switch (alarm.at("/ComparisonOperator").asText()) {
                    case "GreaterThanThreshold" -> false;
                    case "GreaterThanOrEqualToThreshold" -> true;
                    case String other -> throw new IllegalArgumentException(other);
                };
        if (!alarm.at("/TreatMissingData").asText().equals("notBreaching")) {
            throw new IllegalArgumentException(name + " treats missing data in another way");
        }
        if (alarm.has("/Metrics")) {
            List<String> ids = new ArrayList<>();
            JsonNode first = alarm.at("/Metrics/1");
            for (JsonNode query : alarm.at("/Metrics")) {
                if (query.has("MetricStat")) {
                    ids.add(query.path("Id").asText());
                    JsonNode stat = query.path("MetricStat");
                    statistics.add(statistic(stat.path("Metric"), stat.path("Stat").asText()));
                    if (!stat.path("Period").equals(first.at("/MetricStat/Period"))) {
                        throw new IllegalArgumentException(name + " has two periods");
                    }
                }
            }
            this.period = first.at("/MetricStat/Period").asInt() / 60;
            this.expression =
                    MetricMath.parse(alarm.at("/Metrics/0/Expression").asText(), ids, gaps);
        } else {
            String stat =
                    alarm.has("/Statistic")
                            ? alarm.at("/Statistic").asText()
                            : alarm.at("/ExtendedStatistic").asText();
            statistics.add(statistic(alarm.properties(), stat));
            this.period = alarm.at("/Period").asInt() / 60;
            this.expression = values -> values[0];
        }
    }

    String name() {
        return name;
    }

    /** Whether the alarm is on when it is evaluated at the beginning of this minute. */
    boolean isOn(SimulatedTraffic traffic, int now) {
        int existing = 0;
        int breaching = 0;
        // CloudWatch reads more data points than necessary, and uses the latest existing ones
        for (int back = 0; back < evaluationPeriods + 2 && existing < evaluationPeriods; back++) {
            double value = value(traffic, now - (back + 1) * period, now - back * period, now);
            if (!Double.isNaN(value)) {
                existing++;
                if (value > threshold || thresholdBreaches && value == threshold) {
                    breaching++;
                }
            }
        }
        return breaching >= datapointsToAlarm;
    }

    private double value(SimulatedTraffic traffic, int from, int to, int now) {
        double[] values = new double[statistics.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = statistics.get(i).of(traffic, from, to, now);
        }
        return expression.at(values);
    }

    private Statistic statistic(JsonNode metric, String stat) {
        String name = metric.path("MetricName").asText();
        String outcome = metric.at("/Dimensions/0/Value").asText();
        return switch (name + " " + stat) {
            case "Errors Sum" -> where(Count.INVOCATIONS, Count.ERRORS, LAG);
            case "Invocations Sum" -> where(Count.INVOCATIONS, Count.INVOCATIONS, LAG);
            case "Throttles Sum" -> where(Count.THROTTLES, Count.THROTTLES, LAG);
            case "5XXError Sum" -> where(Count.REQUESTS, Count.FAILED_REQUESTS, LAG);
            case "5XXError SampleCount" -> where(Count.REQUESTS, Count.REQUESTS, LAG);
            case "Decisions Sum" -> {
                if (!outcome.equals("undecided")) {
                    throw new IllegalArgumentException(outcome);
                }
                yield where(Count.UNDECIDED_LINES, Count.UNDECIDED_LINES, LAG_OF_LINES);
            }
            case "Thrown Sum" -> where(Count.LINES, Count.THROWN_LINES, LAG_OF_LINES);
            case "Thrown SampleCount", "Refused SampleCount" ->
                    where(Count.LINES, Count.LINES, LAG_OF_LINES);
            case "Refused Average" -> share(Count.REFUSED_LINES);
            case "DecisionLatency p99" -> ninetyNinth(share(Count.SLOW_LINES));
            case "KeyAge Maximum" -> anyOf(where(Count.OLD_KEY_LINES, Count.OLD_KEY_LINES, 2));
            case String other -> throw new IllegalArgumentException("not simulated: " + other);
        };
    }

    /** A count that is reported only if another count is greater than 0. */
    private static Statistic where(Count there, Count counted, int lag) {
        return (traffic, from, to, now) -> {
            int seen = Math.min(to, now - lag);
            return traffic.between(there, from, seen) == 0
                    ? Double.NaN
                    : traffic.between(counted, from, seen);
        };
    }

    private static Statistic share(Count counted) {
        Statistic some = where(Count.LINES, counted, LAG_OF_LINES);
        Statistic all = where(Count.LINES, Count.LINES, LAG_OF_LINES);
        return (traffic, from, to, now) ->
                some.of(traffic, from, to, now) / all.of(traffic, from, to, now);
    }

    /** The 99th percentile is above the limit if more than 1% of the values are. */
    private Statistic ninetyNinth(Statistic slow) {
        return (traffic, from, to, now) -> {
            double share = slow.of(traffic, from, to, now);
            return Double.isNaN(share) ? share : share > 0.01 ? 2 * threshold : threshold / 2;
        };
    }

    /** The age of the keys, if there is a line with overdue keys. */
    private static Statistic anyOf(Statistic lines) {
        return (traffic, from, to, now) ->
                Double.isNaN(lines.of(traffic, from, to, now)) ? Double.NaN : 7_200;
    }
}
