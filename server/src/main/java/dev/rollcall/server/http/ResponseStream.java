package dev.rollcall.server.http;

/**
 * An answer that goes on, piece by piece, until somebody ends it. What a slow client has not taken is bounded: a piece for which there is
 * no room is refused, and whoever sends decides what the client misses. A client that takes nothing for the write timeout is dropped.
 * Safe from any thread.
 *
 * <p>Each stream may keep 256 KiB; how many there are is for the handler to bound.
 */
public interface ResponseStream {
    /**
     * Sends a piece, which must not be changed afterwards.
     *
     * @return whether it will be sent; if not, there is no room for it now, or the stream is over
     */
    boolean send(byte[] piece);

    /** Ends the answer behind what was sent. */
    void end();

    /** Returns whether the stream is over: the client is gone, or all has been sent that was before {@link #end}. */
    boolean isOver();

    /** Runs {@code action} on an event loop whenever there is room again after a piece was refused. At most one action is kept. */
    void onRoom(Runnable action);

    /** Runs {@code action} once, on any thread, when the stream is over; at once if it is. At most one action is kept. */
    void onOver(Runnable action);
}
