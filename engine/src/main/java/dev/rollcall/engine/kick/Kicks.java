package dev.rollcall.engine.kick;

import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Takes users off, on all nodes.
 *
 * <p>Whoever is kicked leaves their channels with the cause {@link dev.rollcall.protocol.Departure#KICK}, and their polls there end: with
 * an empty answer, after which most clients are back when the debounce time is over; or, where they are kept off, with a 403 that names the
 * channels, at which SDKs stop. As long as they are kept off, whatever would make or keep them present there is refused with the same 403:
 * heartbeats, subscribes, states that are set. Not so leaves and what is published.
 *
 * <p>The later of two kicks that keep the same user off replaces the earlier. At most {@value #MOST_BANS} users are kept off at once; one
 * more is refused with {@link dev.rollcall.protocol.ErrorCode#RATE_LIMITED}. Safe from any thread.
 */
public interface Kicks {
    /** The most users that are kept off. */
    int MOST_BANS = 10_000;

    /** Takes a user off. Complete once it is kept, and on this node done. */
    CompletionStage<Kicked> kick(Kick kick);

    /** Lets a user back in, wherever they are kept off; does nothing where they are not. */
    CompletionStage<Void> readmit(SubscribeKey key, UserId user);

    /** Returns how a user is kept off, if they are. */
    Optional<Ban> ban(SubscribeKey key, UserId user);
}
