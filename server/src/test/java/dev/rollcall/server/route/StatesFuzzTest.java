package dev.rollcall.server.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.State;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Whatever a client sends as a state, it is refused as bad input or kept as JSON of the same meaning. */
class StatesFuzzTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @FuzzTest
    void parse(byte[] input) throws JsonProcessingException {
        String sent = new String(input, StandardCharsets.UTF_8);
        State state;
        try {
            state = States.parse(sent);
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotEmpty();
            return;
        }
        assertThat(States.parse(state.toString())).isEqualTo(state);
        JsonNode kept = MAPPER.readTree(state.toString());
        JsonNode meant = MAPPER.readTree(sent);
        // nulls at the top are dropped
        meant.properties().removeIf(member -> member.getValue() instanceof NullNode);
        assertThat(kept).isEqualTo(meant);
    }

    @FuzzTest
    void parseMap(byte[] input) {
        try {
            States.parseMap(
                            Query.of(new String(input, StandardCharsets.ISO_8859_1)),
                            List.of(new Channel("room"), new Channel("a")),
                            List.of(new ChannelGroup("g")))
                    .forEach((name, state) ->
                            assertThat(States.parse(state.toString())).isEqualTo(state));
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }
}
