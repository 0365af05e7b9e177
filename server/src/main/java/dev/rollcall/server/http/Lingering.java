package dev.rollcall.server.http;

import io.netty.channel.Channel;
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

    private Lingering() {}

    /** Closes our direction, once the last answer is written. */
    static void closeOutput(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound();
        } else if (channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        }
    }
}
