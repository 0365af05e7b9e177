package dev.rollcall.engine.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.contract.ManualTime;
import dev.rollcall.engine.contract.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Does at random what clients do, restores a snapshot into a second engine without any grace, and goes on with both: they must not be
 * told apart. {@code -Drollcall.model.seed=N} makes the one run that failed.
 */
class SnapshotModelTest {
    private static final int STEPS = 60;
    private static final long STEP_MILLIS = 10;
    private static final List<String> CHANNELS = List.of("a.x", "a.y", "b", "c");
    private static final String[] WATCHED = {"a.x-pnpres", "b-pnpres", "c-pnpres", "a.*", "b", "c"};
    private static final List<String> USERS = List.of("ann", "ben", "cyd", "dan", "eve");

    @Test
    void anEngineAndTheOneRestoredFromItCannotBeToldApart() {
        Long only = Long.getLong("rollcall.model.seed");
        LongStream seeds = only == null ? LongStream.rangeClosed(1, 200) : LongStream.of(only);
        long announced = seeds.parallel().map(SnapshotModelTest::run).sum();
        assertThat(announced).as("events after the restarts").isPositive();
    }

    private static long run(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ManualTime time = new ManualTime();
        KeysetSettings settings = settings(random);
        SnapshotSide first = new SnapshotSide(key -> settings, time);
        List<String> story = new ArrayList<>();
        long cursor = first.handshake(null, WATCHED);
        for (int step = 0; step < STEPS; step++) {
            step(random, time, story, first);
        }
        first.takeAnnounced();
        SnapshotSide second = new SnapshotSide(key -> settings, time);
        second.restore(first.snapshot(Duration.ZERO), Duration.ZERO);
        compare(seed, story, cursor, first, second);
        long announced = 0;
        for (int step = 0; step < STEPS; step++) {
            step(random, time, story, first, second);
            announced += first.announced.size();
            // But for one thing: who was not heard of since has gone by the restart, which the first engine knows
            // nothing of.
            assertThat(second.takeAnnounced().stream()
                            .map(event -> event.replace("departure=RESTART", "departure=TIMEOUT"))
                            .toList())
                    .as("announced in seed %s after %s", seed, story)
                    .isEqualTo(first.takeAnnounced());
        }
        compare(seed, story, cursor, first, second);
        return announced;
    }

    private static KeysetSettings settings(SplittableRandom random) {
        Settings settings = Settings.settings()
                .announceMax(random.nextInt(4))
                .interval(Duration.ofMillis(3000 + random.nextInt(3000)))
                .presenceTimeout(Duration.ofSeconds(30))
                .debounce(Duration.ofMillis(random.nextInt(2000)));
        return (random.nextBoolean() ? settings.deltas() : settings).build();
    }

    private static void step(SplittableRandom random, ManualTime time, List<String> story, SnapshotSide... sides) {
        String user = USERS.get(random.nextInt(USERS.size()));
        String channel = CHANNELS.get(random.nextInt(CHANNELS.size()));
        int kind = random.nextInt(9);
        // Each user has their own, so that seldom two leases of a channel end at one moment.
        int timeout = random.nextBoolean() ? 0 : 5 + 7 * USERS.indexOf(user);
        int number = random.nextInt(3);
        long millis = 1 + random.nextInt(random.nextInt(4) == 0 ? 9000 : 900);
        story.add(kind + " " + user + " " + channel + " " + timeout + " " + number + " " + millis);
        for (SnapshotSide side : sides) {
            switch (kind) {
                case 0, 1, 2 -> side.heartbeat(user, channel, timeout);
                case 3 -> side.leave(user, channel);
                case 4 -> side.setState(user, channel, number == 0 ? "{}" : "{\"k\":" + number + "}");
                case 5 -> side.publish(channel, "m" + story.size());
                default -> {
                    // time passes
                }
            }
        }
        // In small steps, as what is due in one step comes in no certain order.
        for (long left = millis; left > 0; left -= STEP_MILLIS) {
            time.advance(Duration.ofMillis(Math.min(left, STEP_MILLIS)));
            for (SnapshotSide side : sides) {
                side.settle();
            }
        }
    }

    private static void compare(long seed, List<String> story, long cursor, SnapshotSide first, SnapshotSide second) {
        assertThat(second.everybody())
                .as("everybody in seed %s after %s", seed, story)
                .isEqualTo(first.everybody());
        for (String user : USERS) {
            assertThat(second.whereNow(user)).as("seed %s", seed).isEqualTo(first.whereNow(user));
            for (String channel : CHANNELS) {
                assertThat(second.state(user, channel)).as("seed %s", seed).isEqualTo(first.state(user, channel));
            }
        }
        for (String watched : WATCHED) {
            assertThat(second.hears(cursor, watched))
                    .as("heard on %s in seed %s after %s", watched, seed, story)
                    .isEqualTo(first.hears(cursor, watched));
        }
        assertThat(Map.of("counts", second.engine.counts()))
                .as("seed %s after %s", seed, story)
                .isEqualTo(Map.of("counts", first.engine.counts()));
    }
}
