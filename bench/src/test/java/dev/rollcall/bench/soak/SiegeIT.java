package dev.rollcall.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.bench.process.Jvm;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with a heap of 96 MB serves its members as ever, whatever a hostile client creates beside them. */
class SiegeIT {
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final int ROUNDS = 4;

    @TempDir
    Path folder;

    @Test
    void members_areServedWhileEverythingIsFlooded() throws Exception {
        try (Siege siege = Siege.start(Jvm.current(), folder)) {
            await().atMost(PATIENCE).until(() -> siege.rounds() >= ROUNDS && siege.isFull());
            siege.finish();
            Counts counts = siege.counts();
            assertThat(siege.broken()).as("%s", counts.under("")).isEmpty();
            assertThat(counts.under("hostile: ")).hasSizeGreaterThanOrEqualTo(Hostility.values().length);
            assertThat(siege.load().missing(false)).as("messages lost").isZero();
            assertThat(siege.load().duplicates()).as("messages received twice").isZero();
            assertThat(counts.get("wrong occupancies")).isZero();
            assertThat(counts.under("unexpected status ")).isEmpty();
            assertThat(counts.under("presence events in quiet rooms: ")).isEmpty();
            assertThat(counts.under("waited in vain for ")).isEmpty();
            assertThat(counts.under("requests without an answer")).isEmpty();
            assertThat(counts.under("failures of the soak itself")).isEmpty();
        }
    }
}
