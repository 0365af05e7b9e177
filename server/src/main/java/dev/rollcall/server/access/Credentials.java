package dev.rollcall.server.access;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.access.GrantKey.Kind;
import org.jspecify.annotations.Nullable;

/**
 * What one request may do: the rights of its token, those of its auth key, and those that everybody was granted. A right is there if it is
 * there on any level: keyset, name, or name and auth key.
 *
 * <p>Presence follows its channel or group: a right on {@code room} is one on {@code room-pnpres}, and not the other way round. A grant of
 * version 2 on {@code a.*} is one on every channel whose name starts with {@code a.}; deeper wildcards stand for themselves.
 *
 * @param store where grants are
 * @param key the keyset
 * @param nowSeconds the time
 * @param token a token that is good now, or null
 * @param auth an auth key, empty for none
 */
record Credentials(
        GrantStore store,
        SubscribeKey key,
        long nowSeconds,
        @Nullable VerifiedToken token,
        String auth) {
    boolean allows(Channel channel, Right right) {
        return allowsChannel(channel.name(), right)
                || channel.isPresence() && allowsChannel(channel.base().name(), right);
    }

    boolean allows(ChannelGroup group, Right right) {
        return allowsGroup(group.name(), right)
                || group.isPresence() && allowsGroup(group.base().name(), right);
    }

    /** Returns whether the right is there on whatever channel there may be. */
    boolean allowsEveryChannel(Right right) {
        return token != null && token.allowsEveryChannel(right) || isGranted(Kind.KEYSET, "", "", right);
    }

    /** Returns whether the right is there on whatever channel group there may be. */
    boolean allowsEveryGroup(Right right) {
        return token != null && token.allowsEveryGroup(right) || isGranted(Kind.KEYSET, "", "", right);
    }

    private boolean allowsChannel(String name, Right right) {
        if (token != null && token.allowsChannel(name, right) || isGranted(Kind.CHANNEL, name, right)) {
            return true;
        }
        int dot = name.indexOf('.');
        return dot > 0 && isGranted(Kind.CHANNEL, name.substring(0, dot + 1) + '*', right);
    }

    private boolean allowsGroup(String name, Right right) {
        return token != null && token.allowsGroup(name, right) || isGranted(Kind.GROUP, name, right);
    }

    private boolean isGranted(Kind kind, String name, Right right) {
        return isGranted(Kind.KEYSET, "", "", right)
                || isGranted(kind, name, "", right)
                || !auth.isEmpty() && isGranted(kind, name, auth, right);
    }

    private boolean isGranted(Kind kind, String name, String forAuth, Right right) {
        KeyGrant grant = store.grant(new GrantKey(key, kind, name, forAuth));
        return grant != null && (grant.mask() & right.bit()) != 0 && !grant.isExpired(nowSeconds);
    }
}
