package dev.rollcall.server.access;

import dev.rollcall.server.access.pattern.NamePatterns;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Makes tokens and checks them. A token is the padded base64url of {@link TokenCodec}'s bytes. Its signature is {@value #NONCE_BYTES}
 * random bytes, which make it another token than the next one of the same rights, so that each can be revoked, and {@value #CODE_BYTES}
 * bytes of the HMAC-SHA256 of all bytes before the entry of the signature and of the random ones. Checked before anything is read, in
 * constant time; a token that was checked is remembered, so that the next request with it costs a look into a table. Safe from any thread.
 */
final class Tokens {
    /** The longest token, in characters; a longer one would not fit into a request beside everything else. */
    static final int MAX_LENGTH = 16 * 1024;

    /** How tokens begin: a map of seven or eight entries, {@code v}, 2, {@code t}. */
    private static final String BEGIN = "p0F2AkF0";

    private static final String BEGIN_WITH_USER = "qEF2AkF0";

    private static final int NONCE_BYTES = 8;
    private static final int CODE_BYTES = SecretKey.CODE_BYTES - NONCE_BYTES;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final TokenCache cache = new TokenCache();
    private final NamePatterns patterns = new NamePatterns();

    /** Returns whether {@code credential} claims to be a token, and so is no auth key. */
    static boolean isToken(String credential) {
        return credential.startsWith(BEGIN) || credential.startsWith(BEGIN_WITH_USER);
    }

    /** Returns the token, signed. It may be longer than {@link #MAX_LENGTH}; then it is of no use. */
    static String seal(AccessKeyset keyset, Token token) {
        byte[] encoded = TokenCodec.encode(token);
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        byte[] whole = TokenCodec.withSignature(encoded, signature(keyset, encoded, encoded.length, nonce));
        return Base64.getUrlEncoder().encodeToString(whole);
    }

    private static byte[] signature(AccessKeyset keyset, byte[] bytes, int length, byte[] nonce) {
        byte[] signature = Arrays.copyOf(nonce, SecretKey.CODE_BYTES);
        System.arraycopy(keyset.tokenKey().code(bytes, length, nonce), 0, signature, NONCE_BYTES, CODE_BYTES);
        return signature;
    }

    /** Returns what a token says, or null if it was not made with the key of this keyset. */
    @Nullable
    VerifiedToken open(AccessKeyset keyset, String text) {
        VerifiedToken known = cache.get(text);
        if (known != null && known.keyset() == keyset) {
            return known;
        }
        VerifiedToken opened = verify(keyset, text);
        if (opened != null) {
            cache.put(text, opened);
        }
        return opened;
    }

    private @Nullable VerifiedToken verify(AccessKeyset keyset, String text) {
        if (text.length() > MAX_LENGTH) {
            return null;
        }
        byte[] whole;
        try {
            whole = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
        // The decoder overlooks bits behind the last byte; two spellings of one token must not both be right.
        if (!isSpelledBy(text, Base64.getUrlEncoder().encodeToString(whole))) {
            return null;
        }
        int signed = whole.length - TokenCodec.SIGNATURE_ENTRY_BYTES;
        if (signed < 0) {
            return null;
        }
        int nonce = whole.length - SecretKey.CODE_BYTES;
        byte[] signature = signature(keyset, whole, signed, Arrays.copyOfRange(whole, nonce, nonce + NONCE_BYTES));
        byte[] end = TokenCodec.withSignature(new byte[0], signature);
        if (!MessageDigest.isEqual(end, Arrays.copyOfRange(whole, signed, whole.length))) {
            return null;
        }
        try {
            return new VerifiedToken(TokenCodec.decode(whole), text, id(signature), keyset, patterns);
        } catch (MalformedTokenException e) {
            return null;
        }
    }

    /** Returns whether {@code text} is the padded spelling, or that without its padding. */
    private static boolean isSpelledBy(String text, String padded) {
        return padded.startsWith(text)
                && padded.substring(text.length()).replace("=", "").isEmpty();
    }

    private static String id(byte[] signature) {
        // Half of it is enough to tell tokens apart, and not enough to make one of.
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Arrays.copyOf(signature, SecretKey.CODE_BYTES / 2));
    }
}
