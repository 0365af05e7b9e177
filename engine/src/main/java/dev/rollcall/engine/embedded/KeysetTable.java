package dev.rollcall.engine.embedded;

import dev.rollcall.engine.Keysets;
import dev.rollcall.engine.embedded.account.Footprint;
import dev.rollcall.engine.embedded.roster.Keyset;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.engine.memory.MemoryKind;
import dev.rollcall.protocol.SubscribeKey;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The keysets of which anything is known. Safe from any thread. */
final class KeysetTable {
    private static final long IDLE_MILLIS = 60_000;

    private final Keysets settings;
    private final MemoryBudget memory;
    private final ConcurrentHashMap<SubscribeKey, Keyset> keysets = new ConcurrentHashMap<>();
    private volatile long sweptAt;

    /** How often settings have been read again; whoever read them before reads them once more. */
    private final AtomicInteger configurations = new AtomicInteger();

    KeysetTable(Keysets settings, MemoryBudget memory, long now) {
        this.settings = settings;
        this.memory = memory;
        sweptAt = now;
    }

    /** Returns a keyset, made if need be, and notes that it is used. */
    Keyset get(SubscribeKey key, long now) {
        Keyset keyset = keysets.get(key);
        if (keyset == null) {
            keyset = make(key, now);
        }
        keyset.use(now);
        return keyset;
    }

    private Keyset make(SubscribeKey key, long now) {
        int configuration = configurations.get();
        memory.require(MemoryKind.LEASES, Footprint.KEYSET);
        Keyset fresh = new Keyset(key, settings.settings(key), memory, now);
        Keyset there = keysets.putIfAbsent(key, fresh);
        if (there != null) {
            return there;
        }
        memory.add(MemoryKind.LEASES, Footprint.KEYSET);
        if (configurations.get() != configuration) {
            // They were read again while this one was not among the keysets yet.
            fresh.configure(settings.settings(key));
        }
        return fresh;
    }

    /** Returns all there are, as they come and go. */
    Collection<Keyset> all() {
        return keysets.values();
    }

    /** Reads the settings of all keysets again. */
    void configure() {
        configurations.incrementAndGet();
        keysets.forEach((key, keyset) -> keyset.configure(settings.settings(key)));
    }

    /** Forgets, once a minute, the keysets of which nothing is left. */
    void sweep(long now) {
        if (now - sweptAt < IDLE_MILLIS) {
            return;
        }
        sweptAt = now;
        keysets.forEach((key, keyset) -> {
            if (keyset.isIdleSince(now - IDLE_MILLIS) && keysets.remove(key, keyset)) {
                memory.add(MemoryKind.LEASES, -Footprint.KEYSET);
            }
        });
    }
}
