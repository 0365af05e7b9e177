package dev.rollcall.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SubscribeSessionTest {
    private final List<String> read = new ArrayList<>();
    private final SubscribeSession session = new SubscribeSession(
            7, "room,room-pnpres", "me", (client, connection, answer) -> read.add(client + answer.body()));
    private final EmbeddedChannel channel = new EmbeddedChannel(new WireConnection(new LoadLoop(0), new Polls()));

    /** Sends what the session says, as a client of a fleet does. */
    private final class Polls implements WireConnection.Owner {
        @Override
        public void onReady(WireConnection connection) {
            ByteBuf request = connection.buffer();
            session.writeRequest(request);
            connection.send(request);
        }

        @Override
        public void onAnswer(WireConnection connection, Answer answer) {
            session.onAnswer(connection, answer);
            onReady(connection);
        }

        @Override
        public void onClosed(WireConnection connection) {}

        @Override
        public void onFailed(Throwable cause) {}
    }

    private String sent() {
        ByteBuf request = channel.readOutbound();
        try {
            return request.toString(US_ASCII).lines().findFirst().orElse("");
        } finally {
            request.release();
        }
    }

    private void answer(int status, String body) {
        channel.writeInbound(Unpooled.copiedBuffer(
                "HTTP/1.1 " + status + " X\r\nContent-Length: " + body.length() + "\r\n\r\n" + body, US_ASCII));
    }

    @Test
    void writeRequest_goesOnFromTheCursorOfTheAnswer() {
        assertThat(sent())
                .contains("/v2/subscribe/bench/room,room-pnpres/0?uuid=me&")
                .endsWith("&tt=0 HTTP/1.1");
        assertThat(session.isParking()).isFalse();

        answer(200, "{\"t\":{\"t\":\"17000000000000001\",\"r\":1},\"m\":[]}");

        assertThat(sent()).endsWith("&tt=17000000000000001 HTTP/1.1");
        assertThat(session.isParking()).isTrue();
        assertThat(read).isEmpty();
    }

    @Test
    void onAnswer_readsWhatPollsAreAnswered() {
        answer(200, "{\"t\":{\"t\":\"17000000000000001\",\"r\":1},\"m\":[]}");
        String events = "{\"t\":{\"t\":\"17000000000000002\",\"r\":1},\"m\":[{}]}";

        answer(200, events);

        assertThat(read).containsExactly("7" + events);
    }

    @Test
    void onAnswer_refusesAnError() {
        Answer answer = new Answer();
        answer.status = 503;

        assertThatIllegalStateException()
                .isThrownBy(() -> session.onAnswer(new WireConnection(new LoadLoop(0), new Polls()), answer));
    }
}
