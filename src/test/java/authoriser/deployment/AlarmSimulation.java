package authoriser.deployment;

import authoriser.deployment.MetricMath.Gaps;
import authoriser.deployment.SimulatedTraffic.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** How often the alarms of a stack go into ALARM without a cause, and how fast with a cause. */
final class AlarmSimulation {
    /** Requests a minute that are not in the cache of API Gateway. */
    static final List<Integer> RATES = List.of(1, 6, 60, 6_000);

    /** Usual traffic: one request in ten is refused, one in a thousand is slow or undecided. */
    static final Map<Kind, Double> USUAL =
            Map.of(
                    Kind.ALLOWED, 0.89599,
                    Kind.SLOW, 0.001,
                    Kind.REFUSED, 0.08,
                    Kind.UNAUTHORIZED, 0.02,
                    Kind.UNDECIDED, 0.001,
                    Kind.SILENT, 0.00001,
                    Kind.BACKEND_FAILED, 0.002);

    private static final int DAY = 24 * 60;
    private static final int HOUR = 60;

    /** The bursts of a day in which Lambda throttles half of the requests, and their length. */
    private static final int BURSTS = 4;

    private static final double BURST_MINUTES = 1 / 3.0;

    private static final int RUNS = 400;

    /** The minutes from the cause to the alarm: the median, and the 95th percentile. */
    record Delay(double median, double late) {}

    private final List<SimulatedAlarm> alarms;
    private final double stampDelaySeconds;

    AlarmSimulation(Stack stack, Gaps gaps, double stampDelaySeconds) {
        this.alarms =
                stack.ofType("AWS::CloudWatch::Alarm").stream()
                        .map(alarm -> new SimulatedAlarm(alarm, gaps))
                        .toList();
        this.stampDelaySeconds = stampDelaySeconds;
    }

    AlarmSimulation(Stack stack, Gaps gaps) {
        this(stack, gaps, SimulatedTraffic.STAMP_DELAY_SECONDS);
    }

    /** The share of usual days on which each alarm goes into ALARM. */
    Map<String, Double> onAUsualDay(int rate) {
        Map<String, Integer> days = new HashMap<>();
        SplittableRandom random = new SplittableRandom(rate);
        for (int run = 0; run < RUNS; run++) {
            SimulatedTraffic traffic = traffic(random, rate, HOUR + DAY);
            double[] throttled = bursts(random, rate);
            for (int minute = 0; minute < HOUR + DAY; minute++) {
                traffic.minute(USUAL, Map.of(Kind.THROTTLED, throttled[minute]));
            }
            count(traffic, HOUR, HOUR + DAY, days);
        }
        return shares(days);
    }

    /** The mean number of requests that Lambda throttles in each minute of a day. */
    private static double[] bursts(SplittableRandom random, int rate) {
        double[] throttled = new double[HOUR + DAY];
        for (int burst = 0; burst < BURSTS; burst++) {
            double from = HOUR + random.nextDouble() * (DAY - 1);
            double inItsMinute = Math.min(BURST_MINUTES, Math.ceil(from) - from);
            throttled[(int) from] += inItsMinute * rate / 2;
            throttled[(int) from + 1] += (BURST_MINUTES - inItsMinute) * rate / 2;
        }
        return throttled;
    }

    /**
     * The share of hours in which each alarm goes into ALARM while all requests are of one kind.
     */
    Map<String, Double> inAnHourOf(Kind kind, int rate) {
        Map<String, Integer> hours = new HashMap<>();
        SplittableRandom random = new SplittableRandom(rate);
        for (int run = 0; run < RUNS; run++) {
            SimulatedTraffic traffic = traffic(random, rate, 2 * HOUR);
            begin(traffic, Map.of(kind, 1.0), random.nextDouble());
            while (traffic.minutes() < 2 * HOUR) {
                traffic.minute(Map.of(kind, 1.0));
            }
            count(traffic, HOUR, 2 * HOUR, hours);
        }
        return shares(hours);
    }

    /** The delay of an alarm after requests begin to have these shares. */
    Delay delayOf(String name, Map<Kind, Double> shares, int rate) {
        SimulatedAlarm alarm =
                alarms.stream().filter(one -> one.name().endsWith("-" + name)).findAny().get();
        SplittableRandom random = new SplittableRandom(rate);
        List<Double> delays = new ArrayList<>();
        for (int run = 0; run < RUNS; run++) {
            SimulatedTraffic traffic = traffic(random, rate, HOUR + DAY);
            double start = HOUR + random.nextDouble();
            begin(traffic, shares, start - HOUR);
            while (traffic.minutes() < HOUR + DAY && !alarm.isOn(traffic, traffic.minutes())) {
                traffic.minute(shares);
            }
            delays.add(traffic.minutes() - start);
        }
        delays.sort(null);
        return new Delay(delays.get(RUNS / 2), delays.get(RUNS * 19 / 20));
    }

    private SimulatedTraffic traffic(SplittableRandom random, int rate, int minutes) {
        return new SimulatedTraffic(random.split(), rate, stampDelaySeconds, minutes + 1);
    }

    /** A usual hour, then a minute in which the cause begins after a part of the minute. */
    private static void begin(SimulatedTraffic traffic, Map<Kind, Double> cause, double after) {
        for (int minute = 0; minute < HOUR; minute++) {
            traffic.minute(USUAL);
        }
        Map<Kind, Double> mixed = new HashMap<>();
        USUAL.forEach((kind, share) -> mixed.merge(kind, share * after, Double::sum));
        cause.forEach((kind, share) -> mixed.merge(kind, share * (1 - after), Double::sum));
        traffic.minute(mixed);
    }

    private void count(SimulatedTraffic traffic, int from, int to, Map<String, Integer> times) {
        for (SimulatedAlarm alarm : alarms) {
            boolean on = false;
            for (int minute = from; minute < to && !on; minute++) {
                on = alarm.isOn(traffic, minute);
            }
            times.merge(alarm.name().replaceFirst("^[^-]+-", ""), on ? 1 : 0, Integer::sum);
        }
    }

    private static Map<String, Double> shares(Map<String, Integer> times) {
        return times.entrySet().stream()
                .collect(
                        Collectors.toMap(Map.Entry::getKey, one -> (double) one.getValue() / RUNS));
    }
}
