package authoriser.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.deployment.PlayedShell.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code src/deploy/signature}, with {@code aws}, {@code curl} and {@code cosign} replaced. */
class SignatureScriptTest {
    private static final String IMAGE =
            "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/authoriser@sha256:"
                    + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private static final String KEY =
            "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

    @TempDir Path directory;

    private PlayedShell shell;

    @BeforeEach
    void setUp() throws IOException {
        shell = new PlayedShell(directory);
        shell.set("SIGNING_KEY_ARN", KEY);
        shell.write("bill.json", "{}");
        shell.play("uname", "echo x86_64");
        shell.play("sha256sum", "cat > pinned");
        shell.write("registry", "password-of-the-registry");
        shell.aws("get-login-password", "cat registry");
        cosign("true");
    }

    /** The program that {@code curl} fetches. It fails for calls that the pattern selects. */
    private void cosign(String script) {
        shell.play(
                "curl",
                """
                while [ "$1" != --output ]; do shift; done
                cat > "$2" <<'COSIGN'
                #!/bin/bash
                echo "cosign $*" >> calls
                [ "$1" != login ] || cat > password
                %s
                COSIGN\
                """
                        .formatted(script));
    }

    private Run run(String words) throws IOException, InterruptedException {
        return shell.run("src/deploy/signature " + words);
    }

    @Nested
    class Sign {

        @Test
        void attachesASignatureAndASignedBillOfMaterials() throws Exception {
            Run run = run("sign " + IMAGE + " bill.json");

            run.assertSucceeds();
            assertTrue(run.call("cosign sign ").endsWith(" --key awskms:///" + KEY + " " + IMAGE));
            assertTrue(
                    run.call("cosign attest ")
                            .endsWith(
                                    " --key awskms:///"
                                            + KEY
                                            + " --type cyclonedx --predicate bill.json "
                                            + IMAGE));
        }

        @Test
        void writesNothingIntoAPublicLog() throws Exception {
            Run run = run("sign " + IMAGE + " bill.json");

            String config = run.call("cosign signing-config").replaceFirst(".* --out ", "");
            for (String command : List.of("sign ", "attest ")) {
                assertTrue(
                        run.call("cosign " + command)
                                .contains(" --signing-config " + config + " "));
            }
        }

        @Test
        void failsIfTheImageCannotBeSigned() throws Exception {
            cosign("[ \"$1\" != sign ]");

            Run run = run("sign " + IMAGE + " bill.json");

            assertTrue(run.status() != 0);
            assertEquals(List.of(), run.calls("cosign attest"));
        }

        @Test
        void failsIfTheBillOfMaterialsCannotBeSigned() throws Exception {
            cosign("[ \"$1\" != attest ]");

            assertTrue(run("sign " + IMAGE + " bill.json").status() != 0);
        }

        @ParameterizedTest
        @ValueSource(strings = {"absent.json", "empty.json"})
        void refusesAnEmptyBillOfMaterials(String bill) throws Exception {
            shell.write("empty.json", "");

            Run run = run("sign " + IMAGE + " " + bill);

            run.assertFails("There is no bill of materials");
            assertEquals(List.of(), run.calls("cosign sign"));
        }
    }

    @Nested
    class Verify {

        @Test
        void succeedsWithBothSignatures() throws Exception {
            Run run = run("verify " + IMAGE);

            run.assertSucceeds();
            String end = " --key awskms:///" + KEY;
            assertEquals(
                    "cosign verify --private-infrastructure" + end + " " + IMAGE,
                    run.call("cosign verify "));
            assertEquals(
                    "cosign verify-attestation --private-infrastructure"
                            + end
                            + " --type cyclonedx "
                            + IMAGE,
                    run.call("cosign verify-attestation"));
        }

        @Test
        void failsIfTheSignatureIsMissingOrWrong() throws Exception {
            cosign("[ \"$1\" != verify ]");

            run("verify " + IMAGE).assertFails("has no signature by " + KEY);
        }

        @Test
        void failsIfTheBillOfMaterialsIsMissingOrWrong() throws Exception {
            cosign("[ \"$1\" != verify-attestation ]");

            run("verify " + IMAGE).assertFails("has no bill of materials that is signed by " + KEY);
        }

        @Test
        void signsNothing() throws Exception {
            Run run = run("verify " + IMAGE);

            assertEquals(List.of(), run.calls("cosign sign"));
            assertEquals(List.of(), run.calls("cosign attest"));
        }
    }

    @Nested
    class Cosign {

        @ParameterizedTest
        @CsvSource({
            "x86_64, amd64, c956e5dfcac53d52bcf058360d579472f0c1d2d9b69f55209e256fe7783f4c74",
            "aarch64, arm64, bedac92e8c3729864e13d4a17048007cfafa79d5deca993a43a90ffe018ef2b8"
        })
        void isThePinnedProgram(String machine, String name, String digest) throws Exception {
            shell.play("uname", "echo " + machine);

            Run run = run("verify " + IMAGE);

            run.assertSucceeds();
            assertTrue(run.call("curl").endsWith("/download/v3.0.6/cosign-linux-" + name));
            assertTrue(shell.read("pinned").startsWith(digest + "  "));
        }

        @Test
        void isNotStartedIfItIsAnotherProgram() throws Exception {
            shell.play("sha256sum", "exit 1");

            Run run = run("verify " + IMAGE);

            run.assertFails("is not the pinned program");
            assertEquals(List.of(), run.calls("cosign"));
        }

        @Test
        void isComparedWithItsDigestByTheRealCommand() throws Exception {
            shell.play("sha256sum", "exec /usr/bin/sha256sum \"$@\"");

            Run run = run("verify " + IMAGE);

            run.assertFails("is not the pinned program");
            assertEquals(List.of(), run.calls("cosign"));
        }

        @Test
        void isNotStartedIfItCannotBeFetched() throws Exception {
            shell.play("curl", "exit 22");

            Run run = run("verify " + IMAGE);

            assertTrue(run.status() != 0);
            assertEquals(List.of(), run.calls("cosign"));
        }

        @Test
        void isRefusedForAnotherProcessor() throws Exception {
            shell.play("uname", "echo riscv64");

            run("verify " + IMAGE).assertFails("no program for riscv64");
        }
    }

    @Nested
    class Registry {

        @Test
        void getsThePasswordThroughStandardInput() throws Exception {
            Run run = run("verify " + IMAGE);

            assertEquals(
                    "cosign login --username AWS --password-stdin"
                            + " 123456789012.dkr.ecr.eu-west-1.amazonaws.com",
                    run.call("cosign login"));
            assertEquals("password-of-the-registry", shell.read("password"));
            assertFalse(run.calls().toString().contains("password-of-the-registry"));
        }

        @Test
        void isNotAskedWithoutAPassword() throws Exception {
            shell.delete("registry");

            Run run = run("verify " + IMAGE);

            assertTrue(run.status() != 0);
            assertEquals(List.of(), run.calls("cosign verify"));
        }

        @Test
        void leavesNoCredentials() throws Exception {
            cosign("touch \"$DOCKER_CONFIG/config.json\"");

            run("verify " + IMAGE).assertSucceeds();

            try (Stream<Path> files = Files.walk(directory)) {
                assertTrue(files.noneMatch(file -> file.endsWith("config.json")));
            }
        }
    }

    @Nested
    class Arguments {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/authoriser:1.0.0",
                    "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/authoriser@sha256:0123"
                })
        void mustNameTheImageByItsDigest(String image) throws Exception {
            Run run = run("verify " + image);

            run.assertFails("This is no digest of an image");
            assertEquals(List.of(), run.calls());
        }

        @Test
        void needAKey() throws Exception {
            shell.set("SIGNING_KEY_ARN", "");

            Run run = run("verify " + IMAGE);

            run.assertFails("SIGNING_KEY_ARN");
            assertEquals(List.of(), run.calls());
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "verify", "sign " + IMAGE, "verify " + IMAGE + " bill.json"})
        void areExplained(String words) throws Exception {
            Run run = run(words);

            assertEquals(2, run.status());
            assertTrue(run.output().contains("signature sign IMAGE BILL"), run.output());
        }
    }
}
