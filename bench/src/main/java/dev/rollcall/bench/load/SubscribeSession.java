package dev.rollcall.bench.load;

import io.netty.buffer.ByteBuf;

/** The subscribe loop of PubNub's clients: a handshake, then polls, each with the cursor of the answer before. */
public final class SubscribeSession implements PollSession {
    /** Digits of a cursor begin here in every answer: <code>{"t":{"t":"</code>. */
    private static final int CURSOR = "{\"t\":{\"t\":\"".length();

    /** Reads the events of an answer that has any. */
    @FunctionalInterface
    public interface Reader {
        /** Takes an answer of client number {@code client}. */
        void read(int client, WireConnection connection, Answer answer);
    }

    private final int client;
    private final Reader reader;
    private byte[] head;
    private long cursor;

    /** Makes the session of a client. */
    public SubscribeSession(int client, String channels, String user, Reader reader) {
        this.client = client;
        this.reader = reader;
        head = Requests.subscribeHead(channels, user);
    }

    /** Has the following requests name other channels; the cursor stays. */
    public void channels(String channels, String user) {
        head = Requests.subscribeHead(channels, user);
    }

    @Override
    public void writeRequest(ByteBuf out) {
        out.writeBytes(head);
        Bytes.writeNumber(out, cursor);
        out.writeBytes(Requests.tail());
    }

    @Override
    public boolean isParking() {
        return cursor != 0;
    }

    @Override
    public void onAnswer(WireConnection connection, Answer answer) {
        if (answer.status != 200) {
            throw new IllegalStateException("status: " + answer.status + " (expected: 200)\n" + answer.body());
        }
        boolean wasParked = isParking();
        cursor = Bytes.number(answer.bytes, answer.bodyStart + CURSOR, answer.end);
        if (wasParked) {
            reader.read(client, connection, answer);
        }
    }
}
