package dev.rollcall.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class AcceptGuardTest {
    private final AtomicInteger counted = new AtomicInteger();
    private final EmbeddedChannel listening = new EmbeddedChannel(new AcceptGuard(new HttpMetrics() {
        @Override
        public void onAcceptFailed() {
            counted.incrementAndGet();
        }
    }));
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(AcceptGuard.class);

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
        listening.freezeTime();
    }

    @AfterEach
    void stop() {
        logger.detachAppender(lines);
        listening.finishAndReleaseAll();
    }

    private void fail() {
        listening.pipeline().fireExceptionCaught(new IOException("accept(..) failed: Too many open files"));
    }

    private boolean isAccepting() {
        return listening.config().isAutoRead();
    }

    private void elapse(long millis) {
        listening.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        listening.runScheduledPendingTasks();
    }

    @Test
    void failure_pausesAndGoesOnByItself() {
        fail();
        assertThat(isAccepting()).isFalse();
        elapse(10);
        assertThat(isAccepting()).isTrue();
        listening.checkException();
    }

    @Test
    void failures_pauseLongerAndLongerAndLogOnce() {
        for (int i = 0; i < 19; i++) {
            fail();
            elapse(1000);
            assertThat(isAccepting()).isTrue();
        }
        fail();
        elapse(999);
        assertThat(isAccepting()).isFalse();
        elapse(1);
        assertThat(isAccepting()).isTrue();
        assertThat(counted).hasValue(20);
        assertThat(lines.list).hasSize(1);
        assertThat(lines.list.get(0).getThrowableProxy()).isNull();
        assertThat(lines.list.get(0).getFormattedMessage()).contains("Too many open files");
    }

    @Test
    void recovery_isLoggedOnceAndForgetsThePause() {
        fail();
        fail();
        listening.writeInbound("a connection", "another");
        assertThat(listening.<String>readInbound()).isEqualTo("a connection");
        assertThat(lines.list).hasSize(2);
        assertThat(lines.list.get(1).getFormattedMessage()).contains("accepted again failures=2");
        elapse(1000);
        fail();
        elapse(10);
        assertThat(isAccepting()).isTrue();
    }
}
