package dev.rollcall.server.operator;

import dev.rollcall.server.http.AddressKey;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Stops whoever guesses tokens: after {@value #MOST} wrong ones within a minute, an address has to wait for the end of that minute. Knows a
 * bounded number of addresses, of which the one that failed first is forgotten. Safe from any thread.
 */
final class FailureLimit {
    /** The most failures in a minute. */
    static final int MOST = 5;

    private static final int MOST_ADDRESSES = 1024;
    private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier nanoTime;
    private final Map<Long, Window> windows = new LinkedHashMap<>();

    private static final class Window {
        final long sinceNanos;
        int failures;

        Window(long sinceNanos) {
            this.sinceNanos = sinceNanos;
        }
    }

    FailureLimit(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Returns for how many seconds the address has to wait, 0 if it need not. */
    synchronized int waitSeconds(InetAddress address) {
        Window window = windows.get(AddressKey.of(address));
        if (window == null || window.failures < MOST) {
            return 0;
        }
        long left = WINDOW_NANOS - (nanoTime.getAsLong() - window.sinceNanos);
        return left <= 0 ? 0 : (int) (left / TimeUnit.SECONDS.toNanos(1)) + 1;
    }

    /** Counts a failure. */
    synchronized void failed(InetAddress address) {
        long key = AddressKey.of(address);
        long now = nanoTime.getAsLong();
        Window window = windows.get(key);
        if (window == null || now - window.sinceNanos >= WINDOW_NANOS) {
            windows.remove(key);
            window = new Window(now);
            windows.put(key, window);
            if (windows.size() > MOST_ADDRESSES) {
                windows.remove(windows.keySet().iterator().next());
            }
        }
        window.failures++;
    }
}
