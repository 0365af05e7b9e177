package dev.rollcall.engine;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.JsonWriter;
import dev.rollcall.protocol.Occupant;
import dev.rollcall.protocol.State;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of the roster of one channel at one moment. Immutable and safe from any thread; engines hand out the same page again as long
 * as the roster does not change, so its encoded forms are kept with it.
 */
public final class RosterPage {
    private final Channel channel;
    private final int occupancy;
    private final List<Occupant> occupants;

    // Written without a lock: encoding twice is harmless, and arrays are published whole with their reference.
    private byte @Nullable [] answer;
    private byte @Nullable [] answerWithState;

    /**
     * Makes a page.
     *
     * @param occupancy the number of all occupants of the channel, however many are listed
     * @param occupants the listed ones, in order of joining
     */
    public RosterPage(Channel channel, int occupancy, List<Occupant> occupants) {
        this.channel = channel;
        this.occupancy = occupancy;
        this.occupants = List.copyOf(occupants);
    }

    /** Returns the channel. */
    public Channel channel() {
        return channel;
    }

    /** Returns the number of occupants of the channel. */
    public int occupancy() {
        return occupancy;
    }

    /** Returns the listed occupants in order of joining. */
    public List<Occupant> occupants() {
        return occupants;
    }

    /**
     * Returns the answer that consists of this page, which is encoded once and kept with the page.
     *
     * @param withState whether it tells the states of the occupants
     * @param encoder encodes it; always the same for one engine, and from the page alone
     */
    public byte[] answer(boolean withState, Encoder encoder) {
        byte[] encoded = withState ? answerWithState : answer;
        if (encoded == null) {
            encoded = encoder.encode(this, withState);
            if (withState) {
                answerWithState = encoded;
            } else {
                answer = encoded;
            }
        }
        return encoded;
    }

    /**
     * Writes the list of occupants as a JSON array: of strings, or of objects with {@code uuid} and, if there is one, {@code state}.
     */
    public void writeOccupants(JsonWriter out, boolean withState) {
        out.raw('[');
        for (int i = 0; i < occupants.size(); i++) {
            if (i > 0) {
                out.raw(',');
            }
            Occupant occupant = occupants.get(i);
            if (withState) {
                out.raw("{\"uuid\":").string(occupant.user().value());
                State state = occupant.state();
                if (state != null) {
                    state.writeTo(out.raw(",\"state\":"));
                }
                out.raw('}');
            } else {
                out.string(occupant.user().value());
            }
        }
        out.raw(']');
    }

    /** Writes an answer that consists of one page. */
    @FunctionalInterface
    public interface Encoder {
        /** Returns the encoded answer; not to be changed. */
        byte[] encode(RosterPage page, boolean withState);
    }
}
