package dev.rollcall.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;

/**
 * A client of Socket.IO over WebSocket: it upgrades its connection, waits for Engine.IO to open, connects to the namespace, joins its
 * rooms, and from then on only hears. Of what it hears it hands on either events or the answers to its calls, and answers pings itself.
 */
public final class SocketIoSession implements PollSession {
    private static final byte[] NOTHING = {};
    private static final byte[] UPGRADE = WebSocketFrames.upgrade("/socket.io/?EIO=4&transport=websocket");

    // A message begins with Engine.IO's type and, where that is 4, with Socket.IO's behind it.
    private static final String OPEN = "0";
    private static final String PING = "2";
    private static final String PONG = "3";
    private static final String CONNECT = "40";
    private static final String DISCONNECT = "41";
    private static final String EVENT = "42";
    private static final String ACKNOWLEDGEMENT = "43";

    private enum Step {
        UPGRADING,
        OPENING,
        CONNECTING,
        JOINING,
        JOINED
    }

    private final int client;
    private final SubscribeSession.Reader reader;
    private final String heard;
    private final byte[] join;
    private Step step = Step.UPGRADING;
    private byte[] next = UPGRADE;

    private SocketIoSession(
            int client, SubscribeSession.Reader reader, String heard, List<String> rooms, String state) {
        this.client = client;
        this.reader = reader;
        this.heard = heard;
        String names = rooms.isEmpty() ? "" : '"' + String.join("\",\"", rooms) + '"';
        join = text(EVENT + "0[\"join\",[" + names + "],\"" + Requests.user(client) + "\"," + state + ']');
    }

    /** Makes the session of a client that joins {@code room} and hands on the events there. */
    public static SocketIoSession watching(int client, SubscribeSession.Reader reader) {
        return new SocketIoSession(client, reader, EVENT, List.of("room"), "null");
    }

    /** Makes the session of a client that is in some rooms with a state, JSON. */
    public static SocketIoSession occupying(int client, List<String> rooms, String state) {
        return new SocketIoSession(client, (number, connection, answer) -> {}, EVENT, rooms, state);
    }

    /** Makes the session of a client that makes calls and hands on the answers. */
    public static SocketIoSession calling(int client, SubscribeSession.Reader reader) {
        return new SocketIoSession(client, reader, ACKNOWLEDGEMENT, List.of("room-of-callers"), "null");
    }

    /** Writes a call, which is an event to be acknowledged: its number and, in a JSON array, its name and arguments. */
    public static void writeCall(ByteBuf out, long number, byte[] call) {
        WebSocketFrames.writeHead(out, EVENT.length() + Bytes.digits(number) + call.length);
        out.writeByte(EVENT.charAt(0));
        out.writeByte(EVENT.charAt(1));
        Bytes.writeNumber(out, number);
        out.writeBytes(call);
    }

    private static byte[] text(String text) {
        byte[] bytes = Bytes.ascii(text);
        ByteBuf frame = Unpooled.buffer();
        WebSocketFrames.writeHead(frame, bytes.length);
        frame.writeBytes(bytes);
        return ByteBufUtil.getBytes(frame);
    }

    @Override
    public void writeRequest(ByteBuf out) {
        out.writeBytes(next);
        next = NOTHING;
    }

    @Override
    public boolean isParking() {
        return step == Step.JOINED;
    }

    @Override
    public void onAnswer(WireConnection connection, Answer answer) {
        if (step != Step.UPGRADING && begins(answer, PING)) {
            next = text(PONG);
            return;
        }
        switch (step) {
            case UPGRADING -> {
                if (answer.status != AnswerParser.SWITCHING) {
                    throw new IllegalStateException("status: " + answer.status + " (expected: " + AnswerParser.SWITCHING
                            + ")\n" + answer.body());
                }
                step = Step.OPENING;
            }
            case OPENING -> {
                require(answer, OPEN);
                next = text(CONNECT);
                step = Step.CONNECTING;
            }
            case CONNECTING -> {
                require(answer, CONNECT);
                next = join;
                step = Step.JOINING;
            }
            case JOINING -> {
                require(answer, ACKNOWLEDGEMENT);
                step = Step.JOINED;
            }
            case JOINED -> {
                if (begins(answer, heard)) {
                    reader.read(client, connection, answer);
                } else if (begins(answer, DISCONNECT)) {
                    throw new IllegalStateException("message: " + answer.body() + " (expected: no disconnect)");
                }
            }
        }
    }

    private static void require(Answer answer, String beginning) {
        if (!begins(answer, beginning)) {
            throw new IllegalStateException("message: " + answer.body() + " (expected: " + beginning + "…)");
        }
    }

    private static boolean begins(Answer answer, String beginning) {
        int length = beginning.length();
        if (answer.end - answer.bodyStart < length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (answer.bytes[answer.bodyStart + i] != beginning.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
