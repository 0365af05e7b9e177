package dev.rollcall.server.http;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/** The TLS handshakes under way, in all and by address, within bounds. Safe from any thread. */
final class Handshakes {
    private final int limit;
    private final int limitPerAddress;
    private final Predicate<InetAddress> isExempt;
    private final Map<Long, Integer> byAddress = new HashMap<>();
    private int count;

    /** Makes a count with bounds, of which 0 means none; the exempt have no bound of their own. */
    Handshakes(int limit, int limitPerAddress, Predicate<InetAddress> isExempt) {
        this.limit = limit;
        this.limitPerAddress = limitPerAddress;
        this.isExempt = isExempt;
    }

    /** Counts one more and returns true, unless there are as many as may be. */
    boolean tryBegin(InetAddress peer) {
        long key = AddressKey.of(peer);
        boolean isFree = limitPerAddress == 0 || isExempt.test(peer);
        synchronized (this) {
            int ofAddress = byAddress.getOrDefault(key, 0);
            if (limit > 0 && count >= limit || !isFree && ofAddress >= limitPerAddress) {
                return false;
            }
            byAddress.put(key, ofAddress + 1);
            count++;
            return true;
        }
    }

    /** Counts one less, of those that {@link #tryBegin} has counted. */
    synchronized void ended(InetAddress peer) {
        count--;
        byAddress.computeIfPresent(AddressKey.of(peer), (key, some) -> some > 1 ? some - 1 : null);
    }

    /** Returns how many are under way. */
    synchronized int count() {
        return count;
    }
}
