package dev.rollcall.client.wire;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs requests with the secret key of a keyset, version 2. Safe from any thread. */
public final class RequestSigner {
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec secretKey;
    private final String publishKey;

    /** Makes a signer; the publish key is part of what is signed, and empty where there is none. */
    public RequestSigner(String secretKey, String publishKey) {
        this.secretKey = new SecretKeySpec(secretKey.getBytes(StandardCharsets.UTF_8), ALGORITHM);
        this.publishKey = requireNonNull(publishKey, "publishKey");
    }

    /**
     * Returns the value of {@code signature}.
     *
     * @param method in upper case
     * @param path percent-encoded, exactly as it is sent
     * @param query sorted and encoded, {@code timestamp} included
     * @param body the body as text, empty if there is none
     */
    public String sign(String method, String path, String query, String body) {
        String text = method + '\n' + publishKey + '\n' + path + '\n' + query + '\n' + body;
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secretKey);
            byte[] digest = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
            return "v2." + Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
