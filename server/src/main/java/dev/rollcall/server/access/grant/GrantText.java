package dev.rollcall.server.access.grant;

import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.access.grant.GrantKey.Kind;

/** Grants as texts, for stores that keep a text under a name. */
final class GrantText {
    private static final char END = '\n';

    private GrantText() {}

    /** Returns the name of a grant. Names of channels may hold any character, so the length says where the first one ends. */
    static String name(GrantKey key) {
        return key.key().value() + END + key.kind() + END + key.name().length() + END + key.name() + key.auth();
    }

    /** Returns what is granted. */
    static String value(KeyGrant grant) {
        return grant.mask() + " " + grant.expiresSeconds();
    }

    /**
     * Reads what {@link #name} and {@link #value} made.
     *
     * @throws IllegalArgumentException if they did not make it
     * @throws IndexOutOfBoundsException if they did not make it
     */
    static KeyGrant grant(String name, String value) {
        int blank = value.indexOf(' ');
        return new KeyGrant(
                key(name), Integer.parseInt(value.substring(0, blank)), Long.parseLong(value.substring(blank + 1)));
    }

    /** Reads what {@link #name} made; throws as {@link #grant} does. */
    static GrantKey key(String text) {
        int kind = text.indexOf(END) + 1;
        int length = text.indexOf(END, kind) + 1;
        int name = text.indexOf(END, length) + 1;
        int auth = name + Integer.parseInt(text.substring(length, name - 1));
        return new GrantKey(
                new SubscribeKey(text.substring(0, kind - 1)),
                Kind.valueOf(text.substring(kind, length - 1)),
                text.substring(name, auth),
                text.substring(auth));
    }
}
