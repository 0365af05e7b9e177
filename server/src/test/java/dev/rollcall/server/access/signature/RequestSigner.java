package dev.rollcall.server.access.signature;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs requests as an SDK with a secret key does. */
public final class RequestSigner {
    private final String publishKey;
    private final String secretKey;
    private final List<String> signatures = new ArrayList<>();

    public RequestSigner(String publishKey, String secretKey) {
        this.publishKey = publishKey;
        this.secretKey = secretKey;
    }

    /** Returns the request target: path, parameters, timestamp and signature. */
    public String sign(String method, String path, Map<String, String> parameters, String body, long timestamp) {
        Map<String, String> sorted = new TreeMap<>(parameters);
        sorted.put("timestamp", Long.toString(timestamp));
        StringBuilder query = new StringBuilder();
        sorted.forEach((key, value) ->
                query.append(query.isEmpty() ? "" : "&").append(key).append('=').append(encode(value)));
        String signature = code(method + '\n' + publishKey + '\n' + path + '\n' + query + '\n' + body);
        signatures.add(signature.replace("=", ""));
        return path + '?' + query + "&signature=v2." + signature.replace("=", "");
    }

    /** Returns all signatures made so far. */
    public List<String> signatures() {
        return List.copyOf(signatures);
    }

    /** Returns the padded base64url of the HMAC-SHA256 of {@code text}. */
    public String code(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secretKey.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return Base64.getUrlEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** Percent-encodes as signatures want it. */
    public static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
    }
}
