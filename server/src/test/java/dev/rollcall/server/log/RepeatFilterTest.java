package dev.rollcall.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RepeatFilterTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final LoggerContext context = new LoggerContext();
    private final Logger log = context.getLogger("a");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        context.addTurboFilter(new RepeatFilter(nanos::get));
        lines.start();
        log.addAppender(lines);
        log.setLevel(Level.INFO);
    }

    private List<String> texts() {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private void elapse(long seconds) {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    @Test
    void sameStatement_isWrittenSoOftenAndThenOnceASecond() {
        for (int i = 0; i < 1000; i++) {
            log.warn("client did it again number={}", i);
        }
        assertThat(texts()).hasSize(RepeatFilter.BURST);
        elapse(1);
        for (int i = 0; i < 1000; i++) {
            log.warn("client did it again number={}", i);
        }
        assertThat(texts())
                .hasSize(RepeatFilter.BURST + 2)
                .endsWith("lines like the next one were left out count=990", "client did it again number=0");
    }

    @Test
    void quietStatement_mayBurstAgain() {
        for (int i = 0; i < 100; i++) {
            log.warn("again");
        }
        elapse(RepeatFilter.BURST);
        lines.list.clear();
        for (int i = 0; i < 100; i++) {
            log.warn("again");
        }
        assertThat(texts()).hasSize(RepeatFilter.BURST + 1);
    }

    @Test
    void otherStatementsAndLoggers_areCountedForThemselves() {
        for (int i = 0; i < 100; i++) {
            log.warn("one");
        }
        log.warn("other");
        assertThat(texts()).hasSize(RepeatFilter.BURST + 1).endsWith("other");
    }

    @Test
    void levelsThatAreOff_areNotCounted() {
        for (int i = 0; i < 100; i++) {
            log.debug("quiet");
        }
        log.setLevel(Level.DEBUG);
        log.debug("quiet");
        assertThat(texts()).containsExactly("quiet");
    }

    @Test
    void textsMadeOfWhatCame_areBoundedTogether() {
        for (int i = 0; i < 10 * RepeatFilter.MOST_STATEMENTS; i++) {
            log.warn("made of " + i);
        }
        assertThat(texts())
                .hasSizeBetween(RepeatFilter.MOST_STATEMENTS, RepeatFilter.MOST_STATEMENTS + RepeatFilter.BURST);
    }
}
