package dev.rollcall.server.http.listen;

import dev.rollcall.server.http.HttpMetrics;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.time.Duration;

/** Counts the open connections of one server. Listens to their ends. Safe from any thread. */
final class OpenConnections implements ChannelFutureListener {
    private final int limit;
    private final HttpMetrics metrics;
    private int count;

    /** Makes a count that takes {@code limit} connections, 0 for any number. */
    OpenConnections(int limit, HttpMetrics metrics) {
        this.limit = limit;
        this.metrics = metrics;
    }

    /** Counts one more, and returns true, unless there are as many as the limit. */
    synchronized boolean tryOpen() {
        if (limit > 0 && count >= limit) {
            return false;
        }
        count++;
        return true;
    }

    /** Counts one less; called when a connection that was counted is closed. */
    @Override
    public void operationComplete(ChannelFuture future) {
        metrics.onConnectionClosed();
        synchronized (this) {
            count--;
            if (count == 0) {
                notifyAll();
            }
        }
    }

    /** Waits until there are none. Returns false if there still are some after {@code patience}, or if interrupted. */
    synchronized boolean awaitNone(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            while (count > 0) {
                long leftMillis = (deadline - System.nanoTime()) / 1_000_000;
                if (leftMillis <= 0) {
                    return false;
                }
                wait(leftMillis);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
