package dev.rollcall.engine.contract;

import dev.rollcall.engine.Engine;
import java.time.Duration;

/** An engine under test and the time it lives in. Each kind of engine brings its own; the suites know nothing else of it. */
public interface EngineFixture extends AutoCloseable {
    /** Returns the engine. */
    Engine engine();

    /** Returns what the wall clock shows, in milliseconds since the Unix epoch. */
    long epochMillis();

    /** Lets time pass in steps of at most 10 milliseconds, and the engine do at each step what is due. */
    void advance(Duration time);

    /** Lets time pass in one step, and the engine do afterwards what is due. */
    void jump(Duration time);

    /** Returns when everything caused so far has reached whoever it concerns. */
    void settle();

    /** Stops the engine. */
    @Override
    void close();
}
