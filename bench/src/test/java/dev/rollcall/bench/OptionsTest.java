package dev.rollcall.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {
    private static final List<Option> KNOWN =
            List.of(new Option("users", 1000, "users"), new Option("peers", "a,b", "peers"));

    @Test
    void parse_withoutArgumentsGivesDefaults() {
        Options options = Options.parse(KNOWN, List.of());

        assertThat(options.number("users", 1)).isEqualTo(1000);
        assertThat(options.list("peers")).containsExactly("a", "b");
    }

    @Test
    void parse_takesBothSpellings() {
        Options options = Options.parse(KNOWN, List.of("--users", "1_000_000", "--peers="));

        assertThat(options.number("users", 1)).isEqualTo(1_000_000);
        assertThat(options.list("peers")).isEmpty();
    }

    @Test
    void parse_refusesWhatItDoesNotKnow() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse(KNOWN, List.of("--usres", "5")))
                .withMessage("option: --usres (expected: one of --users --peers)");
    }

    @Test
    void parse_refusesMissingValue() {
        assertThatIllegalArgumentException().isThrownBy(() -> Options.parse(KNOWN, List.of("--users")));
    }

    @Test
    void number_refusesWhatIsTooSmallOrNone() {
        Options options = Options.parse(KNOWN, List.of("--users", "0"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.number("users", 1))
                .withMessage("--users: 0 (expected: >= 1)");
        assertThatIllegalArgumentException().isThrownBy(() -> options.number("peers", 1));
    }
}
