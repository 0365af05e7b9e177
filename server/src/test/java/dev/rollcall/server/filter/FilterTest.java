package dev.rollcall.server.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.Message;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {
    private static final Message MESSAGE = Messages.message("""
            {"name":"Kate","age":20,"colors":["blue","red"],"config":{"enabled":"true","on":true},"none":null,
             "big":9007199254740993,"text":"it's a success","nested":[[1,2],{"k":"v"}]}""", """
            {"language":"en","temperature":60.5,"category":"urgent","regions":{"east":{"count":3},"west":{"count":2}},
             "tags":["x",1,true],"message_part":"great success!","level":5,"meta":"m","star":"a*b","age_text":"55"}""", "bob");

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
                "message_part LIKE '*SUCCESS*'",
                "message_part LIKE 'GREAT*'",
                "message_part LIKE 'g*t*s*!'",
                "message_part LIKE '**great**success!**'",
                "message_part LIKE '*'",
                "data.colors LIKE 'BL*'",
                "tags LIKE 'X'",
                "'ÉTÉ' LIKE 'été'",
                "age_text > 50",
                "50 < age_text",
                "age_text <= 55.0",
                "'1e2' == '1e2' && 99 < '1e2'",
                "meta.language == 'en' && language == meta.language",
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
                "message_part == 'GREAT SUCCESS!'",
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
                "age_text == 55",
                "age_text > 55",
                "message_part > 50",
                "message_part < 50",
                "'5f' > 4",
                "'0x10' > 4",
                "' 5' > 4",
                "'' < 4",
                "'NaN' > 4 || 'Infinity' > 4",
                "message_part LIKE 'great'",
                "message_part LIKE 'great*great success!'",
                "message_part LIKE '*successful*'",
                "data.nested LIKE '*'",
                "tags LIKE '1'",
                "missing LIKE '*'",
                "data.config LIKE '*'",
                "star LIKE 'axb'",
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
        assertThat(accepts("1" + "+1".repeat(500) + " == 501")).isTrue();
    }

    @Test
    void uuid_isWhatMetaSaysAndElseThePublisher() {
        Message relayed = Messages.message("1", "{\"uuid\":\"alice\"}", "server-7");
        assertThat(FilterParser.parse("uuid == 'alice'").accepts(relayed)).isTrue();
        assertThat(FilterParser.parse("uuid != 'alice'").accepts(relayed)).isFalse();
        assertThat(FilterParser.parse("uuid == 'server-7'").accepts(relayed)).isFalse();
        Message silent = Messages.message("1", "{\"uuid\":null}", "server-7");
        assertThat(FilterParser.parse("uuid == null").accepts(silent)).isTrue();
    }

    @Test
    void accepts_looksIntoPayloadsOfACommonSize() {
        String small = "{\"t\":\"" + "x".repeat(MessageFields.MOST_BYTES - 8) + "\"}";
        assertThat(FilterParser.parse("data.t LIKE 'X*'").accepts(Messages.message(small, null, null)))
                .isTrue();
        Message large =
                Messages.message("{\"t\": \"" + "x".repeat(MessageFields.MOST_BYTES) + "\"}", "{\"a\":1}", null);
        assertThat(FilterParser.parse("data.t LIKE 'x*'").accepts(large)).isFalse();
        assertThat(FilterParser.parse("data.t == null && a == 1").accepts(large))
                .isTrue();
    }

    @Test
    void matches_likeEveryOtherWayToDecideIt() {
        SplittableRandom random = new SplittableRandom(20261127);
        for (int round = 0; round < 200_000; round++) {
            String text = random(random, "aAb", 10);
            String pattern = random(random, "aab*", 7);
            String regex = java.util.regex.Pattern.compile("\\*")
                    .splitAsStream(pattern + "|")
                    .map(java.util.regex.Pattern::quote)
                    .collect(Collectors.joining(".*"));
            regex = regex.substring(0, regex.length() - 3) + "\\E";
            boolean expected = java.util.regex.Pattern.compile(regex, java.util.regex.Pattern.CASE_INSENSITIVE)
                    .matcher(text)
                    .matches();
            assertThat(Pattern.of(pattern).matches(text))
                    .as("%s LIKE %s", text, pattern)
                    .isEqualTo(expected);
            assertThat(new Needle(pattern, false).endIn(text, 0, text.length()) >= 0)
                    .as("%s CONTAINS %s", text, pattern)
                    .isEqualTo(text.contains(pattern));
        }
    }

    private static String random(SplittableRandom random, String alphabet, int most) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    @Test
    void matches_costGrowsWithTheSumOfTheLengths() {
        // Each of these would take minutes if the cost grew with the product of the lengths.
        String text = "a".repeat(4_000_000);
        String many = "a".repeat(1000) + 'b';
        assertThat(Pattern.of('*' + many + '*').matches(text)).isFalse();
        assertThat(Pattern.of(('*' + many).repeat(3)).matches(text)).isFalse();
        assertThat(Pattern.of("*a".repeat(1000) + "*b*").matches(text)).isFalse();
        assertThat(new Needle(many.repeat(100), false).endIn(text, 0, text.length()))
                .isNegative();
    }

    @Test
    void fields_areReadOnceForAllWhoAsk() {
        FieldTable table = new FieldTable();
        Message other = Messages.message("1", null, null);
        MessageFields fields = table.of(MESSAGE);
        assertThat(table.of(MESSAGE)).isSameAs(fields);
        assertThat(table.of(other)).isNotSameAs(fields);
        // Of the same timetoken, so it took the place; what is handed out stays what it was.
        assertThat(table.of(MESSAGE).areOf(MESSAGE)).isTrue();
        assertThat(fields.areOf(MESSAGE)).isTrue();
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
