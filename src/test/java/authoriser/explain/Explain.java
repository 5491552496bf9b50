package authoriser.explain;

import authoriser.ExplainedFunction;
import authoriser.config.InvalidSettings;
import authoriser.reason.Reason;
import authoriser.standin.PolicyEvaluator;
import authoriser.standin.PolicyEvaluator.Verdict;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes one decision with the function's own code and the network that this machine has, and prints
 * why it is what it is.
 *
 * <p>It prints no token, no secret and no value of a header. The exit status is 0 if the request is
 * allowed, 1 if it is refused, 2 if no decision was possible, and 3 if the settings or the options
 * cannot be used.
 */
public final class Explain {
    static final int ALLOWED = 0;
    static final int REFUSED = 1;
    static final int UNDECIDED = 2;
    static final int UNUSABLE = 3;

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private Explain() {}

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments), System.getenv(), System.in, System.out));
    }

    static int run(
            List<String> arguments,
            Map<String, String> environment,
            InputStream input,
            PrintStream out) {
        try {
            Options options = Options.parse(arguments, input);
            byte[] event = ExplainedEvent.of(options);
            Map<String, String> settings =
                    options.settings().isPresent()
                            ? withCredentials(
                                    SettingsFile.read(options.settings().get()), environment)
                            : environment;
            InstantSource clock =
                    options.at().isPresent()
                            ? Clock.offset(
                                    Clock.systemUTC(),
                                    Duration.between(Instant.now(), options.at().get()))
                            : InstantSource.system();
            return explain(ExplainedFunction.of(settings, clock), event, clock.instant(), out);
        } catch (Options.Unusable | IOException e) {
            out.println(e.getMessage());
            out.print(Options.USAGE);
            return UNUSABLE;
        } catch (InvalidSettings e) {
            out.println(e.getMessage());
            return UNUSABLE;
        }
    }

    /** The settings, and the variables by which this machine reaches AWS. */
    private static Map<String, String> withCredentials(
            Map<String, String> settings, Map<String, String> environment) {
        Map<String, String> all = new HashMap<>();
        environment.forEach((name, value) -> {
            if (name.startsWith("AWS_")) {
                all.put(name, value);
            }
        });
        all.putAll(settings);
        return all;
    }

    /** Explains the decision on one event. */
    static int explain(ExplainedFunction function, byte[] event, Instant now, PrintStream out) {
        ExplainedFunction.Result result = function.handle(event, LIMIT);
        Explanation explanation = new Explanation(function, result, now);
        Reason reason = explanation.reason();
        String arn = ExplainedEvent.arn(event);

        out.println("Checks");
        explanation.checks().forEach(out::println);
        out.println();
        out.println("Requests");
        List<String> requests = explanation.requests();
        out.println(requests.isEmpty() ? "  none" : String.join(System.lineSeparator(), requests));
        out.println();
        out.printf(
                "Decision: %s, %s, in %s ms%n",
                result.line().path("outcome").asText(),
                reason.code(),
                result.line().path("DecisionLatency").asText());
        out.println("  " + reason.message());
        boolean allowed =
                result.answer().isPresent() && policy(result.answer().get(), arn, now, out);
        result.error().ifPresent(error -> out.println("  " + meaning(error)));
        String remedy = Check.remedy(reason);
        if (!remedy.isEmpty()) {
            out.printf("%nWhat would have to change%n  %s%n", remedy);
        } else if (!allowed) {
            out.printf(
                    "%nWhat would have to change%n  The token must have a scope of the route in"
                            + " ScopeRules and a group of it in GroupRules.%n");
        }
        if (allowed) {
            return ALLOWED;
        }
        return result.error().isPresent() && !result.error().get().equals("Unauthorized")
                ? UNDECIDED
                : REFUSED;
    }

    /** Prints the policy, and whether it allows the request. */
    private static boolean policy(JsonNode answer, String arn, Instant now, PrintStream out) {
        out.println();
        out.println("Policy");
        for (PolicyEvaluator.Line line : PolicyEvaluator.lines(answer.path("policyDocument"))) {
            out.printf(
                    "  %-5s %s%s%n",
                    line.effect(),
                    Shown.text(line.resource()),
                    line.until().isEmpty() ? "" : ", until " + line.until());
        }
        Verdict verdict = PolicyEvaluator.evaluate(answer.path("policyDocument"), arn, now);
        out.printf(
                "  API Gateway %s %s%n",
                verdict == Verdict.ALLOW ? "allows" : "answers 403 to", Shown.text(arn));
        return verdict == Verdict.ALLOW;
    }

    private static String meaning(String error) {
        return error.equals("Unauthorized")
                ? "The function throws Unauthorized. API Gateway answers 401 and caches nothing."
                : "The function throws an error. API Gateway answers 500 and caches nothing.";
    }
}
