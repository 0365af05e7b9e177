package dev.rollcall.server.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.protocol.Limits;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatesTest {
    private static Query state(String json) {
        return Query.of("state=" + URLEncoder.encode(json, StandardCharsets.UTF_8));
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
        assertThat(States.parseMap(state("{\"room\":{\"a\":1},\"g\":{},\"none\":null}")))
                .hasSize(2)
                .hasEntrySatisfying("room", room -> assertThat(room).hasToString("{\"a\":1}"))
                .hasEntrySatisfying("g", group -> assertThat(group).hasToString("{}"));
    }

    @Test
    void parseMap_emptyNamesNoChannel() {
        assertThat(States.parseMap(Query.of("state={}"))).isEmpty();
        assertThat(States.parseMap(Query.of("state="))).isEmpty();
        assertThat(States.parseMap(Query.of("a=b"))).isEmpty();
    }

    @Test
    void parseMap_refusesWhatHoldsNoStates() {
        assertThatThrownBy(() -> States.parseMap(state("{\"room\":1}"))).hasMessage("Invalid JSON specified.");
        assertThatThrownBy(() -> States.parseMap(state("[1]"))).hasMessage("Invalid JSON specified.");
    }
}
