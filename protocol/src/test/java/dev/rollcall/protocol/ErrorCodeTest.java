package dev.rollcall.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorCodeTest {
    @Test
    void body_ofPresenceSpellsErrorAsANumber() {
        assertThat(body(ErrorCode.FEATURE_OFF, ErrorCode.FEATURE_OFF.text()))
                .isEqualTo(
                        "{\"status\":402,\"error\":1,\"message\":\"This feature is not turned on for this account.\","
                                + "\"service\":\"Presence\"}");
        assertThat(body(ErrorCode.INVALID_JSON, ErrorCode.INVALID_JSON.text()))
                .isEqualTo(
                        "{\"status\":400,\"error\":1,\"message\":\"Invalid JSON specified.\",\"service\":\"Presence\"}");
    }

    @Test
    void body_ofAccessManagerSpellsErrorAsABoolean() {
        assertThat(body(ErrorCode.INVALID_SUBSCRIBE_KEY, ErrorCode.INVALID_SUBSCRIBE_KEY.text()))
                .contains(
                        "\"status\":400",
                        "\"error\":true",
                        "\"message\":\"Invalid Subscribe Key\"",
                        "\"Access Manager\"");
    }

    @Test
    void body_ofBalancerNamesTheLongUri() {
        assertThat(body(ErrorCode.URI_TOO_LONG, ErrorCode.URI_TOO_LONG.text()))
                .contains("\"status\":414", "\"message\":\"Request URI Too Long\"", "\"service\":\"Balancer\"");
    }

    @Test
    void body_escapesItsMessage() {
        assertThat(body(ErrorCode.INVALID_ARGUMENT, "a \"quoted\"\nvalue")).contains("a \\\"quoted\\\"\\nvalue");
    }

    @Test
    void filterSyntax_isToldInTheWordsClientsLookFor() {
        assertThat(ErrorCode.FILTER_SYNTAX.text()).contains("Filter syntax error");
    }

    @ParameterizedTest
    @EnumSource
    void code_isAnErrorThatSaysWhetherToTryAgain(ErrorCode code) {
        assertThat(code.status()).isBetween(400, 599);
        assertThat(code.text()).isNotBlank();
        assertThat(code.service().wireName()).isNotBlank();
        if (code.status() >= 500 || code.status() == 429) {
            assertThat(code.isRetryable()).isTrue();
        }
        assertThat(new ProtocolException(code))
                .hasMessage(code.text())
                .extracting(ProtocolException::code)
                .isEqualTo(code);
        assertThat(new ProtocolException(code, "x").getStackTrace()).isEmpty();
    }

    private static String body(ErrorCode code, String message) {
        return new String(code.body(message), StandardCharsets.UTF_8);
    }
}
