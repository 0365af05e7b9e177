package dev.rollcall.engine.embedded.roster;

import dev.rollcall.engine.embedded.table.UserKey;
import dev.rollcall.protocol.Channel;
import org.jspecify.annotations.Nullable;

/**
 * Where somebody comes, stays and goes: a channel of a keyset, in its shard. Made where there is something to change; whoever is present
 * already is found without one.
 *
 * @param shard the shard of the channel, whose lock guards all that is found here
 * @param keyset the keyset
 * @param channel a channel or a wildcard
 * @param hash the hash of keyset and channel, as {@link ChannelEntry#hash} makes it
 */
public record Place(Shard shard, Keyset keyset, Channel channel, int hash) {
    /** Returns what is known of the channel, or null. */
    @Nullable
    public ChannelEntry entry() {
        return shard.find(keyset, channel.name(), hash);
    }

    /** Returns the presence of a user, or null. */
    @Nullable
    public Lease lease(UserKey user) {
        return shard.lease(keyset, channel, hash, user);
    }
}
