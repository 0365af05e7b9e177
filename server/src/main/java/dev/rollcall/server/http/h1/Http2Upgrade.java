package dev.rollcall.server.http.h1;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.rollcall.server.http.Request;
import dev.rollcall.server.http.body.RequestAssembly;
import dev.rollcall.server.http.h2.Http2ServerConnection;
import dev.rollcall.server.http.io.ServerLoop;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http2.Http2ServerUpgradeCodec;
import io.netty.handler.ssl.SslHandler;

/** The change from HTTP/1.1 to HTTP/2 that a client asks for in the headers of its first request. */
final class Http2Upgrade {
    private static final byte[] SWITCHING =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n".getBytes(US_ASCII);

    private Http2Upgrade() {}

    /**
     * Replaces the handler of {@code ctx} by one for HTTP/2, which answers the request as its first stream. Returns false, with
     * nothing changed, if the settings in the request are wrong or the connection is encrypted (there, HTTP/2 is
     * agreed on before the first request); the request is then served as if it had not asked.
     */
    static boolean perform(
            ChannelHandlerContext ctx, ServerLoop loop, Http1Head head, RequestAssembly assembly, Request request) {
        if (ctx.pipeline().get(SslHandler.class) != null) {
            return false;
        }
        HttpRequest http1 = head.request();
        FullHttpRequest full = new DefaultFullHttpRequest(
                http1.protocolVersion(),
                http1.method(),
                http1.uri(),
                Unpooled.EMPTY_BUFFER,
                http1.headers(),
                EmptyHttpHeaders.INSTANCE);
        Http2ServerConnection connection = Http2ServerConnection.create(loop);
        Http2ServerUpgradeCodec codec = new Http2ServerUpgradeCodec(connection);
        if (!codec.prepareUpgradeResponse(ctx, full, new DefaultHttpHeaders())) {
            return false;
        }
        ctx.writeAndFlush(Unpooled.wrappedBuffer(SWITCHING), ctx.voidPromise());
        codec.upgradeTo(ctx, full);
        ctx.pipeline().remove(ctx.handler());
        connection.handleUpgraded(assembly, request);
        return true;
    }
}
