package dev.rollcall.client.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;

class RecentEnvelopesTest {
    private static final JsonMapper MAPPER = new JsonMapper();

    private final RecentEnvelopes recent = new RecentEnvelopes();

    private static JsonNode envelope(String channel, String matched, long timetoken, String payload) {
        try {
            return MAPPER.readTree("{\"c\":\"" + channel + "\",\"b\":\"" + matched + "\",\"p\":{\"t\":\"" + timetoken
                    + "\",\"r\":1},\"d\":" + payload + "}");
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void isRepeated_onlyForTheVerySame() {
        assertThat(recent.isRepeated(envelope("a", "a", 17302026145246029L, "1")))
                .isFalse();
        assertThat(recent.isRepeated(envelope("a", "a", 17302026145246029L, "1")))
                .isTrue();
        assertThat(recent.isRepeated(envelope("a", "a", 17302026145246030L, "1")))
                .isFalse();
        assertThat(recent.isRepeated(envelope("b", "b", 17302026145246029L, "1")))
                .isFalse();
        assertThat(recent.isRepeated(envelope("a", "a", 17302026145246029L, "2")))
                .isFalse();
        assertThat(recent.isRepeated(envelope("a", "g", 17302026145246029L, "1")))
                .as("matched by another subscription")
                .isFalse();
    }

    @Test
    void isRepeated_forgetsTheOldest() {
        JsonNode first = envelope("a", "a", 1, "1");
        assertThat(recent.isRepeated(first)).isFalse();
        for (int i = 2; i <= 128; i++) {
            assertThat(recent.isRepeated(envelope("a", "a", i, "1"))).isFalse();
        }
        assertThat(recent.isRepeated(first)).isTrue();
        assertThat(recent.isRepeated(envelope("a", "a", 129, "1"))).isFalse();
        assertThat(recent.isRepeated(first)).isFalse();
    }
}
