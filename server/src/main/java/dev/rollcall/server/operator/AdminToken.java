package dev.rollcall.server.operator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/** What whoever operates the server, or reads its metrics, must know. Keeps a hash only, so that no dump and no log can tell it. Immutable. */
public final class AdminToken {
    /** The shortest token, in characters. */
    public static final int MIN_LENGTH = 16;

    private static final String SCHEME = "Bearer ";

    private final byte[] hash;

    private AdminToken(byte[] hash) {
        this.hash = hash;
    }

    /**
     * Makes a token of its text.
     *
     * @throws IllegalArgumentException if it is too short or cannot stand in a header; the message does not tell it
     */
    public static AdminToken of(String text) {
        return of("admin-token", text);
    }

    /** The same; the message names {@code setting}. */
    public static AdminToken of(String setting, String text) {
        if (text.length() < MIN_LENGTH || !text.chars().allMatch(c -> c > ' ' && c <= '~')) {
            throw new IllegalArgumentException(setting + ": " + text.length() + " characters (expected: at least "
                    + MIN_LENGTH + ", printable ASCII without blanks)");
        }
        return new AdminToken(sha256(text));
    }

    /** Returns whether the value of an {@code Authorization} header has the token. Takes as long for a wrong one as for the right one. */
    public boolean isIn(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return false;
        }
        return MessageDigest.isEqual(
                hash, sha256(authorization.substring(SCHEME.length()).strip()));
    }

    /** Returns whether the value of an {@code Authorization} header has some token: whoever sends one that is wrong may be guessing. */
    static boolean isSome(@Nullable String authorization) {
        return authorization != null
                && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && !authorization.substring(SCHEME.length()).isBlank();
    }

    /** Returns whether {@code text} is the token. Takes as long for a wrong one as for the right one. */
    public boolean is(String text) {
        return MessageDigest.isEqual(hash, sha256(text));
    }

    /** Returns whether the other is the same. */
    public boolean isSame(AdminToken other) {
        return MessageDigest.isEqual(hash, other.hash);
    }

    static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return "AdminToken[…]";
    }
}
