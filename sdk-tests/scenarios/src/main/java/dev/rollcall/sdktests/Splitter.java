package dev.rollcall.sdktests;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Stands where a load balancer would, and is worse than any: each request goes to a node chosen at random, those of one connection too. A
 * client that hangs up is hung up on the nodes.
 */
final class Splitter implements AutoCloseable {
    private static final int MOST_BYTES = 16 * 1024 * 1024;

    private final List<Integer> ports;
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel server;

    /** Listens on a free port, in front of nodes at these ports of this machine. */
    Splitter(List<Integer> ports) {
        this.ports = List.copyOf(ports);
        server = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline()
                                .addLast(new HttpServerCodec(64 * 1024, 16 * 1024, 16 * 1024))
                                .addLast(new HttpObjectAggregator(MOST_BYTES))
                                .addLast(new Front());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
    }

    int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** The connection of one client, with one to each node that it needed so far. Event loop only. */
    private final class Front extends SimpleChannelInboundHandler<FullHttpRequest> {
        private final @Nullable Channel[] nodes = new Channel[ports.size()];

        /** Requests not answered yet; the first of them is with a node. */
        private final Deque<FullHttpRequest> waiting = new ArrayDeque<>();

        private boolean keepsAlive;

        /** The node that has the first of them. */
        private int asked;

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            waiting.add(request.retain());
            if (waiting.size() == 1) {
                send(context.channel());
            }
        }

        private void send(Channel client) {
            FullHttpRequest request = waiting.element();
            keepsAlive = HttpUtil.isKeepAlive(request);
            int node = ThreadLocalRandom.current().nextInt(nodes.length);
            asked = node;
            Channel open = nodes[node];
            if (open != null && open.isActive()) {
                open.writeAndFlush(request.retain());
                return;
            }
            connect(client, node).addListener((ChannelFutureListener) connected -> {
                if (!connected.isSuccess() || !client.isActive()) {
                    connected.channel().close();
                    client.close();
                    return;
                }
                nodes[node] = connected.channel();
                connected.channel().writeAndFlush(request.retain());
            });
        }

        private ChannelFuture connect(Channel client, int node) {
            EventLoop loop = client.eventLoop();
            return new Bootstrap()
                    .group(loop)
                    .channel(NioSocketChannel.class)
                    .handler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(SocketChannel channel) {
                            channel.pipeline()
                                    .addLast(new HttpClientCodec())
                                    .addLast(new HttpObjectAggregator(MOST_BYTES))
                                    .addLast(new Back(client, node));
                        }
                    })
                    .connect(InetAddress.getLoopbackAddress(), ports.get(node));
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            for (Channel node : nodes) {
                Optional.ofNullable(node).ifPresent(Channel::close);
            }
            waiting.forEach(FullHttpRequest::release);
            waiting.clear();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }

        /** The connection to one node. */
        private final class Back extends SimpleChannelInboundHandler<FullHttpResponse> {
            private final Channel client;
            private final int node;

            Back(Channel client, int node) {
                this.client = client;
                this.node = node;
            }

            @Override
            protected void channelRead0(ChannelHandlerContext context, FullHttpResponse response) {
                waiting.remove().release();
                ChannelFuture written = client.writeAndFlush(response.retain());
                if (!keepsAlive) {
                    written.addListener(ChannelFutureListener.CLOSE);
                } else if (!waiting.isEmpty()) {
                    send(client);
                }
            }

            @Override
            public void channelInactive(ChannelHandlerContext context) {
                // Whoever waits for an answer is told as a client of the node itself would be; one that was idle is of
                // no consequence.
                if (node == asked && !waiting.isEmpty()) {
                    client.close();
                }
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                context.close();
            }
        }
    }
}
