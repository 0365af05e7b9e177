package dev.rollcall.server.access;

/**
 * A grant of version 2: everybody, or whoever says an auth key, has these rights.
 *
 * @param key what it is about
 * @param mask the bits of the rights, see {@link Right}
 * @param expiresSeconds the second from which on it is worth nothing, {@link #FOREVER} for never
 */
record KeyGrant(GrantKey key, int mask, long expiresSeconds) {
    /** The end of a grant that has none. */
    static final long FOREVER = Long.MAX_VALUE;

    boolean isExpired(long nowSeconds) {
        return nowSeconds >= expiresSeconds;
    }

    /** Returns whether this gives less than {@code before}: a right is missing, or it ends sooner. */
    boolean isLessThan(KeyGrant before) {
        return (before.mask & ~mask) != 0 || expiresSeconds < before.expiresSeconds;
    }
}
