package dev.rollcall.bench.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The threads of the load generator. Safe from any thread. */
public final class LoadLoops implements AutoCloseable {
    private final EventLoopGroup group;
    private final Map<EventLoop, LoadLoop> loops = new HashMap<>();

    /** Starts this many threads. One is enough to load a server on two processors, and leaves it one of them. */
    public LoadLoops(int threads) {
        group = new MultiThreadIoEventLoopGroup(
                threads,
                new DefaultThreadFactory("bench-load", true),
                Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        int index = 0;
        for (EventExecutor executor : group) {
            EventLoop loop = (EventLoop) executor;
            loops.put(loop, new LoadLoop(index++));
        }
    }

    /** Returns how many threads there are. */
    public int size() {
        return loops.size();
    }

    /** Opens a connection, from a source address if there is one; {@code owner} hears how it goes, on the connection's thread. */
    public void connect(InetSocketAddress server, @Nullable SocketAddress source, WireConnection.Owner owner) {
        Bootstrap bootstrap = new Bootstrap()
                .group(group)
                .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        LoadLoop loop = loops.get(channel.eventLoop());
                        if (loop == null) {
                            throw new IllegalStateException("connection on a foreign event loop");
                        }
                        channel.pipeline().addLast(new WireConnection(loop, owner));
                    }
                });
        ChannelFuture connected = source == null ? bootstrap.connect(server) : bootstrap.connect(server, source);
        connected.addListener((ChannelFutureListener) future -> {
            if (!future.isSuccess()) {
                owner.onFailed(future.cause());
            }
        });
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
