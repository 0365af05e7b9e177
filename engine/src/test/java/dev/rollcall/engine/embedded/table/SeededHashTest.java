package dev.rollcall.engine.embedded.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeededHashTest {
    /** Every pair of these has the same {@link String#hashCode}, and so has every sequence of them of one length. */
    private static final String[] PAIRS = {"Aa", "BB"};

    private static final int DIGITS = 12;

    @Test
    void of_spreadsNamesThatWereChosenToCollide() {
        Set<Integer> plain = new HashSet<>();
        Set<Integer> seeded = new HashSet<>();
        for (int number = 0; number < 1 << DIGITS; number++) {
            StringBuilder name = new StringBuilder();
            for (int digit = 0; digit < DIGITS; digit++) {
                name.append(PAIRS[number >> digit & 1]);
            }
            plain.add(name.toString().hashCode());
            seeded.add(SeededHash.of(name.toString()));
        }

        assertThat(plain).hasSize(1);
        assertThat(seeded).hasSizeGreaterThan((1 << DIGITS) - 16);
    }

    @Test
    void of_spreadsNumberedNames() {
        Set<Integer> slots = new HashSet<>();
        for (int number = 0; number < 1 << 16; number++) {
            slots.add(SeededHash.of("room-" + number) & (1 << 16) - 1);
        }

        // Of 65,536 random numbers below 65,536, 63 % are different ones.
        assertThat(slots).hasSizeGreaterThan(40_000);
    }

    @Test
    void of_dependsOnEveryCharacterAndItsPlace() {
        assertThat(SeededHash.of("ab")).isNotEqualTo(SeededHash.of("ba"));
        assertThat(SeededHash.of("abcde")).isNotEqualTo(SeededHash.of("abcdf"));
        assertThat(SeededHash.of("")).isEqualTo(SeededHash.of(new String(new char[0])));
        assertThat(SeededHash.of("abcdefghij")).isEqualTo(SeededHash.of(String.join("", "abcde", "fghij")));
    }
}
