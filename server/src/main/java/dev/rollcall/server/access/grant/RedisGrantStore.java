package dev.rollcall.server.access.grant;

import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.daemon.Daemons;
import dev.rollcall.engine.redis.RedisHealth;
import dev.rollcall.engine.redis.RedisOptions;
import dev.rollcall.engine.redis.ScriptListener;
import dev.rollcall.engine.redis.SharedMap;
import dev.rollcall.protocol.SubscribeKey;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Grants and revocations in Redis, for all nodes, all of them in the memory of each. A change shows in memory only after Redis has it.
 * While Redis is away changes fail, and what is known goes on to hold. Safe from any thread.
 */
public final class RedisGrantStore implements GrantStore {
    private static final Logger log = LoggerFactory.getLogger(RedisGrantStore.class);
    private static final String GRANT = "grant ";
    private static final String REVOCATION = "revocation ";
    private static final String REVOKED = "revoked";

    private final MemoryGrantStore memory;
    private final SharedMap map;

    private RedisGrantStore(RedisOptions options, EngineTime time, ScriptListener scripts, Daemons daemons) {
        memory = new MemoryGrantStore(options.memory());
        map = SharedMap.open(options, time, scripts, daemons, this::onEntry);
    }

    /**
     * Connects, and reads everything that is kept.
     *
     * @throws UncheckedIOException if Redis cannot be reached
     */
    public static RedisGrantStore open(RedisOptions options, EngineTime time, ScriptListener scripts, Daemons daemons) {
        return new RedisGrantStore(options, time, scripts, daemons);
    }

    /** Returns the milliseconds since the Unix epoch by the clock that all nodes go by. */
    public long epochMillis() {
        return map.epochMillis();
    }

    /** Returns how grants are kept in Redis at the moment. */
    public RedisHealth health() {
        return map.health();
    }

    private void onEntry(SharedMap.Entry entry) {
        try {
            if (entry.name().startsWith(GRANT)) {
                onGrant(entry.name().substring(GRANT.length()), entry.value());
            } else if (entry.name().startsWith(REVOCATION)) {
                onRevocation(entry.name().substring(REVOCATION.length()), entry);
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            log.error("a grant in redis was written by another version", e);
        }
    }

    private void onGrant(String name, @Nullable String value) {
        memory.put(value == null ? new KeyGrant(GrantText.key(name), 0, 0) : GrantText.grant(name, value));
    }

    private void onRevocation(String tokenId, SharedMap.Entry entry) {
        if (entry.value() == null) {
            memory.removeAll(List.of(), List.of(tokenId));
        } else {
            memory.putRevocation(tokenId, entry.endsSeconds());
        }
    }

    @Override
    public @Nullable KeyGrant grant(GrantKey key) {
        return memory.grant(key);
    }

    @Override
    public List<KeyGrant> grants(SubscribeKey key) {
        return memory.grants(key);
    }

    @Override
    public CompletionStage<Void> save(Collection<KeyGrant> changed) {
        memory.requireRoom(changed);
        List<SharedMap.Entry> entries =
                changed.stream().map(RedisGrantStore::entry).toList();
        return changed.stream()
                .findFirst()
                .map(first -> map.put(first.key().key(), entries))
                .orElseGet(() -> CompletableFuture.completedFuture(null));
    }

    private static SharedMap.Entry entry(KeyGrant grant) {
        return new SharedMap.Entry(
                GRANT + GrantText.name(grant.key()),
                grant.mask() == 0 ? null : GrantText.value(grant),
                grant.expiresSeconds());
    }

    @Override
    public int wildcardDots(SubscribeKey key) {
        return memory.wildcardDots(key);
    }

    @Override
    public void onLoss(LossListener listener) {
        memory.onLoss(listener);
    }

    @Override
    public boolean isRevoked(String tokenId) {
        return memory.isRevoked(tokenId);
    }

    @Override
    public CompletionStage<Void> revoke(SubscribeKey key, String tokenId, long expiresSeconds) {
        memory.requireRoom(tokenId);
        return map.put(key, List.of(new SharedMap.Entry(REVOCATION + tokenId, REVOKED, expiresSeconds)));
    }

    @Override
    public void purge(long nowSeconds) {
        memory.purge(nowSeconds);
        map.purge();
    }

    @Override
    public void close() {
        map.close();
    }
}
