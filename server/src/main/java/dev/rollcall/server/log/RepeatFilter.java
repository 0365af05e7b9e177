package dev.rollcall.server.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Keeps lines that clients can provoke from filling a disk: the same line, which is a statement of the program with whatever values, is
 * written {@link #BURST} times and then once a second. How many were left out is said with the next one. Safe from any thread.
 *
 * <p>Who configures logback in a file adds it there: {@code <turboFilter class="dev.rollcall.server.log.RepeatFilter"/>}.
 */
public final class RepeatFilter extends TurboFilter {
    /** Lines written one after the other before they become one a second; as many seconds later there may be as many again. */
    static final int BURST = 10;

    /** Statements of the program told apart. Above it the rest share one place, since libraries may build their texts of what came. */
    static final int MOST_STATEMENTS = 1000;

    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** What is written for every request because somebody asked for it, and what operators do. */
    private static final Set<String> COMPLETE = Set.of("dev.rollcall.requests", "dev.rollcall.audit");

    private static final String REST = "";
    private static final String SUMMARY = "lines like the next one were left out count={}";

    private final Map<String, Lines> statements = new ConcurrentHashMap<>();
    private final LongSupplier ticker;

    /** Goes by the clock of the machine. */
    public RepeatFilter() {
        this(System::nanoTime);
    }

    RepeatFilter(LongSupplier ticker) {
        this.ticker = ticker;
    }

    /** The lines of one statement: a bucket of {@link #BURST} that fills by one a second. */
    private static final class Lines {
        /** When the bucket will be full again. */
        private long fullAt;

        private long leftOut;

        Lines(long now) {
            fullAt = now;
        }

        /** Returns how many were left out before this one, or -1 if this one is left out too. */
        synchronized long take(long now) {
            long missing = Math.max(0, fullAt - now);
            if (missing > (BURST - 1) * PERIOD_NANOS) {
                leftOut++;
                return -1;
            }
            fullAt = now + missing + PERIOD_NANOS;
            long before = leftOut;
            leftOut = 0;
            return before;
        }
    }

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] params,
            @Nullable Throwable thrown) {
        // Without a format somebody only asks whether the level is on.
        if (format == null || !level.isGreaterOrEqual(logger.getEffectiveLevel()) || format.equals(SUMMARY)) {
            return FilterReply.NEUTRAL;
        }
        if (COMPLETE.contains(logger.getName())) {
            return FilterReply.NEUTRAL;
        }
        long before = lines(logger.getName() + ' ' + format).take(ticker.getAsLong());
        if (before < 0) {
            return FilterReply.DENY;
        }
        if (before > 0) {
            logger.warn(SUMMARY, before);
        }
        return FilterReply.NEUTRAL;
    }

    private Lines lines(String statement) {
        Lines known = statements.get(statement);
        if (known != null) {
            return known;
        }
        String key = statements.size() < MOST_STATEMENTS ? statement : REST;
        return statements.computeIfAbsent(key, absent -> new Lines(ticker.getAsLong()));
    }
}
