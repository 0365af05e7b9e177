package dev.rollcall.server.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.joran.spi.ConsoleTarget;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log format where nobody configured another: one line an event on standard error, {@code INFO} for the server, {@code WARN} for
 * libraries, and the same line not again and again. In code and not in a file, since reading a file is a good part of the time a small server takes to start.
 */
public final class ConsoleLogging extends ContextAwareBase implements Configurator {
    // An event is one line, whatever names clients choose, and after it the exception, if it has one.
    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %printable%n%printableThrowable";
    private static final String APPENDER = "stderr";
    private static final String FILE_PROPERTY = "logback.configurationFile";
    private static final String[] FILES = {"logback-test.xml", "logback.xml"};

    /** For the service loader. */
    public ConsoleLogging() {}

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty(FILE_PROPERTY) != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        ClassLoader loader = ConsoleLogging.class.getClassLoader();
        for (String file : FILES) {
            if (loader.getResource(file) != null) {
                return ExecutionStatus.INVOKE_NEXT_IF_ANY;
            }
        }
        var layout = new PatternLayout();
        layout.setContext(context);
        layout.getInstanceConverterMap().put("printable", PrintableMessage::new);
        layout.getInstanceConverterMap().put("printableThrowable", PrintableThrowable::new);
        layout.setPattern(PATTERN);
        layout.start();
        var encoder = new LayoutWrappingEncoder<ILoggingEvent>();
        encoder.setContext(context);
        encoder.setLayout(layout);
        encoder.start();
        var filter = new RepeatFilter();
        filter.setContext(context);
        filter.start();
        context.addTurboFilter(filter);
        var appender = new ConsoleAppender<ILoggingEvent>();
        appender.setContext(context);
        appender.setName(APPENDER);
        appender.setTarget(ConsoleTarget.SystemErr.getName());
        appender.setEncoder(encoder);
        appender.start();
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(appender);
        context.getLogger("dev.rollcall").setLevel(Level.INFO);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Has the log of the process be as {@code config} says, unless somebody configured logback in a file. */
    public static void apply(LogConfig config) {
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            return;
        }
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        if (!(root.getAppender(APPENDER) instanceof ConsoleAppender<ILoggingEvent> appender)) {
            return;
        }
        config.levels().forEach((logger, level) -> context.getLogger(logger).setLevel(LogConfig.level(level)));
        if (config.format() == LogConfig.Format.JSON) {
            appender.stop();
            var encoder = new JsonEncoder();
            encoder.setContext(context);
            encoder.start();
            appender.setEncoder(encoder);
            appender.start();
        }
    }
}
