package dev.rollcall.client.access;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** What a token may allow on a channel or a channel group. */
public enum Right {
    /** To subscribe, to ask who is here, to read and set states. */
    READ(1),
    /** To publish and signal. */
    WRITE(2),
    /** To change and list channel groups. */
    MANAGE(4),
    /** To delete messages. */
    DELETE(8),
    /** To create. */
    CREATE(16),
    /** To read metadata. */
    GET(32),
    /** To change metadata. */
    UPDATE(64),
    /** To join. */
    JOIN(128);

    private final int bit;

    Right(int bit) {
        this.bit = bit;
    }

    /** Returns the number that stands for rights on the wire. */
    public static int mask(Collection<Right> rights) {
        return rights.stream().mapToInt(right -> right.bit).reduce(0, (some, more) -> some | more);
    }

    /** Returns the rights that a number on the wire stands for; bits that mean nothing are ignored. */
    public static Set<Right> of(long mask) {
        EnumSet<Right> rights = EnumSet.noneOf(Right.class);
        for (Right right : values()) {
            if ((mask & right.bit) != 0) {
                rights.add(right);
            }
        }
        return Collections.unmodifiableSet(rights);
    }
}
