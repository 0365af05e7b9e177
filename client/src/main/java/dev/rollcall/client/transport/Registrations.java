package dev.rollcall.client.transport;

import static java.util.Objects.requireNonNull;

import dev.rollcall.client.run.UserCode;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Listeners of one kind, told apart by identity, so that one registered twice is taken away once. Safe from any thread. */
final class Registrations {
    private final String what;
    private final Set<Entry> entries = ConcurrentHashMap.newKeySet();

    Registrations(String what) {
        this.what = what;
    }

    Cancellable add(Runnable listener) {
        Entry entry = new Entry(listener);
        entries.add(entry);
        return () -> entries.remove(entry);
    }

    void runAll() {
        entries.forEach(entry -> UserCode.run(what, entry.listener));
    }

    private static final class Entry {
        private final Runnable listener;

        Entry(Runnable listener) {
            this.listener = requireNonNull(listener, "listener");
        }
    }
}
