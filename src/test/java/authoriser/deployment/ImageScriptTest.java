package authoriser.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.deployment.PlayedShell.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs {@code src/deploy/image} with replacements for {@code docker} and {@code aws}. */
class ImageScriptTest {
    private static final String REPOSITORY =
            "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/authoriser";
    private static final String TAGGED =
            REPOSITORY + ":9fceb02d0ae598e95dc970b74767f19372d61af8-17.2";
    private static final String PUSHED = "sha256:" + "0123456789abcdef".repeat(4);
    private static final String LAMBDA_BASE = "public.ecr.aws/lambda/java@sha256:" + "a".repeat(64);
    private static final String BUILD_BASE = "maven@sha256:" + "b".repeat(64);

    @TempDir Path directory;

    private PlayedShell shell;

    @BeforeEach
    void setUp() throws IOException {
        shell = new PlayedShell(directory);
        shell.set("ECR_REPOSITORY", REPOSITORY);
        shell.set("BITBUCKET_COMMIT", "9fceb02d0ae598e95dc970b74767f19372d61af8");
        shell.set("BITBUCKET_BUILD_NUMBER", "17");
        shell.set("BITBUCKET_STEP_RUN_NUMBER", "2");
        shell.set("SIGNING_KEY_ARN", "arn:aws:kms:eu-west-1:123456789012:key/1");
        shell.play("sleep", "");
        signature(0);
        docker("amd64");
    }

    /** A replacement for {@code src/deploy/signature}. */
    private void signature(int status) throws IOException {
        shell.write(
                "src/deploy/signature",
                "#!/bin/bash\necho \"signature $1 $2 $(cat \"$3\")\" >> calls\nexit "
                        + status
                        + "\n");
    }

    /** A replacement for {@code docker} that knows the digests of pulled and pushed images. */
    private void docker(String architecture) {
        shell.play(
                "docker",
                """
                case "$*" in
                    login*) cat > /dev/null ;;
                    push*) touch pushed ;;
                    *RepoDigests*lambda/java:25) echo %s ;;
                    *RepoDigests*maven:*) echo %s ;;
                    *RepoDigests*%s:*) [ -e pushed ] && echo %s@%s ;;
                    *Architecture*) echo %s ;;
                    *Labels*) cat label ;;
                    run*authoriser.cdx.json) echo '{the bill}' ;;
                esac\
                """
                        .formatted(
                                LAMBDA_BASE,
                                BUILD_BASE,
                                REPOSITORY,
                                REPOSITORY,
                                PUSHED,
                                architecture));
    }

    private Run run(String... words) throws IOException, InterruptedException {
        shell.aws("*imageScanStatus*", "echo COMPLETE");
        return shell.run("src/deploy/image " + String.join(" ", words));
    }

    // Build and push

    @Test
    void imageIsTaggedWithCommitAndBuildAndPassedOnByItsDigest() throws Exception {
        Run run = run();

        run.assertSucceeds();
        assertEquals(REPOSITORY + "@" + PUSHED, shell.read("image-uri.txt"));
        assertEquals("docker push " + TAGGED, run.call("docker push"));
        assertTrue(run.call("docker build").startsWith("docker build --tag " + TAGGED + " "));
        assertEquals(
                List.of(), run.calls("aws ecr describe-images"), "no image is taken by its tag");
    }

    @Test
    void imageIsBuiltAlsoIfTheCommitHasOne() throws Exception {
        shell.aws("describe-images*", "echo sha256:" + "f".repeat(64));

        Run run = run();

        assertEquals(1, run.calls("docker build").size());
        assertEquals(REPOSITORY + "@" + PUSHED, shell.read("image-uri.txt"));
    }

    @Test
    void noImageIsPassedOnIfThePushFails() throws Exception {
        shell.play(
                "docker",
                "case $1 in push) exit 1 ;; esac; case \"$*\" in *RepoDigests*java*) echo "
                        + LAMBDA_BASE
                        + " ;; *RepoDigests*maven*) echo "
                        + BUILD_BASE
                        + " ;; esac");

        assertTrue(run().status() != 0);
        assertFalse(shell.has("image-uri.txt"));
    }

    @ParameterizedTest
    @CsvSource({"amd64, x86_64", "arm64, arm64"})
    void architectureIsTheOneOfTheImage(String image, String parameter) throws Exception {
        docker(image);

        run().assertSucceeds();
        assertEquals(parameter, shell.read("architecture.txt"));
    }

    @Test
    void noImageIsPassedOnIfLambdaDoesNotSupportIt() throws Exception {
        docker("riscv64");

        run().assertFails("Lambda does not run riscv64");
        assertFalse(shell.has("image-uri.txt"));
    }

    // Signatures

    @Test
    void imageIsSignedAfterTheScanWithTheBillOfMaterialsThatItContains() throws Exception {
        Run run = run();

        run.assertSucceeds();
        assertEquals(
                "signature sign " + REPOSITORY + "@" + PUSHED + " {the bill}",
                run.calls().getLast());
        assertEquals(
                "docker run --rm --network none --entrypoint cat "
                        + TAGGED
                        + " /var/task/authoriser.cdx.json",
                run.call("docker run"));
    }

    @Test
    void imageThatCannotBeSignedIsNotPassedOn() throws Exception {
        signature(1);

        assertTrue(run().status() != 0);
        assertFalse(shell.has("image-uri.txt"));
    }

    @Test
    void imageWithCriticalFindingsIsNotSigned() throws Exception {
        finds("CVE-2026-1");

        assertEquals(List.of(), run().calls("signature"));
    }

    @Test
    void imageIsNotBuiltWithoutAKeyToSignIt() throws Exception {
        shell.set("SIGNING_KEY_ARN", "");

        Run run = run();

        run.assertFails("SIGNING_KEY_ARN");
        assertEquals(List.of(), run.calls());
    }

    @Test
    void signatureIsNotTakenForTheNewestImage() throws Exception {
        shell.aws("describe-images*", "echo null");

        Run run = run("--new-base");

        assertTrue(
                run.call("aws ecr describe-images")
                        .contains("sort_by(imageDetails[?imageTags], &imagePushedAt)[-1]"));
    }

    // Base images

    @Test
    void baseImagesArePinnedToTheirCurrentDigests() throws Exception {
        Run run = run();

        String build = run.call("docker build");
        assertTrue(build.contains(" --build-arg LAMBDA_BASE=" + LAMBDA_BASE + " "), build);
        assertTrue(build.contains(" --build-arg BUILD_BASE=" + BUILD_BASE + " "), build);
        assertTrue(run.output().contains(LAMBDA_BASE) && run.output().contains(BUILD_BASE));
    }

    @Test
    void imageHasLabelsOfItsBaseImageAndItsCommit() throws Exception {
        String build = run().call("docker build");

        assertTrue(
                build.contains(
                        " --label org.opencontainers.image.revision=9fceb02d0ae598e95dc970b74767f19372d61af8"
                                + " --label org.opencontainers.image.base.name=public.ecr.aws/lambda/java"
                                + " --label org.opencontainers.image.base.digest=sha256:"
                                + "a".repeat(64)),
                build);
    }

    @Test
    void configuredBaseImagesAreUsed() throws Exception {
        String pinned = "public.ecr.aws/lambda/java@sha256:" + "c".repeat(64);
        shell.set("LAMBDA_BASE", pinned);

        Run run = run();

        assertTrue(run.call("docker build").contains(" LAMBDA_BASE=" + pinned + " "));
        assertEquals(1, run.calls("docker pull").size(), "the other base only");
    }

    @Test
    void baseImageWithoutADigestIsRefused() throws Exception {
        shell.set("LAMBDA_BASE", "public.ecr.aws/lambda/java:25");

        Run run = run();

        run.assertFails("LAMBDA_BASE must name a digest");
        assertEquals(List.of(), run.calls("docker build"));
    }

    @Test
    void noImageIsBuiltIfTheBaseImageCannotBePulled() throws Exception {
        shell.play("docker", "[ \"$1\" != pull ]");

        Run run = run();

        assertTrue(run.status() != 0);
        assertEquals(List.of(), run.calls("docker build"));
    }

    // Only on a new base image

    @Test
    void noImageIsBuiltIfTheNewestOneHasTheCurrentBaseImage() throws Exception {
        shell.aws("describe-images*", "echo '\"" + PUSHED + "\"'");
        shell.write("label", "sha256:" + "a".repeat(64) + "\n");

        Run run = run("--new-base");

        run.assertSucceeds();
        assertEquals(List.of(), run.calls("docker build"));
        assertEquals("", shell.read("image-uri.txt"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha256:0000", ""})
    void imageIsBuiltOnANewBaseImage(String labelled) throws Exception {
        shell.aws("describe-images*", "echo '\"" + PUSHED + "\"'");
        shell.write("label", labelled + "\n");

        Run run = run("--new-base");

        run.assertSucceeds();
        assertEquals(1, run.calls("docker build").size());
        assertEquals(REPOSITORY + "@" + PUSHED, shell.read("image-uri.txt"));
    }

    @Test
    void imageIsBuiltForAnEmptyRepository() throws Exception {
        shell.aws("describe-images*", "echo null");

        assertEquals(1, run("--new-base").calls("docker build").size());
    }

    // Scan

    @Test
    void aCriticalFindingIsAFailure() throws Exception {
        finds("CVE-2026-1\\tCVE-2026-2\\nCVE-2026-3");

        Run run = run();

        assertTrue(run.output().endsWith(":\nCVE-2026-1\nCVE-2026-2\nCVE-2026-3\n"), run.output());
        run.assertFails("Critical findings");
        assertFalse(shell.has("image-uri.txt"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"CVE-2026-1,CVE-2026-2", "CVE-2026-2, CVE-2026-1"})
    void anAcceptedCriticalFindingIsIgnored(String accepted) throws Exception {
        shell.set("ACCEPTED_FINDINGS", accepted);
        finds("CVE-2026-1\\nCVE-2026-2");

        run().assertSucceeds();
    }

    @Test
    void anotherCriticalFindingThanTheAcceptedOneIsAFailure() throws Exception {
        shell.set("ACCEPTED_FINDINGS", "CVE-2026-1");
        finds("CVE-2026-1\\tCVE-2026-10");

        run().assertFails(":\nCVE-2026-10\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\\n", "None\\n"})
    void aScanWithoutCriticalFindingsSucceeds(String names) throws Exception {
        finds(names);

        run().assertSucceeds();
    }

    @Test
    void findingsThatCannotBeReadAreAFailure() throws Exception {
        shell.aws("*CRITICAL*", "exit 254");

        assertTrue(run().status() != 0);
        assertFalse(shell.has("image-uri.txt"));
    }

    /** The scan returns these names of critical findings, in the format of printf. */
    private void finds(String names) {
        shell.aws("*CRITICAL*", "printf '" + names + "'");
    }

    @Test
    void theScriptWaitsForTheScan() throws Exception {
        shell.aws(
                "*imageScanStatus*",
                "echo >> looks; case $(wc -l < looks) in"
                        + " 1) echo ScanNotFoundException >&2; exit 254 ;;"
                        + " 2) echo PENDING ;;"
                        + " 3) echo IN_PROGRESS ;;"
                        + " *) echo COMPLETE ;; esac");

        Run run = run();

        run.assertSucceeds();
        assertEquals(4, shell.read("looks").length());
        assertEquals(List.of("sleep 10", "sleep 10", "sleep 10"), run.calls("sleep"));
    }

    @ParameterizedTest
    @CsvSource({
        "echo FAILED, ended as FAILED",
        "echo AccessDeniedException >&2; exit 254, AccessDeniedException",
        "echo PENDING, There is no scan"
    })
    void anImageWithoutAScanIsAFailure(String status, String message) throws Exception {
        shell.aws("*imageScanStatus*", status);

        run().assertFails(message);
        assertFalse(shell.has("image-uri.txt"));
    }
}
