package dev.rollcall.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.protocol.Limits;
import java.util.Arrays;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Sets one's own state in channels, in place of the former one. It lasts while one is present there; the client sends it again with
 * its heartbeats and after an outage for as long as the channel is subscribed.
 */
public final class SetStateCall extends Call<SetStateResult> {
    private final Requests requests;
    private final Json json;
    private final Session session;
    private final Names names = new Names();
    private @Nullable ObjectNode state;

    SetStateCall(Caller caller, Requests requests, Json json, Session session) {
        super(caller);
        this.requests = requests;
        this.json = json;
        this.session = session;
    }

    /** Adds channels; a name with commas is several names. */
    public SetStateCall channels(String... channels) {
        return channels(Arrays.asList(channels));
    }

    /** Adds channels; a name with commas is several names. */
    public SetStateCall channels(Collection<String> channels) {
        names.addChannels(channels);
        return this;
    }

    /** Adds channel groups, that is, the channels in them; a name with commas is several names. */
    public SetStateCall channelGroups(String... groups) {
        return channelGroups(Arrays.asList(groups));
    }

    /** Adds channel groups, that is, the channels in them; a name with commas is several names. */
    public SetStateCall channelGroups(Collection<String> groups) {
        names.addGroups(groups);
        return this;
    }

    /**
     * Sets the state: a map, or any object that Jackson turns into a JSON object of at most {@value Limits#STATE_BYTES} bytes.
     *
     * @throws IllegalArgumentException if it is anything else, such as a list, a string or a number
     */
    public SetStateCall state(Object value) {
        this.state = json.state(value);
        return this;
    }

    @Override
    ApiRequest<SetStateResult> request() {
        names.requireAny();
        return requests.setState(names.channels(), names.groups(), requiredState());
    }

    @Override
    void succeeded(Envelope<SetStateResult> envelope) {
        session.remember(names.channels(), names.groups(), envelope.result().state());
    }

    private ObjectNode requiredState() {
        if (state == null) {
            throw new IllegalStateException("state: none (expected: a map or an object)");
        }
        return state;
    }
}
