package dev.rollcall.server.http.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.server.http.HttpMetrics;
import dev.rollcall.server.http.HttpServerOptions;
import io.netty.channel.DefaultEventLoop;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopStreamTest {
    private static final byte[] KIBIBYTE = new byte[1024];
    private static final int MOST = LoopStream.MOST_BYTES / 1024;

    private final DefaultEventLoop eventLoop = new DefaultEventLoop();
    private final LoopStream stream = new LoopStream(new ServerLoop(
            eventLoop,
            (request, exchange) -> {},
            new HttpServerOptions("127.0.0.1", 0),
            new BufferBudget(1, 1, peer -> true),
            HttpMetrics.NONE,
            System::nanoTime));

    @AfterEach
    void stop() {
        eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @Test
    void send_isRefusedWhereThereIsNoRoom() {
        for (int i = 0; i < MOST; i++) {
            assertThat(stream.send(KIBIBYTE)).isTrue();
        }
        assertThat(stream.send(new byte[1])).isFalse();
    }

    @Test
    void send_takesALongPieceWhereNothingElseWaits() {
        assertThat(stream.send(new byte[2 * LoopStream.MOST_BYTES])).isTrue();
        assertThat(stream.send(new byte[1])).isFalse();
        assertThat(stream.take(1)).hasSize(1);
        assertThat(stream.send(new byte[1])).isTrue();
    }

    @Test
    void onRoom_runsOnceHalfOfItIsTaken_ifAPieceWasRefused() {
        AtomicInteger rooms = new AtomicInteger();
        stream.onRoom(rooms::incrementAndGet);
        fill();
        drain(MOST);
        assertThat(rooms).as("nobody was refused").hasValue(0);

        fill();
        assertThat(stream.send(KIBIBYTE)).isFalse();
        drain(MOST / 2 - 1);
        assertThat(rooms).hasValue(0);
        drain(1);
        assertThat(rooms).hasValue(1);
        drain(MOST / 2);
        assertThat(rooms).as("told once").hasValue(1);
    }

    private void fill() {
        for (int i = 0; i < MOST; i++) {
            assertThat(stream.send(KIBIBYTE)).isTrue();
        }
    }

    private void drain(int pieces) {
        for (int i = 0; i < pieces; i++) {
            assertThat(stream.take(1)).hasSize(1);
        }
    }

    @Test
    void take_givesNoMoreThanAsked() {
        stream.send("ab".getBytes(UTF_8));
        stream.send("cd".getBytes(UTF_8));
        stream.send("e".getBytes(UTF_8));
        assertThat(stream.take(4)).hasSize(2);
        assertThat(stream.take(4)).hasSize(1);
        assertThat(stream.take(4)).isEmpty();
    }

    @Test
    void end_isBehindWhatWasSent() {
        stream.send(KIBIBYTE);
        stream.end();
        assertThat(stream.send(KIBIBYTE)).isFalse();
        assertThat(stream.isExhausted()).isFalse();
        stream.take(1);
        assertThat(stream.isExhausted()).isTrue();
        assertThat(stream.isOver()).as("not written yet").isFalse();
    }

    @Test
    void pieces_thatCameBeforeTheWriterAreWritten() {
        AtomicInteger written = new AtomicInteger();
        stream.send(KIBIBYTE);
        eventLoop.execute(() -> stream.startWriting(
                () -> written.addAndGet(stream.take(LoopStream.MOST_BYTES).size())));
        await().untilAsserted(() -> assertThat(written).hasValue(1));
        stream.send(KIBIBYTE);
        await().untilAsserted(() -> assertThat(written).hasValue(2));
    }

    @Test
    void whenTheLoopHasEnded_itIsOver() {
        eventLoop.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
        AtomicInteger overs = new AtomicInteger();
        stream.onOver(overs::incrementAndGet);
        stream.send(KIBIBYTE);
        assertThat(stream.isOver()).isTrue();
        assertThat(overs).hasValue(1);
        assertThat(List.of(stream.send(KIBIBYTE), stream.isExhausted())).containsExactly(false, false);
    }
}
