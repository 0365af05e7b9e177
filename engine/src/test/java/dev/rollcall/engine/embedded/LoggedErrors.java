package dev.rollcall.engine.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Collects what is logged as an error: an engine survives the defects of one timer or listener, a test must not overlook them. */
public final class LoggedErrors extends AppenderBase<ILoggingEvent> {
    // Fetched while this class is made ready, so that of several threads one does it.
    private static final ch.qos.logback.classic.Logger ROOT =
            (ch.qos.logback.classic.Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);

    private final List<String> errors = new CopyOnWriteArrayList<>();

    /** Begins to collect. */
    public static LoggedErrors collect() {
        var collector = new LoggedErrors();
        collector.setContext(ROOT.getLoggerContext());
        collector.start();
        ROOT.setLevel(Level.WARN);
        ROOT.addAppender(collector);
        return collector;
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
            String cause =
                    event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy());
            errors.add(event.getFormattedMessage() + " " + cause);
        }
    }

    /** Ends collecting; nothing may have been logged. */
    void assertNone() {
        ROOT.detachAppender(this);
        assertThat(errors).as("errors logged").isEmpty();
    }

    /** Ends collecting, whatever was logged. */
    public void ignore() {
        ROOT.detachAppender(this);
    }

    /** Returns what was logged. */
    List<String> errors() {
        return List.copyOf(errors);
    }
}
