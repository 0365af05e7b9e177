package dev.rollcall.engine.redis;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.Publication;
import dev.rollcall.protocol.SubscribeKey;
import java.util.concurrent.CompletableFuture;

/** Publishes messages, and notices of channels that turn active or inactive. Safe from any thread. */
final class Publisher implements Presence.NoticeBoard {
    /**
     * The most bytes of a message with its copies under wildcards. Redis cuts a node off that has not yet read 32 MB, as it is set up by
     * itself; and all copies of a message go to a node that follows all its wildcards, in one step.
     */
    static final long MOST_COPIED = 8L * 1024 * 1024;

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
    CompletableFuture<Long> publish(Keyset keyset, Channel channel, Publication publication) {
        SubscribeKey key = keyset.key;
        long mostKept = keyset.settings().limits().keptBytes();
        if (capacity.isFull(names.partition(key, channel.name()))) {
            return CompletableFuture.failedFuture(Scripts.NO_ROOM);
        }
        byte[] message = FeedCodec.encode(publication);
        byte[][] keys = names.publish(key, channel.name(), mostKept > 0);
        int wildcards = (keys.length - (mostKept > 0 ? 5 : 2)) / 2;
        if ((long) message.length * (1 + wildcards) > MOST_COPIED) {
            return CompletableFuture.failedFuture(new ProtocolException(
                    ErrorCode.MESSAGE_TOO_LARGE,
                    ErrorCode.MESSAGE_TOO_LARGE.text() + ": " + message.length + " bytes in a channel under "
                            + wildcards + " wildcards (expected: at most " + MOST_COPIED / (1 + wildcards) + ")"));
        }
        byte[][] arguments =
                Scripts.values(channel.name(), "", Long.toString(most(message.length)), Long.toString(mostKept));
        arguments[2] = message;
        return scripts.timetoken(Script.PUBLISH, keys, arguments).thenApply(timetoken -> {
            if (timetoken == 0) {
                throw Groups.overLimit("max-kept-bytes", mostKept);
            }
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
        return publish(keyset, channel, new Publication(MessageType.MESSAGE, payload, null, null, 0, null))
                .thenAccept(timetoken -> {});
    }
}
