package dev.rollcall.engine.redis;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Brings news to the hub's thread. Safe from any thread. */
final class NewsDesk implements Link.News {
    private final Executor hub;
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
        if (followed != null) {
            hub.execute(() -> followed.onNews(topic, news));
        }
    }

    @Override
    public void onLost() {
        Topics followed = topics;
        if (followed != null) {
            hub.execute(followed::onLost);
        }
    }
}
