package dev.rollcall.engine.embedded;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.State;
import org.jspecify.annotations.Nullable;

/** One thing that a subscribe listens to. */
final class Wanted {
    /** The channel, or the wildcard; for presence, the channel whose presence it is, but for a wildcard its presence name. */
    final Channel channel;

    final boolean ofPresence;

    /** The name in the request that led here, or null where answers do not tell it. */
    final @Nullable String match;

    /** The state that rides along, or null. */
    final @Nullable State state;

    private final boolean wildcard;

    private Wanted(
            Channel channel, boolean ofPresence, boolean wildcard, @Nullable String match, @Nullable State state) {
        this.channel = channel;
        this.ofPresence = ofPresence;
        this.wildcard = wildcard;
        this.match = match;
        this.state = state;
    }

    /** Returns what {@code name} stands for, or null for the presence of a presence channel, which has none. */
    static @Nullable Wanted of(Channel name, @Nullable String match, @Nullable State state) {
        if (!name.isPresence()) {
            return new Wanted(name, false, name.isWildcard(), match, state);
        }
        Channel base = name.base();
        if (base.isPresence()) {
            return null;
        }
        return base.isWildcard()
                ? new Wanted(name, true, true, match, null)
                : new Wanted(base, true, false, match, null);
    }

    boolean isWildcard() {
        return wildcard;
    }

    boolean isPresenceWildcard() {
        return wildcard && ofPresence;
    }

    /** Returns whether listening makes the user present in the channel: not so for presence. */
    boolean isCounted() {
        return !ofPresence;
    }
}
