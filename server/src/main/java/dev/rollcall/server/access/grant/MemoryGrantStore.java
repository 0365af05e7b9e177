package dev.rollcall.server.access.grant;

import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.engine.memory.MemoryKind;
import dev.rollcall.protocol.SubscribeKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Grants and revocations that end with the process. Safe from any thread; several grants saved together are seen one after the other. */
public final class MemoryGrantStore implements GrantStore {
    /** The most entries that one purge forgets. */
    private static final int PURGED_AT_ONCE = 10_000;

    /** Bytes of the heap, but for names: of a grant, of a revocation. */
    private static final int GRANT = 240;

    private static final int REVOCATION = 160;

    private final ConcurrentHashMap<GrantKey, KeyGrant> grants = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Long> revocations = new ConcurrentHashMap<>();

    /** The most dots in granted wildcards. As many entries as there are keysets, and none is ever removed: it only saves look-ups. */
    private final ConcurrentHashMap<SubscribeKey, Integer> wildcardDots = new ConcurrentHashMap<>();

    private volatile @Nullable LossListener listener;
    private final MemoryBudget memory;

    /** Makes an empty one, which counts what it keeps in {@code memory} as {@link MemoryKind#GRANTS}. */
    public MemoryGrantStore(MemoryBudget memory) {
        this.memory = memory;
    }

    @Override
    public @Nullable KeyGrant grant(GrantKey key) {
        return grants.get(key);
    }

    @Override
    public List<KeyGrant> grants(SubscribeKey key) {
        var found = new ArrayList<KeyGrant>();
        for (KeyGrant grant : grants.values()) {
            if (grant.key().key().equals(key)) {
                found.add(grant);
            }
        }
        return found;
    }

    @Override
    public CompletionStage<Void> save(Collection<KeyGrant> changed) {
        requireRoom(changed);
        changed.forEach(this::put);
        return CompletableFuture.completedFuture(null);
    }

    public void put(KeyGrant grant) {
        GrantKey key = grant.key();
        int dots = dots(key);
        if (dots > 0) {
            wildcardDots.merge(key.key(), dots, Math::max);
        }
        KeyGrant before = grant.mask() == 0 ? grants.remove(key) : grants.put(key, grant);
        if (before == null && grant.mask() != 0) {
            memory.add(MemoryKind.GRANTS, footprint(key));
        } else if (before != null && grant.mask() == 0) {
            memory.add(MemoryKind.GRANTS, -footprint(key));
        }
        LossListener told = listener;
        if (before != null && told != null && grant.isLessThan(before)) {
            told.onNarrowed(key);
        }
    }

    /** Refuses grants of which those that are new find no room. What is kept elsewhere already is put here all the same. */
    void requireRoom(Collection<KeyGrant> changed) {
        long more = 0;
        for (KeyGrant grant : changed) {
            if (grant.mask() != 0 && !grants.containsKey(grant.key())) {
                more += footprint(grant.key());
            }
        }
        if (more > 0) {
            memory.require(MemoryKind.GRANTS, more);
        }
    }

    /** Refuses a revocation for which there is no room. It has the whole part of grants, for it takes something from somebody. */
    void requireRoom(String tokenId) {
        if (!revocations.containsKey(tokenId) && !memory.fitsPart(MemoryKind.GRANTS, footprint(tokenId))) {
            memory.refused(MemoryKind.GRANTS);
            throw MemoryBudget.refusal(MemoryKind.GRANTS);
        }
    }

    private static long footprint(GrantKey key) {
        return GRANT + 2L * (key.name().length() + key.auth().length());
    }

    private static long footprint(String tokenId) {
        return REVOCATION + 2L * tokenId.length();
    }

    private static int dots(GrantKey key) {
        boolean isWildcard = key.kind() == GrantKey.Kind.CHANNEL && key.name().endsWith(".*");
        return isWildcard ? (int) key.name().chars().filter(c -> c == '.').count() : 0;
    }

    @Override
    public int wildcardDots(SubscribeKey key) {
        return wildcardDots.getOrDefault(key, 0);
    }

    @Override
    public void onLoss(LossListener told) {
        listener = told;
    }

    @Override
    public boolean isRevoked(String tokenId) {
        return revocations.containsKey(tokenId);
    }

    @Override
    public CompletionStage<Void> revoke(SubscribeKey key, String tokenId, long expiresSeconds) {
        requireRoom(tokenId);
        putRevocation(tokenId, expiresSeconds);
        return CompletableFuture.completedFuture(null);
    }

    void putRevocation(String tokenId, long expiresSeconds) {
        if (revocations.put(tokenId, expiresSeconds) == null) {
            memory.add(MemoryKind.GRANTS, footprint(tokenId));
        }
        LossListener told = listener;
        if (told != null) {
            told.onRevoked(tokenId);
        }
    }

    @Override
    public void forget() {
        removeAll(List.copyOf(grants.values()), List.copyOf(revocations.keySet()));
        wildcardDots.clear();
    }

    @Override
    public void purge(long nowSeconds) {
        removeAll(expiredGrants(nowSeconds), expiredRevocations(nowSeconds));
    }

    List<KeyGrant> expiredGrants(long nowSeconds) {
        return grants.values().stream()
                .filter(grant -> grant.isExpired(nowSeconds))
                .limit(PURGED_AT_ONCE)
                .toList();
    }

    List<String> expiredRevocations(long nowSeconds) {
        return revocations.entrySet().stream()
                .filter(entry -> nowSeconds >= entry.getValue())
                .map(Map.Entry::getKey)
                .limit(PURGED_AT_ONCE)
                .toList();
    }

    /** Forgets these, unless they were changed since. */
    void removeAll(Collection<KeyGrant> expired, Collection<String> revoked) {
        for (KeyGrant grant : expired) {
            if (grants.remove(grant.key(), grant)) {
                memory.add(MemoryKind.GRANTS, -footprint(grant.key()));
            }
        }
        for (String tokenId : revoked) {
            if (revocations.remove(tokenId) != null) {
                memory.add(MemoryKind.GRANTS, -footprint(tokenId));
            }
        }
    }

    /** Returns how many grants and revocations are kept. */
    public int size() {
        return grants.size() + revocations.size();
    }
}
