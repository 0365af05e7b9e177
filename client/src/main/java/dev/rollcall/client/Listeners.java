package dev.rollcall.client;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** The listeners of one client. They are called in order, one call at a time, on the callback executor. Safe from any thread. */
final class Listeners {
    private static final System.Logger LOG = System.getLogger(Listeners.class.getName());
    private static final int BUDGET = 32;

    private final CopyOnWriteArrayList<RollcallListener> all = new CopyOnWriteArrayList<>();
    private final SerialExecutor executor;

    Listeners(Executor callbacks) {
        this.executor = SerialExecutor.on(callbacks, BUDGET);
    }

    void add(RollcallListener listener) {
        all.addIfAbsent(listener);
    }

    void remove(RollcallListener listener) {
        all.remove(listener);
    }

    void status(Status status) {
        executor.execute(() -> tell(listener -> listener.status(status)));
    }

    /** Delivers the events of one answer, then runs {@code done}. */
    void events(List<Consumer<RollcallListener>> deliveries, Runnable done) {
        executor.execute(() -> {
            deliveries.forEach(this::tell);
            done.run();
        });
    }

    private void tell(Consumer<RollcallListener> delivery) {
        for (RollcallListener listener : all) {
            try {
                delivery.accept(listener);
            } catch (RuntimeException e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "listener failed: " + listener.getClass().getName(),
                        e);
            }
        }
    }
}
