package dev.rollcall.engine.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.Targets;
import dev.rollcall.engine.contract.ManualTime;
import dev.rollcall.engine.events.EventReader;
import dev.rollcall.engine.events.EventStream;
import dev.rollcall.engine.kick.Kick;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a renewal costs while somebody reads the stream of events, and while somebody is kept off: nothing more. */
class RenewalCostTest {
    private static final int RENEWALS = 1_000_000;
    private static final int ROUND = 100_000;
    private static final int FEWEST_ROUNDS = 10;

    /** The compiler begins anew when something is loaded, and is slow on a busy machine. */
    private static final int MOST_ROUNDS = 200;

    private static final SubscribeKey KEY = new SubscribeKey("demo");

    private final EmbeddedEngine engine =
            new EmbeddedEngine(key -> KeysetSettings.DEFAULT, new ManualTime(), new EngineListener() {});
    private final Heartbeat heartbeat =
            new Heartbeat(KEY, new UserId("alice"), Targets.of(new Channel("room")), 60, Map.of());

    @Test
    void renewal_allocatesNoMoreAndIsNotInTheStream() {
        engine.heartbeat(heartbeat);
        // Until the compiler has done what it can.
        renew(RENEWALS);
        long before = least(0);

        EventReader reader = engine.events().open(EventStream.FROM_NOW, event -> true, () -> {
            throw new AssertionError("told of a renewal");
        });
        assertThat(reader.read(10)).isEmpty();
        engine.kicks().kick(new Kick(KEY, new UserId("mallory"), List.of(), Duration.ofMinutes(1), null));
        long with = least(before);

        assertThat(with).as("bytes of a round of renewals, %s before", before).isLessThanOrEqualTo(before);
        assertThat(reader.read(10)).isEmpty();
        reader.close();
    }

    /** Returns the fewest bytes of any round, for the machine may do something of its own in one of them. Ends early once they are enough. */
    private long least(long enough) {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < (enough == 0 ? FEWEST_ROUNDS : MOST_ROUNDS) && least > enough; round++) {
            long start = allocated();
            renew(ROUND);
            least = Math.min(least, allocated() - start);
        }
        return least;
    }

    private void renew(int times) {
        for (int i = 0; i < times; i++) {
            engine.heartbeat(heartbeat);
        }
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
