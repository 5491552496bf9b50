package authoriser.deployment;

import static authoriser.deployment.Template.object;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The pipeline, its scripts run by a shell as Bitbucket runs them, with {@code aws}, {@code docker}
 * and {@code curl} played by scripts that note how they are called.
 */
class PipelineTest {
    private static final Path FILE = Path.of("bitbucket-pipelines.yml");
    private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);
    private static final String REPOSITORY =
            "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/authoriser";

    @TempDir Path directory;

    private final String text;
    private final Map<String, Object> pipelines;
    private final Map<String, String> answers = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();

    PipelineTest() throws IOException {
        text = Files.readString(FILE);
        Map<String, Object> document =
                new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
        pipelines = object(document.get("pipelines"));
    }

    @BeforeEach
    void setUp() throws IOException {
        environment.putAll(
                Map.of(
                        "ECR_REPOSITORY", REPOSITORY,
                        "BUILD_ROLE_ARN", "arn:aws:iam::123456789012:role/build",
                        "DEPLOY_ROLE_ARN", "arn:aws:iam::123456789012:role/deploy",
                        "STACK_NAME", "authoriser",
                        "BITBUCKET_STEP_OIDC_TOKEN", "oidc-token",
                        "BITBUCKET_COMMIT", "9fceb02d0ae598e95dc970b74767f19372d61af8",
                        "BITBUCKET_BUILD_NUMBER", "17",
                        "BITBUCKET_STEP_RUN_NUMBER", "2"));
        environment.put("SCAN_PAUSE_SECONDS", "0");
        answers.put("uname", "echo x86_64");
        answers.put("docker", "");
        answers.put("curl", "echo 401");
        Files.writeString(directory.resolve("image-uri.txt"), REPOSITORY + "@" + DIGEST);
        Files.writeString(directory.resolve("architecture.txt"), "x86_64");
        Path event = directory.resolve("src/test/resources/events/rest.json");
        Files.createDirectories(event.getParent());
        Files.copy(Path.of("src/test/resources/events/rest.json"), event);
    }

    /** The alias and the stack are at version 5, and the function refuses. */
    private void deploymentSucceeds() {
        aws("*LiveVersion*", "echo 5");
        aws("get-alias*", "echo 5");
        aws("lambda invoke*", "echo '\"Effect\":\"Deny\"' > answer.json");
    }

    // Build, push and scan

    @Test
    void imageIsPushedByItsCommitAndHandedOnByItsDigest() throws Exception {
        aws("describe-images*imageDigest*", "echo " + DIGEST);
        aws("describe-images*", "[ -e pushed ] || exit 254");
        aws("*imageScanStatus*", "echo COMPLETE");
        answers.put("docker", "case $1 in push) touch pushed ;; esac");

        Run run = run(image());

        assertEquals(0, run.status(), run.output());
        assertEquals(
                List.of(
                        "docker login --username AWS --password-stdin 123456789012.dkr.ecr.eu-west-1.amazonaws.com",
                        "docker build --tag "
                                + REPOSITORY
                                + ":9fceb02d0ae598e95dc970b74767f19372d61af8 .",
                        "docker push " + REPOSITORY + ":9fceb02d0ae598e95dc970b74767f19372d61af8"),
                run.calls("docker"));
        assertEquals(REPOSITORY + "@" + DIGEST, read("image-uri.txt"));
        assertEquals("x86_64", read("architecture.txt"));
    }

    @Test
    void imageOfTheCommitThatIsThereIsTakenAsItIs() throws Exception {
        aws("describe-images*imageDigest*", "echo " + DIGEST);
        aws("*imageScanStatus*", "echo ACTIVE");

        Run run = run(image());

        assertEquals(0, run.status(), run.output());
        assertEquals(1, run.calls("docker").size(), "login only");
    }

    @Test
    void criticalFindingStopsThePipeline() throws Exception {
        scanFinds("CVE-2026-1\\tCVE-2026-2\\nCVE-2026-3");

        Run run = run(image());

        assertNotEquals(0, run.status());
        assertTrue(run.output().endsWith(":\nCVE-2026-1\nCVE-2026-2\nCVE-2026-3\n"), run.output());
    }

    @ParameterizedTest
    @ValueSource(strings = {"CVE-2026-1,CVE-2026-2", "CVE-2026-2, CVE-2026-1"})
    void criticalFindingsThatAreAcceptedDoNot(String accepted) throws Exception {
        environment.put("ACCEPTED_FINDINGS", accepted);
        scanFinds("CVE-2026-1\\nCVE-2026-2");

        Run run = run(image());

        assertEquals(0, run.status(), run.output());
    }

    @Test
    void acceptedFindingAcceptsNoOther() throws Exception {
        environment.put("ACCEPTED_FINDINGS", "CVE-2026-1");
        scanFinds("CVE-2026-1\\tCVE-2026-10");

        Run run = run(image());

        assertNotEquals(0, run.status());
        assertTrue(run.output().endsWith(":\nCVE-2026-10\n"), run.output());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\\n", "None\\n"})
    void scanWithoutCriticalFindingLetsTheImageThrough(String names) throws Exception {
        scanFinds(names);

        assertEquals(0, run(image()).status());
    }

    @Test
    void findingsThatCannotBeReadStopThePipeline() throws Exception {
        aws("*CRITICAL*", "exit 254");
        scanFinds("");

        assertNotEquals(0, run(image()).status());
    }

    /** A scan is there; these are the names of its critical findings, as printf takes them. */
    private void scanFinds(String names) {
        aws("describe-images*imageDigest*", "echo " + DIGEST);
        aws("*imageScanStatus*", "echo COMPLETE");
        aws("*CRITICAL*", "printf '" + names + "'");
    }

    @Test
    void scanIsWaitedFor() throws Exception {
        aws("describe-images*imageDigest*", "echo " + DIGEST);
        aws(
                "*imageScanStatus*",
                "echo >> looks; case $(wc -l < looks) in"
                        + " 1) echo ScanNotFoundException >&2; exit 254 ;;"
                        + " 2) echo PENDING ;;"
                        + " 3) echo IN_PROGRESS ;;"
                        + " *) echo COMPLETE ;; esac");

        Run run = run(image());

        assertEquals(0, run.status(), run.output());
        assertEquals(4, read("looks").length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"echo FAILED", "echo AccessDeniedException >&2; exit 254", "echo PENDING"})
    void imageWithoutScanStopsThePipeline(String status) throws Exception {
        aws("describe-images*imageDigest*", "echo " + DIGEST);
        aws("*imageScanStatus*", status);

        assertNotEquals(0, run(image()).status());
    }

    @Test
    void imageIsBuiltWithTheMemoryOfALargeStep() throws IOException {
        Map<String, Object> document =
                new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
        Map<String, Object> services = object(object(document.get("definitions")).get("services"));

        assertEquals(5120, object(services.get("docker")).get("memory"));
        assertEquals("2x", image().get("size"));
    }

    @Test
    void imageForAnotherMachineIsNotBuilt() throws Exception {
        environment.put("ARCHITECTURE", "arm64");

        Run run = run(image());

        assertNotEquals(0, run.status());
        assertEquals(List.of(), run.calls("docker"));
    }

    // Deploy

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"policyDocument\":{\"Statement\":[{\"Effect\":\"Deny\"}]}}",
                "{\"errorMessage\":\"Unauthorized\",\"errorType\":\"authoriser.policy.Unauthorized\"}"
            })
    void imageOfThisRunIsDeployedAndMustRefuseTheSampleEvent(String answer) throws Exception {
        aws("lambda invoke*", "echo '" + answer + "' > answer.json");
        deploymentSucceeds();

        Run run = run(deploy());

        assertEquals(0, run.status(), run.output());
        assertEquals(
                "aws cloudformation deploy --stack-name authoriser --template-file template.yaml"
                        + " --capabilities CAPABILITY_IAM --no-fail-on-empty-changeset"
                        + " --parameter-overrides ImageUri="
                        + REPOSITORY
                        + "@"
                        + DIGEST
                        + " Release=17.2-9fceb02d0ae5"
                        + " Architecture=x86_64",
                run.call("aws cloudformation deploy"));
        assertTrue(run.call("aws lambda invoke").contains("--function-name authoriser:live "));
        assertEquals(List.of(), run.calls("aws apigateway"));
    }

    @Test
    void whatTheDeploymentPassesTheTemplateTakes() throws Exception {
        environment.put("STACK_PARAMETERS", "parameters.txt");
        Files.writeString(
                directory.resolve("parameters.txt"),
                "MemoryMb=512\n\nScopeRules={\"GET /orders/*\":[\"orders/read\"]}");
        deploymentSucceeds();
        aws("cloudformation deploy*", "printf '%s\\n' \"$@\" > words");
        Run run = run(deploy());
        Map<String, String> given =
                new HashMap<>(
                        Map.of(
                                "CognitoUserPoolId", "eu-west-1_Ab12Cd34E",
                                "ValidatedHeaders", "X-Tenant-Id",
                                "ValidationServiceUrl", "https://validation.example.com/validate",
                                "ValidationServiceTokenUrl",
                                        "https://auth.example.com/oauth2/token",
                                "ValidationServiceClientIdValue", "client",
                                "ValidationServiceClientSecretValue", "s3cret"));
        assertEquals(0, run.status(), run.output());
        List<String> words = read("words").lines().toList();
        for (String word :
                words.subList(words.indexOf("--parameter-overrides") + 1, words.size())) {
            String[] parameter = word.split("=", 2);
            given.put(parameter[0], parameter[1]);
        }

        assertEquals("512", given.get("MemoryMb"));
        assertEquals("{\"GET /orders/*\":[\"orders/read\"]}", given.get("ScopeRules"));
        assertEquals(List.of(), Template.read(Path.of("template.yaml")).deployed(given).problems());
    }

    @Test
    void parametersThatCannotBeReadStopTheDeployment() throws Exception {
        environment.put("STACK_PARAMETERS", "elsewhere.txt");
        deploymentSucceeds();

        Run run = run(deploy());

        assertNotEquals(0, run.status());
        assertEquals(List.of(), run.calls("aws cloudformation deploy"));
    }

    @Test
    void failedSmokeTestSetsTheAliasBack() throws Exception {
        environment.put("API_STAGE", "live");
        aws("*LiveVersion*", "echo 5");
        aws("get-alias*", "[ -e deployed ] && echo 5 || echo 4");
        aws("cloudformation deploy*", "touch deployed");
        aws(
                "lambda invoke*",
                "echo '{\"errorMessage\":\"The settings are not usable\"}' > answer.json");

        Run run = run(deploy());

        assertNotEquals(0, run.status());
        assertEquals(List.of(), run.calls("aws apigateway"), "the API keeps its identity sources");
        assertEquals(
                "aws lambda update-alias --function-name authoriser --name live --function-version 4",
                run.call("aws lambda update-alias"));
    }

    @Test
    void failedFirstDeploymentHasNoAliasToSetBack() throws Exception {
        aws("*LiveVersion*", "echo 1");
        aws(
                "get-alias*",
                "[ -e deployed ] && echo 1 || { echo ResourceNotFoundException >&2; exit 254; }");
        aws("cloudformation deploy*", "touch deployed");
        aws("lambda invoke*", "exit 255");

        Run run = run(deploy());

        assertNotEquals(0, run.status());
        assertEquals(List.of(), run.calls("aws lambda update-alias"));
    }

    @Test
    void aliasThatCannotBeReadStopsTheDeployment() throws Exception {
        aws("get-alias*", "echo AccessDeniedException >&2; exit 254");

        Run run = run(deploy());

        assertNotEquals(0, run.status());
        assertEquals(List.of(), run.calls("aws cloudformation deploy"));
    }

    @Test
    void runThatChangesNothingWhileAnEarlierVersionServesFails() throws Exception {
        aws("*LiveVersion*", "echo 5");
        aws("get-alias*", "echo 4");
        aws("lambda invoke*", "echo '\"Effect\":\"Deny\"' > answer.json");

        Run run = run(deploy());

        assertNotEquals(0, run.status());
        assertTrue(run.output().contains("The alias is at version 4"), run.output());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Allow", "Deny"})
    void withATokenTheSmokeTestMustComeToAnAllow(String effect) throws Exception {
        environment.put("SMOKE_TOKEN", "eyJ.real.token");
        aws("*LiveVersion*", "echo 5");
        aws("get-alias*", "echo 5");
        aws(
                "lambda invoke*",
                "grep -q eyJ.real.token event.json 2> /dev/null && effect="
                        + effect
                        + " || effect=Deny; echo \"\\\"Effect\\\":\\\"$effect\\\"\" > answer.json");

        Run run = run(deploy());

        assertEquals(effect.equals("Allow"), run.status() == 0, run.output());
        assertEquals(2, run.calls("aws lambda invoke").size());
        assertFalse(run.output().contains("eyJ.real"), run.output());
    }

    @Test
    void withoutATokenTheSmokeTestSaysWhatItDidNotTry() throws Exception {
        deploymentSucceeds();

        assertTrue(run(deploy()).output().contains("were not tried"));
    }

    @Test
    void urlThatIsOpenFailsTheSmokeTest() throws Exception {
        environment.put("SMOKE_URL", "https://api.example.com/orders");
        answers.put("curl", "echo 200");
        deploymentSucceeds();

        assertNotEquals(0, run(deploy()).status());
    }

    @Test
    void apiIsDeployedAnewWhenItsStageIsNamed() throws Exception {
        environment.put("API_STAGE", "live");
        aws("*RestApiId*", "echo a1b2c3d4e5");
        deploymentSucceeds();

        Run run = run(deploy());

        assertEquals(
                "aws apigateway create-deployment --rest-api-id a1b2c3d4e5 --stage-name live",
                run.call("aws apigateway"));
    }

    @Test
    void rollingBackDeploysTheImageThatIsNamed() throws Exception {
        environment.put("IMAGE_URI", REPOSITORY + "@sha256:" + "f".repeat(64));
        Files.delete(directory.resolve("image-uri.txt"));
        Files.delete(directory.resolve("architecture.txt"));
        deploymentSucceeds();

        Run run = run(steps("custom", "roll-back-production").getFirst());

        assertEquals(0, run.status(), run.output());
        assertTrue(
                run.call("aws cloudformation deploy")
                        .contains(
                                " ImageUri="
                                        + REPOSITORY
                                        + "@sha256:"
                                        + "f".repeat(64)
                                        + " Release="));
        assertFalse(run.call("aws cloudformation deploy").contains("Architecture="));
    }

    // The whole

    @Test
    void everyBranchAndPullRequestIsTested() {
        List<List<Map<String, Object>>> tested =
                List.of(
                        steps(object(pipelines).get("default")),
                        steps("pull-requests", "**"),
                        steps("branches", "main"));

        for (List<Map<String, Object>> steps : tested) {
            assertEquals(List.of("mvn -B verify"), steps.getFirst().get("script"));
        }
    }

    @Test
    void productionComesLastAndByHand() {
        List<Map<String, Object>> steps = steps("branches", "main");

        assertEquals("production", steps.getLast().get("deployment"));
        assertEquals("manual", steps.getLast().get("trigger"));
        assertEquals("staging", steps.get(steps.size() - 2).get("deployment"));
    }

    @Test
    void stepsThatTalkToAwsDoSoByTheirOwnToken() {
        for (Map<String, Object> step : steps("branches", "main")) {
            boolean talks = step.get("script").toString().contains("aws ");
            assertEquals(talks, step.containsKey("oidc"), step.get("name").toString());
        }
        assertFalse(text.contains("SECRET_ACCESS_KEY"));
    }

    @Test
    void everyVariableIsExplainedInTheHead() {
        String head = text.substring(0, text.indexOf("\nimage:"));
        var unexplained = new TreeSet<String>();
        for (List<Map<String, Object>> steps :
                List.of(steps("branches", "main"), steps("custom", "roll-back-staging"))) {
            for (Map<String, Object> step : steps) {
                Pattern.compile("\\$\\{?([A-Z][A-Z_]+)")
                        .matcher(step.get("script").toString())
                        .results()
                        .map(found -> found.group(1))
                        .filter(name -> !name.startsWith("BITBUCKET_"))
                        .filter(name -> !name.equals("AWS_WEB_IDENTITY_TOKEN_FILE"))
                        .filter(name -> !name.startsWith("IMAGE_"))
                        .filter(name -> !head.contains(name))
                        .forEach(unexplained::add);
            }
        }

        assertEquals(new TreeSet<>(), unexplained);
    }

    private Map<String, Object> image() {
        return steps("branches", "main").get(2);
    }

    private Map<String, Object> deploy() {
        return steps("branches", "main").get(3);
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

    /** Says what {@code aws} does when its words match a shell pattern; the first match counts. */
    private void aws(String pattern, String script) {
        String words = Pattern.compile("[^*]+").matcher(pattern).replaceAll("'$0'");
        answers.merge("aws", "*" + words + ") " + script + " ;;\n", String::concat);
    }

    private record Run(int status, String output, List<String> calls) {
        List<String> calls(String start) {
            return calls.stream().filter(call -> call.startsWith(start)).toList();
        }

        String call(String start) {
            List<String> found = calls(start);
            assertEquals(1, found.size(), start + " among " + calls);
            return found.getFirst();
        }
    }

    private Run run(Map<String, Object> step) throws IOException, InterruptedException {
        Path bin = Files.createDirectories(directory.resolve("bin"));
        answers.put("aws", "case \"$*\" in\n" + answers.getOrDefault("aws", "") + "esac");
        for (Map.Entry<String, String> answer : answers.entrySet()) {
            Path command = bin.resolve(answer.getKey());
            Files.writeString(
                    command,
                    "#!/bin/bash\necho \""
                            + answer.getKey()
                            + " $*\" >> calls\n"
                            + answer.getValue()
                            + "\n");
            assertTrue(command.toFile().setExecutable(true));
        }
        Path script = directory.resolve("script");
        Files.writeString(
                script,
                String.join(
                        "\n",
                        ((List<?>) step.get("script")).stream().map(Object::toString).toList()));
        var builder = new ProcessBuilder("/bin/bash", "-e", script.toString());
        builder.directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put("PATH", bin + ":/usr/bin:/bin");
        builder.environment().put("TMPDIR", directory.toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Path calls = directory.resolve("calls");
        return new Run(
                process.waitFor(),
                output,
                Files.exists(calls) ? Files.readAllLines(calls) : List.of());
    }

    private String read(String file) throws IOException {
        return Files.readString(directory.resolve(file));
    }
}
