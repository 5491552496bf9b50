package authoriser.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No text leaves its place in the page. */
class HtmlTest {
    @Test
    void aTextAndAValueAreEscaped() {
        assertEquals(
                "<p title=\"&lt;&amp;&quot;&#39;\">&lt;b&gt;</p>\n",
                new Html().element("p", "<b>", "title", "<&\"'").toString());
    }

    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "gr\u00f6\u00dfe,gr\u00f6\u00dfe",
                "\ud83d\ude00,\ud83d\ude00",
                "a\ud83d,a\ufffd",
                "\ude00a,\ufffda",
                "a\u202eb,a\ufffdb",
                "a\u009bb,a\ufffdb",
                "a\u0000b,a\ufffdb",
                "a\tb,a\tb",
            })
    void aCharacterThatChangesItsNeighboursIsReplaced(String text, String shown) {
        assertEquals(shown, new Html().text(text).toString());
    }
}
