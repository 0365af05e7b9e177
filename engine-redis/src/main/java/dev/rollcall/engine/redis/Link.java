package dev.rollcall.engine.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.RedisCommand;
import java.time.Duration;

/** The connections of a node to Redis: one for commands, and what it takes to follow topics. Safe from any thread. */
interface Link extends AutoCloseable {
    /** Opens the connections; they come back by themselves when they are lost. */
    static Link open(RedisOptions options, News news) {
        return options.isCluster() ? new ClusterLink(options, news) : new SingleLink(options, news);
    }

    /** Returns the commands. */
    RedisClusterAsyncCommands<byte[], byte[]> commands();

    /** Has the news of a topic told, once {@link News#onFollowing} says so. */
    void follow(String topic);

    /** Has the news of a topic told no more. */
    void unfollow(String topic);

    /** Repairs what the client library does not; to be called every second or so. */
    void tend();

    /** Returns whether there is a connection for commands. */
    boolean isConnected();

    @Override
    void close();

    /**
     * Fails commands at once while there is no connection, and does not send those again of which it is not known whether they were
     * carried out.
     */
    static <B extends ClientOptions.Builder> B configure(B builder, Duration commandTimeout) {
        builder.autoReconnect(true)
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .replayFilter(Link::mayNotRepeat)
                .timeoutOptions(TimeoutOptions.enabled(commandTimeout));
        return builder;
    }

    private static boolean mayNotRepeat(RedisCommand<?, ?, ?> command) {
        return command.getType() == CommandType.EVAL || command.getType() == CommandType.EVALSHA;
    }

    /** Takes what is told on topics. Called on threads of the client library; must not block. */
    interface News {
        /** From here on the news of a topic is told, after a loss too. */
        void onFollowing(String topic);

        /** Something was told. */
        void onNews(String topic, byte[] news);

        /** News may have been missed, of every topic for which {@link #onFollowing} is not called again. */
        void onLost();
    }
}
