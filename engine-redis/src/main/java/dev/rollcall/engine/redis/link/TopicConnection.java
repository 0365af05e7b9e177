package dev.rollcall.engine.redis.link;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A connection on which topics of one master are followed. Safe from any thread. */
final class TopicConnection extends Supervised<StatefulRedisPubSubConnection<String, byte[]>> {
    private static final RedisCodec<String, byte[]> TOPICS = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

    /** News that is late is news all the same, and a new connection means to read everything again. */
    private static final int SILENT_LOOKS = 8;

    private final RedisClient client;
    private final RedisURI uri;
    private final Subscriptions subscriptions;

    TopicConnection(Address address, RedisClient client, RedisURI uri, Subscriptions subscriptions) {
        super("topics", address, SILENT_LOOKS);
        this.client = client;
        this.uri = uri;
        this.subscriptions = subscriptions;
    }

    @Override
    CompletionStage<StatefulRedisPubSubConnection<String, byte[]>> connect() {
        return client.connectPubSubAsync(TOPICS, uri);
    }

    @Override
    void onOpen(StatefulRedisPubSubConnection<String, byte[]> connection) {
        connection.addListener(new RedisPubSubAdapter<>() {
            @Override
            public void smessage(String topic, byte[] message) {
                heard();
                subscriptions.onNews(topic, message);
            }

            @Override
            public void ssubscribed(String topic, long count) {
                heard();
                subscriptions.confirmed(TopicConnection.this, topic);
            }

            @Override
            public void sunsubscribed(String topic, long count) {
                heard();
                subscriptions.ended(TopicConnection.this, topic);
            }
        });
        subscriptions.reconcile();
    }

    @Override
    void onLost() {
        subscriptions.lost(this);
    }

    /** Asks for the news of topics of one slot; returns null if there is no connection. */
    @Nullable
    RedisFuture<Void> subscribe(List<String> topics) {
        StatefulRedisPubSubConnection<String, byte[]> connection = get();
        return connection == null ? null : connection.async().ssubscribe(topics.toArray(String[]::new));
    }

    /** Asks for the news of a topic no more. */
    void unsubscribe(String topic) {
        StatefulRedisPubSubConnection<String, byte[]> connection = get();
        if (connection != null) {
            connection.async().sunsubscribe(topic);
        }
    }
}
