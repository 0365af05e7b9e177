package dev.rollcall.server.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.Message;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {
    private static final Message MESSAGE = Messages.message("""
            {"name":"Kate","age":20,"colors":["blue","red"],"config":{"enabled":"true","on":true},"none":null,
             "big":9007199254740993,"text":"it's a success","nested":[[1,2],{"k":"v"}]}""", """
            {"language":"en","temperature":60.5,"category":"urgent","regions":{"east":{"count":3},"west":{"count":2}},
             "tags":["x",1,true],"message_part":"great success!","level":5,"meta":"m","star":"a*b"}""", "bob");

    private static boolean accepts(String expression) {
        return FilterParser.parse(expression).accepts(MESSAGE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "uuid == 'bob'",
                "uuid != 'eve'",
                "language == 'en'",
                "language == \"en\"",
                "language != 'fr'",
                "temperature > 50",
                "temperature >= 60.5",
                "temperature < 1e3",
                "('fr', 'en', 'de') contains language",
                "('en') contains language",
                "('en') == language",
                "('alice','bob') contains uuid",
                "message_part LIKE '*success*'",
                "message_part like 'great*'",
                "message_part LIKE '*!'",
                "star LIKE 'a\\*b'",
                "star LIKE 'a*b'",
                "meta.category == 'urgent'",
                "meta['category'] == 'urgent'",
                "meta == 'm'",
                "data.name == \"Kate\" || data.age == 20",
                "data.colors[0] == 'blue' || data.config['enabled'] == \"true\"",
                "data.colors[1] == 'red' && data.config.on",
                "data.config['enabled'] == \"true\"",
                "data.config.on == 'true'",
                "data.config.enabled == true",
                "data['name'] == 'Kate'",
                "data.colors contains 'red'",
                "tags contains 1",
                "tags contains true",
                "data.text CONTAINS 'success'",
                "data.text == 'it\\'s a success'",
                "data.nested[0][1] == 2",
                "data.nested[1].k == 'v'",
                "regions.east.count > regions.west.count",
                "level * 2 - 4 == 6",
                "level + 1 == 6 && level - 1 == 4",
                "level % 2 == 1",
                "10 / level == 2",
                "level / 2 == 2.5",
                "-level < 0",
                "level == 5.0",
                "2 + 3 * 4 == 14",
                "(2 + 3) * 4 == 20",
                "1 - 1 - 1 == -1",
                "false || true && true",
                "true || false && false",
                "!false && !(language == 'fr')",
                "!missing",
                "data.missing == null",
                "data.none == null",
                "data.name != null",
                "null == data.missing",
                "'b' > 'a'",
                "data.big == 9007199254740993",
                "data.big != 9007199254740992",
                "9223372036854775807 + 1 > 9223372036854770000"
            })
    void accepts_whatHolds(String expression) {
        assertThat(accepts(expression)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "uuid == 'eve'",
                "language == 'EN'",
                "language != 'en'",
                "temperature > 60.5",
                "('fr','de') contains language",
                "message_part LIKE 'success'",
                "message_part LIKE '*SUCCESS*'",
                "star LIKE 'a\\*c'",
                "missing == 'x'",
                "missing != 'x'",
                "missing > 1",
                "missing.deep.down == 1",
                "data.colors[7] == 'blue'",
                "data.colors['0'] == 'blue'",
                "data.colors > 1",
                "data.colors == 'blue'",
                "language > 1",
                "language + 1 == 2",
                "level / 0 == 0",
                "level % 0 == 0",
                "level == '5'",
                "level LIKE '5'",
                "data.age contains 2",
                "data.text contains 1",
                "true > false",
                "data",
                "language",
                "1",
                "null",
                "data.none",
                "data.missing != null",
                "null == null && null > null",
                "('a','b') == 'a'",
                "('a','b')"
            })
    void accepts_notWhatDoesNotHoldOrMakesNoSense(String expression) {
        assertThat(accepts(expression)).isFalse();
    }

    @Test
    void accepts_messageWithoutMetaAndPublisher() {
        Message bare = Messages.message("\"hello\"", null, null);
        assertThat(FilterParser.parse("language == 'en'").accepts(bare)).isFalse();
        assertThat(FilterParser.parse("uuid == 'bob'").accepts(bare)).isFalse();
        assertThat(FilterParser.parse("uuid == null").accepts(bare)).isTrue();
        assertThat(FilterParser.parse("data == 'hello'").accepts(bare)).isTrue();
    }

    @Test
    void accepts_presenceEventsByTheirOwnFields() {
        Message join = Messages.join("alice", 3);
        assertThat(FilterParser.parse("pn_action == 'join' && pn_occupancy > 2").accepts(join))
                .isTrue();
        assertThat(FilterParser.parse("pn_uuid == 'bob'").accepts(join)).isFalse();
        assertThat(FilterParser.parse("data.action == 'join'").accepts(join)).isTrue();
    }

    @Test
    void accepts_evaluatesLongChainsWithoutOverflow() {
        assertThat(accepts("missing" + "||missing".repeat(400))).isFalse();
        assertThat(accepts("1" + "+1".repeat(2000) + " == 2001")).isTrue();
    }

    @Test
    void matches_worstCaseIsQuick() {
        // Backtracking without bound would take longer than the universe has.
        assertThat(Values.matches("a".repeat(5000), "*a".repeat(20) + "b")).isFalse();
    }

    @Test
    void get_sameTextIsReadOnce() {
        FilterCache cache = new FilterCache();
        assertThat(cache.get("a == 1")).isSameAs(cache.get("a == 1"));
        AtomicInteger texts = new AtomicInteger();
        for (int i = 0; i < 3000; i++) {
            assertThat(cache.get("a == " + texts.getAndIncrement())).isNotNull();
        }
    }
}
