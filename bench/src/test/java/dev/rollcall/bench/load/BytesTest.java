package dev.rollcall.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BytesTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 9, 10, 99, 100, 17_000_000_000_000_001L, Long.MAX_VALUE})
    void writeNumber_writesAsManyDigitsAsThereAre(long number) {
        ByteBuf out = Unpooled.buffer();

        Bytes.writeNumber(out, number);

        assertThat(out.toString(US_ASCII)).isEqualTo(Long.toString(number)).hasSize(Bytes.digits(number));
    }
}
