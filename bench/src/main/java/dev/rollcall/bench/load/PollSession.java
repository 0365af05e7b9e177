package dev.rollcall.bench.load;

import io.netty.buffer.ByteBuf;

/** What one client of a poll loop says and remembers: a dialect of long polling, or of being told. Event loop of its connection only. */
public interface PollSession {
    /** Makes the sessions of clients. */
    @FunctionalInterface
    interface Maker {
        /** Makes the session of a client, which has {@code reader} read what the client is there for. */
        PollSession session(int client, SubscribeSession.Reader reader);
    }

    /** Writes the request that is sent next; nothing where the client only has to wait. */
    void writeRequest(ByteBuf out);

    /** Returns whether the client is watching, once that request is sent. */
    boolean isParking();

    /** Takes the answer to it. */
    void onAnswer(WireConnection connection, Answer answer);
}
