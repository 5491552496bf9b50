package authoriser.deployment;

import static authoriser.deployment.Template.object;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.deployment.PlayedShell.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The steps of the pipeline, their roles, and their arguments for the scripts of {@code
 * src/deploy}. The scripts have their own tests, and are replaced here.
 */
class PipelineTest {
    private static final Path FILE = Path.of("bitbucket-pipelines.yml");
    private static final String REPOSITORY =
            "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/authoriser";
    private static final String IMAGE = REPOSITORY + "@sha256:" + "0123456789abcdef".repeat(4);

    @TempDir Path directory;

    private final String text;
    private final Map<String, Object> document;
    private final Map<String, Object> pipelines;
    private PlayedShell shell;

    PipelineTest() throws IOException {
        text = Files.readString(FILE);
        document = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
        pipelines = object(document.get("pipelines"));
    }

    @BeforeEach
    void setUp() throws IOException {
        shell = new PlayedShell(directory);
        shell.set("ECR_REPOSITORY", REPOSITORY);
        shell.set("BUILD_ROLE_ARN", "arn:aws:iam::123456789012:role/build");
        shell.set("DEPLOY_ROLE_ARN", "arn:aws:iam::123456789012:role/deploy");
        shell.set("BITBUCKET_STEP_OIDC_TOKEN", "oidc-token");
        shell.set("BITBUCKET_COMMIT", "9fceb02d0ae598e95dc970b74767f19372d61af8");
        shell.set("BITBUCKET_BUILD_NUMBER", "17");
        shell.set("BITBUCKET_STEP_RUN_NUMBER", "2");
        for (String script : List.of("image", "release", "signature")) {
            shell.write(
                    "src/deploy/" + script,
                    "#!/bin/bash\necho \""
                            + script
                            + " $*, as $AWS_ROLE_ARN with $(cat \"$AWS_WEB_IDENTITY_TOKEN_FILE\")\" >> calls\n");
        }
    }

    // Build

    @ParameterizedTest
    @CsvSource({"branches, main, ''", "custom, rebuild, --new-base"})
    void imageIsBuiltWithTheRoleForBuilding(String kind, String name, String words)
            throws Exception {
        assertEquals(
                List.of(
                        "image "
                                + words
                                + ", as arn:aws:iam::123456789012:role/build with oidc-token"),
                run(steps(kind, name).get(2)).calls());
    }

    @Test
    void imageIsPassedOnToTheDeployments() {
        assertEquals(
                List.of("image-uri.txt", "architecture.txt"),
                steps("branches", "main").get(2).get("artifacts"));
    }

    @Test
    void imageIsBuiltWithTheMemoryOfALargeStep() {
        Map<String, Object> services = object(object(document.get("definitions")).get("services"));

        assertEquals(5120, object(services.get("docker")).get("memory"));
        assertEquals("2x", steps("branches", "main").get(2).get("size"));
    }

    // Deploy

    @Test
    void imageOfThisRunIsDeployed() throws Exception {
        shell.write("image-uri.txt", IMAGE);
        shell.write("architecture.txt", "arm64");

        Run run = run(deploy());

        run.assertSucceeds();
        assertEquals(
                List.of(
                        "signature verify "
                                + IMAGE
                                + ", as arn:aws:iam::123456789012:role/deploy with oidc-token",
                        "release deploy ImageUri="
                                + IMAGE
                                + " Architecture=arm64 Release=17.2-9fceb02d0ae5,"
                                + " as arn:aws:iam::123456789012:role/deploy with oidc-token"),
                run.calls());
    }

    @Test
    void imageWithoutItsSignaturesIsNotDeployed() throws Exception {
        shell.write("image-uri.txt", IMAGE);
        shell.write("architecture.txt", "arm64");
        shell.write("src/deploy/signature", "#!/bin/bash\necho unsigned; exit 1\n");

        Run run = run(deploy());

        run.assertFails("unsigned");
        assertEquals(List.of(), run.calls());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                REPOSITORY + ":1.0.0",
                "999999999999.dkr.ecr.eu-west-1.amazonaws.com/team/authoriser@sha256:0123"
            })
    void imageThatThisRunDidNotPushIsNotDeployed(String image) throws Exception {
        shell.write("image-uri.txt", image);
        shell.write("architecture.txt", "arm64");

        Run run = run(deploy());

        run.assertFails("This is no digest in");
        assertEquals(List.of(), run.calls());
    }

    @Test
    void nothingIsDeployedWithoutAnImage() throws Exception {
        Run run = run(deploy());

        run.assertFails("image-uri.txt");
        assertEquals(List.of(), run.calls());
    }

    @Test
    void nothingIsDeployedWithoutANewBaseImage() throws Exception {
        shell.write("image-uri.txt", "");

        Run run = run(deploy());

        run.assertSucceeds();
        assertEquals(List.of(), run.calls());
    }

    @ParameterizedTest
    @ValueSource(strings = {"staging", "production"})
    void rollBackHasAVersion(String environment) throws Exception {
        shell.set("VERSION", "7");
        Map<String, Object> step = steps("custom", "roll-back-" + environment).getFirst();

        assertEquals(
                List.of("release back 7, as arn:aws:iam::123456789012:role/deploy with oidc-token"),
                run(step).calls());
        assertEquals(environment, step.get("deployment"));
    }

    @Test
    void rollBackRequiresAVersion() {
        for (String environment : List.of("staging", "production")) {
            Object first =
                    ((List<?>) object(pipelines.get("custom")).get("roll-back-" + environment))
                            .getFirst();
            assertEquals(
                    "VERSION",
                    object(((List<?>) object(first).get("variables")).getFirst()).get("name"));
        }
    }

    // The whole pipeline

    @Test
    void everyBranchAndPullRequestIsTested() {
        List<List<Map<String, Object>>> tested =
                List.of(
                        steps(object(pipelines).get("default")),
                        steps("pull-requests", "**"),
                        steps("branches", "main"),
                        steps("custom", "rebuild"));

        for (List<Map<String, Object>> steps : tested) {
            assertEquals(List.of("mvn -B verify"), steps.getFirst().get("script"));
        }
    }

    @ParameterizedTest
    @CsvSource({"branches, main", "custom, rebuild"})
    void productionIsDeployedLastAndManually(String kind, String name) {
        List<Map<String, Object>> steps = steps(kind, name);

        assertEquals(
                List.of("build", "staging", "production"),
                steps.stream()
                        .filter(step -> step.containsKey("deployment"))
                        .map(step -> step.get("deployment"))
                        .toList());
        assertEquals("manual", steps.getLast().get("trigger"));
    }

    @Test
    void stepsThatCallAwsUseTheirOwnTokenAndAnEnvironment() {
        for (Map<String, Object> step : everyStep()) {
            String script = step.get("script").toString();
            boolean talks =
                    script.contains("src/deploy/image") || script.contains("src/deploy/release");
            assertEquals(talks, step.containsKey("oidc"), step.get("name").toString());
            assertEquals(talks, step.containsKey("deployment"), step.get("name").toString());
        }
        assertFalse(text.contains("SECRET_ACCESS_KEY"));
    }

    @Test
    void branchesAndPullRequestsHaveNoEnvironment() {
        for (List<Map<String, Object>> steps :
                List.of(steps(object(pipelines).get("default")), steps("pull-requests", "**"))) {
            assertTrue(steps.stream().noneMatch(step -> step.containsKey("deployment")));
        }
        assertEquals(Set.of("main"), object(pipelines.get("branches")).keySet());
    }

    @Test
    void scriptsExistAndAreExecutable() {
        for (Map<String, Object> step : everyStep()) {
            Pattern.compile("src/deploy/\\w+")
                    .matcher(step.get("script").toString())
                    .results()
                    .forEach(found ->
                            assertTrue(Files.isExecutable(Path.of(found.group())), found.group()));
        }
    }

    @Test
    void everyVariableIsExplainedAtTheBeginning() throws IOException {
        String head = text.substring(0, text.indexOf("\nimage:"));
        StringBuilder scripts = new StringBuilder();
        everyStep().forEach(step -> scripts.append(step.get("script")));
        for (String script : List.of("image", "release", "signature")) {
            scripts.append(Files.readString(Path.of("src/deploy", script)));
        }
        var unexplained = new TreeSet<String>();
        Pattern.compile("\\$\\{?([A-Z][A-Z_]+)")
                .matcher(scripts)
                .results()
                .map(found -> found.group(1))
                .filter(name -> !name.startsWith("BITBUCKET_"))
                .filter(name -> !name.equals("AWS_WEB_IDENTITY_TOKEN_FILE"))
                .filter(name -> !name.equals("BASH_SOURCE"))
                .filter(name -> !name.equals("VERSION"))
                .filter(name -> !head.contains(name))
                .forEach(unexplained::add);

        assertEquals(new TreeSet<>(), unexplained);
    }

    private Run run(Map<String, Object> step) throws IOException, InterruptedException {
        return shell.run(
                ((List<?>) step.get("script"))
                        .stream().map(Object::toString).toArray(String[]::new));
    }

    private Map<String, Object> deploy() {
        return steps("branches", "main").get(3);
    }

    private List<Map<String, Object>> everyStep() {
        List<Map<String, Object>> steps = new ArrayList<>(steps(pipelines.get("default")));
        for (String kind : List.of("pull-requests", "branches", "custom")) {
            object(pipelines.get(kind)).values().forEach(list -> steps.addAll(steps(list)));
        }
        return steps;
    }

    private List<Map<String, Object>> steps(String kind, String name) {
        return steps(object(pipelines.get(kind)).get(name));
    }

    private static List<Map<String, Object>> steps(Object list) {
        List<Map<String, Object>> steps = new ArrayList<>();
        for (Object entry : (List<?>) list) {
            Map<String, Object> item = object(entry);
            if (item.containsKey("parallel")) {
                steps.addAll(steps(item.get("parallel")));
            } else if (item.containsKey("step")) {
                steps.add(object(item.get("step")));
            }
        }
        return steps;
    }
}
