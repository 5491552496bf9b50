package authoriser;

import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** How the whole handler's cost grows with what it is given. */
@State(Scope.Benchmark)
public class GrowthBenchmark {
    /** What is many, and how many. */
    @Param({
        "keys 2",
        "keys 20",
        "keys 100",
        "token KB 1",
        "token KB 2",
        "token KB 4",
        "token KB 8",
        "headers 1",
        "headers 10",
        "headers 40",
        "rules 0",
        "rules 10",
        "rules 20"
    })
    public String of;

    private MemoryFunction function;
    private byte[] event;

    @Setup
    public void prepare() {
        int many = Integer.parseInt(of.substring(of.lastIndexOf(' ') + 1));
        int headers = of.startsWith("headers") ? many : 1;
        List<String> names = new ArrayList<>();
        List<String> headersAndValues = new ArrayList<>();
        for (int i = 0; i < headers; i++) {
            names.add("X-Judged-" + i);
            headersAndValues.addAll(List.of("X-Judged-" + i, "value-" + i));
        }
        function =
                new MemoryFunction(
                        of.startsWith("keys") ? many : 2,
                        "ValidatedHeaders",
                        String.join(",", names),
                        "ScopeRules",
                        of.startsWith("rules") ? rules(many) : "");
        event =
                function.event(
                        of.startsWith("token") ? many * 1024 : 0,
                        headersAndValues.toArray(String[]::new));
    }

    @Benchmark
    public Object wholeHandler() {
        return function.invoke(event);
    }

    /** Rules that the token satisfies none of, so that each stands in the policy. */
    private static String rules(int many) {
        List<String> rules = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            rules.add("\"GET /r/" + i + "/*\":[\"none\"]");
        }
        return many == 0 ? "" : "{" + String.join(",", rules) + "}";
    }
}
