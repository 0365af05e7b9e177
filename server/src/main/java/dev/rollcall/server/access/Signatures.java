package dev.rollcall.server.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Checks request signatures: {@code v2.} and the unpadded base64url of an HMAC-SHA256, under the secret key, of method, publish key, path,
 * sorted query and body, each on a line of its own (PubNub wire protocol, request signature version 2). SDKs depart from it in ways that
 * are known and allowed here, and nowhere else:
 *
 * <ul>
 *   <li>{@code POST /publish/…} without a payload in its path is signed in an older form by Python, Java and Kotlin, and as if it were a
 *       GET by JavaScript; neither covers the body. A GET that publishes has its payload in the path, so its signature serves no POST.
 *   <li>Python encodes the values of {@code channel-group} and {@code filter-expr}, and when it publishes that of {@code auth}, once more
 *       before it signs.
 * </ul>
 *
 * Parameters are signed in sorted order. A name that is repeated has to be sent in that order too, or one signature would stand for several
 * requests; so it has to be spelled in one way, without percent signs.
 *
 * A signature is good for {@value #SKEW_SECONDS} seconds around its timestamp, as often as somebody sends it.
 */
final class Signatures {
    /** How far the timestamp of a request may be from the server's clock. */
    static final int SKEW_SECONDS = 60;

    private static final String VERSION = "v2.";
    private static final String TIMESTAMP = "timestamp";
    private static final String PUBLISH = "/publish/";

    /** The slashes of {@code /publish/pub/sub/0/channel/callback}; one more, and a payload follows. */
    private static final int SLASHES_WITHOUT_PAYLOAD = 6;

    /** What is said about a signature. */
    enum Verdict {
        VALID,
        /** The timestamp is missing, unreadable or too far from now. */
        INVALID_TIMESTAMP,
        /** The signature is missing, or not that of this request under this key. */
        INVALID_SIGNATURE
    }

    private Signatures() {}

    /** Checks the signature in the query of {@code request}. */
    static Verdict check(AccessKeyset keyset, SignedRequest request, long nowSeconds) {
        SignedQuery query = SignedQuery.of(request.rawQuery());
        if (!isNear(query.value(TIMESTAMP), nowSeconds)) {
            return Verdict.INVALID_TIMESTAMP;
        }
        String signature = query.value(SignedQuery.SIGNATURE);
        if (signature == null || query.isAmbiguous()) {
            return Verdict.INVALID_SIGNATURE;
        }
        String parameters = query.canonical();
        if (isSigned(keyset, request, signature, parameters)) {
            return Verdict.VALID;
        }
        String otherwise = query.canonicalOfPython(request.rawPath().startsWith(PUBLISH));
        return !otherwise.equals(parameters) && isSigned(keyset, request, signature, otherwise)
                ? Verdict.VALID
                : Verdict.INVALID_SIGNATURE;
    }

    private static boolean isSigned(AccessKeyset keyset, SignedRequest request, String signature, String parameters) {
        String method = request.method();
        String path = request.rawPath();
        String head = method + '\n' + keyset.publishKey() + '\n' + path + '\n' + parameters + '\n';
        return isCode(keyset, signature, VERSION, head, request.body())
                || method.equals("POST")
                        && isPublishWithoutPayload(path)
                        && isPublishCode(keyset, signature, path, parameters);
    }

    private static boolean isPublishWithoutPayload(String path) {
        return path.startsWith(PUBLISH)
                && path.chars().filter(c -> c == '/').count() == SLASHES_WITHOUT_PAYLOAD;
    }

    private static boolean isPublishCode(AccessKeyset keyset, String signature, String path, String parameters) {
        String keyAndRest = keyset.publishKey() + '\n' + path + '\n' + parameters;
        return isCode(keyset, signature, "", keyset.key().value() + '\n' + keyAndRest, new byte[0])
                || isCode(keyset, signature, VERSION, "GET\n" + keyAndRest + '\n', new byte[0]);
    }

    private static boolean isCode(AccessKeyset keyset, String signature, String version, String head, byte[] body) {
        // A path is kept as one character for each byte it had.
        byte[] start = head.getBytes(StandardCharsets.ISO_8859_1);
        byte[] message = new byte[start.length + body.length];
        System.arraycopy(start, 0, message, 0, start.length);
        System.arraycopy(body, 0, message, start.length, body.length);
        String expected = version
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(keyset.secret().code(message));
        return MessageDigest.isEqual(ascii(expected), ascii(withoutPadding(signature)));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String withoutPadding(String signature) {
        int end = signature.length();
        while (end > 0 && signature.charAt(end - 1) == '=') {
            end--;
        }
        return signature.substring(0, end);
    }

    private static boolean isNear(@Nullable String timestamp, long nowSeconds) {
        if (timestamp == null || timestamp.isEmpty() || timestamp.length() > 15) {
            return false;
        }
        long seconds = 0;
        for (int i = 0; i < timestamp.length(); i++) {
            int digit = timestamp.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            seconds = seconds * 10 + digit;
        }
        return Math.abs(seconds - nowSeconds) <= SKEW_SECONDS;
    }
}
