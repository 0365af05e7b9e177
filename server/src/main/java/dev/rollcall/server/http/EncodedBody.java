package dev.rollcall.server.http;

import dev.rollcall.protocol.ProtocolException;

/** A request body that nobody has asked for yet, as it was sent. */
record EncodedBody(byte[] bytes, String encoding, int limit) {
    byte[] decode() {
        try {
            return ContentDecoding.decode(bytes, encoding, limit);
        } catch (Refusal refusal) {
            throw new ProtocolException(refusal.code(), String.valueOf(refusal.getMessage()));
        }
    }
}
