package dev.rollcall.engine.embedded.feed;

import dev.rollcall.engine.contract.ManualTime;
import java.time.Duration;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/** Timetokens taken by several threads at once are as if taken one after the other. */
public class TimetokenSourceLincheckTest {
    private final ManualTime time = new ManualTime();
    private final TimetokenSource source = new TimetokenSource(time);

    /** Takes a timetoken. */
    @Operation
    public long next() {
        return source.next();
    }

    /** Takes a fence. */
    @Operation
    public long fence() {
        return source.fence();
    }

    /** Moves the clock. */
    @Operation
    public void tick() {
        time.advance(Duration.ofMillis(1));
    }

    @Test
    void operations_areLinearizable() {
        new StressOptions()
                .iterations(4)
                .invocationsPerIteration(400)
                .threads(2)
                .actorsPerThread(4)
                .check(getClass());
    }
}
