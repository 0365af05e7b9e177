package dev.rollcall.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What names may look like, and what they mean. */
class NamesTest {
    private static final String LONGEST = "ü".repeat(92);

    @ParameterizedTest
    @ValueSource(strings = {"a", "a!@#$%^&*()ŻÓŁ[]{}\"\"<>??~\\`Z", " ", "a:b", "a/b", "-pnpres", "\u0000"})
    void channel_ofAnyCharactersIsAccepted(String name) {
        assertThat(new Channel(name)).hasToString(name);
    }

    @Test
    void channel_lengthIsLimitedWithoutItsPresenceSuffix() {
        assertThat(new Channel(LONGEST).presence().presence().name()).hasSize(92 + 14);
        assertThatThrownBy(() -> new Channel(LONGEST + "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("channel length: 93 (expected: 1..92 characters)");
        assertThatThrownBy(() -> new Channel(LONGEST + "x-pnpres")).hasMessageContaining("93");
    }

    @Test
    void channel_ofNothingButSuffixesHasALimitToo() {
        assertThatThrownBy(() -> new Channel("a" + "-pnpres".repeat(16))).hasMessageContaining("channel length: 99");
        assertThatThrownBy(() -> new ChannelGroup("a" + "-pnpres".repeat(16)))
                .hasMessageContaining("channel group length: 99");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "é", "日", "😀"})
    void lengths_countCharactersOfWhateverKind(String character) {
        String longest = character.repeat(92);
        assertThat(new Channel(longest).presence().base().name()).isEqualTo(longest);
        assertThat(new ChannelGroup(longest).name()).isEqualTo(longest);
        assertThat(new UserId(longest).value()).isEqualTo(longest);
        for (int more : new int[] {1, 92, 93, 1000}) {
            String wrong = longest + character.repeat(more);
            String length = "length: " + (92 + more) + " (expected: 1..92 characters)";
            assertThatThrownBy(() -> new Channel(wrong)).hasMessage("channel " + length);
            assertThatThrownBy(() -> new Channel(wrong + "-pnpres")).hasMessage("channel " + length);
            assertThatThrownBy(() -> new ChannelGroup(wrong)).hasMessage("channel group " + length);
            assertThatThrownBy(() -> new UserId(wrong))
                    .isInstanceOf(InvalidValueException.class)
                    .hasMessage("uuid " + length);
        }
    }

    @Test
    void channel_thatIsEmptyOrHasACommaIsRefused() {
        assertThatThrownBy(() -> new Channel("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Channel("a,b")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "room, false, false",
        "room-pnpres, true, false",
        "room.*, false, true",
        "room.*-pnpres, true, false",
        "a.b.*, false, true",
        "*, false, false",
        ".*, false, false",
        "a*, false, false",
        "a.*.b, false, false",
        "-pnpresent, false, false",
        "-pnpres, false, false",
        "-pnpres-pnpres, true, false",
    })
    void channel_knowsWhatItsNameMeans(String name, boolean presence, boolean wildcard) {
        Channel channel = new Channel(name);
        assertThat(channel.isPresence()).isEqualTo(presence);
        assertThat(channel.isWildcard()).isEqualTo(wildcard);
    }

    @Test
    void channel_andItsPresenceLeadToEachOther() {
        Channel room = new Channel("room");
        assertThat(room.presence()).isEqualTo(new Channel("room-pnpres"));
        assertThat(room.presence().base()).isEqualTo(room);
        assertThat(room.base()).isSameAs(room);
        assertThat(room.presence().presence().base()).isEqualTo(room.presence());
        assertThat(new Channel("a")).isLessThan(new Channel("b"));
    }

    @Test
    void group_hasTheSameLimits() {
        assertThat(new ChannelGroup(LONGEST + "-pnpres").base()).isEqualTo(new ChannelGroup(LONGEST));
        assertThat(new ChannelGroup("ns:g").isPresence()).isFalse();
        assertThat(new ChannelGroup("g-pnpres").isPresence()).isTrue();
        for (String wrong : new String[] {"", LONGEST + "x", "a,b"}) {
            assertThatThrownBy(() -> new ChannelGroup(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void userId_isOfAnyCharactersUpToItsLimit() {
        assertThat(new UserId(LONGEST)).hasToString(LONGEST);
        assertThat(new UserId("a,b/c *")).isLessThan(new UserId("b"));
        assertThatThrownBy(() -> new UserId("")).hasMessage("uuid length: 0 (expected: 1..92 characters)");
        assertThatThrownBy(() -> new UserId(LONGEST + "x")).hasMessageContaining("93");
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "sub-c-1a2b", "A.b_c~9", "x"})
    void subscribeKey_thatIsWellFormedIsAccepted(String value) {
        assertThat(new SubscribeKey(value)).hasToString(value);
        assertThat(SubscribeKey.isWellFormed(value)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a/b", "ä", "a,b", "a%20"})
    void subscribeKey_thatIsMalformedIsRefused(String value) {
        assertThat(SubscribeKey.isWellFormed(value)).isFalse();
        assertThatThrownBy(() -> new SubscribeKey(value)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void subscribeKey_lengthIsLimited() {
        assertThatCode(() -> new SubscribeKey("k".repeat(128))).doesNotThrowAnyException();
        assertThatThrownBy(() -> new SubscribeKey("k".repeat(129))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void state_isAnObjectWithinItsLimit() {
        assertThat(State.ofJson("{\"ä\":1}")).hasToString("{\"ä\":1}").isEqualTo(State.ofJson("{\"ä\":1}"));
        assertThat(State.ofJson("{\"ä\":1}")).hasSameHashCodeAs(State.ofJson("{\"ä\":1}"));
        assertThat(State.ofJson("{}").isEmpty()).isTrue();
        assertThat(State.ofJson("{\"a\":1}").isEmpty()).isFalse();
        String largest = "{\"a\":\"" + "x".repeat(Limits.STATE_BYTES - 8) + "\"}";
        assertThat(State.ofJson(largest)).hasToString(largest);
        for (String wrong : new String[] {"", "{", "[]", "null", "\"{}\"", largest.replace("\"a\"", "\"ab\"")}) {
            assertThatThrownBy(() -> State.ofJson(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
