package dev.rollcall.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JcmdTest {
    @Test
    void usedHeapBytes_isTheFirstSizeInUse() {
        String printed = """
                4711:
                 garbage-first heap   total reserved 6291456K, committed 40960K, used 12345K [0x1, 0x2)
                  region size 2048K, 3 young (6144K), 1 survivors (2048K)
                 Metaspace       used 999K, committed 1024K, reserved 1114112K
                """;

        assertThat(Jcmd.usedHeapBytes(printed)).hasValue(12_345L * 1024);
        assertThat(Jcmd.usedHeapBytes("")).isEmpty();
    }
}
