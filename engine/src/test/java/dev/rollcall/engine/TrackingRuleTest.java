package dev.rollcall.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.engine.TrackingRule.Event;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrackingRuleTest {
    @ParameterizedTest
    @CsvSource({
        "lobby, lobby, true",
        "lobby, lobby2, false",
        "lobby, Lobby, false",
        "*, anything at all, true",
        "chat-*, chat-, true",
        "chat-*, chat-one, true",
        "chat-*, chat, false",
        "*-vip, room-vip, true",
        "*-vip, room-vip2, false",
        "a*b*c, abc, true",
        "a*b*c, a-b-b-c, true",
        "a*b*c, acb, false",
        "**, x, true",
        "a.*, a.b.c, true",
        "a.*, a.*, true",
        "?, x, false",
        "a.c, abc, false",
    })
    void matches_readsTheStarAsAnyCharacters(String pattern, String channel, boolean matches) {
        assertThat(new TrackingRule(pattern, Set.of()).matches(channel)).isEqualTo(matches);
    }

    @Test
    void matches_agreesWithARegularExpression() {
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 50_000; i++) {
            String pattern = word(random, "ab*", 1);
            String channel = word(random, "ab", 0);
            boolean expected = Pattern.matches(pattern.replace("*", ".*"), channel);
            assertThat(new TrackingRule(pattern, Set.of()).matches(channel))
                    .as("%s on %s", pattern, channel)
                    .isEqualTo(expected);
        }
    }

    private static String word(SplittableRandom random, String letters, int least) {
        StringBuilder word = new StringBuilder();
        for (int length = least + random.nextInt(8); length > 0; length--) {
            word.append(letters.charAt(random.nextInt(letters.length())));
        }
        return word.toString();
    }

    @Test
    void rule_withoutAPatternIsRefused() {
        assertThatThrownBy(() -> new TrackingRule("", Set.of(Event.JOIN))).isInstanceOf(IllegalArgumentException.class);
    }
}
