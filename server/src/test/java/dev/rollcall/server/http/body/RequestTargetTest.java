package dev.rollcall.server.http.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            nullValues = "null",
            emptyValue = "",
            value = {
                "/ / null",
                "/a/b /a/b null",
                "/a?b=c /a b=c",
                "/a?b?c /a b?c",
                "//a//b //a//b null",
                "/a%2Fb?x=%20 /a%2Fb x=%20",
                "/a#b /a#b null",
                "* * null",
                "http://h/a?b /a b",
                "HTTPS://h:1/a /a null",
                "http://h / null",
                "http://h?b / b",
                "http://h/ / null",
            })
    void parse_splits(String target, String path, String query) throws Exception {
        assertThat(RequestTarget.parse(target)).isEqualTo(new RequestTarget(path, query));
    }

    @Test
    void parse_emptyQueryIsNotAbsent() throws Exception {
        assertThat(RequestTarget.parse("/a?")).isEqualTo(new RequestTarget("/a", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "?a", "host:80", "ftp://h/a", "://h/a", "x/http://h/a"})
    void parse_refusesWhatIsNoPath(String target) {
        assertThatThrownBy(() -> RequestTarget.parse(target))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.status()).isEqualTo(400));
    }
}
