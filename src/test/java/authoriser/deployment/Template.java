package authoriser.deployment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A CloudFormation template, with the short forms of its functions ({@code !Ref}) written out
 * ({@code {"Ref": …}}).
 */
record Template(Map<String, Object> document) {

    static Template read(Path file) throws IOException {
        return of(Files.readString(file));
    }

    static Template of(String yaml) {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return new Template(new Yaml(new Functions(options)).load(yaml));
    }

    Map<String, Object> parameters() {
        return section("Parameters");
    }

    Map<String, Object> section(String name) {
        return object(document.getOrDefault(name, Map.of()));
    }

    /** The stack that CloudFormation makes with these parameters. */
    Stack deployed(Map<String, String> parameters) {
        return deployedIn("aws", parameters);
    }

    /** The same in a partition of AWS. */
    Stack deployedIn(String partition, Map<String, String> parameters) {
        return new Evaluation(this, parameters, partition).stack();
    }

    /** The same with some parameters changed. */
    Stack deployed(Map<String, String> parameters, Map<String, String> changes) {
        Map<String, String> all = new HashMap<>(parameters);
        all.putAll(changes);
        return deployed(all);
    }

    @SuppressWarnings("unchecked") // what YAML gives: text for keys
    static Map<String, Object> object(Object value) {
        return (Map<String, Object>) value;
    }

    private static final class Functions extends SafeConstructor {
        Functions(LoaderOptions options) {
            super(options);
            yamlMultiConstructors.put(
                    "!",
                    new AbstractConstruct() {
                        @Override
                        public Object construct(Node node) {
                            return call(node.getTag().getValue().substring(1), node);
                        }
                    });
        }

        private Map<String, Object> call(String name, Node node) {
            Object argument =
                    switch (node) {
                        case ScalarNode scalar when name.equals("GetAtt") ->
                                List.of(scalar.getValue().split("\\.", 2));
                        case ScalarNode scalar -> scalar.getValue();
                        case SequenceNode sequence -> constructSequence(sequence);
                        case MappingNode mapping -> constructMapping(mapping);
                        default -> throw new IllegalArgumentException("unexpected " + node);
                    };
            boolean plain = name.equals("Ref") || name.equals("Condition");
            return Map.of(plain ? name : "Fn::" + name, argument);
        }
    }
}
