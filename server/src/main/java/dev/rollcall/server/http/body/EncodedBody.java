package dev.rollcall.server.http.body;

import dev.rollcall.protocol.ProtocolException;
import java.util.function.Supplier;

/** A request body that nobody has asked for yet, as it was sent. */
record EncodedBody(byte[] bytes, String encoding, int limit) implements Supplier<byte[]> {
    @Override
    public byte[] get() {
        try {
            return ContentDecoding.decode(bytes, encoding, limit);
        } catch (Refusal refusal) {
            throw new ProtocolException(refusal.code(), String.valueOf(refusal.getMessage()));
        }
    }
}
