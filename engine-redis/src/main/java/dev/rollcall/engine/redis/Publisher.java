package dev.rollcall.engine.redis;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.Publication;
import dev.rollcall.protocol.SubscribeKey;
import java.util.concurrent.CompletableFuture;

/** Publishes messages, and notices of channels that turn active or inactive. Safe from any thread. */
final class Publisher implements Presence.NoticeBoard {
    private final Scripts scripts;
    private final Names names;
    private final Capacity capacity;
    private final Topics topics;
    private final Handshakes handshakes;

    Publisher(Scripts scripts, Names names, Capacity capacity, Topics topics, Handshakes handshakes) {
        this.scripts = scripts;
        this.names = names;
        this.capacity = capacity;
        this.topics = topics;
        this.handshakes = handshakes;
    }

    /** Publishes a message, and returns its timetoken. */
    CompletableFuture<Long> publish(SubscribeKey key, Channel channel, Publication publication) {
        if (capacity.isFull(names.partition(key, channel.name()))) {
            return CompletableFuture.failedFuture(Scripts.NO_ROOM);
        }
        byte[] message = FeedCodec.encode(publication);
        byte[][] arguments = Scripts.values(channel.name(), "", Long.toString(most(message.length)));
        arguments[2] = message;
        return scripts.timetoken(Script.PUBLISH, names.publish(key, channel.name()), arguments)
                .thenApply(timetoken -> {
                    topics.acknowledge(names.messages(key, channel.name()), timetoken);
                    return timetoken;
                });
    }

    /** Returns how many messages a stream may hold after one of this size. */
    private static long most(int size) {
        return Math.max(1, Math.min(Feed.CAPACITY, Feed.BYTES / size));
    }

    @Override
    public CompletableFuture<Long> timetoken(Keyset keyset, Channel channel) {
        return handshakes.fence(names.partition(keyset.key, channel.name()));
    }

    @Override
    public CompletableFuture<Void> publish(Keyset keyset, Channel channel, byte[] payload) {
        return publish(keyset.key, channel, new Publication(MessageType.MESSAGE, payload, null, null, 0, null))
                .thenAccept(timetoken -> {});
    }
}
