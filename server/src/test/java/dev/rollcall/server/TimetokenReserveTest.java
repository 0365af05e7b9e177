package dev.rollcall.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.daemon.DaemonThread;
import dev.rollcall.engine.daemon.Daemons;
import dev.rollcall.engine.embedded.EmbeddedEngine;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.Publication;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.Timetoken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimetokenReserveTest {
    private static final long SECOND = Timetoken.ofEpochMillis(1000).value();

    @TempDir
    Path folder;

    private final Daemons daemons = new Daemons(() -> 0);
    private long epochMillis = 1_800_000_000_000L;

    private final EngineTime time = new EngineTime() {
        @Override
        public long epochMillis() {
            return epochMillis;
        }

        @Override
        public long monotonicMillis() {
            return epochMillis;
        }
    };

    private EmbeddedEngine engine() {
        return new EmbeddedEngine(key -> KeysetSettings.DEFAULT, time, new EngineListener() {});
    }

    private TimetokenReserve start(EmbeddedEngine engine) {
        return TimetokenReserve.start(engine, time, folder, daemons.thread("timetokens"));
    }

    private static long publish(EmbeddedEngine engine) {
        byte[] payload = "1".getBytes(StandardCharsets.US_ASCII);
        return engine.publish(
                        new SubscribeKey("demo"),
                        new Channel("c"),
                        new Publication(MessageType.MESSAGE, payload, null, null, 0, null))
                .toCompletableFuture()
                .join();
    }

    /** Starts, publishes, and stops in good order. */
    private long publishedOnce(EmbeddedEngine engine) throws IOException {
        TimetokenReserve reserve = start(engine);
        long timetoken = publish(engine);
        reserve.close();
        return timetoken;
    }

    private long aheadSeconds(long timetoken) {
        return (timetoken - Timetoken.ofEpochMillis(epochMillis).value()) / SECOND;
    }

    @Test
    void start_afterCrashesOneAfterTheOtherIsNeverFurtherAheadThanAfterOne() {
        long last = 0;
        for (int i = 0; i < 100; i++) {
            EmbeddedEngine engine = engine();
            // Crashes: its threads are gone, nothing is closed, and nothing else is kept.
            DaemonThread thread = daemons.thread("timetokens");
            TimetokenReserve.start(engine, time, folder, thread);
            for (int message = 0; message < 10; message++) {
                long timetoken = publish(engine);
                assertThat(timetoken).isGreaterThan(last);
                last = timetoken;
            }
            assertThat(aheadSeconds(last)).isBetween(0L, TimetokenReserve.AHEAD.toSeconds());
            thread.close();
            epochMillis += 150;
        }
    }

    @Test
    void start_whenTheClockStandsStillGoesOnByWhatOnePeriodTakes() {
        long last = 0;
        for (int i = 0; i < 20; i++) {
            EmbeddedEngine engine = engine();
            DaemonThread thread = daemons.thread("timetokens");
            TimetokenReserve.start(engine, time, folder, thread);
            assertThat(publish(engine)).isGreaterThan(last);
            last = publish(engine);
            thread.close();
        }
        assertThat(aheadSeconds(last))
                .isBetween(TimetokenReserve.AHEAD.toSeconds(), TimetokenReserve.AHEAD.toSeconds() + 2);
    }

    @Test
    void close_leavesNothingInReserve() throws IOException {
        EmbeddedEngine engine = engine();
        long last = publishedOnce(engine);
        EmbeddedEngine next = engine();
        assertThat(publishedOnce(next)).isGreaterThan(last).isLessThan(last + SECOND);
    }

    @Test
    void start_withTheClockSetBackGoesOn() throws IOException {
        EmbeddedEngine engine = engine();
        long last = publishedOnce(engine);
        epochMillis -= 3_600_000;
        EmbeddedEngine next = engine();
        assertThat(publishedOnce(next)).isGreaterThan(last);
    }

    @Test
    void start_withHalfOfTheFileTornGoesOnFromTheOther() throws IOException {
        EmbeddedEngine engine = engine();
        long last = publishedOnce(engine);
        Path file = folder.resolve(TimetokenReserve.FILE);
        byte[] whole = Files.readAllBytes(file);
        for (int place = 0; place < whole.length; place += 16) {
            byte[] torn = whole.clone();
            torn[place + 3] ^= 1;
            Files.write(file, torn);
            EmbeddedEngine next = engine();
            start(next);
            assertThat(publish(next)).as("place at %d", place).isGreaterThan(last);
        }
        daemons.threads().forEach(thread -> thread.close());
    }
}
