package dev.rollcall.server.access.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
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
                    ^a\\.[a-z*]+$|a.*|false
                    a.+|a.*|true
                    ^room\\.[^.]+$|room.a.secret|false
                    ^room\\.[^.]+$|room.*|false
                    ^room\\.[^_]+$|room.*|false
                    ^room\\..{1,64}$|room.*|false
                    ^room\\..{0,87}$|room.*|true
                    ^room\\..{0,86}$|room.*|false
                    ^room\\..+$|room.*|false
                    ^room\\.[^,]*$|room.*|true
                    ^room\\.[^,]*$|room.*-pnpres|true
                    ^room\\..*$|room.*-pnpres-pnpres|true
                    ^room\\.(.*-pnpres)$|room.*-pnpres|true
                    ^room\\.(.*-pnpres)$|room.*|false
                    (?i)^room\\..*$|room.a|true
                    (?i)^room\\..*$|room.*|false
                    ^room\\.[[:ascii:]]*$|room.*|false
                    ^room\\.(.*)$^x|room.*|false
                    .*|*.*|true
                    ^.*$|x.y.*|true
                    ^.+$|x.*|true
                    """)
    void covers_theWholeName(String pattern, String name, boolean covered) {
        assertThat(NamePattern.of(pattern).covers(name, Effort.UNBOUNDED)).isEqualTo(covered);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
                    ^room\\.([^.]*|.*\\..*)$;room.*;true
                    ^room\\.([a-z]|[^a-z])*$;room.*;true
                    ^room\\.(\\w|\\W)*$;room.*;true
                    ^room\\.([a-y]|[^a-z])*$;room.*;false
                    ^(room|hall)\\.(?P<rest>.*)$;hall.*;true
                    ^room\\.(\\pL|\\PL)*$;room.*;false
                    """)
    void covers_choices(String pattern, String name, boolean covered) {
        assertThat(NamePattern.of(pattern).covers(name, Effort.UNBOUNDED)).isEqualTo(covered);
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

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    .*|true
                    ^.*$|true
                    .+|true
                    ^[^a]*a?.*$|true
                    .{1,92}|true
                    .{1,91}|false
                    [^.]*|false
                    (?i).*|false
                    """)
    void isEverything_byMeaning(String pattern, boolean everything) {
        assertThat(NamePattern.of(pattern).isEverything()).isEqualTo(everything);
    }

    @Test
    void matches_aDotIsAnyCharacter() {
        assertThat(NamePattern.of("^room\\..*$").covers("room.a\nb", Effort.UNBOUNDED))
                .isTrue();
    }

    @Test
    void covers_endsWithTheEffort() {
        NamePattern pattern = NamePattern.of("^room\\..*$");
        assertThat(pattern.covers("room.a", steps -> false)).isFalse();
        assertThat(pattern.covers("room.*", steps -> steps > 1)).isTrue();
    }

    /** The automaton of each of these, made deterministic, is larger than the memory of the machine. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "room\\.((.*a.{20})|(.*[^a].{20})|.{0,20})",
                "room\\.(.*a.{60}|.*[^a].{60}|.{0,60})",
                "room\\.((.*a.{0,30}b.{30})|.*[^b].{30}|.{0,30})"
            })
    void covers_whatTakesTooMuchWorkIsRefused(String text) {
        var spent = new AtomicLong();
        Effort counted = steps -> spent.addAndGet(steps) > 0;
        assertThat(NamePattern.of(text).covers("room.*", counted)).isFalse();
        assertThat(spent.get()).isLessThan(20L * Coverage.MOST_STEPS);
    }

    /** Each of these takes a backtracking matcher longer than the universe is old. */
    @ParameterizedTest
    @ValueSource(strings = {"(a+)+b", "(a|aa)+b", "(a|a?)+b", "(.*a){20}b", "((a*)*)*b", "(a?){90}a{90}b"})
    void covers_hostilePatternsEnd(String pattern) {
        NamePattern compiled = NamePattern.of(pattern);
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(2),
                () -> assertThat(compiled.covers("a".repeat(92) + "c", Effort.UNBOUNDED))
                        .isFalse());
    }
}
