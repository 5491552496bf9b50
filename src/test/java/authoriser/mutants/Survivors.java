package authoriser.mutants;

import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Compares the mutants that survived with the list of those that cannot matter.
 *
 * <p>Each survivor must be in the list with a reason, and the list must hold nothing else.
 */
final class Survivors {
    private static final Path LIST = Path.of("src", "test", "resources", "mutants.yaml");
    private static final Comparator<Mutant.Place> BY_TEXT =
            Comparator.comparing(Mutant.Place::toString);
    private static final Path SOURCES = Path.of("src", "main", "java");

    private final Map<Mutant.Place, Integer> listed;

    private Survivors(Map<Mutant.Place, Integer> listed) {
        this.listed = listed;
    }

    /** Prints the figures of each package, and ends with 1 if the list is not exact. */
    public static void main(String[] args) throws IOException {
        System.exit(check(Path.of(args[0]), System.out) ? 0 : 1);
    }

    private static boolean check(Path reports, PrintStream output) throws IOException {
        Survivors survivors;
        try (Reader list = Files.newBufferedReader(LIST)) {
            survivors = read(list);
        }
        List<Path> packages;
        try (Stream<Path> files = Files.list(reports)) {
            packages = files.sorted().toList();
        }
        List<String> problems = new ArrayList<>();
        output.println("| package | mutants | killed | in the list | score |");
        output.println("| --- | --- | --- | --- | --- |");
        for (Path each : packages) {
            List<Mutant> mutants = Mutant.read(each.resolve("mutations.xml"), SOURCES);
            long survived = mutants.stream().filter(Mutant::survived).count();
            long killed = mutants.size() - survived;
            output.printf(
                    "| `%s` | %d | %d | %d | %d %% |%n",
                    each.getFileName(),
                    mutants.size(),
                    killed,
                    survived,
                    100 * killed / Math.max(1, mutants.size()));
            problems.addAll(survivors.problemsOf(each.getFileName().toString(), mutants));
        }
        problems.forEach(output::println);
        return problems.isEmpty();
    }

    /**
     * Reads a list: for each class its lines of code, for each line the mutators whose mutants
     * survive, and the reason.
     *
     * @throws IllegalArgumentException if an entry has no reason
     */
    static Survivors read(Reader list) {
        Map<String, List<Map<String, Object>>> classes =
                new Yaml(new SafeConstructor(new LoaderOptions())).load(list);
        Map<Mutant.Place, Integer> listed = new TreeMap<>(BY_TEXT);
        classes.forEach((type, lines) -> {
            for (Map<String, Object> line : lines) {
                if (!(line.get("reason") instanceof String reason) || reason.isBlank()) {
                    throw new IllegalArgumentException(
                            type + " has a line without a reason: " + line.get("code"));
                }
                for (Object mutator : (List<?>) line.get("survive")) {
                    listed.merge(
                            new Mutant.Place(
                                    "authoriser." + type,
                                    (String) line.get("code"),
                                    (String) mutator),
                            1,
                            Integer::sum);
                }
            }
        });
        return new Survivors(listed);
    }

    /**
     * Says what is wrong with the list for a package: a survivor that is not in it, or an entry
     * whose mutant was killed or no longer exists.
     *
     * @param name the name of the package without {@code authoriser.}
     * @param mutants all mutants of the package
     */
    List<String> problemsOf(String name, List<Mutant> mutants) {
        Map<Mutant.Place, Integer> survived = new TreeMap<>(BY_TEXT);
        Map<Mutant.Place, Integer> undecided = new TreeMap<>(BY_TEXT);
        for (Mutant mutant : mutants) {
            if (mutant.survived()) {
                survived.merge(mutant.place(), 1, Integer::sum);
            }
            if (!mutant.failedATest()) {
                undecided.merge(mutant.place(), 1, Integer::sum);
            }
        }
        List<String> problems = new ArrayList<>();
        survived.forEach((place, count) -> {
            if (count > listed.getOrDefault(place, 0)) {
                problems.add("survived, and is not in the list: " + place);
            }
        });
        listed.forEach((place, count) -> {
            if (place.type().startsWith("authoriser." + name + ".")
                    && count > undecided.getOrDefault(place, 0)) {
                problems.add("is in the list, and did not survive: " + place);
            }
        });
        return problems;
    }
}
