package dev.rollcall.client.call;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.client.Envelope;
import dev.rollcall.client.SetStateResult;
import dev.rollcall.client.rest.ApiRequest;
import dev.rollcall.client.rest.Caller;
import dev.rollcall.client.rest.Json;
import dev.rollcall.client.rest.Requests;
import dev.rollcall.client.session.Session;
import dev.rollcall.protocol.Limits;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Sets one's own state in channels, in place of the former one. It lasts while one is present there. States are set one after the other, in
 * the order of the calls. Where the client is subscribed it says the state that was set last again, with its heartbeats and after an outage,
 * until it is refused, replaced, or the channel is unsubscribed; also one whose call failed without an answer, since it may have arrived.
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
        return channels(Names.list("channels", channels));
    }

    /** Adds channels; a name with commas is several names. */
    public SetStateCall channels(Collection<String> channels) {
        names.addChannels(channels);
        return this;
    }

    /** Adds channel groups, that is, the channels in them; a name with commas is several names. */
    public SetStateCall channelGroups(String... groups) {
        return channelGroups(Names.list("channelGroups", groups));
    }

    /** Adds channel groups, that is, the channels in them; a name with commas is several names. */
    public SetStateCall channelGroups(Collection<String> groups) {
        names.addGroups(groups);
        return this;
    }

    /**
     * Sets the state: a map, or any object that Jackson turns into a JSON object of at most {@value Limits#STATE_BYTES} bytes.
     * It travels in an address of at most {@value Limits#URI_BYTES} bytes, percent-encoded and with the names: what takes more there is refused by the
     * service as {@link dev.rollcall.client.Category#URI_TOO_LONG}. Characters other than letters, digits and {@code - _ .} take three bytes or more.
     *
     * @throws IllegalArgumentException if it is anything else, such as a list, a string or a number
     */
    public SetStateCall state(Object value) {
        this.state = json.state(requireNonNull(value, "state"));
        return this;
    }

    @Override
    ApiRequest<SetStateResult> request() {
        names.requireAny();
        return requests.setState(names.channels(), names.groups(), requiredState());
    }

    @Override
    CompletableFuture<Envelope<SetStateResult>> send(ApiRequest<SetStateResult> request) {
        return session.setState(names.channels(), names.groups(), requiredState(), request);
    }

    private ObjectNode requiredState() {
        if (state == null) {
            throw new IllegalStateException("state: none (expected: a map or an object)");
        }
        return state;
    }

    @Override
    String shown() {
        return names.toString();
    }
}
