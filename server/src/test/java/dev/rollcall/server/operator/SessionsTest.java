package dev.rollcall.server.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SessionsTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final Sessions sessions = new Sessions(nanos::get);

    @Test
    void session_lastsForTwelveHoursAfterItsLastUse() {
        String secret = sessions.open();
        for (int use = 0; use < 3; use++) {
            nanos.addAndGet(Sessions.IDLE.toNanos() - 1);
            assertThat(sessions.use(secret)).isNotNull();
        }
        nanos.addAndGet(Sessions.IDLE.toNanos());
        assertThat(sessions.use(secret)).isNull();
    }

    @Test
    void isOpen_isNoUse() {
        String secret = sessions.open();
        nanos.addAndGet(Sessions.IDLE.toNanos() - 1);
        assertThat(sessions.isOpen(secret)).isTrue();
        nanos.addAndGet(1);
        assertThat(sessions.isOpen(secret)).isFalse();
    }

    @Test
    void names_tellNothingOfTheSecret() {
        String secret = sessions.open();
        assertThat(secret).hasSize(43).doesNotContain(String.valueOf(sessions.use(secret)));
    }

    @Test
    void oneMoreThanThereMayBe_endsTheOneNotUsedForLongest() {
        List<String> secrets = new ArrayList<>();
        for (int i = 0; i < Sessions.MOST; i++) {
            secrets.add(sessions.open());
        }
        assertThat(new HashSet<>(secrets)).hasSize(Sessions.MOST);
        assertThat(sessions.use(secrets.get(0))).isNotNull();
        sessions.open();
        assertThat(sessions.isOpen(secrets.get(0))).isTrue();
        assertThat(sessions.isOpen(secrets.get(1))).isFalse();
        assertThat(sessions.size()).isEqualTo(Sessions.MOST);
    }

    @Test
    void closedSession_andAnyOther_openNothing() {
        String secret = sessions.open();
        sessions.close(secret);
        assertThat(sessions.use(secret)).isNull();
        assertThat(sessions.use("")).isNull();
    }
}
