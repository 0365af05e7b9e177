package dev.rollcall.server.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes on accepting when the system had no descriptor, or no memory, for one more connection: after a pause that grows, with one line in
 * the log when it begins and one when it is over. Event loop of the listening socket only.
 */
final class AcceptGuard extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(AcceptGuard.class);
    private static final long FIRST_PAUSE_MILLIS = 10;
    private static final long LONGEST_PAUSE_MILLIS = 1000;

    private final HttpMetrics metrics;
    private long pauseMillis;
    private long failures;

    AcceptGuard(HttpMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object connection) {
        if (failures > 0) {
            log.info("connections are accepted again failures={}", failures);
            failures = 0;
            pauseMillis = 0;
        }
        ctx.fireChannelRead(connection);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        metrics.onAcceptFailed();
        if (failures++ == 0) {
            log.error(
                    "no connections are accepted for now cause=\"{}\" (expected: more file descriptors, or max-connections below them)",
                    cause.getMessage());
        }
        pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, Math.max(FIRST_PAUSE_MILLIS, 2 * pauseMillis));
        ctx.channel().config().setAutoRead(false);
        ctx.executor().schedule(() -> ctx.channel().config().setAutoRead(true), pauseMillis, TimeUnit.MILLISECONDS);
    }
}
