package dev.rollcall.engine.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.engine.contract.ManualTime;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.engine.memory.MemoryKind;
import dev.rollcall.protocol.Arrival;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.PresenceEvent;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What readers of the stream get, and what it costs where there are none. */
class EventLogTest {
    private static final SubscribeKey KEY = new SubscribeKey("demo");

    private final ManualTime time = new ManualTime();
    private final List<Throwable> failures = new ArrayList<>();
    private long newest = 1000;
    private MemoryBudget memory = MemoryBudget.unlimited();
    private EventLog log = new EventLog(time, memory, () -> newest, failures::add);

    @Test
    void reader_getsWhatComesAfterItIsThere() {
        append(1001);
        EventReader reader = open(EventStream.FROM_NOW);
        append(1002, 1003);

        assertThat(timetokens(reader.read(10))).containsExactly(1002L, 1003L);
        assertThat(reader.position()).isEqualTo(1003);
        assertThat(reader.read(10)).isEmpty();
        append(1004);
        assertThat(timetokens(reader.read(10))).containsExactly(1004L);
    }

    @Test
    void readers_haveEachTheirOwnSpeedAndFilter() {
        EventReader all = open(EventStream.FROM_NOW);
        EventReader even = log.open(EventStream.FROM_NOW, event -> event.timetoken() % 2 == 0, () -> {});
        append(1001, 1002, 1003, 1004);

        assertThat(timetokens(all.read(1))).containsExactly(1001L);
        assertThat(timetokens(even.read(10))).containsExactly(1002L, 1004L);
        append(1005);
        assertThat(even.read(10)).isEmpty();
        assertThat(even.position()).isEqualTo(1005);
        assertThat(timetokens(all.read(10))).containsExactly(1002L, 1003L, 1004L, 1005L);
    }

    @Test
    void reader_thatIsTooSlowFindsAGapAndGoesOn() {
        EventReader slow = open(EventStream.FROM_NOW);
        EventReader fast = open(EventStream.FROM_NOW);
        long got = 0;
        for (int i = 1; i <= EventStream.MOST_EVENTS + 500; i++) {
            append(1000 + i);
            got += fast.read(10).size();
        }

        assertThat(got).isEqualTo(EventStream.MOST_EVENTS + 500);
        List<StreamItem> items = slow.read(2);
        assertThat(items.get(0)).isEqualTo(new Gap(1500, 500));
        assertThat(items.get(1).timetoken()).isEqualTo(1501);
        assertThat(log.size()).isEqualTo(EventStream.MOST_EVENTS);
        long last = 1501;
        while (!(items = slow.read(1000)).isEmpty()) {
            for (StreamItem item : items) {
                assertThat(item.timetoken()).isEqualTo(++last);
            }
        }
        assertThat(last).isEqualTo(1000 + EventStream.MOST_EVENTS + 500);
    }

    @Test
    void event_isForgottenAfterAMinute() {
        EventReader reader = open(EventStream.FROM_NOW);
        append(1001);
        time.advance(Duration.ofSeconds(30));
        append(1002);
        time.advance(Duration.ofSeconds(30));

        log.tend();

        assertThat(reader.read(10)).containsExactly(new Gap(1001, 1), event(1002));
        assertThat(memory.used(MemoryKind.EVENTS)).isEqualTo(EventFootprint.of(event(1002)));
    }

    @Test
    void resumption_goesOnAfterTheVeryEvent() {
        open(EventStream.FROM_NOW);
        // Of two channels, whose events need not come in the order of their timetokens.
        append(1005, 1002, 1007);

        assertThat(timetokens(open(1005).read(10))).containsExactly(1002L, 1007L);
        assertThat(timetokens(open(1002).read(10))).containsExactly(1007L);
        assertThat(open(1007).read(10)).isEmpty();
    }

    @Test
    void resumption_fromBeforeTheRecordingBeginsWithAGap() {
        EventReader reader = open(900);
        append(1001);

        assertThat(reader.read(10)).containsExactly(new Gap(1000, Gap.UNKNOWN), event(1001));
    }

    @Test
    void resumption_afterAGapMissesNothingMore() {
        open(EventStream.FROM_NOW);
        EventReader reader = open(900);
        assertThat(reader.read(10)).containsExactly(new Gap(1000, Gap.UNKNOWN));
        append(1001);

        assertThat(timetokens(open(reader.position()).read(10))).containsExactly(1001L);
    }

    @Test
    void resumption_fromWhatThisLogNeverHadGetsWhatIsLater() {
        open(EventStream.FROM_NOW);
        append(1005, 1002, 1007);
        EventReader reader = open(1004);
        append(1003);

        assertThat(timetokens(reader.read(10))).containsExactly(1005L, 1007L, 1003L);
    }

    @Test
    void recording_goesOnForAMinuteAfterTheLastReader() {
        assertThat(log.isRecording()).isFalse();
        append(999);
        EventReader reader = open(EventStream.FROM_NOW);
        append(1001);
        reader.read(10);
        reader.close();
        reader.close();
        time.advance(Duration.ofSeconds(59));
        log.tend();
        append(1002);

        assertThat(timetokens(open(reader.position()).read(10))).containsExactly(1002L);
    }

    @Test
    void recording_endsWithEverythingForgotten() {
        EventReader reader = open(EventStream.FROM_NOW);
        append(1001);
        reader.close();
        time.advance(Duration.ofSeconds(60));
        log.tend();
        append(1002);

        assertThat(log.isRecording()).isFalse();
        assertThat(log.size()).isZero();
        assertThat(memory.used()).isZero();
        newest = 1002;
        assertThat(open(1001).read(10)).containsExactly(new Gap(1002, Gap.UNKNOWN));
    }

    @Test
    void reader_thatIsClosedReadsNothing() {
        AtomicInteger told = new AtomicInteger();
        EventReader reader = log.open(EventStream.FROM_NOW, event -> true, told::incrementAndGet);
        reader.read(1);
        reader.close();
        append(1001);

        assertThat(reader.read(10)).isEmpty();
        assertThat(told).hasValue(0);
        assertThat(log.readers()).isZero();
    }

    @Test
    void onReady_isCalledOnceUntilTheNextReading() {
        AtomicInteger told = new AtomicInteger();
        EventReader reader = log.open(EventStream.FROM_NOW, event -> true, told::incrementAndGet);
        append(1001);
        assertThat(told).as("before the first reading").hasValue(0);
        reader.read(1);
        append(1002);
        assertThat(told).as("after a reading that was not short").hasValue(0);
        reader.read(10);
        reader.read(10);
        append(1003, 1004);

        assertThat(told).hasValue(1);
        assertThat(timetokens(reader.read(10))).containsExactly(1003L, 1004L);
    }

    @Test
    void onReady_thatThrowsIsTheReadersOwnAffair() {
        EventReader broken = log.open(EventStream.FROM_NOW, event -> true, () -> {
            throw new AssertionError("broken");
        });
        AtomicInteger told = new AtomicInteger();
        EventReader sound = log.open(EventStream.FROM_NOW, event -> true, told::incrementAndGet);
        broken.read(1);
        sound.read(1);
        append(1001);

        assertThat(failures).hasSize(1);
        assertThat(told).hasValue(1);
        assertThat(broken.read(10)).hasSize(1);
    }

    @Test
    void reader_thatWantsNothingLooksAtABoundedNumberAndIsCalledAgain() {
        AtomicInteger told = new AtomicInteger();
        EventReader reader = log.open(EventStream.FROM_NOW, event -> false, told::incrementAndGet);
        for (int i = 1; i <= 9000; i++) {
            append(1000 + i);
        }
        for (int readings = 1; reader.position() < 10_000; readings++) {
            assertThat(reader.read(10)).isEmpty();
            assertThat(readings).isLessThan(2000);
        }

        assertThat(told.get()).isPositive();
        assertThat(reader.position()).isEqualTo(10_000);
    }

    @Test
    void bytes_areBoundedWhateverIsInTheEvents() {
        EventReader reader = open(EventStream.FROM_NOW);
        State large = State.ofJson("{\"k\":\"" + "x".repeat(32_000) + "\"}");
        for (int i = 1; i <= 1000; i++) {
            log.append(new Event(
                    1000 + i, KEY, new Channel("room"), new PresenceEvent.StateChange(new UserId("u"), 1, large)));
            assertThat(memory.used(MemoryKind.EVENTS)).isLessThanOrEqualTo(EventLog.MOST_BYTES);
        }

        assertThat(reader.read(1).get(0)).isInstanceOf(Gap.class);
    }

    @Test
    void events_giveWayWhereMemoryIsShort() {
        memory = new MemoryBudget(100_000);
        log = new EventLog(time, memory, () -> newest, failures::add);
        EventReader reader = open(EventStream.FROM_NOW);
        for (int i = 1; i <= 1000; i++) {
            append(1000 + i);
        }
        assertThat(memory.used(MemoryKind.EVENTS)).isBetween(1L, memory.limit(MemoryKind.EVENTS) + memory.slack());
        memory.add(MemoryKind.LEASES, 200_000);
        memory.add(MemoryKind.EVENTS, memory.limit(MemoryKind.EVENTS));
        append(3000);

        assertThat(reader.read(10)).containsExactly(new Gap(3000, 1001));
        assertThat(log.size()).isZero();
        assertThat(memory.forgotten(MemoryKind.EVENTS)).isEqualTo(1);
    }

    @Test
    void gap_ofTheEngineItselfReachesWhoeverIsUpToDate() {
        EventReader reader = open(EventStream.FROM_NOW);
        append(1001);
        reader.read(10);
        log.skip(1500);
        append(1501);

        assertThat(reader.read(10)).containsExactly(new Gap(1500, 1), event(1501));
    }

    @Test
    void read_ofNothingIsRefused() {
        EventReader reader = open(EventStream.FROM_NOW);
        assertThatThrownBy(() -> reader.read(0)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Threads, each with a channel of its own, and a reader that reads when it is told to. */
    @Test
    void order_withinAChannelIsKeptAndNothingIsToldTwice() throws InterruptedException {
        AtomicLong timetokens = new AtomicLong(2000);
        AtomicBoolean ready = new AtomicBoolean(true);
        EventReader reader = log.open(EventStream.FROM_NOW, event -> true, () -> ready.set(true));
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            Channel channel = new Channel("room" + t);
            threads.add(new Thread(() -> {
                for (int i = 1; i <= 2000; i++) {
                    log.append(new Event(
                            timetokens.incrementAndGet(), KEY, channel, new PresenceEvent.Leave(new UserId("u"), i)));
                }
            }));
        }
        threads.forEach(Thread::start);
        Map<Channel, Integer> last = new HashMap<>();
        int got = 0;
        while (got < 8000) {
            if (ready.getAndSet(false)) {
                List<StreamItem> items;
                do {
                    items = reader.read(100);
                    for (StreamItem item : items) {
                        Event event = (Event) item;
                        int before = last.getOrDefault(event.channel(), 0);
                        assertThat(event.occupancy()).isEqualTo(before + 1);
                        last.put(event.channel(), event.occupancy());
                        got++;
                    }
                } while (items.size() == 100);
            } else {
                assertThat(threads.stream().anyMatch(Thread::isAlive) || ready.get())
                        .as("told of all there is, %s of 8000", got)
                        .isTrue();
                Thread.onSpinWait();
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private EventReader open(long after) {
        return log.open(after, event -> true, () -> {});
    }

    private void append(long... timetokens) {
        for (long timetoken : timetokens) {
            log.append(event(timetoken));
        }
    }

    private static Event event(long timetoken) {
        return new Event(
                timetoken,
                KEY,
                new Channel("room"),
                new PresenceEvent.Join(new UserId("alice"), 1, null, Arrival.HEARTBEAT));
    }

    private static List<Long> timetokens(List<StreamItem> items) {
        return items.stream().map(StreamItem::timetoken).toList();
    }
}
