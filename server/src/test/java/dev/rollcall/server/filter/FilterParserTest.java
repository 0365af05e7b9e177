package dev.rollcall.server.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterParserTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "language ==|12|the end",
                "== 'en'|1|'=='",
                "a = 'b'|3|'='",
                "a == 'b|6|an unfinished string",
                "a == 'b' 'c'|10|'c'",
                "a == 'b' && |12|the end",
                "(a == 1|8|the end",
                "a == 1)|7|')'",
                "a < b < c|7|'<'",
                "data.[0]|6|'['",
                "data.a[x]|8|'x'",
                "data.a[1|9|the end",
                "a # b|3|'#'",
                "12ab == 1|1|'12a'",
                "&& a|1|'&&'",
                "a ~ b|3|'~'",
                "data.* == 1|6|'*'"
            })
    void parse_errorSaysWhereAndWhat(String text, int position, String found) {
        String shown = found.equals("'c'") ? "''c''" : found;
        assertThatThrownBy(() -> FilterParser.parse(text))
                .isInstanceOfSatisfying(
                        ProtocolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FILTER_SYNTAX))
                .hasMessageStartingWith(
                        "Filter syntax error at position " + position + ": found " + shown + " (expected: ");
    }

    @Test
    void parse_boundsLengthAndDepth() {
        assertThatThrownBy(() -> FilterParser.parse("a".repeat(5000))).hasMessageContaining("Filter syntax error");
        assertThatThrownBy(() -> FilterParser.parse("(".repeat(100) + "a" + ")".repeat(100)))
                .hasMessageContaining("Filter syntax error")
                .hasMessageContaining("levels");
        assertThatThrownBy(() -> FilterParser.parse("!".repeat(100) + "a")).hasMessageContaining("levels");
        assertThat(FilterParser.parse("a" + "||a".repeat(511))).isNotNull();
        assertThatThrownBy(() -> FilterParser.parse("a" + "||a".repeat(512)))
                .hasMessageContaining("Filter syntax error at position 1537")
                .hasMessageContaining("at most 1024 words and symbols");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a like '*b'", "a contains 'b'", "a like b", "a == b", "data.a < data.b", "(a,'x') contains b"})
    void parse_boundsWhatMayLookAtAWholeText(String search) {
        String most = search + (" || " + search).repeat(15);
        assertThat(FilterParser.parse(most)).isNotNull();
        assertThatThrownBy(() -> FilterParser.parse(most + " || " + search))
                .hasMessageStartingWith("Filter syntax error at position ")
                .hasMessageContaining("at most 16 LIKE, CONTAINS and comparisons of two fields");
    }

    @Test
    void parse_comparesWithValuesAsOftenAsItLikes() {
        assertThat(FilterParser.parse("('a','b') contains a" + " || ('a') contains a || a == 'b' || 1 < a".repeat(40)))
                .isNotNull();
    }

    @Test
    void parse_neverFailsOtherwise() {
        String[] words = {
            "a",
            "data",
            ".b",
            "[0]",
            "['k']",
            "==",
            "!=",
            "<",
            "&&",
            "||",
            "!",
            "(",
            ")",
            ",",
            "'s'",
            "\"t\"",
            "1",
            "2.5",
            "-",
            "+",
            "*",
            "/",
            "%",
            " LIKE ",
            " contains ",
            "true",
            "null",
            "\\",
            "'",
            "\uD800",
            "1e",
            "é"
        };
        SplittableRandom random = new SplittableRandom(7);
        int parsed = 0;
        for (int round = 0; round < 200_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(10); i >= 0; i--) {
                text.append(words[random.nextInt(words.length)]);
            }
            try {
                FilterParser.parse(text.toString()).accepts(Messages.message("{\"b\":1}", "{\"a\":1}", "u"));
                parsed++;
            } catch (ProtocolException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.FILTER_SYNTAX);
            }
        }
        assertThat(parsed).isGreaterThan(1000);
    }
}
