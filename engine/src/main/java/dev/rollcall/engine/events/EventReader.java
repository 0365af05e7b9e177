package dev.rollcall.engine.events;

import java.util.List;

/** A place in the stream of events. For one thread at a time; {@link #close} for any. */
public interface EventReader extends AutoCloseable {
    /**
     * Returns the next items, none if there is nothing new: then, as whenever it is fewer than {@code most}, {@code onReady} is called as
     * soon as there is. Looks at a bounded number of events; whatever it passed over by its filter costs the reader nothing but time.
     *
     * @param most the most items, at least 1
     */
    List<StreamItem> read(int most);

    /** Returns where it stands: the timetoken to go on from with another reader, also past what its filter did not want. */
    long position();

    /** Ends it. Nothing is read any more, and {@code onReady} no longer called. */
    @Override
    void close();
}
