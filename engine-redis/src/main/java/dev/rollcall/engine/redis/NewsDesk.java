package dev.rollcall.engine.redis;

import dev.rollcall.engine.redis.link.News;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Brings news to the hub's thread. Where that cannot keep up, news is dropped instead of queued without end, and everything that is
 * followed is read again. Safe from any thread.
 */
final class NewsDesk implements News {
    /** Most news that waits for the hub. */
    private static final int MOST_WAITING = 50_000;

    private final Executor hub;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean dropping = new AtomicBoolean();
    private volatile @Nullable Topics topics;
    private volatile @Nullable SharedLog events;
    private volatile @Nullable SharedKicks kicks;

    NewsDesk(Executor hub) {
        this.hub = hub;
    }

    /** To be called once, before anything is followed. */
    void deliverTo(Topics followed) {
        topics = followed;
    }

    /** Has the news of logs brought to {@code log}. To be called once, before any of them is followed. */
    void deliverTo(SharedLog log) {
        events = log;
    }

    /** Has the news of kicks brought to {@code shared}. To be called once, before that is followed. */
    void deliverTo(SharedKicks shared) {
        kicks = shared;
    }

    /** Has kicks looked at, if this is their topic, and returns whether it is. */
    private boolean isOfKicks(String topic) {
        SharedKicks shared = kicks;
        if (shared == null || !shared.owns(topic)) {
            return false;
        }
        hub.execute(shared::look);
        return true;
    }

    /** Returns whose topic this is if it is a log's, else null. */
    private @Nullable SharedLog logOf(String topic) {
        SharedLog log = events;
        return log != null && log.owns(topic) ? log : null;
    }

    @Override
    public void onFollowing(String topic) {
        Topics followed = topics;
        SharedLog log = logOf(topic);
        if (isOfKicks(topic)) {
            return;
        }
        if (log != null) {
            hub.execute(() -> log.onFollowing(topic));
        } else if (followed != null) {
            hub.execute(() -> followed.onFollowing(topic));
        }
    }

    @Override
    public void onNews(String topic, byte[] news) {
        Topics followed = topics;
        if (followed == null || isOfKicks(topic)) {
            return;
        }
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            if (dropping.compareAndSet(false, true)) {
                hub.execute(() -> {
                    // From here on nothing is dropped without being read again later.
                    dropping.set(false);
                    followed.onDropped();
                    SharedLog log = events;
                    if (log != null) {
                        log.onDropped();
                    }
                });
            }
            return;
        }
        hub.execute(() -> {
            waiting.decrementAndGet();
            SharedLog log = logOf(topic);
            if (log == null) {
                followed.onNews(topic, news);
            } else {
                log.onNews(topic, news);
            }
        });
    }

    @Override
    public void onLost(Collection<String> lost) {
        Topics followed = topics;
        if (followed != null) {
            List<String> names = List.copyOf(lost);
            SharedLog log = events;
            hub.execute(() -> {
                followed.onLost(names);
                if (log != null) {
                    log.onLost(names);
                }
            });
        }
    }
}
