package dev.rollcall.server.access.grant;

import dev.rollcall.protocol.SubscribeKey;

/**
 * What a grant of version 2 is about.
 *
 * @param key the keyset
 * @param kind the kind of thing
 * @param name its name, empty for the keyset
 * @param auth the auth key of those it is for, empty for everybody
 */
public record GrantKey(SubscribeKey key, Kind kind, String name, String auth) {
    /** The kinds of things that grants of version 2 know. */
    public enum Kind {
        /** The whole keyset. */
        KEYSET,
        /** A channel, its presence channel, or {@code a.*}. */
        CHANNEL,
        /** A channel group. */
        GROUP,
        /** The metadata of a user, which this server does not keep. */
        USER
    }
}
