package dev.rollcall.engine.redis.link;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisReadOnlyException;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One command on its way, and its answer. Where a server says that the partition is elsewhere, or on its way elsewhere, it goes there; it
 * has not been carried out then.
 */
final class Call<T> extends CompletableFuture<T> implements BiConsumer<T, @Nullable Throwable> {
    /** How long to wait for a slot of which some keys have moved and some have not. */
    private static final long AGAIN_MILLIS = 50;

    private final Link link;
    private final int partition;
    private final Lane lane;
    private final int bytes;
    private final Command<T> command;
    private @Nullable CommandConnection connection;

    /** Until when it may be sent again; 0 while it has been sent once only. */
    private long until;

    Call(Link link, int partition, Lane lane, int bytes, Command<T> command) {
        this.link = link;
        this.partition = partition;
        this.lane = lane;
        this.bytes = bytes;
        this.command = command;
    }

    /** Told by this node, not by Redis, and for thousands of commands at once: so without a stack trace, which costs more than all else. */
    private static final class Refusal extends RedisException {
        private static final long serialVersionUID = 1;

        Refusal(String message) {
            super(message);
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    private static RedisException away() {
        return new Refusal("no connection");
    }

    private static RedisException full() {
        return new Refusal("too many commands on their way");
    }

    /** Sends it to the master of its partition. */
    void send() {
        Master master = link.master(partition);
        send(master == null ? null : master.connection(lane));
    }

    private void send(@Nullable CommandConnection to) {
        StatefulRedisConnection<byte[], byte[]> open = to == null ? null : to.get();
        if (to == null || open == null) {
            link.topology().suspect();
            completeExceptionally(away());
            return;
        }
        if (!to.enter(lane, bytes)) {
            completeExceptionally(full());
            return;
        }
        connection = to;
        RedisFuture<T> sent;
        try {
            sent = command.send(open.async());
        } catch (RuntimeException e) {
            to.leave(bytes);
            completeExceptionally(e);
            return;
        }
        sent.whenComplete(this);
    }

    /** Sends it to a server that takes over the partition and does not have all of it yet. */
    private void sendAsking(Address address) {
        Master master = link.masterAt(address);
        master.wantAsking(link.now());
        StatefulRedisConnection<byte[], byte[]> open = master.asking.get();
        if (open == null) {
            again();
            return;
        }
        if (!master.asking.enter(lane, bytes)) {
            completeExceptionally(full());
            return;
        }
        connection = master.asking;
        RedisFuture<T> sent;
        try {
            synchronized (master.asking) {
                open.async().asking();
                sent = command.send(open.async());
            }
        } catch (RuntimeException e) {
            master.asking.leave(bytes);
            completeExceptionally(e);
            return;
        }
        sent.whenComplete(this);
    }

    @Override
    public void accept(T answer, @Nullable Throwable failure) {
        CommandConnection at = connection;
        if (at != null) {
            at.leave(bytes);
        }
        if (failure == null) {
            if (at != null) {
                at.heard();
            }
            complete(answer);
            return;
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (!(cause instanceof RedisCommandExecutionException)) {
            completeExceptionally(cause);
            return;
        }
        if (at != null) {
            at.heard();
        }
        if (!isRedirected(cause)) {
            completeExceptionally(cause);
        }
    }

    private boolean isRedirected(Throwable refusal) {
        String message = String.valueOf(refusal.getMessage());
        if (refusal instanceof RedisReadOnlyException || message.startsWith("CLUSTERDOWN")) {
            // A master no more.
            link.topology().suspect();
            return false;
        }
        boolean moved = message.startsWith("MOVED ");
        boolean ask = message.startsWith("ASK ");
        if (!moved && !ask && !message.startsWith("TRYAGAIN") || !mayGoOn()) {
            return false;
        }
        Address address = moved || ask ? Address.parse(message.substring(message.lastIndexOf(' ') + 1)) : null;
        if (address == null) {
            again();
        } else if (moved) {
            link.topology().told(partition, address);
            again();
        } else {
            sendAsking(address);
        }
        return true;
    }

    private boolean mayGoOn() {
        long now = link.now();
        if (until == 0) {
            until = now + link.patienceMillis();
        }
        return now < until;
    }

    private void again() {
        if (!mayGoOn() || !link.later(AGAIN_MILLIS, this::sendFromTheStart)) {
            completeExceptionally(away());
        }
    }

    private void sendFromTheStart() {
        Master master = link.master(partition);
        CommandConnection to = master == null ? null : master.connection(lane);
        if (to == null || to.get() == null) {
            again();
        } else {
            send(to);
        }
    }
}
