package dev.rollcall.engine.redis;

import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.Keysets;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.engine.memory.MemoryKind;
import dev.rollcall.protocol.SubscribeKey;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The keysets that were asked for within the last minute or whose polls wait, with their settings. Safe from any thread. */
final class KnownKeysets {
    private static final long IDLE_MILLIS = 60_000;

    /** Bytes of the heap of one. */
    private static final int KEYSET = 400;

    private final Keysets settings;
    private final EngineTime time;
    private final MemoryBudget memory;
    private final ConcurrentHashMap<SubscribeKey, Keyset> known = new ConcurrentHashMap<>();

    KnownKeysets(Keysets settings, EngineTime time, MemoryBudget memory) {
        this.memory = memory;
        this.settings = settings;
        this.time = time;
    }

    /**
     * Returns a keyset that a client asks for.
     *
     * @throws dev.rollcall.protocol.ProtocolException if it is not known yet, and there is no room for another
     */
    Keyset admit(SubscribeKey key) {
        if (!known.containsKey(key)) {
            memory.require(MemoryKind.LEASES, KEYSET);
        }
        return get(key);
    }

    /** Returns a keyset, which counts as asking for it. Never refuses, for the work on what is stored has to go on. */
    Keyset get(SubscribeKey key) {
        Keyset keyset = known.get(key);
        if (keyset == null) {
            keyset = known.computeIfAbsent(key, any -> {
                Keyset fresh = new Keyset(any, settings.settings(any));
                memory.add(MemoryKind.LEASES, KEYSET);
                return fresh;
            });
        }
        keyset.use(time.monotonicMillis());
        return keyset;
    }

    /** Reads the settings of all again, and returns them. */
    Collection<Keyset> configure() {
        List<Keyset> all = List.copyOf(known.values());
        all.forEach(keyset -> keyset.configure(settings.settings(keyset.key)));
        return all;
    }

    /** Forgets those that nobody asked for of late, but for these. */
    void forgetAllBut(Set<SubscribeKey> inUse) {
        long moment = time.monotonicMillis() - IDLE_MILLIS;
        known.forEach((key, keyset) -> {
            if (keyset.isUnusedSince(moment) && !inUse.contains(key) && known.remove(key, keyset)) {
                memory.add(MemoryKind.LEASES, -KEYSET);
            }
        });
    }

    /** Returns all there are. */
    List<Keyset> all() {
        return List.copyOf(known.values());
    }

    int size() {
        return known.size();
    }
}
