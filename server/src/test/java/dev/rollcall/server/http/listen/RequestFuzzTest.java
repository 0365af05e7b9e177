package dev.rollcall.server.http.listen;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.embedded.EmbeddedEngine;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.access.AccessControl;
import dev.rollcall.server.config.KeysetConfig;
import dev.rollcall.server.config.KeysetRegistry;
import dev.rollcall.server.http.HttpLimits;
import dev.rollcall.server.http.HttpMetrics;
import dev.rollcall.server.http.HttpServerOptions;
import dev.rollcall.server.http.h1.Http1Connection;
import dev.rollcall.server.http.h1.Http1Decoder;
import dev.rollcall.server.http.h2.Http2ServerConnection;
import dev.rollcall.server.http.io.BufferBudget;
import dev.rollcall.server.http.io.ServerLoop;
import dev.rollcall.server.limit.ClientLimits;
import dev.rollcall.server.metrics.RequestMetrics;
import dev.rollcall.server.route.Router;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2CodecUtil;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;

/**
 * Whatever bytes arrive on a connection, on their way through the decoder, the router and an engine: what goes back is HTTP, nothing is
 * a defect of the server, and no buffer is left behind.
 */
class RequestFuzzTest {
    private static final SubscribeKey OPEN = new SubscribeKey("sub");
    private static final SubscribeKey LOCKED = new SubscribeKey("locked");
    private static final int SETTINGS_FRAME_BYTES = 9;

    private final KeysetRegistry keysets = new KeysetRegistry(List.of(
            new KeysetConfig(OPEN, "pub", KeysetSettings.DEFAULT),
            new KeysetConfig(LOCKED, "pub", KeysetSettings.DEFAULT).withSecretKey("secret-for-fuzzing-only")));
    private EmbeddedEngine engine = engine();
    private int requests;

    private EmbeddedEngine engine() {
        return new EmbeddedEngine(keysets, EngineTime.system(), new EngineListener() {});
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private String exchange(Function<ServerLoop, ChannelHandler> connection, byte[]... parts) {
        // What clients left behind would fill the memory of a long run.
        if (++requests % 500 == 0) {
            engine.close();
            engine = engine();
        }
        AccessControl access =
                AccessControl.inMemory(keysets, MemoryBudget.unlimited(), () -> 1_700_000_000_000L, Runnable::run);
        RequestMetrics metrics = new RequestMetrics();
        Router router = new Router(engine, keysets, access, ClientLimits.none(), metrics);
        EmbeddedChannel channel = new EmbeddedChannel();
        HttpServerOptions options = new HttpServerOptions("127.0.0.1", 0, 1, null, HttpLimits.defaults());
        BufferBudget buffers = new BufferBudget(Long.MAX_VALUE, Long.MAX_VALUE, peer -> false);
        ServerLoop loop =
                new ServerLoop(channel.eventLoop(), router, options, buffers, HttpMetrics.NONE, System::nanoTime);
        channel.pipeline().addLast(connection.apply(loop));
        for (byte[] part : parts) {
            // as a closed socket brings nothing more
            if (channel.isOpen()) {
                channel.writeInbound(Unpooled.wrappedBuffer(part));
                channel.runPendingTasks();
            }
        }
        StringBuilder sent = new StringBuilder();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            sent.append(out.toString(ISO_8859_1));
            out.release();
        }
        channel.finishAndReleaseAll();
        channel.checkException();
        assertThat(buffers.bytes()).as("bytes kept after the end").isZero();
        metrics.visit((operation, status, count) ->
                assertThat(status).as("status of %s", operation).isNotEqualTo(500));
        return sent.toString();
    }

    private static ChannelHandler http1(ServerLoop loop) {
        return new Http1Connection(loop, Http1Decoder.config(loop.limits()), false);
    }

    private static void assertSound(String sent) {
        if (!sent.isEmpty()) {
            assertThat(sent).startsWith("HTTP/1.1 ");
        }
    }

    /** All bytes of a connection. */
    @FuzzTest
    void connection(byte[] input) {
        assertSound(exchange(RequestFuzzTest::http1, input));
    }

    /** The same bytes in two pieces must get the same answers. */
    @FuzzTest
    void segments(byte[] input) {
        int cut = input.length == 0 ? 0 : (input[0] & 0xff) % (input.length + 1);
        byte[] first = Arrays.copyOf(input, cut);
        byte[] second = Arrays.copyOfRange(input, cut, input.length);
        String whole = exchange(RequestFuzzTest::http1, input);
        String cutUp = exchange(RequestFuzzTest::http1, first, second);
        assertThat(statuses(cutUp)).isEqualTo(statuses(whole));
    }

    private static List<String> statuses(String sent) {
        return sent.lines().filter(line -> line.startsWith("HTTP/1.1 ")).toList();
    }

    /** A request that can be read as HTTP, so that the routes are reached at once: its target in one line, its body in the others. */
    @FuzzTest
    void request(byte[] input) {
        String text = new String(input, ISO_8859_1);
        int end = text.indexOf('\n');
        String target = "/" + (end < 0 ? text : text.substring(0, end)).replaceAll("[\\x00-\\x20\\x7f-\\xff]", "");
        String body = end < 0 ? "" : text.substring(end + 1);
        String method = body.isEmpty() ? "GET" : "POST";
        String whole =
                method + " " + target + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        assertSound(exchange(RequestFuzzTest::http1, whole.getBytes(ISO_8859_1)));
    }

    /** The frames that follow a right beginning of HTTP/2. */
    @FuzzTest
    void http2(byte[] input) {
        byte[] preface = new byte[Http2CodecUtil.connectionPrefaceBuf().readableBytes() + SETTINGS_FRAME_BYTES];
        ByteBuf constant = Http2CodecUtil.connectionPrefaceBuf();
        constant.readBytes(preface, 0, constant.readableBytes());
        // a SETTINGS frame without settings: length 0, type 4
        preface[preface.length - SETTINGS_FRAME_BYTES + 3] = 4;
        exchange(Http2ServerConnection::create, preface, input);
    }
}
