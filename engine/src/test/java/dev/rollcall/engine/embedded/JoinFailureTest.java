package dev.rollcall.engine.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.HereNowQuery;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.PollListener;
import dev.rollcall.engine.Subscribe;
import dev.rollcall.engine.Targets;
import dev.rollcall.engine.contract.ManualTime;
import dev.rollcall.engine.contract.Settings;
import dev.rollcall.engine.embedded.group.GroupStore;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.engine.memory.MemoryKind;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An Error anywhere in a join: the user is present with roster, lease and index, or nowhere at all. */
class JoinFailureTest {
    private static final SubscribeKey KEY = new SubscribeKey("demo");
    private static final Channel ROOM = new Channel("room");
    private static final UserId ALICE = new UserId("alice");

    /** More looks at the clock than any join takes. */
    private static final int MOST_LOOKS = 20;

    @Test
    void join_announcedOneByOne_isWholeOrNotAtAll() {
        assertWholeOrNotAtAll(Settings.settings().build(), 1);
    }

    /** The join that ends interval mode tells first what is pending. */
    @Test
    void join_amongManyInIntervalMode_isWholeOrNotAtAll() {
        assertWholeOrNotAtAll(Settings.settings().announceMax(1).build(), 3);
    }

    private static void assertWholeOrNotAtAll(KeysetSettings settings, int others) {
        int failed = 0;
        int joined = 0;
        for (int look = 1; look <= MOST_LOOKS; look++) {
            FailingTime time = new FailingTime();
            MemoryBudget memory = MemoryBudget.unlimited();
            try (EmbeddedEngine engine =
                    new EmbeddedEngine(key -> settings, time, new EngineListener() {}, GroupStore.NONE, null, memory)) {
                for (int i = 0; i < others; i++) {
                    heartbeat(engine, new UserId("other-" + i));
                }
                engine.subscribe(
                        new Subscribe(KEY, null, List.of(ROOM.presence()), List.of(), 0, 0, Map.of(), null),
                        new Unheard());
                long before = memory.used(MemoryKind.LEASES);
                time.failAt = look;
                boolean isFailed = false;
                try {
                    heartbeat(engine, ALICE);
                } catch (StackOverflowError e) {
                    isFailed = true;
                }
                time.failAt = 0;
                boolean isPresent = isListed(engine);
                assertThat(engine.whereNow(KEY, ALICE)
                                .toCompletableFuture()
                                .join()
                                .contains(ROOM))
                        .as("the index says what the roster says, look %s", look)
                        .isEqualTo(isPresent);
                assertThat(memory.used(MemoryKind.LEASES) > before).isEqualTo(isPresent);
                failed += isFailed ? 1 : 0;
                joined += isPresent ? 1 : 0;
                heartbeat(engine, ALICE);
                assertThat(isListed(engine)).isTrue();
                time.advance(Duration.ofHours(1));
                while (engine.advance()) {
                    // More is due.
                }
                assertThat(isListed(engine)).as("her lease ends, look %s", look).isFalse();
                assertThat(engine.whereNow(KEY, ALICE).toCompletableFuture().join())
                        .isEmpty();
            }
        }
        assertThat(failed).isPositive();
        assertThat(joined).isPositive();
    }

    private static void heartbeat(EmbeddedEngine engine, UserId user) {
        engine.heartbeat(new Heartbeat(KEY, user, Targets.of(ROOM), 60, Map.of(ROOM.name(), State.ofJson("{\"a\":1}"))))
                .toCompletableFuture()
                .join();
    }

    private static boolean isListed(EmbeddedEngine engine) {
        return engine
                .hereNow(new HereNowQuery(KEY, Targets.of(ROOM), true, 1000, 0))
                .toCompletableFuture()
                .join()
                .get(0)
                .occupants()
                .stream()
                .anyMatch(occupant -> occupant.user().equals(ALICE));
    }

    /** Clocks that fail once, at a certain look. */
    private static final class FailingTime implements EngineTime {
        /** The look that fails, counted from now, 0 for none. */
        int failAt;

        private final ManualTime time = new ManualTime();

        void advance(Duration period) {
            time.advance(period);
        }

        private void look() {
            if (failAt > 0 && --failAt == 0) {
                throw new StackOverflowError("test");
            }
        }

        @Override
        public long epochMillis() {
            look();
            return time.epochMillis();
        }

        @Override
        public long monotonicMillis() {
            look();
            return time.monotonicMillis();
        }
    }

    private static final class Unheard implements PollListener {
        @Override
        public void onAnswer(Answer answer) {}

        @Override
        public void onFailure(ProtocolException failure) {}
    }
}
