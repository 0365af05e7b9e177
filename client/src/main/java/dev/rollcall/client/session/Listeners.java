package dev.rollcall.client.session;

import dev.rollcall.client.Gap;
import dev.rollcall.client.MessageEvent;
import dev.rollcall.client.PresenceEvent;
import dev.rollcall.client.RollcallListener;
import dev.rollcall.client.Status;
import dev.rollcall.client.run.Log;
import dev.rollcall.client.run.SerialExecutor;
import dev.rollcall.client.run.UserCode;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The listeners of one client. They are called in order, one call at a time, on the callback executor. Safe from any thread. */
public final class Listeners {
    private static final int BUDGET = 32;

    /** News of the connection that may wait for a listener that blocks. */
    private static final int STATUS_LIMIT = 1000;

    private final CopyOnWriteArrayList<Entry> all = new CopyOnWriteArrayList<>();
    private final SerialExecutor executor;
    private final AtomicInteger statuses = new AtomicInteger();

    /** Tells on {@code callbacks}, which must not refuse tasks. */
    public Listeners(Executor callbacks) {
        this.executor = SerialExecutor.on(callbacks, BUDGET);
    }

    /** Adds a listener for everything; without effect if it is there already. */
    public void add(RollcallListener listener) {
        all.addIfAbsent(new Entry(listener, null));
    }

    /** Adds a listener for events of channels, or of what matched them; without effect if it is there already. */
    public void add(RollcallListener listener, Set<String> names) {
        all.addIfAbsent(new Entry(listener, Set.copyOf(names)));
    }

    /** Takes a listener away. */
    public void remove(RollcallListener listener) {
        all.removeIf(entry -> entry.listener().equals(listener));
    }

    void status(Status status) {
        if (statuses.incrementAndGet() > STATUS_LIMIT) {
            statuses.decrementAndGet();
            Log.get().log(System.Logger.Level.WARNING, "listeners block; not told: {0}", status);
            return;
        }
        executor.execute(() -> {
            statuses.decrementAndGet();
            tell(listener -> listener.status(status));
        });
    }

    void gap(Gap gap) {
        executor.execute(() -> tell(listener -> listener.gap(gap)));
    }

    /** Delivers the events of one answer, then runs {@code done}. */
    void events(List<Consumer<RollcallListener>> deliveries, Runnable done) {
        executor.execute(() -> {
            try {
                deliveries.forEach(this::tell);
            } finally {
                done.run();
            }
        });
    }

    private void tell(Consumer<RollcallListener> delivery) {
        for (Entry entry : all) {
            UserCode.run("listener " + entry.listener().getClass().getName(), () -> delivery.accept(entry.told()));
        }
    }

    /** A listener, and the names it wants to hear of; null for all. */
    private record Entry(
            RollcallListener listener, @Nullable Set<String> names) {
        RollcallListener told() {
            return names == null ? listener : new OfNames(listener, names);
        }
    }

    /** Passes on what concerns the names: the channel itself, or the wildcard or group that matched. */
    private record OfNames(RollcallListener listener, Set<String> names) implements RollcallListener {
        private boolean wants(String channel, @Nullable String subscription) {
            return names.contains(channel) || subscription != null && names.contains(subscription);
        }

        @Override
        public void presence(PresenceEvent event) {
            if (wants(event.channel(), event.subscription())) {
                listener.presence(event);
            }
        }

        @Override
        public void message(MessageEvent event) {
            if (wants(event.channel(), event.subscription())) {
                listener.message(event);
            }
        }

        @Override
        public void signal(MessageEvent event) {
            if (wants(event.channel(), event.subscription())) {
                listener.signal(event);
            }
        }

        @Override
        public void gap(Gap gap) {
            listener.gap(gap);
        }

        @Override
        public void status(Status status) {
            listener.status(status);
        }
    }
}
