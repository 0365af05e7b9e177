package dev.rollcall.server.access;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Who wants to hear when a token is revoked: the polls that wait with it. Holds nothing of tokens that nobody waits with. Safe from any thread. */
final class RevocationWatch {
    private final ConcurrentHashMap<String, Set<Runnable>> actions = new ConcurrentHashMap<>();

    /** Has {@code action} run when the token is revoked; returns what takes that back. */
    Runnable watch(String tokenId, Runnable action) {
        actions.compute(tokenId, (id, set) -> {
            Set<Runnable> those = set == null ? ConcurrentHashMap.newKeySet(1) : set;
            those.add(action);
            return those;
        });
        return () -> actions.computeIfPresent(tokenId, (id, set) -> {
            set.remove(action);
            return set.isEmpty() ? null : set;
        });
    }

    /** Runs the actions of a token, outside of any lock. */
    void revoked(String tokenId) {
        Set<Runnable> those = actions.remove(tokenId);
        if (those != null) {
            those.forEach(Runnable::run);
        }
    }

    /** Returns the number of tokens that somebody waits with. */
    int size() {
        return actions.size();
    }
}
