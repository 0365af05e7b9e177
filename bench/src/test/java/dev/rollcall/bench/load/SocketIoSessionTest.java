package dev.rollcall.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SocketIoSessionTest {
    private static final int HEAD = 6;

    private final List<String> read = new ArrayList<>();
    private final SubscribeSession.Reader reader = (client, connection, answer) -> read.add(client + answer.body());
    private final WireConnection connection = new WireConnection(new LoadLoop(0), new Unheard());

    private static final class Unheard implements WireConnection.Owner {
        @Override
        public void onReady(WireConnection ready) {}

        @Override
        public void onAnswer(WireConnection from, Answer answer) {}

        @Override
        public void onClosed(WireConnection closed) {}

        @Override
        public void onFailed(Throwable cause) {}
    }

    private static String said(SocketIoSession session) {
        ByteBuf out = Unpooled.buffer();
        session.writeRequest(out);
        return out.toString(US_ASCII);
    }

    /** Returns what the session says, without the head of the frame. */
    private static String text(SocketIoSession session) {
        String frame = said(session);
        return frame.isEmpty() ? "" : frame.substring(HEAD);
    }

    private void hear(SocketIoSession session, int status, String message) {
        Answer answer = new Answer();
        answer.status = status;
        answer.bytes = Bytes.ascii(message);
        answer.end = answer.bytes.length;
        session.onAnswer(connection, answer);
    }

    private SocketIoSession joined(SocketIoSession session) {
        said(session);
        hear(session, 101, "");
        hear(session, 200, "0{\"sid\":\"a\",\"upgrades\":[],\"pingInterval\":25000}");
        said(session);
        hear(session, 200, "40{\"sid\":\"b\"}");
        said(session);
        hear(session, 200, "430[]");
        return session;
    }

    @Test
    void session_upgradesConnectsAndJoinsBeforeItWatches() {
        SocketIoSession session = SocketIoSession.watching(7, reader);

        assertThat(said(session))
                .startsWith("GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n")
                .endsWith("\r\n\r\n");
        hear(session, 101, "");
        assertThat(text(session)).isEmpty();
        hear(session, 200, "0{\"sid\":\"a\"}");
        assertThat(text(session)).isEqualTo("40");
        hear(session, 200, "40{\"sid\":\"b\"}");
        assertThat(text(session)).isEqualTo("420[\"join\",[\"room\"],\"" + Requests.user(7) + "\",null]");
        assertThat(session.isParking()).isFalse();
        hear(session, 200, "430[]");
        assertThat(text(session)).isEmpty();
        assertThat(session.isParking()).isTrue();
        assertThat(read).isEmpty();
    }

    @Test
    void occupying_joinsItsRoomsWithItsState() {
        SocketIoSession session = SocketIoSession.occupying(7, List.of("a", "b"), "{}");
        said(session);
        hear(session, 101, "");
        hear(session, 200, "0{}");
        said(session);
        hear(session, 200, "40{}");

        assertThat(text(session)).isEqualTo("420[\"join\",[\"a\",\"b\"],\"" + Requests.user(7) + "\",{}]");
    }

    @Test
    void watching_handsOnEventsOnly() {
        SocketIoSession session = joined(SocketIoSession.watching(7, reader));

        hear(session, 200, "42[\"event\",{}]");
        hear(session, 200, "431[]");

        assertThat(read).containsExactly("742[\"event\",{}]");
    }

    @Test
    void calling_handsOnAcknowledgementsOnly() {
        SocketIoSession session = joined(SocketIoSession.calling(7, reader));

        hear(session, 200, "42[\"event\",{}]");
        hear(session, 200, "431[{\"occupancy\":1}]");

        assertThat(read).containsExactly("7431[{\"occupancy\":1}]");
    }

    @Test
    void onAnswer_answersPings() {
        SocketIoSession session = joined(SocketIoSession.watching(7, reader));

        hear(session, 200, "2");

        assertThat(text(session)).isEqualTo("3");
        assertThat(text(session)).isEmpty();
        assertThat(read).isEmpty();
    }

    @Test
    void onAnswer_refusesWhatDoesNotBelongHere() {
        SocketIoSession unwelcome = SocketIoSession.watching(7, reader);
        assertThatIllegalStateException().isThrownBy(() -> hear(unwelcome, 400, "{\"code\":3}"));

        SocketIoSession refused = SocketIoSession.watching(7, reader);
        hear(refused, 101, "");
        hear(refused, 200, "0{}");
        assertThatIllegalStateException()
                .isThrownBy(() -> hear(refused, 200, "44{\"message\":\"no\"}"))
                .withMessageContaining("44{\"message\":\"no\"}");
    }

    @Test
    void onAnswer_failsWhereTheServerDisconnectsIt() {
        SocketIoSession session = joined(SocketIoSession.watching(7, reader));

        assertThatIllegalStateException().isThrownBy(() -> hear(session, 200, "41"));
    }

    @Test
    void writeCall_isAnEventWithItsNumber() {
        ByteBuf out = Unpooled.buffer();

        SocketIoSession.writeCall(out, 1204, Bytes.ascii("[\"heartbeat\"]"));

        assertThat(out.readUnsignedByte()).isEqualTo((short) 0x81);
        assertThat(out.readUnsignedByte()).isEqualTo((short) (0x80 | out.readableBytes() - 4));
        assertThat(out.skipBytes(4).toString(US_ASCII)).isEqualTo("421204[\"heartbeat\"]");
    }
}
