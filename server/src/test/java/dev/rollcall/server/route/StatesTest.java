package dev.rollcall.server.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.Limits;
import dev.rollcall.protocol.State;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatesTest {
    private static Map<String, State> parseMap(String query) {
        return States.parseMap(
                Query.of(query), List.of(new Channel("room"), new Channel("none")), List.of(new ChannelGroup("g")));
    }

    private static String state(String json) {
        return "state=" + URLEncoder.encode(json, StandardCharsets.UTF_8);
    }

    @Test
    void parse_compactsAndDropsTopLevelNulls() {
        assertThat(States.parse(" { \"a\" : [ 1 , {\"b\": null} ], \"gone\": null, \"c\":\"\\u017b\" } "))
                .hasToString("{\"a\":[1,{\"b\":null}],\"c\":\"Ż\"}");
        assertThat(States.parse("{}").isEmpty()).isTrue();
        assertThat(States.parse("{\"a\":null}").isEmpty()).isTrue();
    }

    @Test
    void parse_keepsNumbersAsSent() {
        assertThat(States.parse("{\"a\":1.0,\"b\":1e5,\"c\":12345678901234567890,\"d\":-0.10}"))
                .hasToString("{\"a\":1.0,\"b\":1e5,\"c\":12345678901234567890,\"d\":-0.10}");
    }

    @Test
    void parse_lastOfRepeatedKeysWins() {
        assertThat(States.parse("{\"a\":1,\"b\":2,\"a\":3}")).hasToString("{\"a\":3,\"b\":2}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "1",
                "[]",
                "\"a\"",
                "{",
                "{\"a\"}",
                "{\"a\":1}x",
                "{\"a\":NaN}",
                "{'a':1}",
                "{\"a\":01}"
            })
    void parse_refusesWhatIsNoObject(String json) {
        assertThatThrownBy(() -> States.parse(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Invalid JSON specified.");
    }

    @Test
    void parse_refusesMazes() {
        String deep = "{\"a\":" + "[".repeat(200) + "]".repeat(200) + "}";
        assertThatThrownBy(() -> States.parse(deep)).hasMessage("Invalid JSON specified.");
    }

    @Test
    void parse_refusesWhatIsTooLarge() {
        String large = "{\"a\":\"" + "x".repeat(Limits.STATE_BYTES) + "\"}";
        assertThatThrownBy(() -> States.parse(large)).hasMessageContaining("expected: at most 32768 bytes");
    }

    @Test
    void parseMap_byName() {
        assertThat(parseMap(state("{\"room\":{\"a\":1},\"g\":{},\"none\":null}")))
                .hasSize(2)
                .hasEntrySatisfying("room", room -> assertThat(room).hasToString("{\"a\":1}"))
                .hasEntrySatisfying("g", group -> assertThat(group).hasToString("{}"));
    }

    @Test
    void parseMap_emptyNamesNoChannel() {
        assertThat(parseMap("state={}")).isEmpty();
        assertThat(parseMap("state=")).isEmpty();
        assertThat(parseMap("a=b")).isEmpty();
    }

    @Test
    void parseMap_refusesWhatHoldsNoStates() {
        assertThatThrownBy(() -> parseMap(state("{\"room\":1}"))).hasMessage("Invalid JSON specified.");
        assertThatThrownBy(() -> parseMap(state("[1]"))).hasMessage("Invalid JSON specified.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"mood\":\"good\"}",
                "{\"mood\":1,\"list\":[{\"room\":{\"a\":1}}],\"deep\":{\"room\":2},\"null\":null}",
                "{\"other\":{\"a\":1},\"room-pnpres\":true}",
                "{}"
            })
    void parseMap_passesOverNamesNobodyAskedAbout(String json) {
        assertThat(parseMap(state(json))).isEmpty();
    }

    @Test
    void parseMap_readsNoMoreThanItNeeds() {
        String mood = "{\"mood\":\"good\",\"room\":{\"a\":1},\"huge\":\"" + "x".repeat(Limits.STATE_BYTES) + "\"}";
        assertThat(parseMap(state(mood))).containsOnlyKeys("room");
    }
}
