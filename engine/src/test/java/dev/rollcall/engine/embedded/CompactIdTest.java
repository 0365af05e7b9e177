package dev.rollcall.engine.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.protocol.UserId;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link CompactId} gives back what it took, and mistakes no id for another. */
class CompactIdTest {
    private static final String SAMPLE = "0f8fad5b-d9cb-469f-a165-70867728950e";

    @ParameterizedTest
    @ValueSource(
            strings = {
                SAMPLE,
                "0F8FAD5B-D9CB-469F-A165-70867728950E",
                "0f8fad5b-d9cb-469f-a165-70867728950g",
                "0f8fad5bxd9cb-469f-a165-70867728950e",
                "ffffffff-ffff-ffff-ffff-ffffffffffff",
                "alice",
                "Zoë",
                "\uD83D\uDE00",
                "a"
            })
    void of_isGivenBackAndMatchesItself(String id) {
        Object compact = CompactId.of(new UserId(id));

        assertThat(CompactId.userId(compact)).isEqualTo(new UserId(id));
        assertThat(CompactId.matches(compact, id)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        SAMPLE + ", 0f8fad5b-d9cb-469f-a165-70867728950f",
        SAMPLE + ", 0F8FAD5B-D9CB-469F-A165-70867728950E",
        "ffffffff-ffff-ffff-ffff-ffffffffffff, zfffffff-ffff-ffff-ffff-ffffffffffff",
        "alice, alicf",
        "alice, alic",
        "Zoë, Zoe"
    })
    void matches_tellsIdsApart(String id, String other) {
        assertThat(CompactId.matches(CompactId.of(new UserId(id)), other)).isFalse();
        assertThat(CompactId.matches(CompactId.of(new UserId(other)), id)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = SAMPLE)
    void of_keepsAUuidAsOne(String id) {
        assertThat(CompactId.of(new UserId(id))).isEqualTo(UUID.fromString(id));
    }
}
