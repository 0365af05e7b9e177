package dev.rollcall.bench.load;

import io.netty.buffer.ByteBuf;

/** What one client of a poll loop says and remembers: a dialect of long polling. Event loop of its connection only. */
public interface PollSession {
    /** Writes the request that is sent next. */
    void writeRequest(ByteBuf out);

    /** Returns whether that request waits for events, so that the client is watching once it is sent. */
    boolean isParking();

    /** Takes the answer to it. */
    void onAnswer(WireConnection connection, Answer answer);
}
