package authoriser.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.deployment.PlayedShell.Run;
import authoriser.event.AccessRequest;
import authoriser.event.Credential;
import authoriser.event.Headers;
import authoriser.event.RequestEvent;
import authoriser.event.RequestParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs {@code src/deploy/release} with replacements for {@code aws} and {@code curl}. The alias is
 * at version 4, and a deployment publishes version 5. The alias, its weights and the parameters of
 * the stack are files, which the replacement for {@code aws} changes as AWS does.
 */
class ReleaseScriptTest {
    private static final String SECRET =
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:client-AbCdEf";
    private static final String TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzbW9rZSJ9.c2lnbmF0dXJl";
    private static final String DEPLOY = "src/deploy/release deploy Release=2";

    @TempDir Path directory;
    private PlayedShell shell;

    @BeforeEach
    void setUp() throws IOException {
        shell = new PlayedShell(directory);
        shell.set("STACK_NAME", "authoriser");
        shell.set("ROLL_OUT_MINUTES", "1");
        shell.play("sleep", "");
        shell.play("curl", "");
        shell.write("alias", "4");
        shell.write("recorded", "4");
        shell.write("published", "4");
        shell.write("headers", "X-Tenant-Id");
        shell.write("self-check", "{\"selfCheck\":\"ok\"}");
        shell.write("good", "{\"policyDocument\":{\"Statement\":[{\"Effect\":\"Allow\"}]}}");
        shell.write("bad", "{\"policyDocument\":{\"Statement\":[{\"Effect\":\"Deny\"}]}}");
        shell.write("alarms", "authoriser-undecided\nauthoriser-silent\n");
        shell.write("on", "");
    }

    /** The default replies of AWS. Replies that a test adds before have priority. */
    private Run run(String script) throws IOException, InterruptedException {
        shell.aws("describe-stacks*StackStatus*", "echo UPDATE_COMPLETE");
        shell.aws("describe-stacks*PublishedVersion*", "cat published");
        shell.aws("describe-stacks*'LiveVersion'*", "cat recorded");
        shell.aws("describe-stacks*ResultTtlSeconds*", "echo 300");
        shell.aws("describe-stacks*ProvisionedConcurrency*", "echo 0");
        shell.aws("describe-stacks*RestApiId*", "echo a1b2c3d4e5");
        shell.aws("get-template *", "echo 'the template of the stack'");
        shell.aws(
                "cloudformation deploy*",
                """
                printf '%s\\n' "$@" >> words
                for word; do
                    case $word in
                        LiveVersion=*) printf %s "${word#*=}" > recorded ;;
                        Release=*) echo 5 > published ;;
                    esac
                done\
                """);
        shell.aws("list-stack-resources*", "cat alarms");
        shell.aws("describe-alarms*", "cat on");
        shell.aws("get-alias*FunctionVersion*", "cat alias");
        shell.aws("get-alias*RoutingConfig*", "cat weights 2> /dev/null || echo None");
        shell.aws(
                "update-alias*",
                """
                for word; do
                    case $before in
                        --function-version) printf %s "$word" > alias ;;
                        --routing-config) rm -f weights; [[ $word = *'{}}' ]] || echo 5 > weights ;;
                    esac
                    before=$word
                done\
                """);
        shell.aws("get-function-configuration*State*", "echo Active");
        shell.aws("get-function-configuration*Description*", "echo \"1 0123 $(cat headers)\"");
        shell.aws("get-function-configuration*ClientSecretArn*", "echo " + SECRET);
        shell.aws("list-provisioned-concurrency-configs*", "");
        shell.aws(
                "lambda invoke*",
                """
                for word; do
                    case $word in fileb://*) event=${word#fileb://} ;; esac
                done
                cat "$event" > "${!#}.event"
                case $(< "$event") in
                    *selfCheck*) cat self-check ;;
                    *%s*) cat "$event" > good-event; cat good ;;
                    *) cat "$event" > bad-event; cat bad ;;
                esac > "${!#}\"\
                """
                        .formatted(TOKEN));
        return shell.run(script);
    }

    private static String moved(String version, String weights) {
        return "aws lambda update-alias --function-name authoriser --name live --function-version "
                + version
                + " --routing-config {\"AdditionalVersionWeights\":{"
                + weights
                + "}}";
    }

    private static void assertOrder(Run run, String earlier, String later) {
        int first = run.calls().indexOf(earlier);
        int second = run.calls().indexOf(later);
        assertTrue(0 <= first && first < second, earlier + "\n" + later + "\n" + run.calls());
    }

    @ParameterizedTest
    @ValueSource(strings = {"back", "back live", "back 0", "deploys", "", "check 1 2"})
    void explainsItsArguments(String words) throws Exception {
        Run run = run("src/deploy/release " + words);

        assertEquals(2, run.status(), run.output());
        assertTrue(run.output().contains("release back VERSION"), run.output());
        assertEquals(List.of(), run.calls());
    }

    @Test
    void triesTheCurrentVersionAndMovesNoTrafficInACheck() throws Exception {
        Run run = run("src/deploy/release check");

        run.assertSucceeds();
        assertTrue(run.calls("aws lambda invoke").getFirst().contains(" authoriser:4 "));
        assertEquals(List.of(), run.calls("aws lambda update-alias"));
    }

    @Nested
    class StackParameters {

        @Test
        void mayHaveCommentsEmptyLinesAndWindowsLineEnds() throws Exception {
            shell.set("STACK_PARAMETERS", "parameters.txt");
            shell.write(
                    "parameters.txt",
                    "\uFEFF# ours\r\n\r\n  MemoryMb=512\r\n# none\r\nScopeRules={\"GET /a b\":[\"c\"]}  \r\nRequiredScopes=a=b#c");

            run(DEPLOY).assertSucceeds();

            List<String> words = shell.read("words").lines().toList();
            int first = words.indexOf("--parameter-overrides") + 1;
            assertEquals(
                    List.of(
                            "MemoryMb=512",
                            "ScopeRules={\"GET /a b\":[\"c\"]}",
                            "RequiredScopes=a=b#c",
                            "Release=2"),
                    words.subList(first, first + 4));
        }

        @Test
        void ofTheCommandFollowThoseOfTheFile() throws Exception {
            shell.set("STACK_PARAMETERS", "parameters.txt");
            shell.write("parameters.txt", "Architecture=arm64\n");

            Run run = run("src/deploy/release deploy Architecture=x86_64 Release=2");

            assertTrue(
                    run.call(
                                    "aws cloudformation deploy --stack-name authoriser --template-file template.yaml")
                            .contains(" Architecture=arm64 Architecture=x86_64 "),
                    run.calls().toString());
        }

        @ParameterizedTest
        @CsvSource({
            "MemoryMB=512, template.yaml has no parameter MemoryMB",
            "Memory=512, template.yaml has no parameter Memory",
            ".*=512, template.yaml has no parameter .*",
            "=512, template.yaml has no parameter",
            "MemoryMb 512, This is no NAME=VALUE: MemoryMb 512",
            "LiveVersion=3, LiveVersion is not set by hand"
        })
        void areCheckedBeforeTheFirstCall(String line, String message) throws Exception {
            shell.set("STACK_PARAMETERS", "parameters.txt");
            shell.write("parameters.txt", line + "\n");

            Run run = run(DEPLOY);

            run.assertFails(message);
            assertEquals(List.of(), run.calls());
        }

        @Test
        void ofTheCommandAreCheckedToo() throws Exception {
            Run run = run("src/deploy/release deploy Relase=2");

            run.assertFails("template.yaml has no parameter Relase");
            assertEquals(List.of(), run.calls());
        }

        @Test
        void mustBeInAReadableFile() throws Exception {
            shell.set("STACK_PARAMETERS", "elsewhere.txt");

            Run run = run(DEPLOY);

            run.assertFails("elsewhere.txt");
            assertEquals(List.of(), run.calls());
        }

        @Test
        void mayBeAllParametersOfTheTemplate() throws Exception {
            StringBuilder words = new StringBuilder("src/deploy/release deploy");
            Template.read(Path.of("template.yaml"))
                    .parameters()
                    .keySet()
                    .forEach(name ->
                            words.append(name.equals("LiveVersion") ? "" : " " + name + "=1"));
            shell.write("headers", "1");

            run(words.toString()).assertSucceeds();
        }
    }

    @Nested
    class StackUpdate {

        @Test
        void doesNotMoveTraffic() throws Exception {
            Run run = run(DEPLOY);

            run.assertSucceeds();
            assertEquals(
                    "aws cloudformation deploy --stack-name authoriser --template-file template.yaml"
                            + " --capabilities CAPABILITY_IAM --no-fail-on-empty-changeset"
                            + " --parameter-overrides Release=2 LiveVersion=4 FormerClientSecretArn="
                            + SECRET,
                    run.calls("aws cloudformation deploy").getFirst());
        }

        @Test
        void passesParametersThatTheTemplateAccepts() throws Exception {
            run(DEPLOY).assertSucceeds();
            Map<String, String> given = new HashMap<>(Parameters.LEAST);
            for (String word : shell.read("words").lines().toList()) {
                String[] parameter = word.split("=", 2);
                if (parameter.length == 2) {
                    given.put(parameter[0], parameter[1]);
                }
            }

            assertEquals(
                    List.of(), Template.read(Path.of("template.yaml")).deployed(given).problems());
            assertEquals(SECRET, given.get("FormerClientSecretArn"));
        }

        @Test
        void passesNoFormerSecretIfTheCurrentVersionHasNone() throws Exception {
            shell.aws("get-function-configuration*ClientSecretArn*", "echo None");

            assertTrue(
                    run(DEPLOY)
                            .calls("aws cloudformation deploy")
                            .getFirst()
                            .endsWith(" FormerClientSecretArn="));
        }

        @Test
        void passesTheFormerSecretOfTheCommand() throws Exception {
            Run run = run(DEPLOY + " FormerClientSecretArn=");

            assertTrue(
                    run.calls("aws cloudformation deploy")
                            .getFirst()
                            .endsWith(" Release=2 FormerClientSecretArn= LiveVersion=4"),
                    run.calls().toString());
        }

        @Test
        void doesNotMoveTrafficInTheFirstDeployment() throws Exception {
            shell.aws(
                    "describe-stacks*StackStatus*",
                    "[ -e words ] && echo CREATE_COMPLETE || { echo 'Stack with id authoriser does not exist' >&2; exit 254; }");
            shell.delete("alias");
            shell.write("recorded", "");

            Run run = run(DEPLOY);

            run.assertSucceeds();
            assertFalse(run.calls("aws cloudformation deploy").getFirst().contains("LiveVersion"));
            assertEquals(List.of(), run.calls("aws lambda update-alias"));
            assertEquals("5", shell.read("recorded"));
        }

        @Test
        void deletesAStackThatCouldNotBeCreatedFirst() throws Exception {
            shell.aws("describe-stacks*StackStatus*", "echo ROLLBACK_COMPLETE");

            Run run = run(DEPLOY);

            run.assertSucceeds();
            assertEquals(
                    List.of(
                            "aws cloudformation delete-stack --stack-name authoriser",
                            "aws cloudformation wait stack-delete-complete --stack-name authoriser"),
                    run.calls().subList(1, 3));
        }

        @ParameterizedTest
        @CsvSource({
            "UPDATE_ROLLBACK_FAILED, continue-update-rollback",
            "ROLLBACK_FAILED, delete-stack",
            "DELETE_FAILED, delete-stack",
            "UPDATE_IN_PROGRESS, wait until that has ended"
        })
        void explainsWhyAStackCannotBeUpdated(String status, String message) throws Exception {
            shell.aws("describe-stacks*StackStatus*", "echo " + status);

            Run run = run(DEPLOY);

            run.assertFails(message);
            assertEquals(
                    List.of(), run.calls("aws cloudformation de").subList(1, run.calls().size()));
        }

        @Test
        void isNotMadeIfTheStackCannotBeRead() throws Exception {
            shell.aws("describe-stacks*StackStatus*", "echo AccessDenied >&2; exit 254");

            Run run = run(DEPLOY);

            run.assertFails("AccessDenied");
            assertEquals(1, run.calls().size());
        }

        @Test
        void isNotMadeIfTheAliasCannotBeRead() throws Exception {
            shell.aws("get-alias*", "echo AccessDeniedException >&2; exit 254");

            Run run = run(DEPLOY);

            run.assertFails("AccessDeniedException");
            assertEquals(List.of(), run.calls("aws cloudformation deploy"));
        }

        @Test
        void recordsTheCurrentVersionFirst() throws Exception {
            shell.write("recorded", "7");

            Run run = run(DEPLOY);

            run.assertSucceeds();
            List<String> updates = run.calls("aws cloudformation deploy");
            assertTrue(updates.getFirst().endsWith(" --parameter-overrides LiveVersion=4"));
            assertFalse(updates.getFirst().contains("--template-file template.yaml"));
            assertTrue(updates.get(1).contains("--template-file template.yaml"));
        }

        @Test
        void doesNotMoveTrafficIfItFails() throws Exception {
            shell.aws(
                    "cloudformation deploy*template.yaml*Release*",
                    "printf 3 > alias; echo 'Failed to create/update the stack' >&2; exit 255");
            shell.aws("describe-stack-events*", "echo AuthoriserVersion no room");

            Run run = run(DEPLOY);

            run.assertFails("The stack was not updated");
            assertTrue(run.output().contains("AuthoriserVersion no room"));
            assertEquals("4", shell.read("alias"), "set to 3 by the roll-back of the update");
            assertEquals(List.of(), run.calls("aws lambda invoke"));
        }

        @Test
        void isAFailureIfTheStackDoesNotNameThePublishedVersion() throws Exception {
            shell.aws("describe-stacks*PublishedVersion*", "echo None");

            Run run = run(DEPLOY);

            run.assertFails("The stack does not say which version it published");
            assertEquals(List.of(), run.calls("aws lambda update-alias"));
        }

        @Test
        void isNotMadeDuringAMeasurement() throws Exception {
            shell.aws(
                    "get-function-configuration --function-name authoriser *Description*",
                    "echo 'src/deploy/bench 17.3 512 1, before: 1024 MB, WARN, ours'");

            Run run = run(DEPLOY);

            run.assertFails("restore what it names: src/deploy/bench 17.3 512 1, before: 1024 MB");
            assertEquals(List.of(), run.calls("aws cloudformation deploy"));
        }
    }

    @Nested
    class Trial {

        @Test
        void isMadeBeforeTheVersionGetsTraffic() throws Exception {
            Run run = run(DEPLOY);

            List<String> ofLambda = run.calls("aws lambda");
            int trial =
                    ofLambda.indexOf(
                            "aws lambda wait published-version-active --function-name authoriser --qualifier 5");
            int move = ofLambda.indexOf(run.calls("aws lambda update-alias").getFirst());
            List<String> between = ofLambda.subList(trial + 1, move);
            assertEquals(2, between.size(), "self-check and bad token");
            assertTrue(
                    between.stream()
                            .allMatch(call ->
                                    call.startsWith(
                                            "aws lambda invoke --function-name authoriser:5 ")));
        }

        @Test
        void failsIfTheSelfCheckFails() throws Exception {
            shell.write(
                    "self-check",
                    "{\"selfCheck\":\"failed\",\"connection\":{\"ok\":false,\"detail\":\"validation.example.com: the connection was refused\"}}");

            Run run = run(DEPLOY);

            run.assertFails("Version 5 does not pass its self-check");
            assertTrue(run.output().contains("validation.example.com: the connection was refused"));
            assertEquals(List.of(), run.calls("aws lambda update-alias"));
            assertEquals(3, run.calls("aws lambda invoke").size());
            assertEquals("4", shell.read("recorded"));
        }

        @Test
        void succeedsIfTheSelfCheckSucceedsInTheSecondAttempt() throws Exception {
            shell.aws(
                    "lambda invoke*authoriser:5*",
                    "[ -e tried ] || { touch tried; echo '{\"errorMessage\":\"Task timed out\"}' > \"${!#}\"; exit 0; }; "
                            + "grep -q selfCheck *.*/event && cat self-check > \"${!#}\" || cat bad > \"${!#}\"");

            run(DEPLOY).assertSucceeds();
        }

        @Test
        void failsIfTheImageHasNoSelfCheck() throws Exception {
            shell.write("self-check", "{\"errorMessage\":\"Undecided: event_malformed\"}");

            run(DEPLOY).assertFails("does not pass its self-check");
        }

        @Test
        void failsIfTheVersionCannotBeInvoked() throws Exception {
            shell.aws("lambda invoke*", "exit 254");

            Run run = run(DEPLOY);

            run.assertFails("does not pass its self-check");
            assertEquals("4", shell.read("alias"));
        }

        @Test
        void reportsThatNoValidTokenIsTriedWithoutAnAppClient() throws Exception {
            run(DEPLOY).assertSucceeds();

            assertTrue(
                    run(DEPLOY).output().contains("Without SMOKE_CLIENT_ID, no good one is tried"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "\"Effect\":\"Allow\"",
                    "\"a\":{\"Effect\":\"Allow\"},\"b\":{\"Effect\":\"Deny\"}",
                    "\"errorMessage\":\"Undecided: time_out\""
                })
        void failsIfAnInvalidTokenIsNotRefused(String answer) throws Exception {
            shell.write("bad", "{" + answer + "}");

            Run run = run(DEPLOY);

            run.assertFails("Version 5 does not refuse a bad token");
            assertEquals("4", shell.read("alias"));
        }

        @Test
        void acceptsUnauthorizedAsARefusal() throws Exception {
            shell.write(
                    "bad",
                    "{\"errorMessage\":\"Unauthorized\",\"errorType\":\"a.b.Unauthorized\"}");

            run(DEPLOY).assertSucceeds();
        }
    }

    @Nested
    class SmokeToken {

        private void smokeClient() {
            shell.set("SMOKE_CLIENT_ID", "smoke");
            shell.set("SMOKE_CLIENT_SECRET", "s3cr3t\"\\");
            shell.set("SMOKE_TOKEN_URL", "https://auth.example.com/oauth2/token");
            shell.set("SMOKE_SCOPE", "orders/read orders/write");
            shell.set("SMOKE_HEADERS", "{\"X-Tenant-Id\":\"acme {1}\"}");
            shell.play(
                    "curl",
                    "cat > curl-config; printf '{\"access_token\":\""
                            + TOKEN
                            + "\",\"expires_in\":3600}\\n200'");
        }

        @Test
        void fetchesATokenThatMustBeAllowed() throws Exception {
            smokeClient();

            Run run = run(DEPLOY);

            run.assertSucceeds();
            assertTrue(run.output().contains("allows the smoke test's token"));
            assertEquals(
                    """
                    user = "smoke:s3cr3t\\"\\\\"
                    data = "grant_type=client_credentials"
                    data-urlencode = "scope=orders/read orders/write"
                    """,
                    shell.read("curl-config"));
            assertTrue(
                    run.call("curl").endsWith(" --config - https://auth.example.com/oauth2/token"));
        }

        @Test
        void sendsAnEventThatTheFunctionAccepts() throws Exception {
            smokeClient();
            run(DEPLOY).assertSucceeds();

            String event = shell.read("good-event");
            AccessRequest request =
                    new RequestParser(List.of("X-Tenant-Id"))
                            .parse(
                                    RequestEvent.read(
                                            new ByteArrayInputStream(
                                                    event.getBytes(StandardCharsets.UTF_8))))
                            .orElseThrow();

            assertEquals("Bearer " + TOKEN, authorization(event));
            assertInstanceOf(Credential.Bearer.class, request.credential());
            assertEquals(
                    new Headers.Complete(Map.of("x-tenant-id", "acme {1}")), request.headers());
        }

        @Test
        void sendsTheSameTokenWithAnotherSignature() throws Exception {
            smokeClient();
            run(DEPLOY).assertSucceeds();

            assertEquals(
                    "Bearer " + TOKEN.replace(".c2lnbmF0dXJl", ".A2lnbmF0dXJl"),
                    authorization(shell.read("bad-event")));
        }

        private static String authorization(String event) throws IOException {
            return new ObjectMapper().readTree(event).at("/headers/Authorization").asText();
        }

        @Test
        void failsIfTheTokenIsRefused() throws Exception {
            smokeClient();
            shell.write("good", "{\"Effect\":\"Deny\",\"context\":{\"reason\":\"token_client\"}}");

            Run run = run(DEPLOY);

            run.assertFails("Version 5 does not allow the smoke test's token");
            assertTrue(run.output().contains("token_client"));
            assertEquals("4", shell.read("alias"));
        }

        @Test
        void failsIfATokenWithAWrongSignatureIsAllowed() throws Exception {
            smokeClient();
            shell.write("bad", "{\"Effect\":\"Allow\"}");

            Run run = run(DEPLOY);

            run.assertFails("Version 5 does not refuse a token with a wrong signature");
            assertEquals("4", shell.read("alias"));
        }

        @ParameterizedTest
        @CsvSource({
            "printf '{\"error\":\"invalid_client\"}\\n400', answers 400 invalid_client",
            "printf '<html>no</html>\\n503', answers 503",
            "printf '{}\\n200', answers 200",
            "exit 7, cannot be reached"
        })
        void failsIfTheTokenCannotBeFetched(String curl, String message) throws Exception {
            smokeClient();
            shell.play("curl", "cat > curl-config; " + curl);

            Run run = run(DEPLOY);

            run.assertFails(message);
            assertEquals("4", shell.read("alias"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "from-secrets-manager",
                    "{\"client_secret\" : \"from-secrets-manager\"}"
                })
        void readsTheSecretOfTheAppClientFromSecretsManager(String value) throws Exception {
            smokeClient();
            shell.set("SMOKE_CLIENT_SECRET", "");
            shell.set("SMOKE_CLIENT_SECRET_ARN", SECRET);
            shell.aws("get-secret-value*" + SECRET + "*", "echo '" + value + "'");

            run(DEPLOY).assertSucceeds();

            assertTrue(
                    shell.read("curl-config")
                            .startsWith("user = \"smoke:from-secrets-manager\"\n"));
        }

        @Test
        void failsIfTheSecretCannotBeRead() throws Exception {
            smokeClient();
            shell.set("SMOKE_CLIENT_SECRET", "");
            shell.set("SMOKE_CLIENT_SECRET_ARN", SECRET);
            shell.aws("get-secret-value*", "exit 254");

            run(DEPLOY).assertFails("cannot be read");
        }

        @Test
        void showsNoSecretAndNoTokenInOutputAndArguments() throws Exception {
            smokeClient();
            shell.write("good", "{\"Effect\":\"Deny\"}");

            Run run = run(DEPLOY);

            String seen = run.output() + run.calls();
            assertFalse(seen.contains("s3cr3t"), seen);
            assertFalse(seen.contains(TOKEN), seen);
        }
    }

    @Nested
    class RollOut {

        @Test
        void movesAShareOfTheTrafficThenAllAndRecordsTheVersion() throws Exception {
            Run run = run(DEPLOY);

            run.assertSucceeds();
            assertEquals(
                    List.of(moved("4", "\"5\":0.10"), moved("5", "")),
                    run.calls("aws lambda update-alias"));
            assertEquals("5", shell.read("recorded"));
            int lastMove = run.calls().lastIndexOf(moved("5", ""));
            int recorded =
                    run.calls().lastIndexOf(run.calls("aws cloudformation deploy").getLast());
            assertTrue(lastMove < recorded);
            assertTrue(
                    run.calls("aws cloudformation deploy")
                            .getLast()
                            .endsWith(" --parameter-overrides LiveVersion=5"));
        }

        @Test
        void watchesTheAlarmsOfTheStackInBothPhases() throws Exception {
            shell.set("ROLL_OUT_MINUTES", "2");
            shell.set("ROLL_OUT_PERCENT", "5");

            Run run = run(DEPLOY);

            List<String> calls = run.calls();
            int share = calls.indexOf(moved("4", "\"5\":0.05"));
            int all = calls.indexOf(moved("5", ""));
            assertEquals(8, looks(calls.subList(share, all)));
            assertEquals(8, looks(calls.subList(all, calls.size())));
            assertEquals(16, run.calls("sleep 15").size());
            assertTrue(
                    run.calls("aws cloudwatch describe-alarms")
                            .getFirst()
                            .contains(" --alarm-names authoriser-undecided authoriser-silent "));
        }

        @Test
        void takesTenMinutesByDefaultInEachPhase() throws Exception {
            shell.set("ROLL_OUT_MINUTES", "");

            assertEquals(80, run(DEPLOY).calls("sleep 15").size());
        }

        private static long looks(List<String> calls) {
            return calls.stream().filter(call -> call.contains("describe-alarms")).count();
        }

        @ParameterizedTest
        @CsvSource({"2, 1", "7, 2"})
        void restoresTheAliasAfterAnAlarm(int look, int moves) throws Exception {
            shell.aws(
                    "describe-alarms*",
                    "echo >> looks; [ $(wc -l < looks) -lt "
                            + look
                            + " ] || echo authoriser-silent");

            Run run = run(DEPLOY);

            run.assertFails("In alarm: authoriser-silent");
            assertTrue(run.output().contains("The alias is back at version 4"), run.output());
            assertEquals(moves + 1, run.calls("aws lambda update-alias").size());
            assertEquals(moved("4", ""), run.calls("aws lambda update-alias").getLast());
            assertEquals("4", shell.read("alias"));
            assertEquals("4", shell.read("recorded"));
            assertEquals(List.of(), run.calls("aws apigateway"));
        }

        @Test
        void ignoresAnAlarmThatWasOnBeforeAndReportsThis() throws Exception {
            shell.write("on", "authoriser-undecided\n");

            Run run = run(DEPLOY);

            run.assertSucceeds();
            assertTrue(
                    run.output()
                            .contains(
                                    "In alarm already, and so not watched: authoriser-undecided"));
        }

        @Test
        void restoresTheAliasAfterAnotherAlarm() throws Exception {
            shell.aws(
                    "describe-alarms*",
                    "echo authoriser-undecided; echo >> looks; [ $(wc -l < looks) -lt 2 ] || echo authoriser-undecided-too");

            run(DEPLOY).assertFails("In alarm: authoriser-undecided-too");
            assertEquals("4", shell.read("alias"));
        }

        @Test
        void restoresTheAliasIfTheAlarmsCannotBeRead() throws Exception {
            shell.aws("describe-alarms*", "echo >> looks; [ $(wc -l < looks) -lt 3 ]");

            run(DEPLOY).assertFails("The alarms cannot be read");
            assertEquals("4", shell.read("alias"));
            assertFalse(shell.has("weights"));
        }

        @Test
        void isNotMadeWithoutAlarms() throws Exception {
            shell.write("alarms", "");

            Run run = run(DEPLOY);

            run.assertFails("The stack has no alarms");
            assertEquals(List.of(), run.calls("aws lambda update-alias"));
        }

        @Test
        void restoresTheAliasIfTheScriptIsTerminated() throws Exception {
            shell.play("sleep", "kill -TERM $PPID");

            Run run = run(DEPLOY);

            assertEquals(143, run.status(), run.output());
            assertEquals(moved("4", ""), run.calls("aws lambda update-alias").getLast());
        }

        @Test
        void reportsThatTheAliasCannotBeRestored() throws Exception {
            shell.write("on", "");
            shell.aws("describe-alarms*", "[ ! -e weights ] || echo authoriser-silent");
            shell.aws("update-alias*{}}*", "exit 254");

            run(DEPLOY).assertFails("THE ALIAS COULD NOT BE SET BACK");
        }

        @Test
        void movesAllTrafficAtOnceWithZeroMinutes() throws Exception {
            shell.set("ROLL_OUT_MINUTES", "0");

            Run run = run(DEPLOY);

            run.assertSucceeds();
            assertEquals(List.of(moved("5", "")), run.calls("aws lambda update-alias"));
            assertEquals(List.of(), run.calls("aws cloudwatch"));
        }

        @ParameterizedTest
        @CsvSource({
            "ROLL_OUT_PERCENT, 0",
            "ROLL_OUT_PERCENT, 100",
            "ROLL_OUT_PERCENT, 7.5",
            "ROLL_OUT_MINUTES, -1",
            "ROLL_OUT_MINUTES, ten"
        })
        void refusesAnInvalidShareOrNumberOfMinutes(String variable, String value)
                throws Exception {
            shell.set(variable, value);

            Run run = run(DEPLOY);

            run.assertFails(variable + " must be");
            assertEquals(List.of(), run.calls("aws lambda update-alias"));
        }

        @Test
        void readsMinutesWithALeadingZeroAsDecimal() throws Exception {
            shell.set("ROLL_OUT_MINUTES", "08");

            assertEquals(64, run(DEPLOY).calls("sleep 15").size());
        }

        @Test
        void removesTheWeightsOfAnIncompleteRunFirst() throws Exception {
            shell.write("weights", "3\n");

            Run run = run(DEPLOY);

            run.assertSucceeds();
            assertOrder(run, moved("4", ""), run.calls("aws cloudformation deploy").getFirst());
        }

        @Test
        void isNotMadeIfNoVersionWasPublished() throws Exception {
            Run run = run("src/deploy/release deploy MemoryMb=512");

            run.assertSucceeds();
            assertEquals(List.of(), run.calls("aws lambda update-alias"));
        }

        @Test
        void keepsTheNewVersionIfTheRecordFails() throws Exception {
            shell.aws("cloudformation deploy*LiveVersion=5*", "exit 255");

            Run run = run(DEPLOY);

            run.assertFails("Version 5 serves, but the stack does not know it");
            assertEquals("5", shell.read("alias"));
        }
    }

    @Nested
    class ProvisionedConcurrency {

        @Test
        void isRemovedFromOtherVersionsLast() throws Exception {
            String function = "arn:aws:lambda:eu-west-1:123456789012:function:authoriser:";
            shell.aws(
                    "list-provisioned-concurrency-configs*",
                    "printf '%s\\n' " + function + "4 " + function + "5 " + function + "live");

            Run run = run(DEPLOY);

            run.assertSucceeds();
            String given =
                    "aws lambda delete-provisioned-concurrency-config --function-name authoriser --qualifier ";
            assertEquals(List.of(given + "4", given + "live"), run.calls(given));
            assertOrder(run, moved("5", ""), given + "4");
        }

        @Test
        void isRemovedFromAVersionThatFailed() throws Exception {
            shell.write("self-check", "{\"selfCheck\":\"failed\"}");

            assertEquals(
                    "aws lambda delete-provisioned-concurrency-config --function-name authoriser --qualifier 5",
                    run(DEPLOY).call("aws lambda delete-provisioned"));
        }

        @Test
        void isGivenToAnEarlierVersion() throws Exception {
            shell.aws("describe-stacks*ProvisionedConcurrency*", "echo 7");

            Run run = run("src/deploy/release back 3");

            assertEquals(
                    "aws lambda put-provisioned-concurrency-config --function-name authoriser --qualifier 3"
                            + " --provisioned-concurrent-executions 7",
                    run.call("aws lambda put-provisioned"));
            assertOrder(run, moved("3", ""), run.call("aws lambda put-provisioned"));
        }
    }

    @Nested
    class NewHeaders {

        @Test
        void areRefusedIfTheCacheKeyLacksThem() throws Exception {
            Run run = run(DEPLOY + " ValidatedHeaders=X-Tenant-Id,X-Channel");

            run.assertFails("X-Channel is not in API Gateway's cache key yet");
            assertEquals(List.of(), run.calls("aws cloudformation deploy"));
        }

        @Test
        void areDeployedIfNothingIsCached() throws Exception {
            shell.aws("describe-stacks*ResultTtlSeconds*", "echo 0");

            run(DEPLOY + " ValidatedHeaders=X-Tenant-Id,X-Channel").assertSucceeds();
        }

        @ParameterizedTest
        @ValueSource(strings = {"X-Tenant-Id", "x-channel,x-tenant-id"})
        void areDeployedIfTheCacheKeyHasThem(String headers) throws Exception {
            shell.write("headers", "X-Tenant-Id,X-Channel");

            run(DEPLOY + " ValidatedHeaders=" + headers).assertSucceeds();
        }
    }

    @Nested
    class Api {

        @Test
        void isDeployedAfterTheRollOut() throws Exception {
            shell.set("API_STAGE", "live");

            Run run = run(DEPLOY);

            assertEquals(
                    "aws apigateway create-deployment --rest-api-id a1b2c3d4e5 --stage-name live",
                    run.call("aws apigateway"));
            assertOrder(run, moved("5", ""), run.call("aws apigateway"));
        }

        @Test
        void isNotDeployedIfTheVersionFails() throws Exception {
            shell.set("API_STAGE", "live");
            shell.write("self-check", "{}");

            assertEquals(List.of(), run(DEPLOY).calls("aws apigateway"));
        }

        @ParameterizedTest
        @CsvSource({"401, true", "200, false", "000, false"})
        void mustRefuseARequestWithoutAToken(String status, boolean passes) throws Exception {
            shell.set("SMOKE_URL", "https://api.example.com/orders");
            shell.play("curl", "printf " + status);

            assertEquals(passes, run(DEPLOY).status() == 0);
        }
    }

    @Nested
    class RollBack {

        @Test
        void triesAndRecordsTheEarlierVersionAndMovesAllTraffic() throws Exception {
            Run run = run("src/deploy/release back 3");

            run.assertSucceeds();
            assertEquals(List.of(moved("3", "")), run.calls("aws lambda update-alias"));
            assertTrue(run.calls("aws lambda invoke").getFirst().contains(" authoriser:3 "));
            assertEquals("3", shell.read("recorded"));
            assertEquals(
                    List.of(),
                    run.calls(
                            "aws cloudformation deploy --stack-name authoriser --template-file template.yaml"));
        }

        @Test
        void refusesAVersionWithOtherHeaders() throws Exception {
            shell.aws(
                    "get-function-configuration*authoriser:3 *Description*",
                    "echo 1 0123 X-Channel");

            Run run = run("src/deploy/release back 3");

            run.assertFails("Version 3 validates X-Channel");
            assertEquals("4", shell.read("alias"));
        }

        @Test
        void refusesAVersionWhoseSelfCheckFails() throws Exception {
            shell.write("self-check", "{\"selfCheck\":\"failed\"}");

            run("src/deploy/release back 3").assertFails("Version 3 does not pass its self-check");
            assertEquals("4", shell.read("alias"));
        }

        @Test
        void recordsTheCurrentVersionWithoutATrial() throws Exception {
            shell.write("recorded", "5");
            shell.write("self-check", "{\"selfCheck\":\"failed\"}");

            run("src/deploy/release back 4").assertSucceeds();
            assertEquals("4", shell.read("recorded"));
        }

        @Test
        void acceptsAVersionThatHasNoSelfCheck() throws Exception {
            shell.write("self-check", "{\"errorMessage\":\"Undecided: event_malformed\"}");

            run("src/deploy/release back 3").assertSucceeds();
            assertEquals("3", shell.read("alias"));
        }

        @Test
        void invokesAnInactiveVersionBeforeItWaits() throws Exception {
            shell.aws("get-function-configuration*State*", "echo Inactive");

            Run run = run("src/deploy/release back 3");

            run.assertSucceeds();
            assertOrder(
                    run, run.calls("aws lambda invoke").getFirst(), run.call("aws lambda wait"));
        }
    }
}
