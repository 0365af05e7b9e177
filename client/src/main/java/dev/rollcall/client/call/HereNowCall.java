package dev.rollcall.client.call;

import dev.rollcall.client.Envelope;
import dev.rollcall.client.HereNowOccupant;
import dev.rollcall.client.HereNowResult;
import dev.rollcall.client.rest.ApiRequest;
import dev.rollcall.client.rest.Caller;
import dev.rollcall.client.rest.Requests;
import dev.rollcall.protocol.Limits;
import java.util.Collection;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Asks who is in channels. With neither channels nor channel groups it asks for all channels of the keyset.
 *
 * <p>The service may answer with what it knew up to three seconds ago.
 */
public final class HereNowCall extends Call<HereNowResult> {
    private final Requests requests;
    private final Names names = new Names();
    private boolean includeState;
    private boolean includeUuids = true;
    private @Nullable Integer limit;
    private int offset;

    HereNowCall(Caller caller, Requests requests) {
        super(caller);
        this.requests = requests;
    }

    /** Adds channels; a name with commas is several names. */
    public HereNowCall channels(String... channels) {
        return channels(Names.list("channels", channels));
    }

    /** Adds channels; a name with commas is several names. */
    public HereNowCall channels(Collection<String> channels) {
        names.addChannels(channels);
        return this;
    }

    /** Adds channel groups, that is, the channels in them; a name with commas is several names. */
    public HereNowCall channelGroups(String... groups) {
        return channelGroups(Names.list("channelGroups", groups));
    }

    /** Adds channel groups, that is, the channels in them; a name with commas is several names. */
    public HereNowCall channelGroups(Collection<String> groups) {
        names.addGroups(groups);
        return this;
    }

    /** Sets whether the states of the users are wanted, {@code false} if not set. */
    public HereNowCall includeState(boolean include) {
        this.includeState = include;
        return this;
    }

    /** Sets whether the ids of the users are wanted and not only their number, {@code true} if not set. */
    public HereNowCall includeUuids(boolean include) {
        this.includeUuids = include;
        return this;
    }

    /**
     * Sets how many occupants of each channel are listed at most, {@value Limits#HERE_NOW_PAGE} if not set.
     *
     * @throws IllegalArgumentException if it is not between 0 and {@value Limits#HERE_NOW_PAGE}
     */
    public HereNowCall limit(int occupants) {
        if (occupants < 0 || occupants > Limits.HERE_NOW_PAGE) {
            throw new IllegalArgumentException("limit: " + occupants + " (expected: 0.." + Limits.HERE_NOW_PAGE + ")");
        }
        this.limit = occupants;
        return this;
    }

    /**
     * Sets how many occupants of each channel are skipped, 0 if not set.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public HereNowCall offset(int occupants) {
        if (occupants < 0) {
            throw new IllegalArgumentException("offset: " + occupants + " (expected: >= 0)");
        }
        this.offset = occupants;
        return this;
    }

    /**
     * Walks through all occupants page by page, from the offset on, {@link #limit} at a time. A page is asked for when the stream gets to
     * it, on the thread that reads the stream, as {@link #sync} does. Pages are no snapshot: who comes or goes meanwhile may be missed
     * or met twice.
     *
     * @throws IllegalStateException if the limit is 0
     */
    public Stream<HereNowResult> pages() {
        int size = limit == null ? Limits.HERE_NOW_PAGE : limit;
        if (size == 0) {
            throw new IllegalStateException("limit: 0 (expected: > 0 to walk pages)");
        }
        List<String> channels = names.channels();
        List<String> groups = names.groups();
        boolean withState = includeState;
        HereNowPages pages = new HereNowPages(offset, size, from -> {
            HereNowCall page = new HereNowCall(caller(), requests);
            page.names.addChannels(channels);
            page.names.addGroups(groups);
            return page.includeState(withState).limit(size).offset(from).sync();
        });
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(pages, Spliterator.ORDERED | Spliterator.NONNULL), false);
    }

    /**
     * Walks through the occupants of one channel, asking for pages as {@link #pages} does.
     *
     * @throws IllegalStateException if there is not exactly one channel, or a group
     */
    public Stream<HereNowOccupant> occupants() {
        if (names.channels().size() != 1 || !names.groups().isEmpty()) {
            throw new IllegalStateException("channels: " + names.channels() + ", channelGroups: " + names.groups()
                    + " (expected: one channel, no group)");
        }
        return pages().flatMap(page -> page.channels().stream()).flatMap(channel -> channel.occupants().stream());
    }

    /** Sends as many requests as it takes to name everything, one after the other. */
    @Override
    CompletableFuture<Envelope<HereNowResult>> send(ApiRequest<HereNowResult> request) {
        List<ApiRequest<HereNowResult>> parts = HereNowParts.of(
                request,
                (channels, groups) -> requests.hereNow(channels, groups, includeState, includeUuids, limit, offset),
                caller());
        return parts.size() == 1 ? super.send(request) : HereNowParts.send(parts, caller());
    }

    @Override
    ApiRequest<HereNowResult> request() {
        return requests.hereNow(names.channels(), names.groups(), includeState, includeUuids, limit, offset);
    }

    @Override
    String shown() {
        return names.toString();
    }
}
