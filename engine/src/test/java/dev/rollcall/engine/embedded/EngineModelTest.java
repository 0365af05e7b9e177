package dev.rollcall.engine.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.contract.ModelRun;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Random clients against the embedded engine and a naive model of the rules.
 *
 * <p>{@code -Drollcall.model.seed=N} makes the one run that failed; {@code -Drollcall.model.seeds=N} makes N runs.
 */
class EngineModelTest {
    @Test
    void anyRequests_inAnyOrderKeepTheEngineInStepWithTheModel() {
        Long only = Long.getLong("rollcall.model.seed");
        if (only != null) {
            ModelRun.run(only, EmbeddedFixture::new);
            return;
        }
        int seeds = Integer.getInteger("rollcall.model.seeds", 500);
        long whole = LongStream.rangeClosed(1, seeds)
                .parallel()
                .filter(seed -> ModelRun.run(seed, EmbeddedFixture::new))
                .count();
        assertThat(whole).as("runs of %s that came to their end", seeds).isGreaterThan(seeds * 3L / 4);
    }
}
