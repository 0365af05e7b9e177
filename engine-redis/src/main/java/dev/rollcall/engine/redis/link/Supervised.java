package dev.rollcall.engine.redis.link;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that is wanted: opened anew whenever it is lost, and given up when nothing has come over it for a few looks although an
 * answer is owed. Safe from any thread.
 */
abstract class Supervised<C extends StatefulRedisConnection<?, byte[]>> {
    /** For how many looks a new connection may be silent: nothing is lost with one that has told nothing yet. */
    private static final int MOST_SILENT_LOOKS_WHEN_NEW = 3;

    private static final Logger log = LoggerFactory.getLogger(Supervised.class);

    private final String name;
    private final String use;
    private final int mostSilentLooks;
    private final Backoff backoff = new Backoff();
    private final CompletableFuture<Void> firstTry = new CompletableFuture<>();
    private volatile @Nullable C open;
    private volatile boolean heard;

    /** Whether nothing has come over it since it was opened. */
    private volatile boolean isNew;

    private volatile int silentLooks;
    private volatile boolean pinging;
    private boolean opening;
    private boolean closed;
    private boolean reported;
    private long nextTry = Long.MIN_VALUE;

    /**
     * Makes one.
     *
     * @param use what it is for
     * @param address the server
     * @param mostSilentLooks after how many looks, a second or so apart, without an answer it is taken for dead; a node that stands
     *     still itself takes no looks
     */
    Supervised(String use, Address address, int mostSilentLooks) {
        this.use = use;
        name = use + '@' + address;
        this.mostSilentLooks = mostSilentLooks;
    }

    /** Opens one. */
    abstract CompletionStage<C> connect();

    /** There is a new one. Called with nothing locked. */
    abstract void onOpen(C connection);

    /** It is gone. Called with nothing locked. */
    abstract void onLost();

    /** Returns the connection, or null while there is none. */
    final @Nullable C get() {
        C current = open;
        return current != null && current.isOpen() ? current : null;
    }

    /** Returns what it is for. */
    final String use() {
        return use;
    }

    /** Returns whether there is one, and it has answered of late. */
    final boolean isWell() {
        return get() != null && silentLooks < 2;
    }

    /** Something has come over it. */
    final void heard() {
        if (!heard) {
            heard = true;
        }
    }

    /** Completes with the outcome of the first attempt. */
    final CompletableFuture<Void> firstTry() {
        return firstTry;
    }

    /** Opens it if it is time to. */
    final void maintain(long nowMillis) {
        C current = open;
        if (current != null && !current.isOpen()) {
            drop(current, "closed");
        }
        synchronized (this) {
            if (closed || opening || open != null || nowMillis < nextTry) {
                return;
            }
            opening = true;
        }
        CompletionStage<C> attempt;
        try {
            attempt = connect();
        } catch (RuntimeException e) {
            attempt = CompletableFuture.failedFuture(e);
        }
        attempt.whenComplete((connection, failure) -> {
            if (failure == null) {
                opened(connection);
            } else {
                failed(nowMillis, failure);
            }
        });
    }

    private void opened(C connection) {
        connection.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> lost) {
                drop(connection, "closed");
            }
        });
        boolean late;
        boolean back;
        synchronized (this) {
            opening = false;
            late = closed;
            back = reported;
            reported = false;
            if (!late) {
                heard = false;
                isNew = true;
                pinging = false;
                silentLooks = 0;
                open = connection;
            }
        }
        if (late) {
            connection.closeAsync();
            return;
        }
        if (back) {
            log.info("redis is back connection={}", name);
        }
        onOpen(connection);
        firstTry.complete(null);
    }

    private void failed(long nowMillis, Throwable failure) {
        boolean first;
        synchronized (this) {
            opening = false;
            nextTry = nowMillis + backoff.next();
            first = !reported && !closed;
            reported = true;
        }
        if (firstTry.completeExceptionally(failure)) {
            return;
        }
        if (first) {
            log.warn("redis cannot be reached connection={} error={}", name, failure.getMessage());
        }
    }

    /** Asks for an answer, and gives the connection up if it has been owing one for too long. To be called every second or so. */
    final void look() {
        C current = get();
        if (current == null) {
            return;
        }
        int looks = silentLooks;
        if (heard) {
            heard = false;
            isNew = false;
            looks = 0;
            silentLooks = 0;
            synchronized (this) {
                backoff.reset();
            }
        } else if (pinging) {
            looks++;
            silentLooks = looks;
        }
        if (looks >= (isNew ? Math.min(MOST_SILENT_LOOKS_WHEN_NEW, mostSilentLooks) : mostSilentLooks)) {
            drop(current, "silent");
            return;
        }
        if (!pinging) {
            pinging = true;
            ping(current);
        }
    }

    private void ping(C connection) {
        try {
            RedisFuture<String> pong = connection.async().ping();
            pong.whenComplete((answer, failure) -> {
                pinging = false;
                if (failure == null) {
                    heard();
                }
            });
        } catch (RuntimeException e) {
            pinging = false;
            log.debug("no ping connection={}", name, e);
        }
    }

    /** Gives the connection up, because of what is suspected of it. */
    final void suspect(String why) {
        C current = open;
        if (current != null) {
            drop(current, why);
        }
    }

    @SuppressWarnings("ReferenceEquality") // Whether it is still this one.
    private void drop(C connection, String why) {
        synchronized (this) {
            if (open != connection) {
                return;
            }
            open = null;
            silentLooks = 0;
            if (!closed) {
                log.warn("redis connection lost connection={} reason={}", name, why);
                reported = true;
            }
        }
        connection.closeAsync();
        onLost();
    }

    final void close() {
        C current = end();
        if (current != null) {
            current.closeAsync();
            onLost();
        }
    }

    /** Opens no other, and leaves it to the client to close this one. */
    final @Nullable C end() {
        synchronized (this) {
            C current = open;
            closed = true;
            open = null;
            return current;
        }
    }

    @Override
    public final String toString() {
        return name;
    }
}
