package dev.rollcall.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.server.http.body.Preflight;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 100, 199, 204, 304, 600})
    void status_mustHaveBody(int status) {
        assertThatThrownBy(() -> new Response(status, Response.Kind.FEED, new byte[0]))
                .hasMessageContaining("status: " + status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nb", "a\nb", "\u0000", "ä"})
    void header_mustStayInItsLine(String text) {
        Map<String, String> badValue = Map.of("X-A", text);
        Map<String, String> badName = Map.of(text, "a");
        assertThatThrownBy(() -> new Response(200, Response.Kind.FEED, new byte[0], badValue))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Response(200, Response.Kind.FEED, new byte[0], badName))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void preflight_echoesNamesOnly() {
        assertThat(Preflight.response("a, b-c_1").headers()).containsEntry("Access-Control-Allow-Headers", "a, b-c_1");
        assertThat(Preflight.response("a\"<b>").headers().get("Access-Control-Allow-Headers"))
                .startsWith("Origin, ");
        assertThat(Preflight.response(null).status()).isEqualTo(200);
    }
}
