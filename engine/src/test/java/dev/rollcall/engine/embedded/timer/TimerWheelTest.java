package dev.rollcall.engine.embedded.timer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimerWheelTest {
    private static final int ALL = Integer.MAX_VALUE;

    private final List<Throwable> failures = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                1,
                15,
                16,
                4_095,
                4_096,
                1_048_575,
                7_000_000,
                Integer.MAX_VALUE - 5L,
                Integer.MAX_VALUE + 1L,
                0xFFFF_FFF0L,
                0x1_0000_0000L,
                -1,
                -20_000_000,
                Long.MAX_VALUE / 4
            })
    void advance_runsATimerAtItsDeadlineAndNeverEarlier(long start) {
        for (long wait : new long[] {
            0,
            1,
            15,
            16,
            17,
            255,
            256,
            4_079,
            4_080,
            4_095,
            4_096,
            4_097,
            65_536,
            1_048_560,
            1_048_576,
            1_048_577,
            3_600_000,
            16_777_215,
            16_777_216,
            40_000_000
        }) {
            TimerWheel wheel = wheel(start);
            Recorded timer = new Recorded();
            wheel.schedule(timer, start + wait);
            if (wait > 0) {
                wheel.advance(start + wait - 1, ALL);
                assertThat(timer.ranAt).as("%s after %s", wait - 1, start).isEmpty();
            }
            wheel.advance(start + wait, ALL);
            assertThat(timer.ranAt).as("%s after %s", wait, start).containsExactly(start + wait);
            assertThat(wheel.size()).isZero();
            assertThat(timer.isScheduled()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 7_000_000, Integer.MAX_VALUE - 3_000L, 0xFFFF_F000L, -3_000})
    void earliest_isTheDeadlineOfTheTimerThatRunsNext(long start) {
        SplittableRandom random = new SplittableRandom(start);
        TimerWheel wheel = wheel(start);
        Map<Recorded, Long> deadlines = new HashMap<>();
        assertThat(wheel.earliest()).isEqualTo(Long.MAX_VALUE);
        long now = start;
        for (int i = 0; i < 400; i++) {
            Recorded timer = new Recorded();
            long deadline = now + random.nextLong(1, 1L << random.nextInt(4, 24));
            wheel.schedule(timer, deadline);
            deadlines.put(timer, deadline);
            if (i % 3 == 0) {
                // Put off, it stays in the bucket of its old deadline.
                Recorded moved = List.copyOf(deadlines.keySet()).get(random.nextInt(deadlines.size()));
                long later = deadlines.get(moved) + random.nextInt(100_000);
                wheel.reschedule(moved, later);
                deadlines.put(moved, later);
            }
            if (i % 2 == 0) {
                long due = deadlines.values().stream().min(Long::compare).orElseThrow();
                assertThat(wheel.earliest()).isEqualTo(due);
                List<Object> seen = new ArrayList<>();
                wheel.forEachDueBy(due, seen::add);
                assertThat(seen)
                        .containsExactlyInAnyOrderElementsOf(deadlines.keySet().stream()
                                .filter(each -> deadlines.get(each) == due)
                                .toList());
                wheel.advance(due, ALL);
                now = due;
                assertThat(deadlines.keySet().removeIf(each -> !each.ranAt.isEmpty()))
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 7_000_000, Integer.MAX_VALUE - 3_000L, 0xFFFF_F000L, -3_000})
    void advance_inSmallStepsRunsEveryTimerExactly(long start) {
        TimerWheel wheel = wheel(start);
        Map<Recorded, Long> deadlines = new HashMap<>();
        for (long wait = 0; wait < 20_000; wait += 7) {
            Recorded timer = new Recorded();
            wheel.schedule(timer, start + wait);
            deadlines.put(timer, start + wait);
        }
        for (long now = start; now <= start + 20_000; now++) {
            wheel.advance(now, ALL);
        }
        deadlines.forEach((timer, deadline) -> assertThat(timer.ranAt).containsExactly(deadline));
    }

    @Test
    void advance_withinItsBudgetLeavesTheRestForTheNextCall() {
        TimerWheel wheel = wheel(0);
        List<Recorded> timers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Recorded timer = new Recorded();
            timers.add(timer);
            wheel.schedule(timer, i < 5 ? 100 : 5_000);
        }

        assertThat(wheel.advance(10_000, 3)).isZero();
        assertThat(ran(timers)).isEqualTo(3);
        assertThat(wheel.size()).isEqualTo(7);
        assertThat(wheel.advance(10_000, 4)).isZero();
        assertThat(ran(timers)).isEqualTo(7);
        assertThat(wheel.advance(10_000, 100)).isEqualTo(97);
        assertThat(ran(timers)).isEqualTo(10);
        assertThat(wheel.advance(10_000, 100)).isEqualTo(100);
    }

    @ParameterizedTest
    @MethodSource
    void advance_withATimerThatThrowsRunsTheOthersAndThatOneAgain(Throwable thrown) {
        TimerWheel wheel = wheel(0);
        Recorded before = new Recorded();
        Recorded after = new Recorded();
        wheel.schedule(before, 10);
        Failing failing = new Failing(thrown, 2);
        wheel.schedule(failing, 10);
        wheel.schedule(after, 10);

        assertThat(wheel.advance(10, 10)).isEqualTo(7);

        assertThat(before.ranAt).containsExactly(10L);
        assertThat(after.ranAt).containsExactly(10L);
        assertThat(failures).containsExactly(thrown);
        assertThat(wheel.size()).isEqualTo(1);
        for (long now = 11; now < 20_000; now++) {
            wheel.advance(now, ALL);
        }
        assertThat(failing.ranAt).containsExactly(10L, 1_010L, 3_010L);
        assertThat(wheel.size()).isZero();
    }

    static List<Throwable> advance_withATimerThatThrowsRunsTheOthersAndThatOneAgain() {
        return List.of(
                new IllegalStateException("on purpose"),
                new AssertionError("on purpose"),
                new StackOverflowError("on purpose"),
                new NoClassDefFoundError("on purpose"));
    }

    @Test
    void advance_throwsOnWhatNoProcessShouldOutliveAndLosesNothing() {
        TimerWheel wheel = wheel(0);
        Failing failing = new Failing(new OutOfMemoryError("Java heap space"), 1);
        List<Recorded> others = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Recorded timer = new Recorded();
            others.add(timer);
            wheel.schedule(i == 5 ? failing : timer, 10);
        }

        assertThatThrownBy(() -> wheel.advance(10, ALL)).isInstanceOf(OutOfMemoryError.class);
        assertThat(wheel.size()).isEqualTo(5);
        wheel.advance(10, ALL);

        assertThat(ran(others)).isEqualTo(9);
        wheel.advance(1_010, ALL);
        assertThat(failing.ranAt).containsExactly(10L, 1_010L);
    }

    @Test
    void advance_withATimerThatAlwaysThrowsTriesItOnceAMinuteOrSo() {
        TimerWheel wheel = wheel(0);
        Failing failing = new Failing(new IllegalStateException("on purpose"), Integer.MAX_VALUE);
        wheel.schedule(failing, 10);

        for (long now = 0; now < 3_600_000; now += 100) {
            wheel.advance(now, ALL);
        }

        assertThat(failing.ranAt).hasSizeBetween(50, 70);
        wheel.cancel(failing);
        assertThat(wheel.size()).isZero();
    }

    @Test
    void advance_countsWhatItMovesAndGoesOnInTheMiddle() {
        TimerWheel wheel = wheel(0);
        List<Recorded> timers = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            Recorded timer = new Recorded();
            timers.add(timer);
            // In one bucket of the middle wheel, taken apart when its turn begins.
            wheel.schedule(timer, 4_096 + i % 4_000);
        }
        int calls = 0;
        do {
            calls++;
            // Meanwhile the wheel is as usable as ever.
            Recorded another = new Recorded();
            timers.add(another);
            wheel.schedule(another, 5_000);
            wheel.cancel(timers.get(calls * 3));
        } while (wheel.advance(4_096, 100) == 0);

        assertThat(calls).isBetween(95, 110);
        assertThat(ran(timers)).isBetween(1L, 3L);
        for (long now = 4_097; now <= 9_000; now++) {
            while (wheel.advance(now, 7) == 0) {
                // More is due.
            }
        }
        assertThat(ran(timers)).isEqualTo(timers.size() - calls);
        assertThat(wheel.size()).isZero();
    }

    @Test
    void advance_withMoreInTheBucketAtHandThanItsBudgetEnds() {
        TimerWheel wheel = wheel(0);
        for (int i = 0; i < 1_000; i++) {
            wheel.schedule(new Recorded(), 15);
        }
        int calls = 1;
        while (wheel.advance(3, 100) == 0) {
            calls++;
        }
        assertThat(calls).isBetween(10, 12);
        assertThat(wheel.size()).isEqualTo(1_000);
    }

    @Test
    void advance_backwardsDoesNothing() {
        TimerWheel wheel = wheel(1_000);
        Recorded timer = new Recorded();
        wheel.schedule(timer, 2_000);
        wheel.advance(1_999, ALL);

        wheel.advance(500, ALL);
        assertThat(timer.ranAt).isEmpty();
        wheel.advance(2_000, ALL);

        assertThat(timer.ranAt).containsExactly(2_000L);
    }

    @Test
    void schedule_ofSomethingOverdueRunsAtTheNextAdvance() {
        TimerWheel wheel = wheel(1_000);
        Recorded timer = new Recorded();
        wheel.schedule(timer, 1);

        wheel.advance(1_000, ALL);

        assertThat(timer.ranAt).containsExactly(1_000L);
    }

    @Test
    void schedule_fromWithinATimerWorks() {
        TimerWheel wheel = wheel(0);
        List<Long> ranAt = new ArrayList<>();
        wheel.schedule(
                new Timer() {
                    @Override
                    public void onDue(long now) {
                        ranAt.add(now);
                        if (ranAt.size() < 4) {
                            wheel.schedule(this, now + 10_000);
                        }
                    }
                },
                10_000);
        for (long now = 0; now <= 50_000; now += 50) {
            wheel.advance(now, ALL);
        }
        assertThat(ranAt).containsExactly(10_000L, 20_000L, 30_000L, 40_000L);
    }

    @Test
    void schedule_fromWithinATimerForThePastEndsAllTheSame() {
        TimerWheel wheel = wheel(0);
        List<Long> ranAt = new ArrayList<>();
        wheel.schedule(
                new Timer() {
                    @Override
                    public void onDue(long now) {
                        ranAt.add(now);
                        wheel.schedule(this, now - 5);
                    }
                },
                100);

        assertThat(wheel.advance(10_000, 20)).isZero();

        assertThat(ranAt).hasSize(20);
        assertThat(wheel.size()).isEqualTo(1);
    }

    @Test
    void cancel_fromWithinATimerHoldsForOneDueAtTheSameMoment() {
        TimerWheel wheel = wheel(0);
        Recorded victim = new Recorded();
        wheel.schedule(
                new Timer() {
                    @Override
                    public void onDue(long now) {
                        wheel.cancel(victim);
                    }
                },
                10);
        wheel.schedule(victim, 10);

        wheel.advance(10, ALL);

        assertThat(victim.ranAt).isEmpty();
        assertThat(wheel.size()).isZero();
    }

    @Test
    void reschedule_toLaterAndSoonerMovesTheDeadline() {
        TimerWheel wheel = wheel(0);
        Recorded later = new Recorded();
        Recorded sooner = new Recorded();
        wheel.schedule(later, 100);
        wheel.schedule(sooner, 1_000_000);

        wheel.reschedule(later, 2_000_000);
        wheel.reschedule(sooner, 50);
        wheel.advance(49, ALL);
        assertThat(sooner.ranAt).isEmpty();
        wheel.advance(50, ALL);
        wheel.advance(1_999_999, ALL);
        assertThat(later.ranAt).isEmpty();
        wheel.advance(2_000_000, ALL);

        assertThat(sooner.ranAt).containsExactly(50L);
        assertThat(later.ranAt).containsExactly(2_000_000L);
    }

    @Test
    void forEach_visitsEveryTimerOnceAndMayCancelIt() {
        TimerWheel wheel = wheel(0);
        for (long wait : new long[] {1, 16, 5_000, 100_000, 2_000_000, 50_000_000}) {
            wheel.schedule(new Recorded(), wait);
        }
        List<Timer> seen = new ArrayList<>();

        wheel.forEach(timer -> {
            seen.add(timer);
            wheel.cancel(timer);
        });

        assertThat(seen).hasSize(6).doesNotHaveDuplicates();
        assertThat(wheel.size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void anySequence_behavesLikeASortedMap(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        long now = random.nextBoolean() ? random.nextLong(1L << 40) : Integer.MAX_VALUE - random.nextLong(100_000);
        TimerWheel wheel = wheel(now);
        Map<Recorded, Long> model = new HashMap<>();
        List<Recorded> all = new ArrayList<>();
        for (int step = 0; step < 6_000; step++) {
            Recorded some = all.isEmpty() ? null : all.get(random.nextInt(all.size()));
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    Recorded timer = new Recorded();
                    all.add(timer);
                    long deadline = now + wait(random);
                    wheel.schedule(timer, deadline);
                    model.put(timer, deadline);
                }
                case 2 -> {
                    if (some != null && model.containsKey(some)) {
                        long deadline = now + wait(random);
                        wheel.reschedule(some, deadline);
                        model.put(some, deadline);
                    }
                }
                case 3 -> {
                    if (some != null) {
                        wheel.cancel(some);
                        model.remove(some);
                    }
                }
                default -> {
                    now += random.nextInt(8) == 0 ? wait(random) : random.nextInt(200);
                    while (wheel.advance(now, 1 + random.nextInt(50)) == 0) {
                        // More is due.
                    }
                    check(model, all, now, seed);
                }
            }
        }
        assertThat(wheel.size()).isEqualTo(model.size());
    }

    private static long wait(SplittableRandom random) {
        return random.nextLong(1L << 1 + random.nextInt(25));
    }

    private static void check(Map<Recorded, Long> model, List<Recorded> all, long now, long seed) {
        for (Recorded timer : all) {
            Long deadline = model.get(timer);
            boolean due = deadline != null && deadline <= now;
            if (due == timer.ranAt.isEmpty()) {
                throw new AssertionError("seed " + seed + ": due " + deadline + ", ran " + timer.ranAt + " at " + now);
            }
            if (due) {
                model.remove(timer);
            }
            timer.ranAt.clear();
        }
        all.removeIf(timer -> !timer.isScheduled());
    }

    private static long ran(List<Recorded> timers) {
        return timers.stream().filter(timer -> !timer.ranAt.isEmpty()).count();
    }

    private TimerWheel wheel(long now) {
        return new TimerWheel(now, failures::add);
    }

    private static final class Failing extends Timer {
        final List<Long> ranAt = new ArrayList<>();
        private final Throwable thrown;
        private int times;

        Failing(Throwable thrown, int times) {
            this.thrown = thrown;
            this.times = times;
        }

        @Override
        public void onDue(long now) {
            ranAt.add(now);
            if (times-- > 0) {
                throw TimerWheelTest.<RuntimeException>unchecked(thrown);
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> E unchecked(Throwable thrown) throws E {
        throw (E) thrown;
    }

    private static final class Recorded extends Timer {
        final List<Long> ranAt = new ArrayList<>();

        @Override
        public void onDue(long now) {
            ranAt.add(now);
        }
    }
}
