package dev.rollcall.engine;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.Envelope;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.UserId;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that stands in the feed of a channel: a message, a signal or a presence event, encoded once. Immutable to its readers and
 * safe from any thread.
 */
public final class Message {
    /** Single answers kept: of the two names that nearly everybody gets a message under, none and the channel's own. */
    private static final int KEPT_SINGLES = 2;

    private static final VarHandle RINGS;

    static {
        try {
            RINGS = MethodHandles.lookup().findVarHandle(Message.class, "rings", short.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Channel channel;
    private final MessageType type;
    private final @Nullable UserId publisher;
    private final long timetoken;
    private final Envelope envelope;

    // The answers that hold this message alone, most often the only ones ever needed of it, while it is the newest of a
    // feed. A benign
    // race: losing an entry costs an encoding, and an entry is published whole through its final fields.
    private @Nullable Single singles;

    private boolean isPassed;

    /** How many rings it is kept in. */
    private volatile short rings;

    /**
     * Makes a message of an envelope already stamped with {@code timetoken}.
     *
     * @param channel where it stands; a presence channel for a presence event
     */
    public Message(Channel channel, MessageType type, @Nullable UserId publisher, long timetoken, Envelope envelope) {
        this.channel = channel;
        this.type = type;
        this.publisher = publisher;
        this.timetoken = timetoken;
        this.envelope = envelope;
    }

    /** Returns where it was published; a presence channel for a presence event. */
    public Channel channel() {
        return channel;
    }

    /** Returns what it is. */
    public MessageType type() {
        return type;
    }

    /** Returns who published it, or null if they did not say. */
    public @Nullable UserId publisher() {
        return publisher;
    }

    /** Returns its position. */
    public long timetoken() {
        return timetoken;
    }

    /** Returns its encoded form. */
    public Envelope envelope() {
        return envelope;
    }

    /**
     * Returns the answer that holds this message alone and goes on right after it. A few are kept for whoever gets the message through the
     * same subscription name; whoever answers many at once remembers the others for as long as that takes.
     *
     * @param match the subscription that matched, or null where answers do not name it
     */
    public Answer single(@Nullable String match) {
        Answer kept = keptSingle(match);
        if (kept != null) {
            return kept;
        }
        Answer answer = new Answer(timetoken, List.of(new Delivery(this, match)));
        Single others = singles;
        if (!isPassed && (others == null || others.count < KEPT_SINGLES)) {
            singles = new Single(match, answer, others);
        }
        return answer;
    }

    /** Returns what {@link #single} returned before if it was kept, else null. */
    public @Nullable Answer keptSingle(@Nullable String match) {
        for (Single single = singles; single != null; single = single.next) {
            if (match == null ? single.match == null : match.equals(single.match)) {
                return single.answer;
            }
        }
        return null;
    }

    /** Keeps no answers any more. To be called when a newer message stands behind this one: then hardly anybody gets it alone. */
    public void forgetSingles() {
        isPassed = true;
        singles = null;
    }

    /** Returns how many bytes are kept of this message: its encoded form, and the answers that hold it alone. */
    public long keptBytes() {
        long bytes = envelope.size();
        for (Single single = singles; single != null; single = single.next) {
            bytes += single.answer.encodedBytes();
        }
        return bytes;
    }

    /**
     * Notes that one ring more keeps this message. Safe from any thread.
     *
     * @return whether it is the only one, so that the encoded form, which all of them share, is to be counted
     */
    public boolean keptByRing() {
        return (short) RINGS.getAndAdd(this, (short) 1) == 0;
    }

    /**
     * Notes that a ring that kept this message has dropped it. Safe from any thread.
     *
     * @return whether it was the only one left, so that the encoded form is to be counted off
     */
    public boolean droppedByRing() {
        return (short) RINGS.getAndAdd(this, (short) -1) == 1;
    }

    private static final class Single {
        final @Nullable String match;
        final Answer answer;
        final @Nullable Single next;
        final int count;

        Single(@Nullable String match, Answer answer, @Nullable Single next) {
            this.match = match;
            this.answer = answer;
            this.next = next;
            this.count = next == null ? 1 : next.count + 1;
        }
    }
}
