package dev.rollcall.server.access.grant;

import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.store.DataDirectory;
import dev.rollcall.server.store.DurableMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Grants and revocations in a {@link DataDirectory}, all of them in memory too. A change shows in memory only after it is in the file, so
 * nobody acts on what a crash could take back. Safe from any thread.
 */
public final class DurableGrantStore implements GrantStore {
    private final DataDirectory directory;
    private final DurableMap grants;
    private final DurableMap revocations;
    private final MemoryGrantStore memory;

    private DurableGrantStore(DataDirectory directory, MemoryBudget budget) {
        memory = new MemoryGrantStore(budget);
        this.directory = directory;
        grants = directory.map("grants");
        revocations = directory.map("revocations");
    }

    /**
     * Opens the store. What is kept there is loaded whatever the budget says, and refused only when it is new.
     *
     * @throws UncheckedIOException if what is kept there cannot be read
     */
    public static DurableGrantStore open(DataDirectory directory, MemoryBudget budget) {
        DurableGrantStore store = new DurableGrantStore(directory, budget);
        try {
            for (Map.Entry<String, String> entry : store.grants.entries().entrySet()) {
                store.memory.put(GrantText.grant(entry.getKey(), entry.getValue()));
            }
            for (Map.Entry<String, String> entry : store.revocations.entries().entrySet()) {
                store.memory.putRevocation(entry.getKey(), Long.parseLong(entry.getValue()));
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new UncheckedIOException(new IOException(
                    "data: grants were written by another version (expected: this version or an older one)", e));
        }
        return store;
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
        List<KeyGrant> copy = List.copyOf(changed);
        memory.requireRoom(copy);
        return directory
                .submit(() -> copy.forEach(grant -> {
                    if (grant.mask() == 0) {
                        grants.remove(GrantText.name(grant.key()));
                    } else {
                        grants.put(GrantText.name(grant.key()), GrantText.value(grant));
                    }
                }))
                .thenRun(() -> copy.forEach(memory::put));
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
        return directory
                .submit(() -> revocations.put(tokenId, Long.toString(expiresSeconds)))
                .thenRun(() -> memory.putRevocation(tokenId, expiresSeconds));
    }

    @Override
    public void purge(long nowSeconds) {
        List<KeyGrant> expired = memory.expiredGrants(nowSeconds);
        List<String> revoked = memory.expiredRevocations(nowSeconds);
        if (expired.isEmpty() && revoked.isEmpty()) {
            return;
        }
        memory.removeAll(expired, revoked);
        directory.submit(() -> {
            // By value: what was granted anew meanwhile stays.
            expired.forEach(grant -> grants.remove(GrantText.name(grant.key()), GrantText.value(grant)));
            revoked.forEach(revocations::remove);
        });
    }
}
