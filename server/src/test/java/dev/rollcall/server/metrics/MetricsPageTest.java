package dev.rollcall.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.daemon.Daemons;
import dev.rollcall.engine.embedded.EmbeddedEngine;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.server.access.Operation;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class MetricsPageTest {
    @Test
    void text_countsOnFromPageToPageAndWarnsOfNothing() {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        root.addAppender(logged);
        var metrics = new ServerMetrics();
        try (var engine = new EmbeddedEngine(
                        key -> KeysetSettings.DEFAULT, EngineTime.system(), new EngineListener() {});
                var page = new MetricsPage(
                        metrics,
                        new CachedCounts(engine::counts, System::nanoTime),
                        MemoryBudget.unlimited(),
                        new Vitals(),
                        new Daemons(System::nanoTime))) {
            for (int pages = 1; pages <= 3; pages++) {
                metrics.onRequestRefused(429);
                metrics.onFailure(new IllegalStateException("test"));
                metrics.requests().answered(Operation.HERE_NOW, 200, 1000);
                metrics.scripts().onCall("channel").onEnd(true);
                assertThat(page.text())
                        .contains("rollcall_engine_failures_total " + pages + ".0\n")
                        .contains("rollcall_requests_refused_total{status=\"429\"} " + pages + ".0\n")
                        .contains("rollcall_requests_seconds_count{operation=\"here-now\",status=\"200\"} " + pages
                                + "\n")
                        .contains("rollcall_redis_failures_total{script=\"channel\"} " + pages + ".0\n");
            }
        } finally {
            root.detachAppender(logged);
        }
        assertThat(logged.list).noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.WARN));
    }
}
