package dev.rollcall.bench.peer;

import dev.rollcall.bench.load.Bytes;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The least a server on Netty can do: it decodes HTTP/1.1 and answers with bytes it was given. What it costs is the limit of the
 * platform.
 *
 * <p>In mode {@code answer} every request is answered with those bytes; where there are several files, with those of the file whose
 * number, from 0, is the first segment of the path. In mode {@code park} subscribes are held, and {@code /release/N} answers all of
 * them with the bytes, the number of the actor in them replaced by N; a subscribe with {@code tt=0} is answered at once.
 */
public final class BareServer {
    private static final byte[] ACTOR = Bytes.ascii("actor-000000");
    private static final int DIGITS = 6;
    private static final String RELEASE = "/release/";
    private static final String FIRST_POLL = "tt=0";
    private static final int LINE_BYTES = 128;
    private static final int BACKLOG = 4096;
    private static final byte[] RELEASED = response("OK");
    private static final byte[] FIRST = response("{\"t\":{\"t\":\"17000000000000000\",\"r\":1},\"m\":[]}");

    private final byte[][] answers;
    private final boolean isParking;
    private final Map<EventExecutor, Loop> loops = new HashMap<>();

    private BareServer(byte[][] answers, boolean isParking) {
        this.answers = answers;
        this.isParking = isParking;
    }

    /** Starts a server; its arguments are the mode and the files with the bytes. */
    public static void main(String[] arguments) throws IOException {
        byte[][] answers = new byte[arguments.length - 1][];
        for (int i = 0; i < answers.length; i++) {
            answers[i] = Files.readAllBytes(Path.of(arguments[i + 1]));
        }
        int port = new BareServer(answers, arguments[0].equals("park")).start();
        System.out.println("listening on http://127.0.0.1:" + port);
    }

    private int start() {
        boolean hasEpoll = Epoll.isAvailable();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(
                Runtime.getRuntime().availableProcessors(),
                hasEpoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        for (EventExecutor executor : group) {
            loops.put(executor, new Loop());
        }
        Class<? extends ServerChannel> type = hasEpoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        HttpDecoderConfig decoder = new HttpDecoderConfig().setInitialBufferSize(LINE_BYTES);
        Channel server = new ServerBootstrap()
                .group(group)
                .channel(type)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator(256, 1024, 16 * 1024))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        Loop loop = loops.get(channel.eventLoop());
                        if (loop == null) {
                            throw new IllegalStateException("connection on a foreign event loop");
                        }
                        channel.pipeline().addLast(new HttpRequestDecoder(decoder), loop.handler);
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    private void release(int number) {
        byte[] event = answers[0].clone();
        int rest = number;
        int digits = Bytes.indexOf(event, 0, event.length, ACTOR);
        while (digits >= 0) {
            int last = digits + ACTOR.length - 1;
            for (int i = last; i > last - DIGITS; i--) {
                event[i] = (byte) ('0' + rest % 10);
                rest /= 10;
            }
            rest = number;
            digits = Bytes.indexOf(event, last, event.length, ACTOR);
        }
        loops.forEach((executor, loop) -> executor.execute(() -> loop.release(unreleasable(event))));
    }

    /** Returns a buffer that is made once and written many times. */
    private static ByteBuf unreleasable(byte[] bytes) {
        return Unpooled.unreleasableBuffer(Unpooled.directBuffer(bytes.length).writeBytes(bytes));
    }

    private static byte[] response(String body) {
        return Bytes.ascii("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    /** The connections of one event loop; that loop only. */
    private final class Loop {
        private final BareHandler handler = new BareHandler(this);
        private final ByteBuf[] shared = new ByteBuf[answers.length];
        private final ByteBuf first = unreleasable(FIRST);
        private final ByteBuf released = unreleasable(RELEASED);
        private List<ChannelHandlerContext> parked = new ArrayList<>();

        Loop() {
            for (int i = 0; i < shared.length; i++) {
                shared[i] = unreleasable(answers[i]);
            }
        }

        void take(ChannelHandlerContext ctx, HttpRequest request) {
            if (!isParking) {
                write(ctx, shared.length == 1 ? shared[0] : shared[request.uri().charAt(1) - '0']);
            } else if (request.uri().startsWith(RELEASE)) {
                BareServer.this.release(Integer.parseInt(request.uri().substring(RELEASE.length())));
                write(ctx, released);
            } else if (request.uri().endsWith(FIRST_POLL)) {
                write(ctx, first);
            } else {
                parked.add(ctx);
            }
        }

        void release(ByteBuf event) {
            List<ChannelHandlerContext> waiting = parked;
            parked = new ArrayList<>(waiting.size());
            for (ChannelHandlerContext ctx : waiting) {
                write(ctx, event);
            }
        }

        private static void write(ChannelHandlerContext ctx, ByteBuf bytes) {
            ctx.writeAndFlush(bytes.duplicate(), ctx.voidPromise());
        }
    }

    private static final class BareHandler extends ChannelInboundHandlerAdapter {
        private final Loop loop;

        BareHandler(Loop loop) {
            this.loop = loop;
        }

        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof HttpRequest request) {
                loop.take(ctx, request);
            }
            ReferenceCountUtil.release(message);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
