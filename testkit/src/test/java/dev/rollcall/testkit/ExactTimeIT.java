package dev.rollcall.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.server.emulator.TimelineEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whatever happens by time happens at the millisecond at which it is due, however the clock is moved. */
class ExactTimeIT {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final long WHEEL_MILLIS = 1L << 24;
    private static final Duration HOUR = Duration.ofHours(1);

    private static RollcallTestServer.Builder builder() {
        return RollcallTestServer.builder().startingAt(START);
    }

    @Test
    void aThousandTimeoutsInOneJumpAreStampedWithTheEndsOfTheirLeases() {
        try (RollcallTestServer server =
                builder().keyset(k -> k.presence(p -> p.announceMax(2000))).start()) {
            for (int i = 0; i < 1000; i++) {
                server.user("user-" + i)
                        .withTimeout(Duration.ofSeconds(20 + i * 3L))
                        .join("lobby");
            }
            server.clock().advance(HOUR);
            List<TimelineEntry> timeouts = server.timeline().entries().stream()
                    .filter(entry -> entry.action().equals("timeout"))
                    .toList();
            assertThat(timeouts)
                    .extracting(TimelineEntry::user)
                    .containsExactlyElementsOf(
                            IntStream.range(0, 1000).mapToObj(i -> "user-" + i).toList());
            assertThat(timeouts)
                    .extracting(TimelineEntry::at)
                    .containsExactlyElementsOf(IntStream.range(0, 1000)
                            .mapToObj(i -> START.plusSeconds(20 + i * 3L))
                            .toList());
            assertThat(server.clock().now()).isEqualTo(START.plus(HOUR));
        }
    }

    @Test
    void intervalEventsComeAtEachInterval() {
        try (RollcallTestServer server = builder()
                .keyset(k -> k.presence(p -> p.announceMax(2).interval(Duration.ofSeconds(10))))
                .start()) {
            for (int i = 0; i < 6; i++) {
                server.user("user-" + i)
                        .withTimeout(Duration.ofSeconds(25 + 10L * i))
                        .join("lobby");
            }
            server.clock().advance(HOUR);
            List<Instant> intervals = server.timeline().entries().stream()
                    .filter(entry -> entry.action().equals("interval"))
                    .map(TimelineEntry::at)
                    .toList();
            assertThat(intervals.subList(0, 4))
                    .allSatisfy(at -> assertThat(Duration.between(START, at).toMillis() % 10_000)
                            .isZero());
            assertThat(intervals).doesNotHaveDuplicates();
        }
    }

    @Test
    void oneJumpIsManySteps() {
        int seeds = Integer.getInteger("rollcall.model.seeds", 200);
        try (RollcallTestServer server = builder()
                .keyset(k -> k.presence(
                        p -> p.announceMax(3).interval(Duration.ofSeconds(10)).deltas(true)))
                .start()) {
            for (int seed = 0; seed < seeds; seed++) {
                // A step of 10 ms takes 6,000 of them for a minute, so most of the time it is more.
                long small = seed % 20 == 0 ? 10 : 250 + 10 * seed;
                List<String> jump = play(server, seed, 60_000);
                assertThat(jump).as("seed %s", seed).hasSizeGreaterThan(10);
                assertThat(play(server, seed, 1000))
                        .as("seed %s by seconds", seed)
                        .isEqualTo(jump);
                assertThat(play(server, seed, small))
                        .as("seed %s by %s ms", seed, small)
                        .isEqualTo(jump);
            }
        }
    }

    @Test
    void anHourInOneJumpIsAnHourOfSeconds() {
        try (RollcallTestServer server =
                builder().keyset(k -> k.presence(p -> p.announceMax(3))).start()) {
            int seeds = Integer.getInteger("rollcall.model.seeds", 200);
            for (int seed = 0; seed < seeds; seed++) {
                List<String> jump = play(server, new Play(seed, 1, 60, HOUR.toMillis()), HOUR.toMillis());
                assertThat(jump).as("seed %s", seed).hasSizeGreaterThan(10);
                assertThat(play(server, new Play(seed, 1, 60, HOUR.toMillis()), 1000))
                        .as("seed %s", seed)
                        .isEqualTo(jump);
            }
        }
    }

    private static List<String> play(RollcallTestServer server, int seed, long step) {
        return play(server, new Play(seed, 5, 12, 60_000), step);
    }

    /** What is played: rounds of so many acts, behind each of which so much time passes. */
    private record Play(int seed, int rounds, int acts, long millis) {}

    /** Has users come, go and be silent in rounds, behind which the clock moves in steps; returns what happened, by time passed. */
    private static List<String> play(RollcallTestServer server, Play play, long step) {
        server.reset();
        // What is due at the same millisecond is in the order in which the timer wheel has it, which goes by where it
        // stands:
        // every run begins at the same place of it.
        long into = server.clock().now().toEpochMilli() % WHEEL_MILLIS;
        server.clock().advance(Duration.ofMillis((WHEEL_MILLIS - into) % WHEEL_MILLIS));
        Instant begin = server.clock().now();
        SplittableRandom random = new SplittableRandom(play.seed());
        for (int i = 0; i < play.rounds(); i++) {
            for (int j = 0; j < play.acts(); j++) {
                TestUser user = server.user("user-" + random.nextInt(10));
                String channel = "channel-" + random.nextInt(4);
                switch (random.nextInt(6)) {
                    case 0 -> user.leave(channel);
                    case 1 -> user.state(channel, "{\"n\":" + random.nextInt(3) + '}');
                    case 2 -> user.heartbeat();
                    default ->
                        user.withTimeout(Duration.ofSeconds(3 + random.nextInt(100)))
                                .join(channel);
                }
            }
            long left = play.millis();
            while (left > 0) {
                long by = Math.min(step, left);
                server.clock().advance(Duration.ofMillis(by));
                left -= by;
            }
        }
        List<String> told = new ArrayList<>();
        for (TimelineEntry entry : server.timeline().entries()) {
            told.add(Duration.between(begin, entry.at())
                    + entry.toString().substring(entry.at().toString().length()));
        }
        return told;
    }

    @Test
    void whoeverIsKeptStays() {
        try (RollcallTestServer server = builder().start()) {
            server.user("alice").join("lobby");
            server.user("bob").join("lobby");
            server.clock().keeping("alice").advance(HOUR);
            assertThat(server.roster("lobby").occupants()).containsExactly("alice");
            server.user("bob").join("lobby");
            server.clock().keepingAll().advance(HOUR);
            assertThat(server.roster("lobby").occupants()).containsExactly("alice", "bob");
            server.silence("alice");
            server.clock().keepingAll().advance(HOUR);
            assertThat(server.roster("lobby").occupants()).containsExactly("bob");
        }
    }

    @Test
    void advanceUntil_standsWhereTheConditionBeganToHold() {
        try (RollcallTestServer server = builder().start()) {
            server.user("alice").withTimeout(Duration.ofSeconds(42)).join("lobby");
            server.clock().advanceUntil(() -> server.roster("lobby").occupancy() == 0, HOUR);
            assertThat(server.clock().now()).isEqualTo(START.plusSeconds(42));
            assertThatThrownBy(() -> server.clock().advanceUntil(() -> false, HOUR))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("PT1H");
        }
    }

    @Test
    void aClockThatRunsGoesOnByItselfAndCannotBeMoved() {
        try (RollcallTestServer server = builder().start()) {
            server.user("alice").join("lobby");
            server.clock().run(1000);
            assertThatThrownBy(() -> server.clock().advance(HOUR)).isInstanceOf(IllegalStateException.class);
            TimelineEntry timeout =
                    server.timeline().await(entry -> entry.action().equals("timeout"));
            assertThat(timeout.at()).isEqualTo(START.plusSeconds(300));
            server.clock().freeze();
            Instant stopped = server.clock().now();
            server.clock().advance(Duration.ofMillis(1));
            assertThat(server.clock().now()).isEqualTo(stopped.plusMillis(1));
        }
    }

    @Test
    void advance_refusesWhatItCannotDo() {
        try (RollcallTestServer server = builder().start()) {
            assertThatThrownBy(() -> server.clock().advance(Duration.ofSeconds(-1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("PT-1S");
            assertThatThrownBy(() -> server.clock().advance(Duration.ofDays(31)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("PT744H");
        }
    }
}
