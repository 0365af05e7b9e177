package dev.rollcall.client.call;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.client.PublishResult;
import dev.rollcall.client.rest.ApiRequest;
import dev.rollcall.client.rest.Caller;
import dev.rollcall.client.rest.Json;
import dev.rollcall.client.rest.Requests;
import dev.rollcall.protocol.Channel;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Publishes a message to a channel. */
public final class PublishCall extends Call<PublishResult> {
    private final Requests requests;
    private final Json json;
    private final PublishKey key;
    private final IntSupplier sequence;
    private @Nullable Channel channel;
    private @Nullable JsonNode message;
    private @Nullable ObjectNode meta;
    private @Nullable Boolean shouldStore;
    private @Nullable Integer ttl;
    private @Nullable String customMessageType;
    private boolean replicate = true;
    private boolean usePost = true;

    PublishCall(Caller caller, Requests requests, Json json, PublishKey key, IntSupplier sequence) {
        super(caller);
        this.requests = requests;
        this.json = json;
        this.key = key;
        this.sequence = sequence;
    }

    /** Sets the channel. */
    public PublishCall channel(String name) {
        this.channel = new Channel(name);
        return this;
    }

    /**
     * Sets the message: anything that Jackson turns into JSON.
     *
     * @throws IllegalArgumentException if Jackson cannot
     */
    public PublishCall message(Object value) {
        this.message = json.tree("message", value);
        return this;
    }

    /**
     * Sets what subscribers can filter by, nothing if not set: a map, or any object that Jackson turns into a JSON object.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    public PublishCall meta(Object value) {
        this.meta = json.object("meta", value);
        return this;
    }

    /** Sets whether the message goes into the history, as the keyset says if not set. */
    public PublishCall shouldStore(boolean store) {
        this.shouldStore = store;
        return this;
    }

    /**
     * Sets how long the history keeps the message, in hours, as the keyset says if not set.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public PublishCall ttl(int hours) {
        if (hours < 0) {
            throw new IllegalArgumentException("ttl: " + hours + " (expected: >= 0)");
        }
        this.ttl = hours;
        return this;
    }

    /** Sets whether subscribers get the message, {@code true} if not set. */
    public PublishCall replicate(boolean deliver) {
        this.replicate = deliver;
        return this;
    }

    /**
     * Sets whether the message is sent as the body of a POST, {@code true} if not set: it is then sent once, whatever happens to the
     * connection. With {@code false} it is part of the address of a GET, which the HTTP client of the JDK, and proxies, send again by
     * themselves on a connection that breaks: it may be delivered twice.
     */
    public PublishCall usePost(boolean post) {
        this.usePost = post;
        return this;
    }

    /** Sets the publisher's own name for the type of message, 3 to 50 characters; none if not set. */
    public PublishCall customMessageType(String type) {
        this.customMessageType = type;
        return this;
    }

    @Override
    ApiRequest<PublishResult> request() {
        Channel to = channel;
        JsonNode payload = message;
        if (to == null || payload == null) {
            throw new IllegalStateException((to == null ? "channel" : "message") + ": none (expected: one)");
        }
        return requests.publish(key.required(), to.name(), json.text(payload), query(), usePost);
    }

    private Map<String, String> query() {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("seqn", Integer.toString(sequence.getAsInt()));
        if (meta != null) {
            query.put("meta", json.text(meta));
        }
        if (shouldStore != null) {
            query.put("store", shouldStore ? "1" : "0");
        }
        if (ttl != null) {
            query.put("ttl", ttl.toString());
        }
        if (!replicate) {
            query.put("norep", "true");
        }
        if (customMessageType != null) {
            query.put("custom_message_type", customMessageType);
        }
        return query;
    }
}
