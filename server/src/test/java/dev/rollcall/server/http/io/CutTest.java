package dev.rollcall.server.http.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import org.junit.jupiter.api.Test;

class CutTest {
    @Test
    void closesWithoutAskingTheHandlers() {
        EmbeddedChannel channel = new EmbeddedChannel();
        Cut.now(channel, false);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void leavesWhatIsClosedAlone() {
        NioSocketChannel channel = new NioSocketChannel();
        channel.unsafe().closeForcibly();
        assertThatCode(() -> Cut.now(channel, true)).doesNotThrowAnyException();
    }
}
