package dev.rollcall.server.http.listen;

import dev.rollcall.server.http.HttpMetrics.DropReason;
import dev.rollcall.server.http.io.BufferBudget;
import dev.rollcall.server.http.io.Connection;
import dev.rollcall.server.http.io.Cut;
import dev.rollcall.server.http.io.ServerLoop;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Sees how many of the bytes that a client has sent wait for the rest of their TLS record, in front of Netty's handler of TLS, which keeps
 * them and does not say so: they are counted, and the record has the time that a request has. Looks only, and takes whatever comes. Known
 * to its loop as a connection of its own while there is anything to count. Event loop only.
 */
final class TlsRecords extends ChannelInboundHandlerAdapter implements Connection {
    private static final int HEADER = 5;
    private static final int LENGTH_HIGH = 3;
    private static final int LENGTH_LOW = 4;

    /** What every connection may keep without having it counted. */
    private static final int UNCOUNTED = 2048;

    private final ServerLoop loop;
    private @Nullable ChannelHandlerContext context;
    private int bucket;
    private int slot = -1;

    /** Bytes read of the header of the record; with all five its payload follows. */
    private int headerRead;

    private int length;
    private int left;

    /** The room of the buffer that came last, which is kept as a whole. */
    private int capacity;

    /** Since when the record is not whole; of no meaning while none is. */
    private long since;

    /** What is counted, null while nothing is. */
    private BufferBudget.@Nullable Account account;

    TlsRecords(ServerLoop loop) {
        this.loop = loop;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        if (message instanceof ByteBuf bytes) {
            boolean wasWhole = kept() == 0;
            capacity = bytes.capacity();
            if (read(bytes) || wasWhole) {
                since = loop.nanoTime();
            }
        }
        super.channelRead(ctx, message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        count(ctx);
        super.channelReadComplete(ctx);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        forget();
        super.channelInactive(ctx);
    }

    /** Passes over bytes that have come; returns whether a record ended with them. */
    private boolean read(ByteBuf in) {
        boolean hasEnded = false;
        int at = in.readerIndex();
        int end = in.writerIndex();
        while (at < end) {
            if (headerRead < HEADER) {
                int next = in.getUnsignedByte(at++);
                length = headerRead == LENGTH_HIGH ? next << 8 : headerRead == LENGTH_LOW ? length | next : 0;
                headerRead++;
                left = length;
            } else {
                int taken = Math.min(left, end - at);
                at += taken;
                left -= taken;
            }
            if (headerRead == HEADER && left == 0) {
                headerRead = 0;
                hasEnded = true;
            }
        }
        return hasEnded;
    }

    private int kept() {
        return headerRead < HEADER ? headerRead : HEADER + length - left;
    }

    private void count(ChannelHandlerContext ctx) {
        int kept = kept();
        int held = kept == 0 ? 0 : Math.max(kept, capacity);
        if (held <= UNCOUNTED) {
            forget();
            return;
        }
        BufferBudget.Account open = account;
        if (open == null) {
            open = loop.openAccount(ctx.channel(), this);
            account = open;
            loop.add(this);
        }
        if (!open.requests(held)) {
            drop(DropReason.BUFFERS_FULL);
        }
    }

    private void forget() {
        if (account != null) {
            account.close();
            account = null;
            loop.remove(this);
        }
    }

    @Override
    public long sweep(long nowNanos) {
        ChannelHandlerContext ctx = context;
        if (ctx != null && !ctx.channel().config().isAutoRead()) {
            // The rest may be there, and it is the server that does not read it.
            since = nowNanos;
        }
        long deadline = since + loop.limits().requestTimeout().toNanos();
        if (nowNanos - deadline >= 0) {
            drop(DropReason.REQUEST_TIMEOUT);
        }
        return deadline;
    }

    /** Nothing: the connection proper is told. */
    @Override
    public void stop() {}

    @Override
    public void drop(DropReason reason) {
        ChannelHandlerContext ctx = context;
        if (ctx != null && ctx.channel().isOpen()) {
            loop.metrics().onDropped(reason);
            Cut.now(ctx.channel(), false);
            // Out of the list of the loop when the channel says that it is closed: this may be called by who goes
            // through it.
            if (account != null) {
                account.close();
            }
        }
    }

    @Override
    public void flush() {}

    @Override
    public int bucket() {
        return bucket;
    }

    @Override
    public int slot() {
        return slot;
    }

    @Override
    public void place(int newBucket, int newSlot) {
        bucket = newBucket;
        slot = newSlot;
    }
}
