package dev.rollcall.server.route;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonpTest {
    @Test
    void of_zeroAndNothingMeanNone() {
        assertThat(Jsonp.of(null)).isNull();
        assertThat(Jsonp.of("")).isNull();
        assertThat(Jsonp.of("0")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"f", "_pn.cb_12", "$", "a.b.c"})
    void wrap_callsTheFunction(String name) {
        byte[] wrapped = requireNonNull(Jsonp.of(name)).wrap("[1]".getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(wrapped, StandardCharsets.US_ASCII)).isEqualTo(name + "([1])");
    }

    @ParameterizedTest
    @ValueSource(strings = {"alert(1)//", "a b", "1a", "a.", ".a", "a..b", "<script>", "é", "-"})
    void of_refusesWhatIsNoFunctionName(String name) {
        assertThatThrownBy(() -> Jsonp.of(name)).hasMessageContaining("expected: at most 128");
        assertThatThrownBy(() -> Jsonp.of("a".repeat(129))).isInstanceOf(IllegalArgumentException.class);
    }
}
