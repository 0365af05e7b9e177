package dev.rollcall.server.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/** Text in a store: its length and its UTF-8. The store's own type believes whatever length a damaged file says, and asks for that much memory. */
final class TextType extends BasicDataType<String> {
    static final TextType INSTANCE = new TextType();

    private static final int OVERHEAD_BYTES = 48;

    private TextType() {}

    @Override
    public int getMemory(String text) {
        return OVERHEAD_BYTES + 2 * text.length();
    }

    @Override
    public void write(WriteBuffer buffer, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        buffer.putVarInt(utf8.length).put(utf8);
    }

    @Override
    public String read(ByteBuffer buffer) {
        int length = DataUtils.readVarInt(buffer);
        if (length < 0 || length > buffer.remaining()) {
            throw new IllegalStateException("text of " + length + " bytes (expected: 0.." + buffer.remaining() + ")");
        }
        byte[] utf8 = new byte[length];
        buffer.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    @Override
    public int compare(String one, String other) {
        return one.compareTo(other);
    }

    @Override
    public String[] createStorage(int size) {
        return new String[size];
    }
}
