package dev.rollcall.engine.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;

/** The connections to one server, or to whichever server Sentinel says is the master. */
final class SingleLink implements Link {
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(1);

    private final RedisClient client;
    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final StatefulRedisPubSubConnection<String, byte[]> topics;

    SingleLink(RedisOptions options, News news) {
        RedisURI uri = RedisURI.create(options.url());
        uri.setTimeout(options.commandTimeout());
        client = RedisClient.create(uri);
        client.setOptions(Link.configure(ClientOptions.builder(), options.commandTimeout())
                .build());
        try {
            connection = client.connect(ByteArrayCodec.INSTANCE);
            topics = client.connectPubSub(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
        } catch (RuntimeException e) {
            client.shutdown(Duration.ZERO, CLOSE_WITHIN);
            throw e;
        }
        topics.addListener(listener(news));
        topics.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> lost) {
                news.onLost();
            }
        });
    }

    static RedisPubSubAdapter<String, byte[]> listener(News news) {
        return new RedisPubSubAdapter<>() {
            @Override
            public void smessage(String topic, byte[] message) {
                news.onNews(topic, message);
            }

            @Override
            public void ssubscribed(String topic, long count) {
                news.onFollowing(topic);
            }
        };
    }

    @Override
    public RedisAsyncCommands<byte[], byte[]> commands() {
        return connection.async();
    }

    @Override
    public void follow(String topic) {
        topics.async().ssubscribe(topic);
    }

    @Override
    public void unfollow(String topic) {
        topics.async().sunsubscribe(topic);
    }

    @Override
    public void tend() {}

    @Override
    public boolean isConnected() {
        return connection.isOpen();
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, CLOSE_WITHIN);
    }
}
