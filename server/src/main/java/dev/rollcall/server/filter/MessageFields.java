package dev.rollcall.server.filter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.rollcall.engine.Message;
import dev.rollcall.protocol.UserId;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one message, read when they are first asked for. Safe from any thread: two that ask at once may both read, and either
 * result will do.
 */
final class MessageFields {
    /** The largest payload that is looked into: a filter must not cost more than reading a common message. */
    static final int MOST_BYTES = 64 * 1024;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Message message;
    private volatile @Nullable JsonNode meta;
    private volatile @Nullable JsonNode data;

    MessageFields(Message message) {
        this.message = message;
    }

    boolean areOf(Message other) {
        return message == other;
    }

    /** Returns the value that is reached from {@code root} over {@code steps}, or null if there is none. */
    @Nullable
    Object value(Expression.Root root, List<Object> steps) {
        if (root == Expression.Root.PUBLISHER) {
            JsonNode told = meta().path("uuid");
            if (!told.isMissingNode()) {
                return Values.of(told);
            }
            UserId publisher = message.publisher();
            return publisher == null ? null : publisher.value();
        }
        JsonNode node = root == Expression.Root.DATA ? data() : meta();
        for (Object step : steps) {
            node = step instanceof Integer index ? node.path(index) : node.path(step.toString());
        }
        return Values.of(node);
    }

    private JsonNode data() {
        JsonNode tree = data;
        if (tree == null) {
            tree = read(message.envelope().payload());
            data = tree;
        }
        return tree;
    }

    private JsonNode meta() {
        JsonNode tree = meta;
        if (tree == null) {
            byte[] json = message.envelope().meta();
            tree = json == null ? MissingNode.getInstance() : read(json);
            meta = tree;
        }
        return tree;
    }

    private static JsonNode read(byte[] json) {
        if (json.length > MOST_BYTES) {
            return MissingNode.getInstance();
        }
        try {
            return MAPPER.readTree(json);
        } catch (IOException e) {
            // What is published has been checked, so this is JSON beyond the reader's limits: no field of it can be
            // looked at.
            return MissingNode.getInstance();
        }
    }
}
