package dev.rollcall.server.http.io;

import dev.rollcall.engine.daemon.FatalErrors;
import dev.rollcall.server.http.ResponseStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pieces of one streamed answer on their way to the event loop of its connection. */
public final class LoopStream implements ResponseStream {
    private static final Logger log = LoggerFactory.getLogger(LoopStream.class);

    /** The most bytes that wait; a single piece may be longer. */
    public static final int MOST_BYTES = 256 * 1024;

    /** Writes what waits to a connection, as far as its client takes it. Event loop only. */
    @FunctionalInterface
    public interface Outlet {
        /** Looks for what waits. */
        void pump();
    }

    private final ServerLoop loop;

    // All below is guarded by this.
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private long bytes;
    private boolean isEnded;
    private boolean isOver;
    private boolean isPumpDue;
    private boolean isRefusing;
    private @Nullable Outlet outlet;
    private @Nullable Runnable roomAction;
    private @Nullable Runnable overAction;

    LoopStream(ServerLoop loop) {
        this.loop = loop;
    }

    @Override
    public boolean send(byte[] piece) {
        synchronized (this) {
            if (isEnded || isOver) {
                return false;
            }
            if (!waiting.isEmpty() && bytes + piece.length > MOST_BYTES) {
                isRefusing = true;
                return false;
            }
            waiting.add(piece);
            bytes += piece.length;
        }
        pumpSoon();
        return true;
    }

    @Override
    public void end() {
        synchronized (this) {
            isEnded = true;
        }
        pumpSoon();
    }

    @Override
    public synchronized boolean isOver() {
        return isOver;
    }

    @Override
    public synchronized void onRoom(Runnable action) {
        roomAction = action;
    }

    @Override
    public void onOver(Runnable action) {
        synchronized (this) {
            if (!isOver) {
                overAction = action;
                return;
            }
        }
        run(action);
    }

    /** Says who writes what waits, and has it written. Event loop only. */
    public void startWriting(Outlet writer) {
        synchronized (this) {
            outlet = writer;
        }
        writer.pump();
    }

    /** Returns what waits, no more than {@code most} bytes or one piece, none if nothing does. Event loop only. */
    public List<byte[]> take(int most) {
        List<byte[]> taken = new ArrayList<>();
        Runnable action = null;
        synchronized (this) {
            int length = 0;
            byte[] next = waiting.peek();
            while (next != null && (length == 0 || length + next.length <= most)) {
                waiting.remove();
                taken.add(next);
                length += next.length;
                next = waiting.peek();
            }
            bytes -= length;
            // Half of it is a gap worth closing: one piece's worth of room would be refused again at once.
            if (isRefusing && bytes <= MOST_BYTES / 2) {
                isRefusing = false;
                action = roomAction;
            }
        }
        if (action != null) {
            run(action);
        }
        return taken;
    }

    /** Returns whether all has been taken that will ever be. */
    public synchronized boolean isExhausted() {
        return isEnded && waiting.isEmpty();
    }

    /** Takes note that nothing will be written any more. */
    public void over() {
        Runnable action;
        synchronized (this) {
            if (isOver) {
                return;
            }
            isOver = true;
            waiting.clear();
            bytes = 0;
            outlet = null;
            action = overAction;
            overAction = null;
            roomAction = null;
        }
        if (action != null) {
            run(action);
        }
    }

    private void pumpSoon() {
        synchronized (this) {
            if (isPumpDue || isOver) {
                return;
            }
            isPumpDue = true;
        }
        if (!loop.execute(this::pump)) {
            over();
        }
    }

    private void pump() {
        Outlet writer;
        synchronized (this) {
            isPumpDue = false;
            writer = outlet;
        }
        if (writer != null) {
            writer.pump();
        }
    }

    private static void run(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            FatalErrors.check(e);
            // the connection goes on
            log.error("action of a stream failed", e);
        }
    }
}
