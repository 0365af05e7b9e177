package dev.rollcall.server.http.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.server.http.HttpMetrics.DropReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

class ConnectionWheelTest {
    private static final long WIDTH = 100;
    private static final long HORIZON = 3200;

    private final ConnectionWheel wheel = new ConnectionWheel(WIDTH, HORIZON, 0);
    private final List<String> looks = new ArrayList<>();

    @Test
    void looksAtOneWhoIsNewWithTheNextBucketAndThenWhenItSays() {
        add("a", now -> now + 1000);
        turn(99);
        assertThat(looks).isEmpty();
        turn(100);
        assertThat(looks).containsExactly("a@100");
        for (long now = 200; now < 1100; now += WIDTH) {
            turn(now);
        }
        assertThat(looks).hasSize(1);
        turn(1100);
        assertThat(looks).containsExactly("a@100", "a@1100");
    }

    @Test
    void looksOnceATurnAtWhoeverWaitsForLonger() {
        add("a", now -> now + 1_000_000);
        for (long now = WIDTH; now <= 10 * HORIZON; now += WIDTH) {
            turn(now);
        }
        assertThat(looks).hasSizeBetween(9, 11);
    }

    @Test
    void looksSoonAtWhoeverIsAskedFor() {
        FakeConnection a = add("a", now -> now + HORIZON);
        turn(100);
        turn(200);
        wheel.lookSoon(a);
        wheel.lookSoon(a);
        turn(300);
        assertThat(looks).containsExactly("a@100", "a@300");
    }

    @Test
    void looksAtEveryoneAfterAPauseOfMoreThanATurnAndNotOverAndOver() {
        for (int i = 0; i < 50; i++) {
            long wait = i * WIDTH;
            add("c" + i, now -> now + wait);
        }
        turn(100);
        looks.clear();
        turn(1_000_000);
        assertThat(looks).hasSizeBetween(50, 100);
        looks.clear();
        turn(1_000_000 + WIDTH);
        assertThat(looks).contains("c0@" + (1_000_000 + WIDTH));
    }

    @Test
    void leavesOutWhoeverHasGoneAlsoWhileOthersAreLookedAt() {
        List<FakeConnection> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.add(add("c" + i, now -> {
                all.subList(0, 4).forEach(wheel::remove);
                return now;
            }));
        }
        turn(100);
        turn(200);
        assertThat(looks).containsExactly("c4@100", "c4@200");
        assertThat(wheel.size()).isOne();
    }

    @Test
    void removesOnce() {
        FakeConnection a = add("a", now -> now);
        wheel.remove(a);
        wheel.remove(a);
        wheel.lookSoon(a);
        turn(100);
        assertThat(looks).isEmpty();
        assertThat(wheel.size()).isZero();
    }

    @Test
    void handsOutEach() {
        add("a", now -> now);
        add("b", now -> now + 1000);
        turn(100);
        List<Connection> seen = new ArrayList<>();
        wheel.forEach(connection -> {
            seen.add(connection);
            wheel.remove(connection);
        });
        assertThat(seen).hasSize(2);
        assertThat(wheel.size()).isZero();
    }

    /** Whatever is filed, asked for and removed: nobody is looked at later than a bucket after their time, or twice in one. */
    @Test
    void isLateByABucketAtMost() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            ConnectionWheel some = new ConnectionWheel(WIDTH, HORIZON, 0);
            List<FakeConnection> there = new ArrayList<>();
            long now = 0;
            for (int step = 0; step < 300; step++) {
                switch (random.nextInt(4)) {
                    case 0 -> {
                        FakeConnection added = new FakeConnection("c" + step, at -> at + random.nextInt(4000));
                        added.due = now + WIDTH;
                        there.add(added);
                        some.add(added);
                    }
                    case 1 -> {
                        if (!there.isEmpty()) {
                            some.remove(there.remove(random.nextInt(there.size())));
                        }
                    }
                    case 2 -> {
                        if (!there.isEmpty()) {
                            FakeConnection asked = there.get(random.nextInt(there.size()));
                            asked.due = Math.min(asked.due, now + WIDTH);
                            some.lookSoon(asked);
                        }
                    }
                    default -> {
                        now += random.nextInt(250);
                        some.turn(now, (connection, at) -> ((FakeConnection) connection).look(at));
                        for (FakeConnection connection : there) {
                            assertThat(connection.due)
                                    .as("seed %d step %d", seed, step)
                                    .isGreaterThan(now - WIDTH);
                        }
                    }
                }
                assertThat(some.size()).isEqualTo(there.size());
            }
        }
    }

    private FakeConnection add(String name, LongUnaryOperator again) {
        FakeConnection connection = new FakeConnection(name, again);
        wheel.add(connection);
        return connection;
    }

    private void turn(long now) {
        wheel.turn(now, (connection, at) -> {
            looks.add(((FakeConnection) connection).name + '@' + at);
            return ((FakeConnection) connection).look(at);
        });
    }

    private static final class FakeConnection implements Connection {
        final String name;
        final LongUnaryOperator again;
        long due;
        int bucket;
        int slot = -1;

        FakeConnection(String name, LongUnaryOperator again) {
            this.name = name;
            this.again = again;
        }

        long look(long now) {
            due = again.applyAsLong(now);
            // Nobody is looked at before the next turn, nor later than after a whole one.
            due = Math.min(Math.max(due, now + WIDTH), now + HORIZON);
            return due;
        }

        @Override
        public long sweep(long nowNanos) {
            return look(nowNanos);
        }

        @Override
        public void stop() {}

        @Override
        public void drop(DropReason reason) {}

        @Override
        public void flush() {}

        @Override
        public int bucket() {
            return bucket;
        }

        @Override
        public int slot() {
            return slot;
        }

        @Override
        public void place(int newBucket, int newSlot) {
            bucket = newBucket;
            slot = newSlot;
        }
    }
}
