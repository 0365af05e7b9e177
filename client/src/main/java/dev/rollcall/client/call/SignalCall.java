package dev.rollcall.client.call;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.client.PublishResult;
import dev.rollcall.client.rest.ApiRequest;
import dev.rollcall.client.rest.Caller;
import dev.rollcall.client.rest.Json;
import dev.rollcall.client.rest.Requests;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.Limits;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sends a signal to a channel: a message of at most {@value Limits#SIGNAL_BYTES} bytes that is never stored. */
public final class SignalCall extends Call<PublishResult> {
    private final Requests requests;
    private final Json json;
    private final PublishKey key;
    private @Nullable Channel channel;
    private @Nullable JsonNode message;
    private @Nullable String customMessageType;

    SignalCall(Caller caller, Requests requests, Json json, PublishKey key) {
        super(caller);
        this.requests = requests;
        this.json = json;
        this.key = key;
    }

    /** Sets the channel. */
    public SignalCall channel(String name) {
        this.channel = new Channel(name);
        return this;
    }

    /**
     * Sets the message: anything that Jackson turns into JSON. The service refuses one that is too long.
     *
     * @throws IllegalArgumentException if Jackson cannot
     */
    public SignalCall message(Object value) {
        this.message = json.tree("message", value);
        return this;
    }

    /** Sets the sender's own name for the type of signal, 3 to 50 characters; none if not set. */
    public SignalCall customMessageType(String type) {
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
        Map<String, String> query =
                customMessageType == null ? Map.of() : Map.of("custom_message_type", customMessageType);
        return requests.signal(key.required(), to.name(), json.text(payload), query);
    }
}
