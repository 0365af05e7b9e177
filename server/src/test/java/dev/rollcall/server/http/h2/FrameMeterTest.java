package dev.rollcall.server.http.h2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameMeterTest {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int CONTINUATION = 9;
    private static final int END_HEADERS = 4;

    private final FrameMeter meter = new FrameMeter();

    private static byte[] frame(int type, int flags, int length) {
        return ByteBuffer.allocate(9 + length)
                .put((byte) (length >>> 16))
                .putShort((short) length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(1)
                .array();
    }

    private void read(byte[] bytes, int from, int to) {
        meter.read(Unpooled.wrappedBuffer(bytes, from, to - from));
    }

    private void read(byte[] bytes) {
        read(bytes, 0, bytes.length);
    }

    @Test
    void wholeFrames_keepNothing() {
        read(new byte[24]);
        assertThat(meter.kept()).isZero();
        read(frame(4, 0, 0));
        read(frame(HEADERS, END_HEADERS, 50));
        read(frame(DATA, 0, 70_000));
        assertThat(meter.kept()).isZero();
        assertThat(meter.hasCompleted()).isTrue();
    }

    @Test
    void partOfAFrame_isKept() {
        read(new byte[10]);
        assertThat(meter.kept()).isZero();
        read(new byte[14]);
        byte[] data = frame(DATA, 0, 100);
        read(data, 0, 4);
        assertThat(meter.kept()).isEqualTo(4);
        read(data, 4, 59);
        assertThat(meter.kept()).isEqualTo(59);
        assertThat(meter.hasCompleted()).isFalse();
        assertThat(meter.isInHeaders()).isFalse();
        read(data, 59, 109);
        assertThat(meter.kept()).isZero();
    }

    @Test
    void blockOfHeaders_isKeptUntilItsEnd() {
        read(new byte[24]);
        read(frame(HEADERS, 0, 100));
        read(frame(CONTINUATION, 0, 1000));
        assertThat(meter.kept()).isEqualTo(1118);
        assertThat(meter.isInHeaders()).isTrue();
        read(frame(CONTINUATION, END_HEADERS, 5));
        assertThat(meter.kept()).isZero();
    }

    @Test
    void howTheBytesAreCut_makesNoDifference() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            List<byte[]> frames = new ArrayList<>(List.of(new byte[24]));
            for (int i = random.nextInt(8); i > 0; i--) {
                frames.add(frame(random.nextInt(11), random.nextInt(8), random.nextInt(300)));
            }
            byte[] all =
                    Unpooled.wrappedBuffer(frames.toArray(byte[][]::new)).copy().array();
            int end = random.nextInt(all.length + 1);
            FrameMeter whole = new FrameMeter();
            whole.read(Unpooled.wrappedBuffer(all, 0, end));
            FrameMeter cut = new FrameMeter();
            for (int at = 0; at < end; ) {
                int next = Math.min(end, at + 1 + random.nextInt(100));
                cut.read(Unpooled.wrappedBuffer(all, at, next - at));
                at = next;
            }
            assertThat(cut.kept()).isEqualTo(whole.kept());
        }
    }
}
