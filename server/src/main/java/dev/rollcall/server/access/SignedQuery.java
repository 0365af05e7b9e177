package dev.rollcall.server.access;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The query of a request as its signature covers it: parameters sorted by key and value, values percent-encoded in one way only, whichever
 * way they were sent; keys as they are; the signature itself left out.
 */
final class SignedQuery {
    static final String SIGNATURE = "signature";

    /** What Python's SDK encodes twice before it signs. */
    private static final Set<String> ENCODED_TWICE = Set.of("channel-group", "filter-expr");

    private static final Set<String> ENCODED_TWICE_IN_PUBLISH = Set.of("channel-group", "filter-expr", "auth");

    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

    private final List<Parameter> parameters;

    private record Parameter(String key, byte[] value) {}

    private SignedQuery(List<Parameter> parameters) {
        this.parameters = parameters;
    }

    /** Takes a raw query apart. */
    static SignedQuery of(@Nullable String raw) {
        var parameters = new ArrayList<Parameter>();
        if (raw != null) {
            for (String part : raw.split("&", -1)) {
                int equals = part.indexOf('=');
                String key = equals < 0 ? part : part.substring(0, equals);
                if (!key.isEmpty()) {
                    parameters.add(new Parameter(key, decode(equals < 0 ? "" : part.substring(equals + 1))));
                }
            }
        }
        return new SignedQuery(parameters);
    }

    /** Returns the first value of a parameter, or null if it is not there. */
    @Nullable
    String value(String key) {
        for (Parameter parameter : parameters) {
            if (parameter.key.equals(key)) {
                return new String(parameter.value, StandardCharsets.UTF_8);
            }
        }
        return null;
    }

    /** Returns the parameters as version 2 signs them. */
    String canonical() {
        return canonical(Set.of());
    }

    /** Returns the parameters as Python's SDK signs them. */
    String canonicalOfPython(boolean isPublish) {
        return canonical(isPublish ? ENCODED_TWICE_IN_PUBLISH : ENCODED_TWICE);
    }

    /**
     * Returns whether a request could be signed as this one and mean something else: values of one name in another order than they are
     * signed in, or a name that is not spelled as it is.
     */
    boolean isAmbiguous() {
        Map<String, byte[]> last = new HashMap<>();
        for (Parameter parameter : parameters) {
            byte[] before = last.put(parameter.key, parameter.value);
            boolean isSorted = before == null || encode(before).compareTo(encode(parameter.value)) <= 0;
            if (!isSorted || parameter.key.indexOf('%') >= 0 || parameter.key.indexOf('+') >= 0) {
                return true;
            }
        }
        return false;
    }

    private String canonical(Set<String> twice) {
        var pairs = new ArrayList<String>(parameters.size());
        for (Parameter parameter : parameters) {
            if (!parameter.key.equals(SIGNATURE)) {
                String value = encode(parameter.value);
                if (twice.contains(parameter.key)) {
                    value = encode(value.getBytes(StandardCharsets.US_ASCII));
                }
                // A control character sorts before all that keys are made of: by key first, then by value.
                pairs.add(parameter.key + '\0' + value);
            }
        }
        Collections.sort(pairs);
        return String.join("&", pairs).replace('\0', '=');
    }

    private static byte[] decode(String raw) {
        byte[] bytes = new byte[raw.length()];
        int size = 0;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%' && i + 2 < raw.length() && hex(raw, i + 1) >= 0 && hex(raw, i + 2) >= 0) {
                bytes[size++] = (byte) (hex(raw, i + 1) << 4 | hex(raw, i + 2));
                i += 2;
            } else {
                // As whoever serves the request reads it, or one could be signed and another be served.
                bytes[size++] = c == '+' ? (byte) ' ' : (byte) c;
            }
        }
        return Arrays.copyOf(bytes, size);
    }

    private static int hex(String raw, int at) {
        return Character.digit(raw.charAt(at), 16);
    }

    private static String encode(byte[] value) {
        StringBuilder out = new StringBuilder(value.length + 16);
        for (byte b : value) {
            boolean plain = b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9';
            if (plain || b == '-' || b == '_' || b == '.') {
                out.append((char) b);
            } else {
                out.append('%').append((char) HEX[b >> 4 & 0xF]).append((char) HEX[b & 0xF]);
            }
        }
        return out.toString();
    }
}
