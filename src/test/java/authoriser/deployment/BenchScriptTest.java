package authoriser.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.deployment.PlayedShell.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs {@code src/deploy/bench} with a replacement for {@code aws}. The configuration of {@code
 * $LATEST} is in the files memory, level and description. The next version is 5. The file versions
 * has the published versions: number, memory size, description. The file messages has the results
 * of Logs Insights.
 */
class BenchScriptTest {
    private static final String SECRET = "value-of-a-variable";
    private static final String TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJiZW5jaCJ9.c2lnbmF0dXJl";
    private static final String DESCRIPTION = "12 0123abcd X-Tenant-Id";
    private static final String UPDATE = "aws lambda update-function-configuration";
    private static final String DELETE =
            "aws lambda delete-function --function-name authoriser --qualifier ";
    private static final String BENCH = "src/deploy/bench authoriser 512";

    @TempDir Path directory;
    private PlayedShell shell;

    @BeforeEach
    void setUp() throws IOException {
        shell = new PlayedShell(directory);
        shell.set("COLD_STARTS", "3");
        shell.play("sleep", "");
        shell.write("memory", "1024");
        shell.write("level", "WARN");
        shell.write("description", DESCRIPTION);
        shell.write("next", "5");
        shell.write("versions", "");
        shell.write("update", "Successful");
        shell.write("answer", "{\"selfCheck\":\"ok\"}");
        shell.write("error", "None");
        messages(report("5", "800.4", "30.5"), report("6", "402", "20"), report("7", "398", "22"));
    }

    /** The default replies of AWS. Replies that a test adds before have priority. */
    private Run run(String script) throws IOException, InterruptedException {
        shell.aws(
                "get-function-configuration*[State,*",
                "echo \"Active $(cat update) $(cat memory) c0de $(cat format 2> /dev/null || echo JSON)"
                        + " INFO $(cat level) /aws/lambda/authoriser\"");
        shell.aws(
                "get-function-configuration*[MemorySize, Description]*",
                "printf '%s\\t%s\\n' \"$(cat memory)\" \"$(cat description)\"");
        shell.aws("get-function-configuration*Description ||*", "cat description");
        shell.aws("get-function-configuration*", "echo " + SECRET);
        shell.aws(
                "update-function-configuration*",
                """
                for word; do
                    case $word in
                        --memory-size=*) printf %%s "${word#*=}" > memory ;;
                        --description=*) printf %%s "${word#*=}" > description ;;
                        *SystemLogLevel=*) printf %%s "${word##*=}" > level ;;
                    esac
                done
                echo %s\
                """
                        .formatted(SECRET));
        shell.aws(
                "publish-version*",
                """
                number=$(cat next)
                echo $((number + 1)) > next
                echo "$number $(cat memory) $(cat description)" >> versions
                cat level >> levels
                printf '%s\\t%s\\t%s\\n' "$number" "$(cat memory)" "$(cat description)"\
                """);
        shell.aws(
                "list-versions-by-function*",
                """
                words=$*
                start=${words#*starts_with(Description, \\'}
                start=${start%%\\'*}
                printf '$LATEST %s %s\\n' "$(cat memory)" "$(cat description)" | cat - versions |
                    while read -r number memory description; do
                        [[ $description != "$start"* ]] || echo "$number"
                    done\
                """);
        shell.aws("lambda invoke*", "cat answer > \"${!#}\"; cat error");
        shell.aws("logs start-query*", "echo query-1");
        shell.aws("get-query-results*--query status*", "echo Complete");
        shell.aws("get-query-results*", "cat messages");
        return shell.run(script);
    }

    private void messages(String... lines) throws IOException {
        shell.write("messages", String.join("", lines));
    }

    /** A report of Lambda in JSON. A warm invocation has no time of INIT. */
    private static String report(String version, String init, String duration) {
        return "2026/11/26/authoriser["
                + version
                + "][0a1b]\t{\"time\":\"2026-11-26T10:00:00.000Z\",\"type\":\"platform.report\",\"record\":"
                + "{\"requestId\":\"1-2\",\"status\":\"success\",\"spans\":[{\"durationMs\":1.5}],\"metrics\":"
                + "{\"durationMs\":"
                + duration
                + ",\"billedDurationMs\":1000,\"memorySizeMB\":512,\"maxMemoryUsedMB\":111"
                + (init.isEmpty() ? "" : ",\"initDurationMs\":" + init)
                + "},\"tracing\":{\"value\":\"Root=1\"}}}\n";
    }

    /** The same report as text, with the line that tracing adds. */
    private static String textReport(String version, String init, String duration) {
        return "2026/11/26/["
                + version
                + "]0a1b\tREPORT RequestId: 1-2\tDuration: "
                + duration
                + " ms\tBilled Duration: 1000 ms\tMemory Size: 512 MB\tMax Memory Used: 111 MB\t"
                + (init.isEmpty() ? "" : "Init Duration: " + init + " ms\t")
                + "\nXRAY TraceId: 1-2\tSegmentId: 3\tSampled: true\n";
    }

    private void event() throws IOException {
        shell.set("EVENT_FILE", "event.json");
        shell.write("event.json", "{\"headers\":{\"Authorization\":\"Bearer " + TOKEN + "\"}}");
        shell.write("answer", "{\"policyDocument\":{\"Statement\":[{\"Effect\":\"Allow\"}]}}");
    }

    private void assertRestored() throws IOException {
        assertEquals("1024", shell.read("memory"));
        assertEquals("WARN", shell.read("level"));
        assertEquals(DESCRIPTION, shell.read("description"));
    }

    private static void assertRow(Run run, String... cells) {
        List<String> rows = run.output().lines().map(line -> line.replace(" ", "")).toList();
        String row = String.join("|", cells);
        assertTrue(rows.contains(row), row + "\n" + run.output());
    }

    @Nested
    class Figures {

        @Test
        void separateTheFirstInitFromTheOthers() throws Exception {
            Run run = run(BENCH);

            run.assertSucceeds();
            assertRow(run, "512", "800", "400[398-402]", "22[20-30]", "-", "-", "111", "3", "0");
        }

        @Test
        void areAlsoReadFromText() throws Exception {
            shell.write("format", "Text");
            shell.write("level", "None");
            messages(
                    textReport("5", "800.4", "30.5"),
                    textReport("6", "402", "20"),
                    textReport("7", "398", "22"));

            Run run = run(BENCH);

            run.assertSucceeds();
            assertRow(run, "512", "800", "400[398-402]", "22[20-30]", "-", "-", "111", "3", "0");
        }

        @Test
        void haveMedianAndPercentileOfWarmInvocations() throws Exception {
            event();
            shell.set("COLD_STARTS", "1");
            shell.set("WARM_INVOCATIONS", "100");
            messages(
                    report("5", "800", "30"),
                    IntStream.rangeClosed(1, 100)
                            .mapToObj(i -> report("5", "", i + ".0"))
                            .reduce("", String::concat));

            Run run = run(BENCH);

            run.assertSucceeds();
            assertRow(run, "512", "800", "-", "30[30-30]", "50.5", "99.0", "111", "1", "100");
        }

        @Test
        void areMeasuredForEachMemorySize() throws Exception {
            shell.set("COLD_STARTS", "2");
            messages(
                    report("5", "800", "30"),
                    report("6", "600", "30"),
                    report("7", "400", "20"),
                    report("8", "300", "10"));

            Run run = run("src/deploy/bench authoriser 512 1769");

            run.assertSucceeds();
            assertRow(run, "512", "800", "400[400-400]", "25[20-30]", "-", "-", "111", "2", "0");
            assertRow(run, "1769", "600", "300[300-300]", "20[10-30]", "-", "-", "111", "2", "0");
        }

        @Test
        void areFor512And1024And1769MegabytesByDefault() throws Exception {
            shell.set("COLD_STARTS", "1");
            messages(report("5", "8", "3"), report("6", "7", "3"), report("7", "4", "2"));

            run("src/deploy/bench authoriser").assertSucceeds();
            assertTrue(
                    shell.read("next").startsWith("8"),
                    "a version for each size: " + shell.read("next"));
        }

        @Test
        void includeTheInvocationsAndTheBilledTime() throws Exception {
            Run run = run(BENCH);

            // three seconds with 0.5 GB, and one invocation of $LATEST before
            assertTrue(run.output().contains("4 invocations, 1.5 GB-seconds"), run.output());
        }

        @Test
        void includeTheNumberOfMissingReports() throws Exception {
            messages(report("5", "800", "30"), report("6", "402", "20"));

            Run run = run(BENCH);

            run.assertSucceeds();
            assertTrue(run.output().contains("1 reports are missing"), run.output());
            assertRow(run, "512", "800", "402[402-402]", "25[20-30]", "-", "-", "111", "2", "0");
        }

        @Test
        void areComputedAfterAllReportsArrived() throws Exception {
            shell.aws(
                    "get-query-results*results[]*",
                    "echo >> looks; [ $(wc -l < looks) -lt 4 ] || cat messages");

            Run run = run(BENCH);

            run.assertSucceeds();
            assertFalse(run.output().contains("missing"), run.output());
        }

        @Test
        void areAbsentWithoutAReport() throws Exception {
            messages();

            run(BENCH).assertFails("No report of this measurement is in the log group");
        }

        @Test
        void omitAVersionWithoutInit() throws Exception {
            messages(report("5", "800", "30"), report("6", "", "20"), report("7", "398", "22"));

            Run run = run(BENCH);

            assertTrue(run.output().contains("1 reports are left out"), run.output());
            assertRow(run, "512", "800", "398[398-398]", "26[22-30]", "-", "-", "111", "2", "0");
        }

        @Test
        void areReadFromTheStreamsOfTheMeasuredVersions() throws Exception {
            List<String> queries = run(BENCH).calls("aws logs start-query");

            assertTrue(
                    queries.getLast().contains("like /\\/(authoriser)?\\[(5|6|7)\\]/"),
                    queries.getLast());
        }

        /** With {@code results[]}, JMESPath makes one list of the fields of all messages. */
        @Test
        void areReadFromOneListForEachMessage() throws Exception {
            List<String> results = run(BENCH).calls("aws logs get-query-results");

            assertTrue(results.getLast().contains("results[*].[[?field=="), results.getLast());
        }

        @Test
        void cannotBeReadIfAQueryFailsWhichIsReportedFirst() throws Exception {
            shell.aws("get-query-results*--query status*", "echo Failed");

            Run run = run(BENCH);

            run.assertFails("ended as Failed");
            assertEquals(List.of(), run.calls(UPDATE));
        }
    }

    @Nested
    class Changes {

        @Test
        void areRestoredBeforeTheVersionsAreInvoked() throws Exception {
            shell.aws(
                    "lambda invoke*authoriser:5*",
                    "cat memory level description > then; cat answer > \"${!#}\"; cat error");

            run(BENCH).assertSucceeds();
            assertEquals("1024WARN" + DESCRIPTION, shell.read("then"));
            assertRestored();
        }

        @Test
        void includeTheLogLevelOfReports() throws Exception {
            run(BENCH).assertSucceeds();

            assertEquals("INFOINFOINFO", shell.read("levels"));
        }

        @ParameterizedTest
        @CsvSource({"JSON, INFO", "Text, None"})
        void omitTheLogLevelIfLambdaWritesReports(String format, String level) throws Exception {
            shell.write("format", format);
            shell.write("level", level);

            Run run = run(BENCH);

            run.assertSucceeds();
            assertFalse(
                    run.calls().toString().contains("--logging-config"), run.calls().toString());
        }

        @Test
        void endWithTheDeletionOfTheVersionsOfThisRun() throws Exception {
            shell.write(
                    "versions", "3 1024 src/deploy/bench 17 512 1, of another run\n4 1024 ours\n");

            Run run = run(BENCH);

            run.assertSucceeds();
            assertEquals(
                    List.of(DELETE + "5", DELETE + "6", DELETE + "7"),
                    run.calls("aws lambda delete-function"));
        }

        @Test
        void doNotAffectAliasesConcurrencyAndVariables() throws Exception {
            String calls = run(BENCH).calls().toString();

            assertFalse(calls.contains("alias"), calls);
            assertFalse(calls.contains("concurrency"), calls);
            assertFalse(calls.contains("nvironment"), calls);
        }

        @Test
        void areRestoredIfAnUpdateFails() throws Exception {
            shell.aws("wait function-updated-v2*", "[ \"$(cat memory)\" != 512 ]");

            Run run = run(BENCH);

            assertTrue(run.status() != 0, run.output());
            assertRestored();
            assertEquals(List.of(), run.calls("aws lambda delete-function"));
        }

        @Test
        void areRestoredIfTheScriptIsTerminated() throws Exception {
            shell.aws("wait function-updated-v2*", "[ \"$(cat next)\" != 6 ] || kill -TERM $PPID");

            Run run = run(BENCH);

            assertEquals(143, run.status(), run.output());
            assertRestored();
            assertEquals(DELETE + "5", run.call("aws lambda delete-function"));
        }

        @Test
        void areReportedWithTheCommandIfTheyCannotBeRestored() throws Exception {
            shell.write("description", "it's ours");
            shell.aws("update-function-configuration*--memory-size=1024*", "exit 254");

            run(BENCH)
                    .assertFails(
                            "COULD NOT BE RESTORED. Run: aws lambda update-function-configuration --function-name"
                                    + " authoriser --memory-size=1024 --description=it\\'s\\ ours --logging-config"
                                    + " LogFormat=JSON\\,ApplicationLogLevel=INFO\\,LogGroup=/aws/lambda/authoriser\\,"
                                    + "SystemLogLevel=WARN");
        }

        @Test
        void areReportedIfVersionsCannotBeDeleted() throws Exception {
            shell.aws("delete-function*", "exit 254");

            run(BENCH).assertFails("NOT ALL VERSIONS COULD BE DELETED");
        }

        @Test
        void areRestoredIfAnInvocationFails() throws Exception {
            shell.aws(
                    "lambda invoke*authoriser:6*",
                    "echo '{\"errorMessage\":\"Undecided: keys_unavailable\"}' > \"${!#}\"; echo Unhandled");

            Run run = run(BENCH);

            run.assertFails(
                    "Version 6 does not answer the self-check as it must: Undecided: keys_unavailable");
            assertRestored();
            assertEquals(3, run.calls("aws lambda delete-function").size());
        }

        @Test
        void keepTheFormerValuesInTheDescription() throws Exception {
            run(BENCH).assertSucceeds();

            assertTrue(
                    shell.read("versions").contains("512 1, before: 1024 MB, WARN, " + DESCRIPTION),
                    shell.read("versions"));
        }
    }

    @Nested
    class FunctionThatIsNotReady {

        @Test
        void isNotChangedIfItsSelfCheckFails() throws Exception {
            shell.write("answer", "{\"selfCheck\":\"failed\"}");

            Run run = run(BENCH);

            run.assertFails("Version $LATEST does not answer the self-check as it must");
            assertEquals(List.of(), run.calls(UPDATE));
        }

        @Test
        void isNotChangedIfItRefusesTheEventWhichIsNotShown() throws Exception {
            event();
            shell.write(
                    "answer",
                    "{\"policyDocument\":{\"Statement\":[{\"Effect\":\"Deny\"}]},\"context\":"
                            + "{\"sub\":\"someone\",\"reason\":\"token_expired\"}}");

            Run run = run(BENCH);

            run.assertFails("Version $LATEST does not answer the event as it must: token_expired");
            assertFalse(run.output().contains("someone"), run.output());
            assertFalse(run.output().contains(TOKEN), run.output());
            assertEquals(List.of(), run.calls(UPDATE));
        }

        @ParameterizedTest
        @ValueSource(strings = {"InProgress", "Failed"})
        void isNotChangedDuringOrAfterAnUnsuccessfulUpdate(String update) throws Exception {
            shell.write("update", update);

            Run run = run(BENCH);

            run.assertFails("The last update of authoriser is " + update);
            assertEquals(List.of(), run.calls(UPDATE));
        }

        @Test
        void isInvokedFirstIfItIsInactive() throws Exception {
            shell.aws(
                    "get-function-configuration*[State,*",
                    "echo Inactive Successful 1024 c0de JSON INFO WARN /aws/lambda/authoriser");
            shell.aws("wait function-active-v2*", "touch active");
            shell.aws(
                    "lambda invoke*",
                    "[ -e active ] || exit 254; cat answer > \"${!#}\"; cat error");

            run(BENCH).assertSucceeds();
        }

        @Test
        void isNotChangedDuringAnotherRun() throws Exception {
            shell.write("description", "src/deploy/bench 17.3 512 1, before: 1024 MB, WARN, ours");

            Run run = run(BENCH);

            run.assertFails("before: 1024 MB, WARN, ours");
            assertEquals(List.of(), run.calls(UPDATE));
        }

        @Test
        void isReportedIfItDoesNotExist() throws Exception {
            shell.aws(
                    "get-function-configuration*",
                    "echo 'An error occurred (ResourceNotFoundException)' >&2; exit 254");

            Run run = run(BENCH);

            run.assertFails("This account and region have no function authoriser");
            assertEquals(1, run.output().lines().count(), run.output());
        }
    }

    @Nested
    class ConcurrentChange {

        @Test
        void ofTheMemorySizeIsKept() throws Exception {
            shell.aws("publish-version*", "printf 2048 > memory; exit 254");

            Run run = run(BENCH);

            run.assertFails("Someone else has set the memory size to 2048 MB meanwhile");
            assertEquals("2048", shell.read("memory"));
            assertEquals(DESCRIPTION, shell.read("description"));
        }

        @Test
        void ofTheDescriptionIsKept() throws Exception {
            shell.aws(
                    "publish-version*", "printf 2048 > memory; printf 13 > description; exit 254");

            Run run = run(BENCH);

            run.assertFails("It is left as it is, with 2048 MB");
            assertEquals("2048", shell.read("memory"));
            assertEquals("13", shell.read("description"));
        }

        @Test
        void ofTheVersionStopsTheRun() throws Exception {
            shell.aws("publish-version*", "printf '4\\t512\\t12 0123abcd X-Tenant-Id\\n'");

            Run run = run(BENCH);

            run.assertFails("Someone else has changed authoriser meanwhile");
            assertRestored();
            assertEquals(List.of(), run.calls(DELETE));
        }

        @Test
        void byAPublishedVersionIsReported() throws Exception {
            shell.aws(
                    "wait function-updated-v2*", "[ \"$(cat next)\" != 6 ] || { echo 7 > next; }");

            run(BENCH).assertFails("Someone else has published version 6");
            assertRestored();
        }
    }

    @Nested
    class Output {

        @Test
        void doesNotContainValuesOfVariables() throws Exception {
            Run run = run(BENCH);

            run.assertSucceeds();
            assertFalse(run.output().contains(SECRET), run.output());
        }

        @Test
        void doesNotContainTheTokenOfTheEventLikeAllArguments() throws Exception {
            event();
            messages(report("5", "800", "30"));

            Run run = run(BENCH);

            run.assertSucceeds();
            assertFalse(run.output().contains(TOKEN), run.output());
            assertFalse(run.calls().toString().contains(TOKEN), run.calls().toString());
        }

        /** The AWS CLI prints the status code. */
        @Test
        void doesNotContainTheStatusCodeOfADeletion() throws Exception {
            shell.aws("delete-function*", "echo StatusCode");

            assertFalse(run(BENCH).output().contains("StatusCode"));
        }
    }

    @Nested
    class Arguments {

        @ParameterizedTest
        @CsvSource({
            "authoriser 127, MEMORY_MB must be a whole number from 128 to 10240",
            "authoriser 10241, MEMORY_MB must be a whole number from 128 to 10240",
            "authoriser 512MB, MEMORY_MB must be a whole number from 128 to 10240",
            "authoriser 512 512, A memory size is named twice",
            "authoriser:live 512, FUNCTION is a name without version or alias",
        })
        void areExplainedInOneSentenceIfTheyAreInvalid(String words, String sentence)
                throws Exception {
            Run run = run("src/deploy/bench " + words);

            run.assertFails(sentence);
            assertEquals(1, run.output().lines().count(), run.output());
            assertEquals(List.of(), run.calls());
        }

        @ParameterizedTest
        @CsvSource({
            "COLD_STARTS, 0",
            "COLD_STARTS, 101",
            "COLD_STARTS, 1.5",
            "WARM_INVOCATIONS, -1",
            "WARM_INVOCATIONS, 1001",
            "EVENT_FILE, nowhere.json"
        })
        void inVariablesAreExplainedInOneSentenceIfTheyAreInvalid(String variable, String value)
                throws Exception {
            event();
            shell.set(variable, value);

            Run run = run(BENCH);

            run.assertFails(variable);
            assertEquals(1, run.output().lines().count(), run.output());
            assertEquals(List.of(), run.calls());
        }

        @Test
        void areRefusedIfThereAreMoreInvocationsThanAQueryReturns() throws Exception {
            event();
            shell.set("COLD_STARTS", "10");
            shell.set("WARM_INVOCATIONS", "1000");

            run(BENCH).assertFails("more than 1000 cold starts or 10000 invocations");
        }

        @Test
        void areRefusedIfThereAreMoreVersionsThanAQueryMayName() throws Exception {
            shell.set("COLD_STARTS", "100");

            run("src/deploy/bench authoriser 1001 1002 1003 1004 1005 1006 1007 1008 1009 1010 1011")
                    .assertFails("more than 1000 cold starts or 10000 invocations");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "--help"})
        void areExplainedWithoutAFunction(String words) throws Exception {
            Run run = run("src/deploy/bench " + words);

            assertEquals(2, run.status(), run.output());
            assertTrue(run.output().contains("bench FUNCTION [MEMORY_MB ...]"), run.output());
            assertEquals(List.of(), run.calls());
        }
    }
}
