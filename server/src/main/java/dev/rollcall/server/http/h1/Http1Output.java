package dev.rollcall.server.http.h1;

import static java.util.Objects.requireNonNull;

import dev.rollcall.server.http.HttpMetrics.DropReason;
import dev.rollcall.server.http.io.BufferBudget;
import dev.rollcall.server.http.io.Connection;
import dev.rollcall.server.http.io.Cut;
import dev.rollcall.server.http.io.Outgoing;
import dev.rollcall.server.http.io.PeerFault;
import dev.rollcall.server.http.io.RemoteAddress;
import dev.rollcall.server.http.io.ServerLoop;
import dev.rollcall.server.http.io.SocketWrite;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes out of one connection that speaks HTTP/1: the last answer on its way to the socket, and what the client has not taken of it.
 * No object of its own, for there are as many of them as there are parked polls. Event loop only.
 */
abstract class Http1Output extends Http1Decoder implements Connection {
    private static final Logger log = LoggerFactory.getLogger(Http1Output.class);

    final ServerLoop loop;
    private final boolean isEncrypted;

    @Nullable
    ChannelHandlerContext context;

    private int bucket;
    private int slot = -1;

    /** If anything was written since the last flush, the buffer whose bytes others may get as well; empty if it was a copy of its own. */
    @Nullable
    ByteBuf unflushed;

    /** The last answer as long as it is the only thing to be flushed, so that it may go straight to the socket; null if there is none. */
    private @Nullable ByteBuf lone;

    /** What the client has not taken yet, null if it is not behind. */
    @Nullable
    UnreadAnswer unread;

    /** What the server keeps for this connection, null while it never had to. */
    BufferBudget.@Nullable Account account;

    /**
     * Makes one.
     *
     * @param isEncrypted whether what is written is changed by another handler on its way to the socket
     */
    Http1Output(ServerLoop loop, HttpDecoderConfig config, boolean isEncrypted) {
        super(config, loop.limits().pipelinedBytes());
        this.loop = loop;
        this.isEncrypted = isEncrypted;
    }

    /** Returns whether it is closed, or handed to HTTP/2. */
    abstract boolean isGone();

    /** Takes note that the client has taken all of an answer it was behind with. */
    abstract void caughtUp(UnreadAnswer answer);

    public ServerLoop loop() {
        return loop;
    }

    /** Forgets what has not been sent, and what is kept for it. */
    void forgetOutput() {
        ByteBuf unsent = lone;
        if (unsent != null) {
            lone = null;
            unsent.release();
        }
        unread = null;
        if (account != null) {
            account.close();
        }
    }

    /** Gives back what was kept for an answer that the client has taken. */
    void releaseAnswer(Object held) {
        if (account != null) {
            account.release(held);
            account.copies(0);
            forgetEmptyAccount();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (PeerFault.is(cause)) {
            log.debug("connection lost remote={} cause={}", RemoteAddress.text(ctx.channel()), cause.toString());
        } else {
            loop.failed("connection failed remote=" + RemoteAddress.text(ctx.channel()), cause);
        }
        ctx.close();
    }

    @Override
    public void flush() {
        if (context != null) {
            flushIfNeeded(context);
        }
    }

    @Override
    public int slot() {
        return slot;
    }

    @Override
    public int bucket() {
        return bucket;
    }

    @Override
    public void place(int newBucket, int newSlot) {
        bucket = newBucket;
        slot = newSlot;
    }

    @Override
    public void flushIfNeeded(ChannelHandlerContext ctx) {
        ByteBuf last = unflushed;
        if (last == null) {
            return;
        }
        unflushed = null;
        if (isLoneSent(ctx)) {
            return;
        }
        ctx.flush();
        if (isGone()) {
            return;
        }
        UnreadAnswer behind = unread;
        if (behind == null) {
            long unsent = Outgoing.unsent(ctx.channel());
            if (unsent == 0) {
                return;
            }
            // Encrypted, even the same answer is another one for each.
            int shared = isEncrypted ? 0 : last.readableBytes();
            behind = new UnreadAnswer(this, last, Outgoing.NOTHING);
            unread = behind;
            loop.lookSoon(this);
            if (shared > 0 && !account().hold(last, shared) || !account().copies(Math.max(0, unsent - shared))) {
                drop(DropReason.BUFFERS_FULL);
                return;
            }
        }
        behind.pump(ctx);
    }

    /** Writes bytes behind all that is written already. */
    void write(ChannelHandlerContext ctx, ByteBuf bytes) {
        queueLone(ctx);
        ctx.write(bytes, ctx.voidPromise());
    }

    /** Writes an answer before which nothing waits to be flushed: if it stays the only one it goes straight to the socket. */
    void writeLone(ChannelHandlerContext ctx, ByteBuf bytes) {
        if (isEncrypted || unread != null) {
            write(ctx, bytes);
        } else {
            lone = bytes;
        }
    }

    /** Has the last answer go the way of all others: something is to follow it, or it did not fit. */
    void queueLone(ChannelHandlerContext ctx) {
        ByteBuf bytes = lone;
        if (bytes != null) {
            lone = null;
            ctx.write(bytes, ctx.voidPromise());
        }
    }

    /** Sends the last answer if it is the only thing to be sent. Returns whether there was one and nothing is left to be flushed. */
    private boolean isLoneSent(ChannelHandlerContext ctx) {
        ByteBuf bytes = lone;
        if (bytes == null) {
            return false;
        }
        try {
            if (SocketWrite.isAllSent(ctx.channel(), bytes)) {
                lone = null;
                bytes.release();
                return true;
            }
        } catch (IOException e) {
            exceptionCaught(ctx, e);
            return true;
        }
        queueLone(ctx);
        return false;
    }

    /** Counts a long answer that is about to wait for the client; returns whether there is room for it. */
    boolean hasRoomFor(byte[] body) {
        BufferBudget.Account counted = account();
        if (!counted.hold(body)) {
            return false;
        }
        if (counted.copies(Outgoing.PIECE)) {
            return true;
        }
        counted.release(body);
        return false;
    }

    /** Returns what the server keeps for this connection, opened if need be. */
    BufferBudget.Account account() {
        BufferBudget.Account open = account;
        if (open == null) {
            open = loop.openAccount(requireNonNull(context).channel(), this);
            account = open;
        }
        return open;
    }

    void forgetEmptyAccount() {
        if (account != null && account.bytes() == 0) {
            account = null;
        }
    }

    @Override
    public void drop(DropReason reason) {
        ChannelHandlerContext ctx = context;
        // One that closes by itself is no longer to be dropped, though nobody has been told yet.
        if (ctx != null && !isGone() && ctx.channel().isOpen()) {
            loop.metrics().onDropped(reason);
            if (reason == DropReason.IDLE) {
                ctx.close();
            } else {
                // Past TLS, which would wait for a client that does not read to be told.
                Cut.now(ctx.channel(), false);
            }
            // Not when the channel says that it is closed, which may be after many more answers of others.
            forgetOutput();
        }
    }
}
