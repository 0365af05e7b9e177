package dev.rollcall.server.access;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import dev.rollcall.server.access.signature.SignedRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request wants to do, as far as the gate must know.
 *
 * @param key the keyset, known to exist
 * @param operation what is asked for
 * @param channels the channels, presence channels and wildcards it names
 * @param groups the channel groups it names
 * @param user who asks, or null if they did not say
 * @param credential the auth key or token it carries, or null if none
 * @param signed what its signature covers, or null if it has none
 */
public record AccessRequest(
        SubscribeKey key,
        Operation operation,
        List<Channel> channels,
        List<ChannelGroup> groups,
        @Nullable UserId user,
        @Nullable String credential,
        @Nullable SignedRequest signed) {
    /** Makes a request without a signature. */
    public AccessRequest(
            SubscribeKey key,
            Operation operation,
            List<Channel> channels,
            List<ChannelGroup> groups,
            @Nullable UserId user,
            @Nullable String credential) {
        this(key, operation, channels, groups, user, credential, null);
    }

    /** Returns the same with another credential and without what a signature covers. */
    @SuppressWarnings("ReferenceEquality") // the same text, not an equal one: which of two is held matters
    AccessRequest forLater(@Nullable String other) {
        if (signed == null && other == credential) {
            return this;
        }
        return new AccessRequest(key, operation, channels, groups, user, other, null);
    }
}
