package dev.rollcall.engine.redis.link;

import java.util.Collection;

/** Takes what is told on topics. Called on threads of the client library; must not block. */
public interface News {
    /** From here on the news of a topic is told, after a loss too. */
    void onFollowing(String topic);

    /** Something was told. */
    void onNews(String topic, byte[] news);

    /** News of these topics may have been missed; {@link #onFollowing} is called once each of them is followed again. */
    void onLost(Collection<String> topics);
}
