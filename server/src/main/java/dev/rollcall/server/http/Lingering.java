package dev.rollcall.server.http;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;

/**
 * The end of a connection whose client is still sending. Closed at once, its socket would answer the bytes to come with a reset, and
 * the reset would destroy the answer before the client has read it. So only our direction is closed, and the rest is read for a while.
 */
final class Lingering {
    /** How long what still arrives is read and thrown away. */
    static final long NANOS = TimeUnit.SECONDS.toNanos(2);

    /** Closes our direction once the last answer is written. */
    static final ChannelFutureListener CLOSE_OUTPUT = future -> {
        SslHandler tls = future.channel().pipeline().get(SslHandler.class);
        if (!future.isSuccess()) {
            future.channel().close();
        } else if (tls != null) {
            tls.closeOutbound();
        } else if (future.channel() instanceof DuplexChannel channel) {
            channel.shutdownOutput();
        }
    };

    private Lingering() {}
}
