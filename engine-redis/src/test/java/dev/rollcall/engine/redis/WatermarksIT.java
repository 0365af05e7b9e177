package dev.rollcall.engine.redis;

import static dev.rollcall.engine.redis.Clients.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.engine.contract.ManualTime;
import dev.rollcall.engine.redis.link.Link;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How many fences a node asks for, however many it wants. */
class WatermarksIT {
    @RegisterExtension
    static final RedisServerExtension REDIS = new RedisServerExtension();

    private final ExecutorService hub = Executors.newSingleThreadExecutor();
    private final ManualTime time = new ManualTime();
    private final AtomicInteger fences = new AtomicInteger();
    private Link link;
    private Scripts scripts;
    private Watermarks watermarks;

    @BeforeEach
    void open() {
        RedisOptions options = REDIS.options().withPartitions(3);
        link = Link.open(options.link(), new NewsDesk(hub));
        ScriptListener counting = script -> {
            fences.incrementAndGet();
            return failed -> {};
        };
        scripts = new Scripts(link, counting, options.partitions(), time);
        Names names = new Names(options.prefix(), options.partitions(), options.node());
        watermarks = new Watermarks(scripts, link, names, time, hub);
    }

    @AfterEach
    void close() {
        link.close();
        hub.shutdownNow();
    }

    /** Does something on the hub's thread, and waits until everything that it asked for is answered and taken up. */
    private void settled(Runnable action) {
        CompletableFuture.runAsync(action, hub).join();
        await().pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofNanos(50_000))
                .atMost(PATIENCE)
                .until(() -> scripts.running() == 0
                        && CompletableFuture.supplyAsync(scripts::running, hub).join() == 0);
    }

    private void want(long timetoken) {
        for (int partition = 0; partition < 3; partition++) {
            watermarks.need(partition, timetoken);
        }
    }

    @Test
    void fences_areBoundedWhateverIsWantedAndAskedForLaterInTurn() {
        long now = time.epochMillis() * 10_000;
        for (int i = 1; i <= 200; i++) {
            long wanted = now + i * 10;
            settled(() -> want(wanted));
        }
        assertThat(fences).hasValue(256);

        settled(watermarks::tick);
        assertThat(fences).hasValue(256);
        time.advance(Duration.ofMillis(1));
        settled(watermarks::tick);
        assertThat(fences).hasValue(258);
        time.advance(Duration.ofMillis(1));
        settled(watermarks::tick);
        // The third partition; nothing else is wanted by now.
        assertThat(fences).hasValue(259);
        time.advance(Duration.ofSeconds(1));
        settled(watermarks::tick);
        assertThat(fences).hasValue(259);
    }
}
