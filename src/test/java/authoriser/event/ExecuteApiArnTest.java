package authoriser.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExecuteApiArnTest {
    private static final String API = "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5";

    @ParameterizedTest
    @CsvSource({
        "aws, eu-west-1",
        "aws-cn, cn-northwest-1",
        "aws-us-gov, us-gov-west-1",
        "aws-iso, us-iso-east-1",
        "aws-iso-b, us-isob-east-1",
        "aws-iso-e, eu-isoe-west-1",
        "aws-iso-f, us-isof-south-1",
        "aws-eusc, eusc-de-east-1"
    })
    void keepsThePartitionAndTheRegion(String partition, String region) {
        String stage =
                "arn:" + partition + ":execute-api:" + region + ":123456789012:a1b2c3d4e5/prod";

        assertEquals(stageOf(stage), ExecuteApiArn.parse(stage + "/GET/orders/42"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prod/GET/orders/42",
                "prod/GET/",
                "prod/",
                "$default/POST/orders",
                "$default/GET/",
                "prod/$connect",
                "test-invoke-stage/GET/",
                "v1_2-beta/GET/x",
                "azAZ09/GET/x"
            })
    void readsTheStageAfterTheApi(String tail) {
        String stage = tail.substring(0, tail.indexOf('/'));

        assertEquals(
                API + "/" + stage, ExecuteApiArn.parse(API + "/" + tail).orElseThrow().stage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET/*",
                "GET/orders/?",
                "GET/orders:42",
                "GET/a::b/c:/d",
                "GET//orders",
                "GET/../../admin",
                "GET/arn:aws:execute-api:eu-west-1:123456789012:other/prod/GET/x",
                "GET/${aws:username}",
                "GET/%2e%2e/%2A",
                "GET/\"],\"Resource\":[\"*",
                "GET/ \t\r\n\u0000",
                "GET/日本\ud83d\ude00",
                "*/*"
            })
    void ignoresEverythingAfterTheStage(String tail) {
        assertEquals(stageOf(API + "/prod"), ExecuteApiArn.parse(API + "/prod/" + tail));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "arn",
                "arn:aws:execute-api",
                "arn:aws:execute-api:eu-west-1:123456789012",
                "arn:aws:execute-api:eu-west-1:123456789012:",
                "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5",
                "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/",
                "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod",
                "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5//GET/x",
                "arn:aws:execute-api:eu-west-1:123456789012:/prod/GET/x",
                "arn:aws:execute-api:eu-west-1::a1b2c3d4e5/prod/GET/x",
                "arn:aws:execute-api::123456789012:a1b2c3d4e5/prod/GET/x",
                "arn::execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod/GET/x",
                "arn:aws:lambda:eu-west-1:123456789012:a1b2c3d4e5/prod/GET/x",
                "ARN:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod/GET/x",
                " arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod/GET/x",
                "arn:*:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod/GET/x",
                "arn:aws:execute-api:*:123456789012:a1b2c3d4e5/prod/GET/x",
                "arn:aws:execute-api:eu-west-1:*:a1b2c3d4e5/prod/GET/x",
                "arn:aws:execute-api:eu-west-1:123456789012:*/prod/GET/x",
                "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e?/prod/GET/x",
                "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/*/GET/x",
                "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/pro?/GET/x",
                "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/$other/GET/x",
                "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/${x}/GET/x",
                "arn:aws:execute-api:eu-west-1:123456789012:a1:b2/prod/GET/x",
                "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/pr:od/GET/x",
                "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/pröd/GET/x"
            })
    void refusesAnyOtherText(String arn) {
        assertEquals(Optional.empty(), ExecuteApiArn.parse(arn));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/GET/orders/42", "/GET/$default/../x"})
    void containsOnlyTheArnsOfTheStage(String path) {
        ExecuteApiArn stage = new ExecuteApiArn(API + "/prod");

        assertEquals(!path.isEmpty(), stage.isStageOf(API + "/prod" + path));
        assertFalse(stage.isStageOf(API + "/product" + path));
        assertFalse(stage.isStageOf(API + "/pro" + path));
        assertFalse(stage.isStageOf(API + "x/prod" + path));
    }

    @ParameterizedTest
    @CsvSource({
        "/$connect, true",
        "/$connect/, false",
        "/$connect/x, false",
        "/GET/$connect, false",
        "/$CONNECT/, false",
        "/GET/, false"
    })
    void isOfAWebSocketApiOnlyIfItEndsWithConnectAfterTheStage(String tail, boolean webSocket) {
        ExecuteApiArn arn = ExecuteApiArn.parse(API + "/prod" + tail).orElseThrow();

        assertEquals(new ExecuteApiArn(API + "/prod", webSocket), arn);
        assertTrue(arn.isStageOf(API + "/prod" + tail));
        assertEquals(webSocket, arn.isStageOf(API + "/prod/$connect"));
        assertEquals(!webSocket, arn.isStageOf(API + "/prod/GET/"));
    }

    @Test
    void acceptsAPathOfAnyLength() {
        String arn = API + "/prod/GET/" + "x".repeat(10_240);

        assertEquals(stageOf(API + "/prod"), ExecuteApiArn.parse(arn));
    }

    @Test
    void refusesAStageOfMoreThan128Characters() {
        String stage = "s".repeat(128);

        assertEquals(stageOf(API + "/" + stage), ExecuteApiArn.parse(API + "/" + stage + "/GET/x"));
        assertEquals(Optional.empty(), ExecuteApiArn.parse(API + "/" + stage + "s/GET/x"));
    }

    @Test
    void refusesAnArnWithMoreThan510CharactersUpToTheStage() {
        String region = "r".repeat(127);
        String api = "i".repeat(128);
        String stage = "s".repeat(128);
        String start = "arn:aws:execute-api:" + region + ":";
        String end = ":" + api + "/" + stage;
        String account = "4".repeat(510 - start.length() - end.length());

        assertEquals(
                stageOf(start + account + end),
                ExecuteApiArn.parse(start + account + end + "/GET/x"));
        assertEquals(Optional.empty(), ExecuteApiArn.parse(start + account + "4" + end + "/GET/x"));
    }

    private static Optional<ExecuteApiArn> stageOf(String stage) {
        return Optional.of(new ExecuteApiArn(stage));
    }
}
