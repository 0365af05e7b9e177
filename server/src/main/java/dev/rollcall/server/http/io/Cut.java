package dev.rollcall.server.http.io;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;

/** The end of a connection without any of the words that a protocol has for it. */
public final class Cut {
    private Cut() {}

    /**
     * Closes a connection behind what its socket has taken; one that is closed already stays so. Event loop only.
     *
     * @param isReset whether the peer is to see a reset
     */
    public static void now(Channel channel, boolean isReset) {
        if (!channel.isOpen()) {
            // A closed socket takes no options any more.
            return;
        }
        if (isReset) {
            // What closes a socket that does not linger is a reset.
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        // Past the handlers, which would take leave: of TLS, or of the streams of HTTP/2.
        channel.unsafe().close(channel.newPromise());
    }
}
