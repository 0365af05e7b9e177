package dev.rollcall.server.http.io;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HttpDateTest {
    @Test
    void text_isFormattedOnceASecond() {
        HttpDate date = new HttpDate(784_111_777_000L);
        assertThat(date.text()).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
        String before = date.text();
        date.refresh(784_111_777_999L);
        assertThat(date.text()).isSameAs(before);
        date.refresh(784_111_778_000L);
        assertThat(date.text()).isEqualTo("Sun, 06 Nov 1994 08:49:38 GMT");
    }
}
