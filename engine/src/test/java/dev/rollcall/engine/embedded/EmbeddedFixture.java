package dev.rollcall.engine.embedded;

import dev.rollcall.engine.Engine;
import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.Keysets;
import dev.rollcall.engine.contract.EngineFixture;
import dev.rollcall.engine.contract.ManualTime;
import dev.rollcall.engine.embedded.group.GroupStore;
import dev.rollcall.engine.memory.MemoryBudget;
import java.time.Duration;

/** The embedded engine under a clock moved by hand. */
final class EmbeddedFixture implements EngineFixture {
    private static final Duration STEP = Duration.ofMillis(10);

    private final ManualTime time = new ManualTime();
    private final LoggedErrors errors = LoggedErrors.collect();
    private final MemoryBudget memory;
    private final EmbeddedEngine engine;

    EmbeddedFixture(Keysets keysets, EngineListener listener) {
        this(keysets, listener, MemoryBudget.unlimited());
    }

    EmbeddedFixture(Keysets keysets, EngineListener listener, MemoryBudget memory) {
        this.memory = memory;
        engine = new EmbeddedEngine(keysets, time, listener, GroupStore.NONE, null, memory);
    }

    MemoryBudget memory() {
        return memory;
    }

    @Override
    public Engine engine() {
        return engine;
    }

    ManualTime time() {
        return time;
    }

    @Override
    public long epochMillis() {
        return time.epochMillis();
    }

    @Override
    public void advance(Duration period) {
        Duration left = period;
        while (left.compareTo(STEP) > 0) {
            jump(STEP);
            left = left.minus(STEP);
        }
        jump(left);
    }

    @Override
    public void jump(Duration period) {
        time.advance(period);
        settle();
    }

    @Override
    public void settle() {
        while (engine.advance()) {
            // More is due.
        }
    }

    @Override
    public void close() {
        engine.close();
        errors.assertNone();
    }
}
