package dev.rollcall.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rollcall.engine.contract.ManualTime;
import dev.rollcall.engine.daemon.DaemonThread;
import dev.rollcall.engine.daemon.Daemons;
import dev.rollcall.engine.events.Event;
import dev.rollcall.engine.events.EventLog;
import dev.rollcall.engine.events.EventStream;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.protocol.Arrival;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.PresenceEvent;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import dev.rollcall.server.http.ResponseStream;
import dev.rollcall.server.operator.Operator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a stream of events begins and ends, to the moment; what it shows is tried with a server. */
class EventFeedTest {
    private static final EventFilter EVERYTHING = new EventFilter(null, Set.of(), Set.of(), List.of(), Set.of());

    private final EventLog log = new EventLog(new ManualTime(), MemoryBudget.unlimited(), () -> 1000, failure -> {
        throw new AssertionError(failure);
    });
    private final DaemonThread thread = new Daemons(System::nanoTime).thread("feeds");
    private final EventFeed feed = new EventFeed(EventFormat.NDJSON, new Operator("anybody", () -> true), thread);
    private final Sink sink = new Sink();
    private final AtomicInteger ends = new AtomicInteger();

    /** A stream whose client takes everything. */
    private static final class Sink implements ResponseStream {
        final List<String> sent = new CopyOnWriteArrayList<>();
        private boolean isEnded;
        private Runnable overAction = () -> {};

        @Override
        public synchronized boolean send(byte[] piece) {
            return !isEnded && sent.add(new String(piece, UTF_8));
        }

        @Override
        public void end() {
            Runnable action;
            synchronized (this) {
                action = isEnded ? () -> {} : overAction;
                isEnded = true;
            }
            action.run();
        }

        @Override
        public synchronized boolean isOver() {
            return isEnded;
        }

        @Override
        public void onRoom(Runnable action) {}

        @Override
        public synchronized void onOver(Runnable action) {
            overAction = action;
        }
    }

    @AfterEach
    void close() {
        thread.close();
    }

    private void join(String user, long timetoken) {
        log.append(new Event(
                timetoken,
                new SubscribeKey("demo"),
                new Channel("lobby"),
                new PresenceEvent.Join(new UserId(user), 1, null, Arrival.HEARTBEAT)));
    }

    @Test
    void whatHappensAsSoonAsTheClientKnowsThatItListens_isSent() {
        feed.start(
                log,
                EventStream.FROM_NOW,
                EVERYTHING,
                () -> {
                    join("alice", 1001);
                    return sink;
                },
                ends::incrementAndGet);
        join("bob", 1002);

        await().until(() -> sink.sent.size() == 3);
        assertThat(sink.sent.get(1)).contains("alice");
        assertThat(sink.sent.get(2)).contains("bob");
    }

    @Test
    void endBeforeTheAnswerHasBegun_isAnEnd() {
        feed.start(
                log,
                EventStream.FROM_NOW,
                EVERYTHING,
                () -> {
                    feed.close();
                    return sink;
                },
                ends::incrementAndGet);

        assertThat(sink.isOver()).isTrue();
        assertThat(ends).hasValue(1);
        assertThat(log.readers()).isZero();
    }

    @Test
    void answerThatCannotBegin_leavesNothing() {
        assertThatThrownBy(() -> feed.start(
                        log,
                        EventStream.FROM_NOW,
                        EVERYTHING,
                        () -> {
                            throw new IllegalStateException("expected by the test");
                        },
                        ends::incrementAndGet))
                .hasMessage("expected by the test");

        assertThat(ends).hasValue(1);
        assertThat(log.readers()).isZero();
    }
}
