package dev.rollcall.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamePatternTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ^room-[a-z]+$|room-a|true
                    ^room-[a-z]+$|room-1|false
                    room-[a-z]+|room-a|true
                    room-[a-z]+|my-room-a|false
                    room-[a-z]+|room-a-b|false
                    .*|anything at all|true
                    ^a\\..*$|a.b|true
                    ^a\\..*$|a.*|true
                    ^a\\..*$|a.*-pnpres|true
                    ^a\\..*$|a.b.*|true
                    ^a\\..$|a.b|true
                    ^a\\..$|a.*|false
                    ^a\\.[*]$|a.*|false
                    ^a\\.[a-z*]+$|a.*|true
                    a.+|a.*|true
                    """)
    void covers_theWholeName(String pattern, String name, boolean covered) {
        assertThat(NamePattern.of(pattern).covers(name)).isEqualTo(covered);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[a", "a{2,1}", "(?<=a)b", "(a)\\1", "*", "a**b", "x{1001}", "((a{100}){100}){100}"})
    void of_refusesWhatIsNoPatternOrTooLarge(String pattern) {
        assertThatIllegalArgumentException().isThrownBy(() -> NamePattern.of(pattern));
    }

    @Test
    void of_isBoundedInLength() {
        assertThatNoException().isThrownBy(() -> NamePattern.of("a".repeat(NamePattern.MAX_LENGTH)));
        assertThatIllegalArgumentException().isThrownBy(() -> NamePattern.of("a".repeat(NamePattern.MAX_LENGTH + 1)));
    }

    /** Each of these takes a backtracking matcher longer than the universe is old. */
    @ParameterizedTest
    @ValueSource(strings = {"(a+)+b", "(a|aa)+b", "(a|a?)+b", "(.*a){20}b", "((a*)*)*b", "(a?){90}a{90}b"})
    void covers_hostilePatternsEnd(String pattern) {
        NamePattern compiled = NamePattern.of(pattern);
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(2),
                () -> assertThat(compiled.covers("a".repeat(92) + "c")).isFalse());
    }
}
