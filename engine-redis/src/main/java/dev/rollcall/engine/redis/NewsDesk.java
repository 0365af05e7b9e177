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

    NewsDesk(Executor hub) {
        this.hub = hub;
    }

    /** To be called once, before anything is followed. */
    void deliverTo(Topics followed) {
        topics = followed;
    }

    @Override
    public void onFollowing(String topic) {
        Topics followed = topics;
        if (followed != null) {
            hub.execute(() -> followed.onFollowing(topic));
        }
    }

    @Override
    public void onNews(String topic, byte[] news) {
        Topics followed = topics;
        if (followed == null) {
            return;
        }
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            if (dropping.compareAndSet(false, true)) {
                hub.execute(() -> {
                    // From here on nothing is dropped without being read again later.
                    dropping.set(false);
                    followed.onDropped();
                });
            }
            return;
        }
        hub.execute(() -> {
            waiting.decrementAndGet();
            followed.onNews(topic, news);
        });
    }

    @Override
    public void onLost(Collection<String> lost) {
        Topics followed = topics;
        if (followed != null) {
            List<String> names = List.copyOf(lost);
            hub.execute(() -> followed.onLost(names));
        }
    }
}
