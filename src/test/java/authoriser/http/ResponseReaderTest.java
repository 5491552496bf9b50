package authoriser.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads each response in pieces of several sizes, because a network may split it anywhere. */
final class ResponseReaderTest {
    private static final int HEAD_LIMIT = 16 * 1024;

    /** What was read from one response. */
    private record Read(int status, String body, boolean keepsAlive) {}

    /** Input in pieces of at most {@code size} bytes. */
    private static final class Pieces implements ResponseReader.Source {
        private final InputStream whole;
        private final int size;

        Pieces(String whole, int size) {
            this.whole = new ByteArrayInputStream(whole.getBytes(StandardCharsets.ISO_8859_1));
            this.size = size;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return whole.read(bytes, offset, Math.min(length, size));
        }
    }

    private static Read once(ResponseReader reader) throws IOException {
        Reply.Answered answer = reader.read();
        return new Read(
                answer.status(),
                new String(answer.body(), StandardCharsets.ISO_8859_1),
                reader.keepsAlive());
    }

    /** Reads one response, and checks that the size of the pieces does not change the result. */
    private static Read read(String input) throws IOException {
        Set<Read> readings = new HashSet<>();
        for (int size : List.of(1, 2, 3, 7, 100_000)) {
            readings.add(once(new ResponseReader(new Pieces(input, size))));
        }
        assertEquals(1, readings.size(), readings::toString);
        return readings.iterator().next();
    }

    /** Why a response is refused, which the size of the pieces must not change. */
    private static String refusal(String input) {
        return failure(ProtocolException.class, input).getMessage();
    }

    private static <E extends IOException> E failure(Class<E> type, String input) {
        List<E> failures = new ArrayList<>();
        for (int size : List.of(1, 2, 3, 7, 100_000)) {
            ResponseReader reader = new ResponseReader(new Pieces(input, size));
            failures.add(assertThrows(type, reader::read));
        }
        assertEquals(1, failures.stream().map(Throwable::getMessage).distinct().count());
        return failures.getFirst();
    }

    private static Duration keepAliveTimeout(String header) throws IOException {
        ResponseReader reader =
                new ResponseReader(
                        new Pieces(
                                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + header + "\r\n\r\n",
                                100_000));
        reader.read();
        return reader.keepAliveTimeout();
    }

    @Nested
    class ContentLength {

        @Test
        void isTheLengthOfTheBody() throws IOException {
            assertEquals(
                    new Read(200, "hello", true),
                    read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"));
        }

        @Test
        void mayBeZero() throws IOException {
            assertEquals(
                    new Read(200, "", true), read("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
        }

        @Test
        void mayHaveLeadingZeros() throws IOException {
            assertEquals(
                    new Read(200, "hello", true),
                    read("HTTP/1.1 200 OK\r\nContent-Length: 000000005\r\n\r\nhello"));
        }

        @Test
        void mayBeRepeatedWithTheSameValue() throws IOException {
            assertEquals(
                    new Read(200, "hello", true),
                    read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello"));
        }

        @Test
        void isRefusedWithTwoValues() {
            assertEquals(
                    "two lengths",
                    refusal(
                            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"0\r\nContent-Length: 5", "5\r\nContent-Length: 0"})
        void isRefusedWithZeroAndAnotherValue(String lengths) {
            assertEquals(
                    "two lengths",
                    refusal("HTTP/1.1 200 OK\r\nContent-Length: " + lengths + "\r\n\r\nhello"));
        }

        @Test
        void isRefusedWithNineDigits() {
            assertEquals(
                    "a body of more than 65536 bytes",
                    refusal("HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "-1",
                    "+5",
                    "5, 5",
                    "5,5",
                    "5,",
                    "5;",
                    "\"5\"",
                    "0x5",
                    "5 5",
                    "5.0",
                    "5e0",
                    "\u00b2",
                    "five",
                    "10000000000"
                })
        void isRefusedIfItIsNotADecimalNumber(String length) {
            assertEquals(
                    "not a number",
                    refusal("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\nhello"));
        }

        @Test
        void isAFailureIfTheBodyIsShorter() {
            failure(EOFException.class, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell");
        }

        @Test
        void mayBe64Kibibytes() throws IOException {
            String body = "x".repeat(65_536);

            assertEquals(
                    new Read(200, body, true),
                    read("HTTP/1.1 200 OK\r\nContent-Length: 65536\r\n\r\n" + body));
        }

        @Test
        void isRefusedBeforeTheBodyIsReadIfItIsOneByteMore() {
            assertEquals(
                    "a body of more than 65536 bytes",
                    refusal("HTTP/1.1 200 OK\r\nContent-Length: 65537\r\n\r\n"));
        }
    }

    @Nested
    class FieldLines {

        @Test
        void haveCaseInsensitiveNames() throws IOException {
            assertEquals(
                    new Read(200, "hello", true),
                    read("HTTP/1.1 200 OK\r\ncONTENT-lENGTH:5\r\n\r\nhello"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "HTTP/1.1 200 OK\nContent-Length: 5\r\n\r\nhello",
                    "HTTP/1.1 200 OK\r\nContent-Length: 5\n\r\nhello",
                    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\nhello",
                    "HTTP/1.1 200 OK\r\nX: y\nContent-Length: 5\r\n\r\nhello",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\n0\r\n\r\n",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\n\r\n",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\n"
                })
        void areRefusedWithALineFeedAlone(String answer) {
            assertEquals("a control character", refusal(answer));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "HTTP/1.1 200 O\rK\r\nContent-Length: 5\r\n\r\nhello",
                    "HTTP/1.1 200 OK\r\r\nContent-Length: 5\r\n\r\nhello",
                    "HTTP/1.1 200 OK\rContent-Length: 5\r\n\r\nhello",
                    "HTTP/1.1 200 OK\r\nContent-Length: 5\rX: y\r\n\r\nhello",
                    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\rX\r\nhello",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r;\r\nhello\r\n0\r\n\r\n"
                })
        void areRefusedWithACarriageReturnAlone(String answer) {
            assertEquals("a control character", refusal(answer));
        }

        @ParameterizedTest
        @ValueSource(strings = {"\0", "\b", "\u000b", "\f", "\u001b", "\u001f", "\u007f"})
        void areRefusedWithAControlCharacter(String character) {
            for (String answer :
                    List.of(
                            "HTTP/1.1 200 O%sK\r\nContent-Length: 5\r\n\r\nhello",
                            "HTTP/1.1 200 OK\r\nServer: x%sy\r\nContent-Length: 5\r\n\r\nhello",
                            "HTTP/1.1 200 OK\r\nContent-Length:%s5\r\n\r\nhello",
                            "HTTP/1.1 200 OK\r\nContent-Length: 5%s\r\n\r\nhello",
                            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: %sclose\r\n\r\nhello",
                            "HTTP/1.1 200 OK\r\nContent-Encoding: %sidentity\r\n\r\nhello",
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: %schunked\r\n\r\n0\r\n\r\n",
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked%s\r\n\r\n0\r\n\r\n",
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%s0\r\n\r\n",
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0;x%s\r\n\r\n",
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: %s\r\n\r\n")) {
                assertEquals("a control character", refusal(answer.replace("%s", character)));
            }
        }

        @Test
        void mayHaveValuesWithCharactersOutsideAscii() throws IOException {
            assertEquals(
                    new Read(200, "hello", true),
                    read(
                            "HTTP/1.1 200 \u00d6K\r\nX: \u00e4\u00ff\r\nContent-Length: 5\r\n\r\nhello"));
        }

        @Test
        void areReadWithoutSpacesAndTabsAroundTheValue() throws IOException {
            assertEquals(
                    new Read(200, "hello", true),
                    read("HTTP/1.1 200 OK\r\nContent-Length: \t 5 \t\r\n\r\nhello"));
            assertEquals(
                    new Read(200, "", false),
                    read(
                            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection:\tte\t,\tclose\t\r\n\r\n"));
            assertEquals(
                    new Read(200, "", true),
                    read("HTTP/1.1 200 OK\r\nTransfer-Encoding: \tchunked \r\n\r\n0\r\n\r\n"));
        }

        /** White space in Java and Unicode, but not in HTTP. */
        @ParameterizedTest
        @ValueSource(strings = {"\u0085", "\u00a0"})
        void keepOtherWhiteSpaceInTheValue(String space) {
            assertEquals(
                    "not a number",
                    refusal("HTTP/1.1 200 OK\r\nContent-Length: 5" + space + "\r\n\r\nhello"));
            assertEquals(
                    "an unknown transfer coding",
                    refusal(
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: "
                                    + space
                                    + "chunked\r\n\r\n0\r\n\r\n"));
            assertEquals(
                    "a broken chunk",
                    refusal(
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0"
                                    + space
                                    + "\r\n\r\n"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "no colon",
                    ": no name",
                    "Content-Length : 5",
                    "Content-Length\t: 5",
                    "Content Length: 5",
                    "Content-Length\u00a0: 5",
                    "Content-Length,: 5",
                    "(Content-Length): 5",
                    "Content/Length: 5",
                    "\"Content-Length\": 5",
                    "Content-Length@: 5",
                    "{Content-Length}: 5",
                    " folded: 5",
                    "\tfolded: 5"
                })
        void areRefusedIfTheNameIsNotAToken(String field) {
            assertEquals(
                    "a broken header",
                    refusal("HTTP/1.1 200 OK\r\nServer: x\r\n" + field + "\r\n\r\nhello"));
        }

        @Test
        void mayHaveEveryCharacterOfATokenInTheName() throws IOException {
            assertEquals(
                    new Read(200, "hello", true),
                    read(
                            "HTTP/1.1 200 OK\r\n!#$%&'*+-.^_`|~09azAZ: x\r\nContent-Length: 5\r\n\r\n"
                                    + "hello"));
        }
    }

    @Nested
    class Chunks {

        @Test
        void areJoined() throws IOException {
            assertEquals(
                    new Read(200, "hello, world", true),
                    read(
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    + "5\r\nhello\r\n7\r\n, world\r\n0\r\n\r\n"));
        }

        @Test
        void haveHexadecimalSizesInEitherCase() throws IOException {
            assertEquals(
                    new Read(200, "0123456789abcdefghijk", true),
                    read(
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n"
                                    + "a\r\n0123456789\r\n00000B\r\nabcdefghijk\r\n0\r\n\r\n"));
        }

        @Test
        void mayHaveExtensionsAndTrailersWhichAreIgnored() throws IOException {
            assertEquals(
                    new Read(200, "hello", true),
                    read(
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    + "5;name=value\r\nhello\r\n0 ; x\r\nExpires: never\r\n\r\n"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"no colon", ": no name", " folded: 5", "Expires : never"})
        void areRefusedIfATrailerIsNotAField(String trailer) {
            assertEquals(
                    "a broken header",
                    refusal(
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: y\r\n"
                                    + trailer
                                    + "\r\n\r\n"));
        }

        @Test
        void areReadWithoutRegardToContentLengthAndConnectionInTrailers() throws IOException {
            assertEquals(
                    new Read(200, "hello", true),
                    read(
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n"
                                    + "Content-Length: 9\r\nConnection: close\r\n\r\n"));
        }

        @Test
        void areRefusedInHttp10() {
            assertEquals(
                    "a transfer coding of HTTP/1.0",
                    refusal("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "", "x", "-1", "+5", "0x5", "5h", "5 5", " 5", "\t5", "5 ", "5\t", "5 x;", "5,",
                    "1234567", "0000005", ";5"
                })
        void areRefusedIfASizeIsNotAHexadecimalNumber(String size) {
            assertEquals(
                    "a broken chunk",
                    refusal(
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    + size
                                    + "\r\nhello\r\n0\r\n\r\n"));
        }

        @Test
        void areRefusedIfAChunkIsLongerThanItsSize() {
            assertEquals(
                    "a broken chunk",
                    refusal(
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    + "5\r\nhello!\r\n0\r\n\r\n"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "5", "5\r\nhel", "5\r\nhello\r\n", "5\r\nhello\r\n0\r\n"})
        void areAFailureWithoutTheLastChunk(String chunks) {
            failure(
                    EOFException.class,
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);
        }

        @Test
        void mayHave64KibibytesTogether() throws IOException {
            String half = "8000\r\n" + "x".repeat(32_768) + "\r\n";

            assertEquals(
                    new Read(200, "x".repeat(65_536), true),
                    read(
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    + half
                                    + half
                                    + "0\r\n\r\n"));
        }

        @Test
        void areRefusedWithOneByteMore() {
            String half = "8000\r\n" + "x".repeat(32_768) + "\r\n";

            assertEquals(
                    "a body of more than 65536 bytes",
                    refusal(
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    + half
                                    + half
                                    + "1\r\n"));
        }

        @Test
        void mayHave16KibibytesOfSizesExtensionsAndTrailers() throws IOException {
            String ends = "1\r\nx\r\n0\r\n\r\n"; // 5 bytes beside the x, 5 for the last chunk
            String trailer = "t:" + "x".repeat(HEAD_LIMIT - 5 - 5 - 4) + "\r\n";
            String chunks = ends.substring(0, ends.length() - 2) + trailer + "\r\n";

            assertEquals(
                    new Read(200, "x", true),
                    read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks));
            assertEquals(
                    "a head of more than 16384 bytes",
                    refusal(
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    + chunks.replace("t:", "t: ")));
        }

        @Test
        void areRefusedTogetherWithContentLength() {
            String chunks = "\r\n\r\n5\r\nhello\r\n0\r\n\r\n";

            assertEquals(
                    "two lengths",
                    refusal(
                            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked"
                                    + chunks));
            assertEquals(
                    "two lengths",
                    refusal(
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5"
                                    + chunks));
            assertEquals(
                    "two lengths",
                    refusal(
                            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nTransfer-Encoding: chunked"
                                    + chunks));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "gzip",
                    "gzip, chunked",
                    "chunked, chunked",
                    "identity",
                    "xchunked",
                    "",
                    "chunked,",
                    ", chunked",
                    "chunked;q=1",
                    "\"chunked\"",
                    "chunked, identity",
                    "chunked\r\nTransfer-Encoding: chunked",
                    "chunked\r\nTransfer-Encoding: identity"
                })
        void areTheOnlyTransferCoding(String coding) {
            assertEquals(
                    "an unknown transfer coding",
                    refusal(
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: "
                                    + coding
                                    + "\r\n\r\n0\r\n\r\n"));
        }
    }

    @Nested
    class EndOfTheConnection {

        @Test
        void isTheEndOfABodyWithoutLength() throws IOException {
            assertEquals(new Read(200, "hello", false), read("HTTP/1.1 200 OK\r\n\r\nhello"));
        }

        @Test
        void mayComeAfter64Kibibytes() throws IOException {
            String body = "x".repeat(65_536);

            assertEquals(new Read(200, body, false), read("HTTP/1.1 200 OK\r\n\r\n" + body));
        }

        @Test
        void isNotReachedAfterOneByteMore() {
            assertEquals(
                    "a body of more than 65536 bytes",
                    refusal("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(65_537)));
        }

        @Test
        void refusesABodyWithoutALengthHoweverFarItIsOverTheLimit() {
            assertEquals(
                    "a body of more than 65536 bytes",
                    refusal("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(100_000)));
        }

        @ParameterizedTest
        @ValueSource(strings = {"HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.0 299 OK\r\n\r\n"})
        void beforeTheFirstByteIsAFailureWithASuccessfulStatus(String answer) {
            assertThrows(EOFException.class, () -> read(answer));
        }

        @ParameterizedTest
        @ValueSource(ints = {300, 403})
        void beforeTheFirstByteIsAnEmptyBodyWithAnotherStatus(int status) throws IOException {
            assertEquals(new Read(status, "", false), read("HTTP/1.1 " + status + " No\r\n\r\n"));
        }
    }

    @Nested
    class StatusWithoutBody {

        @ParameterizedTest
        @ValueSource(ints = {204, 304})
        void isReadWithoutABody(int status) throws IOException {
            assertEquals(new Read(status, "", true), read("HTTP/1.1 " + status + " X\r\n\r\n"));
        }

        @Test
        void mayHaveContentLengthZero() throws IOException {
            assertEquals(
                    new Read(204, "", true),
                    read("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"Content-Length: 5", "Transfer-Encoding: chunked"})
        void isRefusedIf204AnnouncesABody(String announcement) {
            assertEquals(
                    "a body with status 204",
                    refusal("HTTP/1.1 204 No Content\r\n" + announcement + "\r\n\r\n"));
        }

        @Test
        void closesTheConnectionIf304AnnouncesABody() throws IOException {
            assertEquals(
                    new Read(304, "", false),
                    read("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"));
        }

        @ParameterizedTest
        @ValueSource(ints = {204, 304})
        void closesTheConnectionIfABodyFollows(int status) throws IOException {
            ResponseReader reader =
                    new ResponseReader(
                            new Pieces("HTTP/1.1 " + status + " X\r\n\r\nhello", 100_000));

            assertEquals(new Read(status, "", false), once(reader));
        }
    }

    @Nested
    class Fields {

        private static Reply.Fields fields(String headers) throws IOException {
            String answer = "HTTP/1.1 403 X\r\n" + headers + "Content-Length: 0\r\n\r\n";
            return new ResponseReader(new Pieces(answer, 7)).read().fields();
        }

        @Test
        void areReadWithNamesInAnyCase() throws IOException {
            assertEquals(
                    new Reply.Fields("Bearer", "max-age=60", "7", "Origin"),
                    fields(
                            "WWW-AUTHENTICATE: Bearer\r\ncache-control:max-age=60\r\n"
                                    + "aGe: 7 \r\nVary:\tOrigin\r\n"));
        }

        @Test
        void areJoinedIfTheNameIsRepeated() throws IOException {
            assertEquals(
                    new Reply.Fields(null, "max-age=60,no-store", null, null),
                    fields("Cache-Control: max-age=60\r\nCACHE-CONTROL: no-store\r\n"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "X-Age: 7\r\n", "Ages: 7\r\n", "X-Vary: Origin\r\n"})
        void areNotReadFromOtherNames(String headers) throws IOException {
            assertEquals(Reply.Fields.NONE, fields(headers));
        }

        @Test
        void areNotReadFromAnInterimResponse() throws IOException {
            String answer =
                    "HTTP/1.1 103 X\r\nCache-Control: max-age=60\r\nVary: x\r\n\r\n"
                            + "HTTP/1.1 200 X\r\nContent-Length: 0\r\n\r\n";

            assertEquals(
                    Reply.Fields.NONE, new ResponseReader(new Pieces(answer, 7)).read().fields());
        }
    }

    @Nested
    class InterimResponse {

        @Test
        void closesTheConnectionAfterTheFinalResponse() throws IOException {
            ResponseReader reader =
                    new ResponseReader(
                            new Pieces(
                                    "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
                                            + "HTTP/1.1 100 Continue\r\n\r\n",
                                    100_000));

            assertEquals(new Read(200, "", false), once(reader));
        }

        @Test
        void isSkipped() throws IOException {
            assertEquals(
                    new Read(200, "hello", true),
                    read(
                            "HTTP/1.1 100 Continue\r\n\r\n"
                                    + "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                                    + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"));
        }

        @Test
        void doesNotSetTheLengthOrCloseTheConnection() throws IOException {
            assertEquals(
                    new Read(200, "hello", true),
                    read(
                            "HTTP/1.1 100 Continue\r\nContent-Length: 9\r\nConnection: close\r\n\r\n"
                                    + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"));
        }

        @Test
        void isRefusedWithStatus101() {
            assertEquals(
                    "no usable status",
                    refusal("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"));
        }

        @Test
        void countsTowardsTheLimitOfTheHead() throws IOException {
            String last = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"; // 38 bytes
            String interim = "HTTP/1.1 100 C\r\n\r\n"; // 18 bytes
            String flood = interim.repeat((HEAD_LIMIT - last.length()) / interim.length());
            int spare = HEAD_LIMIT - last.length() - flood.length();
            String filled = flood.replaceFirst("C", "C" + "x".repeat(spare));

            assertEquals(new Read(200, "", true), read(filled + last));
            assertEquals(
                    "a head of more than 16384 bytes",
                    refusal(filled.replaceFirst("Cx", "Cxx") + last));
        }
    }

    @Nested
    class Head {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "<html>",
                    "HTTP/2 200 OK",
                    "HTTP/2.0 200 OK",
                    "http/1.1 200 OK",
                    "HTTP/1.1 20",
                    "HTTP/1.1\t200 OK",
                    "HTTP/1.x 200 OK",
                    " HTTP/1.1 200 OK",
                    "ICY 200 OK no HTTP"
                })
        void isRefusedWithoutAStatusLine(String line) {
            assertEquals("not an HTTP/1.1 answer", refusal(line + "\r\nContent-Length: 0\r\n\r\n"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"000", "099", "600", "999", "2000", "200x"})
        void isRefusedIfTheStatusIsOutside100To599(String status) {
            assertEquals(
                    "no usable status",
                    refusal("HTTP/1.1 " + status + " OK\r\nContent-Length: 0\r\n\r\n"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"2 0", "+20", "2a0", "-20"})
        void isRefusedIfTheStatusIsNotANumber(String status) {
            assertEquals(
                    "not a number",
                    refusal("HTTP/1.1 " + status + " OK\r\nContent-Length: 0\r\n\r\n"));
        }

        @ParameterizedTest
        @ValueSource(ints = {200, 299, 404, 599})
        void mayHaveAnyStatusOf200To599(int status) throws IOException {
            assertEquals(
                    new Read(status, "", true),
                    read("HTTP/1.1 " + status + " X\r\nContent-Length: 0\r\n\r\n"));
        }

        @Test
        void mayOmitTheReasonPhrase() throws IOException {
            assertEquals(
                    new Read(503, "", true), read("HTTP/1.1 503\r\nContent-Length: 0\r\n\r\n"));
        }

        @Test
        void mayHave16Kibibytes() throws IOException {
            String start = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: ";
            String padding = "x".repeat(HEAD_LIMIT - start.length() - 4);

            assertEquals(new Read(200, "hello", true), read(start + padding + "\r\n\r\nhello"));
            assertEquals(
                    "a head of more than 16384 bytes", refusal(start + padding + "x\r\n\r\nhello"));
        }

        @Test
        void isRefusedAtTheLimitIfItDoesNotEnd() {
            assertEquals(
                    "a head of more than 16384 bytes",
                    refusal("HTTP/1.1 200 OK\r\nX: " + "x".repeat(1_000_000)));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "HTTP/1.1 200 OK",
                    "HTTP/1.1 200 OK\r\n",
                    "HTTP/1.1 200 OK\r\nX: y\r\n"
                })
        void isAFailureIfItEndsEarly(String head) {
            failure(EOFException.class, head);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "gzip",
                    "gzip, identity",
                    "identity, gzip",
                    "x-identity",
                    "identity;q=1",
                    "identity\r\nContent-Encoding: br"
                })
        void isRefusedWithAContentCoding(String coding) {
            assertEquals(
                    "a content coding that was not asked for",
                    refusal(
                            "HTTP/1.1 200 OK\r\nContent-Encoding: "
                                    + coding
                                    + "\r\nContent-Length: 5\r\n\r\nhello"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"identity", "Identity", "identity, identity", ""})
        void mayHaveTheContentCodingIdentity(String coding) throws IOException {
            assertEquals(
                    new Read(200, "hello", true),
                    read(
                            "HTTP/1.1 200 OK\r\nContent-Encoding: "
                                    + coding
                                    + "\r\nContent-Length: 5\r\n\r\nhello"));
        }
    }

    @Nested
    class ReuseOfTheConnection {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "close",
                    "Close",
                    "CLOSE",
                    "keep-alive, close",
                    "close, te",
                    "keep-alive,close",
                    ", close",
                    "close,",
                    "te\r\nConnection: close",
                    "close\r\nConnection: keep-alive",
                    "close;now",
                    "\"close\"",
                    "keep-alive close",
                    "clo=se"
                })
        void isRefusedByTheOptionClose(String options) throws IOException {
            assertEquals(
                    new Read(200, "", false),
                    read(
                            "HTTP/1.1 200 OK\r\nConnection: "
                                    + options
                                    + "\r\nContent-Length: 0\r\n\r\n"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"keep-alive", "Keep-Alive", "te", "", ",", "not-closed", "closed"})
        void isPossibleWithoutTheOptionClose(String options) throws IOException {
            assertEquals(
                    new Read(200, "", true),
                    read(
                            "HTTP/1.1 200 OK\r\nConnection: "
                                    + options
                                    + "\r\nContent-Length: 0\r\n\r\n"));
        }

        @Test
        void isNotPossibleWithHttp10() throws IOException {
            assertEquals(
                    new Read(200, "hello", false),
                    read(
                            "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\n"
                                    + "hello"));
        }

        @Test
        void isNotPossibleIfMoreThanTheResponseArrived() throws IOException {
            ResponseReader reader =
                    new ResponseReader(
                            new Pieces(
                                    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK",
                                    100_000));

            assertEquals(new Read(200, "hello", false), once(reader));
        }

        @Test
        void readsOneResponseAfterAnother() throws IOException {
            ResponseReader reader =
                    new ResponseReader(
                            new Pieces(
                                    "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"
                                            + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                            + "3\r\nyes\r\n0\r\n\r\n",
                                    1));

            assertEquals(new Read(403, "no", true), once(reader));
            assertEquals(new Read(200, "yes", true), once(reader));
        }
    }

    @Nested
    class KeepAliveTimeout {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "timeout=5",
                    "timeout=5, max=100",
                    "max=100, timeout=5",
                    "Timeout=5",
                    "max=100,timeout=5",
                    "xtimeout=99, timeout=5"
                })
        void isReducedByOneSecond(String value) throws IOException {
            assertEquals(Duration.ofSeconds(4), keepAliveTimeout("Keep-Alive: " + value));
        }

        @ParameterizedTest
        @ValueSource(strings = {"timeout=0", "timeout=1"})
        void isZeroIfThePeerSendsOneSecondOrLess(String value) throws IOException {
            assertEquals(Duration.ZERO, keepAliveTimeout("Keep-Alive: " + value));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Server: x",
                    "Keep-Alive: max=100",
                    "Keep-Alive: requests5",
                    "Keep-Alive: timeout=soon",
                    "Keep-Alive: xtimeout=5",
                    "X-Keep-Alive: timeout=5"
                })
        void isOneDayIfThePeerSendsNone(String header) throws IOException {
            assertEquals(Duration.ofDays(1), keepAliveTimeout(header));
        }

        @Test
        void isLimitedToSixDigits() throws IOException {
            assertEquals(
                    Duration.ofSeconds(999_998),
                    keepAliveTimeout("Keep-Alive: timeout=99999999999"));
        }
    }
}
