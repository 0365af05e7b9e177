package dev.rollcall.server.http.listen;

import dev.rollcall.server.http.Handler;
import dev.rollcall.server.http.HttpLimits;
import dev.rollcall.server.http.HttpMetrics;
import dev.rollcall.server.http.HttpServerOptions;
import dev.rollcall.server.http.TlsFiles;
import dev.rollcall.server.http.TrustedProxies;
import dev.rollcall.server.http.io.BufferBudget;
import dev.rollcall.server.http.io.ServerLoop;
import dev.rollcall.server.http.tls.TlsContext;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listening socket and the connections it has accepted. Runs on threads of its own, which do not end before {@link #close}. Safe
 * from any thread, but no method may be called on an event loop, for some wait.
 */
public final class HttpServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HttpServer.class);

    /** How long {@link #close()} waits for answers that are still owed. */
    public static final Duration DEFAULT_CLOSE_PATIENCE = Duration.ofSeconds(3);

    private static final int BACKLOG = 4096;

    /** What the system queues for one client. Its own choice grows to megabytes, and hides from us for how long nobody reads. */
    private static final int SEND_BUFFER_BYTES = 256 * 1024;

    private static final int SMALLEST_READ_BYTES = 256;
    private static final int FIRST_READ_BYTES = 1024;
    private static final int LARGEST_READ_BYTES = 16 * 1024;
    private static final long SHUTDOWN_MILLIS = 1000;

    private final EventLoopGroup group;
    private final Channel channel;
    private final InetSocketAddress address;
    private final Map<EventLoop, ServerLoop> loops;
    private final List<LoopPulse> pulses;
    private final OpenConnections openConnections;
    private final ConnectionInitializer initializer;
    private final BufferBudget buffers;

    private HttpServer(
            EventLoopGroup group,
            Channel channel,
            Map<EventLoop, ServerLoop> loops,
            OpenConnections openConnections,
            ConnectionInitializer initializer,
            BufferBudget buffers) {
        this.buffers = buffers;
        this.group = group;
        this.channel = channel;
        // kept, because a closed channel has none
        address = (InetSocketAddress) channel.localAddress();
        this.loops = loops;
        pulses = loops.keySet().stream().map(LoopPulse::start).toList();
        this.openConnections = openConnections;
        this.initializer = initializer;
    }

    /** Listens as {@link #bind(HttpServerOptions, HttpMetrics, Handler)} does, without metrics. */
    public static HttpServer bind(HttpServerOptions options, Handler handler) {
        return bind(options, HttpMetrics.NONE, handler);
    }

    /**
     * Listens, and returns once connections are accepted.
     *
     * @throws UncheckedIOException if the address cannot be had
     * @throws IllegalArgumentException if the TLS files cannot be used
     */
    public static HttpServer bind(HttpServerOptions options, HttpMetrics metrics, Handler handler) {
        return bind(options, metrics, handler, System::nanoTime);
    }

    /** Listens with a clock of the caller's; the timeouts go by it. */
    static HttpServer bind(HttpServerOptions options, HttpMetrics metrics, Handler handler, LongSupplier ticker) {
        HttpLimits limits = options.limits();
        SslContext tls = options.tls() == null ? null : TlsContext.create(options.tls());
        boolean hasEpoll = Epoll.isAvailable();
        TrustedProxies proxies = options.trustedProxies();
        BufferBudget buffers = new BufferBudget(
                limits.totalBufferedBytes(), limits.addressBufferedBytes(), proxies::isTrusted, metrics);
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(
                options.eventLoops(),
                new DefaultThreadFactory("rollcall-http"),
                hasEpoll ? new HalfOpenEpoll() : NioIoHandler.newFactory());
        Map<EventLoop, ServerLoop> loops = new HashMap<>();
        for (EventExecutor executor : group) {
            EventLoop eventLoop = (EventLoop) executor;
            loops.put(eventLoop, new ServerLoop(eventLoop, handler, options, buffers, metrics, ticker));
        }
        OpenConnections openConnections = new OpenConnections(limits.maxConnections(), metrics);
        ConnectionInitializer initializer = new ConnectionInitializer(loops, openConnections, options, metrics, tls);
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .channel(socketClass(hasEpoll))
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .handler(new AcceptGuard(metrics))
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.SO_SNDBUF, SEND_BUFFER_BYTES)
                .childOption(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new AdaptiveRecvByteBufAllocator(SMALLEST_READ_BYTES, FIRST_READ_BYTES, LARGEST_READ_BYTES))
                .childHandler(initializer);
        ChannelFuture bound = bootstrap.bind(new InetSocketAddress(options.host(), options.port()));
        bound.awaitUninterruptibly();
        if (!bound.isSuccess()) {
            group.shutdownGracefully(0, SHUTDOWN_MILLIS, TimeUnit.MILLISECONDS);
            throw new UncheckedIOException(new IOException(
                    "cannot listen on " + options.host() + ":" + options.port() + ": " + reason(bound.cause()),
                    bound.cause()));
        }
        loops.values().forEach(ServerLoop::start);
        return new HttpServer(group, bound.channel(), loops, openConnections, initializer, buffers);
    }

    private static String reason(Throwable failure) {
        if (failure instanceof UnresolvedAddressException || failure instanceof UnknownHostException) {
            return "there is no such host";
        }
        // What the system says, without what the transport puts before it.
        String message = String.valueOf(failure.getMessage());
        return message.substring(message.lastIndexOf(": ") + 1).strip();
    }

    /**
     * Has connections that are accepted from now on get another certificate. Those that are open keep theirs.
     *
     * @throws IllegalArgumentException if the files cannot be used; nothing has changed then
     * @throws IllegalStateException if the server does not speak TLS
     */
    public void useCertificate(TlsFiles files) {
        initializer.useCertificate(TlsContext.create(files));
    }

    /** Returns how many bytes are kept of requests that have not arrived whole, and of answers that have not been read. */
    public long bufferedBytes() {
        return buffers.bytes();
    }

    /**
     * Returns for how many nanoseconds the slowest event loop has had something to do that it has not come to, give or take half a second;
     * 0 if all of them turn. What it grows to when a loop hangs has no bound.
     */
    public long loopLagNanos() {
        return pulses.stream().mapToLong(LoopPulse::lagNanos).max().orElse(0);
    }

    /** Returns the port that the server listens on, or did. */
    public int port() {
        return address().getPort();
    }

    /** Returns the address that the server listens on, or did. */
    public InetSocketAddress address() {
        return address;
    }

    /**
     * Takes no more connections and closes the idle ones. The others stay until their requests are answered, and each answer is then
     * the last of its connection. Does nothing when called again.
     */
    public void stopAccepting() {
        if (group.isShuttingDown()) {
            return;
        }
        channel.close().awaitUninterruptibly();
        loops.values().forEach(ServerLoop::stop);
    }

    /** Closes with a patience of {@link #DEFAULT_CLOSE_PATIENCE}. */
    @Override
    public void close() {
        close(DEFAULT_CLOSE_PATIENCE);
    }

    /** Stops accepting, waits until all requests are answered, at most for {@code patience}, and ends connections and threads. */
    public void close(Duration patience) {
        if (group.isTerminated()) {
            return;
        }
        stopAccepting();
        if (!openConnections.awaitNone(patience)) {
            log.info("closing connections that still wait for an answer patience={}", patience);
        }
        group.shutdownGracefully(0, SHUTDOWN_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly();
    }

    private static Class<? extends ServerSocketChannel> socketClass(boolean hasEpoll) {
        return hasEpoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }
}
