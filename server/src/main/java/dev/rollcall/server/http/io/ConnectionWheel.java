package dev.rollcall.server.http.io;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The connections of one event loop, filed by when each is to be looked at next, so that whoever waits for minutes costs nothing until
 * then. Most times change with every request and only ever grow later; those are not filed anew, but when the connection comes up.
 * Times are those of {@link System#nanoTime}. Event loop only.
 */
final class ConnectionWheel {
    /** The most buckets; whoever waits for longer than a turn of them is looked at once a turn. */
    private static final int MOST_BUCKETS = 1024;

    private final List<List<Connection>> buckets = new ArrayList<>();
    private final long width;

    /** The bucket that comes up next, and when. */
    private int next;

    private long nextNanos;
    private int size;

    /**
     * Makes an empty one.
     *
     * @param width nanoseconds of one bucket: how late a connection is looked at at most, besides what the caller is late
     * @param horizon the longest time that connections wait for as a rule, in nanoseconds
     */
    ConnectionWheel(long width, long horizon, long nowNanos) {
        this.width = width;
        // One more than there is to tell apart: what comes up is not filed into the bucket it was taken from.
        long count = Math.min(MOST_BUCKETS, horizon / width + 2);
        for (long i = 0; i < count; i++) {
            buckets.add(new ArrayList<>());
        }
        nextNanos = nowNanos + width;
    }

    int size() {
        return size;
    }

    /** Adds a connection, to be looked at when the next bucket comes up. */
    void add(Connection connection) {
        file(connection, next);
        size++;
    }

    /** Takes the connection out; does nothing if it is not in it. */
    void remove(Connection connection) {
        if (connection.slot() >= 0) {
            takeOut(connection);
            size--;
        }
    }

    /** Has the connection looked at when the next bucket comes up. */
    void lookSoon(Connection connection) {
        if (connection.slot() >= 0 && connection.bucket() != next) {
            takeOut(connection);
            file(connection, next);
        }
    }

    /** Looks at all whose time has come. */
    void turn(long nowNanos, Look look) {
        long wholeTurn = (buckets.size() - 1) * width;
        if (nowNanos - nextNanos > wholeTurn) {
            // After a long pause every bucket comes up once.
            nextNanos = nowNanos - wholeTurn;
        }
        while (nowNanos - nextNanos >= 0) {
            int current = next;
            next = (current + 1) % buckets.size();
            nextNanos += width;
            lookAt(current, nowNanos, look);
        }
    }

    private void lookAt(int current, long nowNanos, Look look) {
        List<Connection> bucket = buckets.get(current);
        // Backwards: one that leaves is replaced by the last one.
        for (int i = bucket.size() - 1; i >= 0; i--) {
            if (i >= bucket.size()) {
                continue;
            }
            Connection connection = bucket.get(i);
            long again = look.at(connection, nowNanos);
            if (connection.slot() >= 0 && connection.bucket() == current) {
                takeOut(connection);
                file(connection, bucketOf(again, nowNanos));
            }
        }
    }

    /** Returns the first bucket that comes up after a time and not before the next turn, or the last one of that. */
    private int bucketOf(long nanos, long nowNanos) {
        long late = Math.max(nanos - nextNanos + width - 1, nowNanos - nextNanos + width);
        long away = Math.max(0, late) / width;
        return (int) ((next + Math.min(away, buckets.size() - 2)) % buckets.size());
    }

    private void file(Connection connection, int bucket) {
        List<Connection> list = buckets.get(bucket);
        connection.place(bucket, list.size());
        list.add(connection);
    }

    private void takeOut(Connection connection) {
        List<Connection> list = buckets.get(connection.bucket());
        Connection last = list.remove(list.size() - 1);
        if (!last.equals(connection)) {
            list.set(connection.slot(), last);
            last.place(connection.bucket(), connection.slot());
        } else if (list.isEmpty() && list instanceof ArrayList<Connection> array) {
            // A crowd that came at once leaves no room behind that nobody fills.
            array.trimToSize();
        }
        connection.place(-1, -1);
    }

    /** Has {@code action} done for each. It may take out the one it is done for. */
    void forEach(Consumer<Connection> action) {
        for (List<Connection> bucket : buckets) {
            for (int i = bucket.size() - 1; i >= 0; i--) {
                if (i < bucket.size()) {
                    action.accept(bucket.get(i));
                }
            }
        }
    }

    /** Looks at one connection. */
    interface Look {
        /** Returns when to look again. Must not throw. */
        long at(Connection connection, long nowNanos);
    }
}
