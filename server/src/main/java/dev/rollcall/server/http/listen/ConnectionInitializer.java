package dev.rollcall.server.http.listen;

import dev.rollcall.server.http.ConnectionGate;
import dev.rollcall.server.http.HttpLimits;
import dev.rollcall.server.http.HttpMetrics;
import dev.rollcall.server.http.HttpMetrics.DropReason;
import dev.rollcall.server.http.HttpServerOptions;
import dev.rollcall.server.http.h1.Http1Connection;
import dev.rollcall.server.http.h1.Http1Decoder;
import dev.rollcall.server.http.h2.Http2ServerConnection;
import dev.rollcall.server.http.io.PeerFault;
import dev.rollcall.server.http.io.RemoteAddress;
import dev.rollcall.server.http.io.ServerLoop;
import dev.rollcall.server.http.tls.Handshakes;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets up accepted connections. */
@Sharable
final class ConnectionInitializer extends ChannelInitializer<Channel> {
    private static final Logger log = LoggerFactory.getLogger(ConnectionInitializer.class);

    private final Map<EventLoop, ServerLoop> loops;
    private final OpenConnections openConnections;
    private final HttpLimits limits;
    private final ConnectionGate gate;
    private final HttpMetrics metrics;
    private volatile @Nullable SslContext tls;
    private final HttpDecoderConfig decoderConfig;
    private final Handshakes handshakes;

    ConnectionInitializer(
            Map<EventLoop, ServerLoop> loops,
            OpenConnections openConnections,
            HttpServerOptions options,
            HttpMetrics metrics,
            @Nullable SslContext tls) {
        this.loops = loops;
        this.openConnections = openConnections;
        limits = options.limits();
        gate = options.gate();
        this.metrics = metrics;
        this.tls = tls;
        decoderConfig = Http1Decoder.config(limits);
        handshakes = new Handshakes(
                limits.maxHandshakes(), limits.maxHandshakesPerAddress(), options.trustedProxies()::isTrusted);
    }

    /** Sets the certificate of the connections to come. */
    void useCertificate(SslContext other) {
        if (tls == null) {
            throw new IllegalStateException("the server does not speak TLS");
        }
        tls = other;
    }

    @Override
    protected void initChannel(Channel channel) {
        ServerLoop loop = loops.get(channel.eventLoop());
        if (loop == null) {
            throw new IllegalStateException("connection on the event loop of another server");
        }
        if (!openConnections.tryOpen()) {
            metrics.onDropped(DropReason.CONNECTION_LIMIT);
            channel.close();
            return;
        }
        metrics.onConnectionOpened();
        channel.closeFuture().addListener(openConnections);
        InetAddress peer = RemoteAddress.of(channel);
        Runnable onClosed = gate.tryOpen(peer);
        if (onClosed == null) {
            metrics.onDropped(DropReason.ADDRESS_LIMIT);
            channel.close();
            return;
        }
        if (!onClosed.equals(ConnectionGate.NOTHING)) {
            channel.closeFuture().addListener(future -> onClosed.run());
        }
        ChannelPipeline pipeline = channel.pipeline();
        SslContext context = tls;
        if (context == null) {
            pipeline.addLast(new Http1Connection(loop, decoderConfig, false));
            return;
        }
        if (!handshakes.tryBegin(peer)) {
            metrics.onDropped(DropReason.TLS_HANDSHAKE_LIMIT);
            channel.close();
            return;
        }
        SslHandler handler = context.newHandler(channel.alloc());
        // done when it has failed too, or when the connection was closed before
        handler.handshakeFuture().addListener(done -> handshakes.ended(peer));
        handler.setHandshakeTimeoutMillis(limits.requestTimeout().toMillis());
        pipeline.addLast(new TlsRecords(loop), handler, new ProtocolChoice(loop));
    }

    /** Waits for the handshake, and makes way for the protocol that was agreed on. */
    private final class ProtocolChoice extends ApplicationProtocolNegotiationHandler {
        private final ServerLoop loop;
        private boolean isFailed;

        ProtocolChoice(ServerLoop loop) {
            super(ApplicationProtocolNames.HTTP_1_1);
            this.loop = loop;
        }

        @Override
        protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
            boolean isHttp2 = ApplicationProtocolNames.HTTP_2.equals(protocol);
            ctx.pipeline()
                    .addLast(
                            isHttp2
                                    ? Http2ServerConnection.create(loop)
                                    : new Http1Connection(loop, decoderConfig, true));
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
            if (event instanceof ChannelInputShutdownEvent) {
                ctx.close();
            }
            super.userEventTriggered(ctx, event);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (PeerFault.is(cause)) {
                handshakeFailure(ctx, cause);
                return;
            }
            loop.failed("TLS handshake failed remote=" + RemoteAddress.text(ctx.channel()), cause);
            ctx.close();
        }

        @Override
        protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
            // Twice for some: the failure of the handshake, and the exception that was its cause.
            if (!isFailed) {
                isFailed = true;
                log.debug(
                        "TLS handshake failed remote={} cause={}", RemoteAddress.text(ctx.channel()), cause.toString());
                metrics.onDropped(DropReason.TLS_HANDSHAKE);
            }
            ctx.close();
        }
    }
}
