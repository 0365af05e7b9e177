package dev.rollcall.engine.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.events.Event;
import dev.rollcall.engine.events.EventReader;
import dev.rollcall.engine.events.EventStream;
import dev.rollcall.engine.events.Gap;
import dev.rollcall.engine.events.StreamItem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Somebody who reads the stream of events, as it comes. Checks by itself that events of one channel have rising timetokens. For one thread.
 */
public final class RecordingReader implements AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int MOST = 7;

    private final EventReader reader;
    private final Map<String, Long> last = new HashMap<>();
    private final List<StreamItem> items = new ArrayList<>();
    private final Object monitor = new Object();
    private boolean ready = true;
    private int taken;

    /** Begins to read after {@code timetoken}, {@link EventStream#FROM_NOW} for what is to come. */
    public RecordingReader(EventStream stream, long timetoken) {
        reader = stream.open(timetoken, event -> true, () -> {
            synchronized (monitor) {
                ready = true;
                monitor.notifyAll();
            }
        });
    }

    /** Waits for the next event and returns it. */
    public Event next() {
        StreamItem item = nextItem();
        assertThat(item).isInstanceOf(Event.class);
        return (Event) item;
    }

    /** Waits for the news that something is missing. */
    public Gap nextGap() {
        StreamItem item = nextItem();
        assertThat(item).isInstanceOf(Gap.class);
        return (Gap) item;
    }

    private StreamItem nextItem() {
        long start = System.nanoTime();
        while (taken == items.size()) {
            synchronized (monitor) {
                while (!ready) {
                    long left = PATIENCE_NANOS - (System.nanoTime() - start);
                    assertThat(left).as("one more event after %s", items).isPositive();
                    try {
                        TimeUnit.NANOSECONDS.timedWait(monitor, left);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException("interrupted", e);
                    }
                }
            }
            read();
        }
        return items.get(taken++);
    }

    /** Waits for events, and compares them with {@code channel: kind user occupancy cause}. */
    public RecordingReader reads(String... expected) {
        for (String one : expected) {
            assertThat(shown(next())).isEqualTo(one);
        }
        return this;
    }

    /** Returns an event in short words. */
    public static String shown(Event event) {
        return event.channel() + ": " + event.kind().word()
                + (event.user() == null ? "" : " " + event.user().value())
                + ' ' + event.occupancy() + (event.cause() == null ? "" : ' ' + event.cause())
                + (event.state() == null ? "" : " " + event.state());
    }

    /** Reads what is there, and returns what was not asked for yet. */
    public List<StreamItem> unread() {
        read();
        return items.subList(taken, items.size());
    }

    /** Returns where it stands. */
    public long position() {
        return reader.position();
    }

    private void read() {
        synchronized (monitor) {
            ready = false;
        }
        List<StreamItem> more;
        do {
            more = reader.read(MOST);
            for (StreamItem item : more) {
                items.add(item);
                if (item instanceof Event event) {
                    String channel = event.key() + " " + event.channel();
                    assertThat(event.timetoken()).isGreaterThan(last.getOrDefault(channel, 0L));
                    last.put(channel, event.timetoken());
                }
            }
        } while (more.size() == MOST);
    }

    @Override
    public void close() {
        reader.close();
    }
}
