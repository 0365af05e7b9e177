package dev.rollcall.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcFilesTest {
    @Test
    void cpuNanos_addsUserAndSystemTimeBehindAnyName() {
        String stat = "4711 (my (odd) name) S 1 4711 4711 0 -1 4194304 100 0 0 0 250 50 7 8 20 0 30 0 5000 1000 200";

        assertThat(ProcFiles.cpuNanos(stat)).isEqualTo(3_000_000_000L);
    }

    @Test
    void bytes_readsASize() {
        List<String> lines =
                List.of("55d0-7ffe ---p 00000000 00:00 0   [rollup]", "Rss:               12345 kB", "Pss:  1 kB");

        assertThat(ProcFiles.bytes(lines, "Rss")).hasValue(12_345L * 1024);
        assertThat(ProcFiles.bytes(lines, "Swap")).isEmpty();
    }

    @Test
    void openFilesLimit_readsTheSoftLimit() {
        assertThat(ProcFiles.openFilesLimit(List.of(
                        "Limit                     Soft Limit           Hard Limit           Units",
                        "Max open files            20000                524288               files")))
                .isEqualTo(20_000);
        assertThat(ProcFiles.openFilesLimit(List.of("Max open files            unlimited  unlimited  files")))
                .isEqualTo(Integer.MAX_VALUE);
    }
}
