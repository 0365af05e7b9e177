package dev.rollcall.server.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NamesTest {
    private static List<String> split(String raw) {
        return Names.split(raw, 0, raw.length(), false);
    }

    @Test
    void split_atCommasBareAndEncoded() {
        assertThat(split("a,b%2Cc%2cd")).containsExactly("a", "b", "c", "d");
    }

    @Test
    void split_dropsEmptyNames() {
        assertThat(split("")).isEmpty();
        assertThat(split(",")).isEmpty();
        assertThat(split("%2C")).isEmpty();
        assertThat(split(",a,,%2C,b,")).containsExactly("a", "b");
    }

    @Test
    void split_decodesEachNameOnce() {
        assertThat(split("a%252Cb,%C5%BB")).containsExactly("a%2Cb", "Ż");
    }

    @Test
    void split_keepsRepeatedNames() {
        assertThat(split("a,a")).containsExactly("a", "a");
    }

    @Test
    void hasSeparator_seesCommasOfEmptyNames() {
        assertThat(Names.hasSeparator("a", 0, 1)).isFalse();
        assertThat(Names.hasSeparator("a,", 0, 2)).isTrue();
        assertThat(Names.hasSeparator("%2Ca", 0, 4)).isTrue();
        assertThat(Names.hasSeparator("%2", 0, 2)).isFalse();
    }
}
