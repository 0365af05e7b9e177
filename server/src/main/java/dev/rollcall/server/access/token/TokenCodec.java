package dev.rollcall.server.access.token;

import dev.rollcall.server.access.key.Right;
import dev.rollcall.server.access.key.SecretKey;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a token: a CBOR map with the keys {@code v}, {@code t}, {@code ttl}, {@code res}, {@code pat}, {@code meta}, {@code uuid}
 * if it belongs to one user, and {@code sig}, in this order; these keys, and those of the kinds of resources, are byte strings, names are
 * text (PubNub wire protocol, Access Manager version 3). SDKs know a token by how that begins.
 */
final class TokenCodec {
    /** The length of the last entry: its key, the head of a byte string of 32 bytes, and these. */
    static final int SIGNATURE_ENTRY_BYTES = 4 + 2 + SecretKey.CODE_BYTES;

    private static final int VERSION = 2;

    private TokenCodec() {}

    /** Returns everything of a token but the bytes of its signature, which follow. */
    static byte[] encode(Token token) {
        CborWriter out = new CborWriter();
        out.map(token.user() == null ? 7 : 8);
        out.name("v").number(VERSION);
        out.name("t").number(token.issuedSeconds());
        out.name("ttl").number(token.ttlMinutes());
        write(out.name("res"), token.resources());
        write(out.name("pat"), token.patterns());
        out.name("meta").value(token.meta());
        if (token.user() != null) {
            out.name("uuid").text(token.user());
        }
        return out.toByteArray();
    }

    /** Returns a whole token: what {@link #encode} made, and its signature. */
    static byte[] withSignature(byte[] encoded, byte[] signature) {
        byte[] entry = new CborWriter().name("sig").byteString(signature).toByteArray();
        byte[] whole = new byte[encoded.length + entry.length];
        System.arraycopy(encoded, 0, whole, 0, encoded.length);
        System.arraycopy(entry, 0, whole, encoded.length, entry.length);
        return whole;
    }

    private static void write(CborWriter out, Permissions permissions) {
        out.map(5);
        write(out.name("chan"), permissions.channels());
        write(out.name("grp"), permissions.groups());
        write(out.name("spc"), permissions.spaces());
        write(out.name("usr"), permissions.users());
        write(out.name("uuid"), permissions.uuids());
    }

    private static void write(CborWriter out, Map<String, Integer> masks) {
        out.map(masks.size());
        masks.forEach((name, mask) -> out.text(name).number(mask));
    }

    /** Returns what a whole token says. Its signature is not looked at. */
    static Token decode(byte[] whole) throws MalformedTokenException {
        Map<String, @Nullable Object> map = CborReader.readMap(whole);
        int expected = map.containsKey("uuid") ? 8 : 7;
        if (map.size() != expected || number(map, "v") != VERSION || !(map.get("sig") instanceof byte[])) {
            throw new MalformedTokenException("not a token of version " + VERSION);
        }
        long ttl = number(map, "ttl");
        long issued = number(map, "t");
        if (ttl < 1 || ttl > Token.MAX_TTL_MINUTES || issued < 0 || issued > Integer.MAX_VALUE * 100L) {
            throw new MalformedTokenException("time out of range");
        }
        Object user = map.get("uuid");
        if (expected == 8 && !(user instanceof String)) {
            throw new MalformedTokenException("no user");
        }
        return new Token(
                issued,
                (int) ttl,
                permissions(map(map, "res")),
                permissions(map(map, "pat")),
                map(map, "meta"),
                (String) user);
    }

    private static Permissions permissions(Map<String, @Nullable Object> map) throws MalformedTokenException {
        return new Permissions(
                masks(map, "chan"), masks(map, "grp"), masks(map, "spc"), masks(map, "usr"), masks(map, "uuid"));
    }

    private static Map<String, Integer> masks(Map<String, @Nullable Object> map, String key)
            throws MalformedTokenException {
        var masks = new LinkedHashMap<String, Integer>();
        for (Map.Entry<String, @Nullable Object> entry : map(map, key).entrySet()) {
            if (!(entry.getValue() instanceof Long mask) || mask < 0 || mask > Right.ALL) {
                throw new MalformedTokenException("no mask of rights");
            }
            masks.put(entry.getKey(), mask.intValue());
        }
        return masks;
    }

    private static long number(Map<String, @Nullable Object> map, String key) throws MalformedTokenException {
        if (map.get(key) instanceof Long number) {
            return number;
        }
        throw new MalformedTokenException("no number " + key);
    }

    @SuppressWarnings("unchecked") // the reader makes maps with no other keys
    private static Map<String, @Nullable Object> map(Map<String, @Nullable Object> map, String key)
            throws MalformedTokenException {
        if (map.get(key) instanceof Map<?, ?> inner) {
            return (Map<String, @Nullable Object>) inner;
        }
        throw new MalformedTokenException("no map " + key);
    }
}
