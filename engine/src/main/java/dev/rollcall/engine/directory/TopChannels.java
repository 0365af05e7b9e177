package dev.rollcall.engine.directory;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The first channels, in some order, of many that are shown to it one by one, in any order and perhaps more than once. Keeps no more than a
 * page of them. For one thread at a time.
 */
public final class TopChannels {
    /** A rate as a cursor tells it: in thousandths. */
    private static final double PARTS = 1000;

    private final ChannelOrder order;
    private final PageQuery query;
    private final @Nullable Place after;
    private final TreeSet<Place> first = new TreeSet<>();
    private final Set<String> names = new HashSet<>();

    /** Where a channel stands: the greatest weight first, then by name. */
    private record Place(long weight, String name, @Nullable ChannelView view) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            return weight != other.weight ? Long.compare(other.weight, weight) : name.compareTo(other.name);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Place place && compareTo(place) == 0;
        }

        @Override
        public int hashCode() {
            return Objects.hash(weight, name);
        }
    }

    /**
     * Makes an empty one.
     *
     * @throws dev.rollcall.protocol.ProtocolException if the cursor is none of this order
     */
    public TopChannels(ChannelOrder order, PageQuery query) {
        this.order = order;
        this.query = query;
        String cursor = query.cursor();
        after = cursor == null ? null : new Place(Cursors.number(cursor), Cursors.text(cursor), null);
    }

    /** Shows it a channel. Costs little where the channel is none of the first. */
    public void add(ChannelView view) {
        String name = view.channel().name();
        if (!name.startsWith(query.prefix())) {
            return;
        }
        long weight = weight(view);
        if (first.size() > query.limit() && weight < first.last().weight) {
            return;
        }
        Place place = new Place(weight, name, view);
        if (after != null && place.compareTo(after) <= 0 || !names.add(name)) {
            return;
        }
        first.add(place);
        if (first.size() > query.limit() + 1) {
            names.remove(Objects.requireNonNull(first.pollLast()).name);
        }
    }

    private long weight(ChannelView view) {
        return switch (order) {
            case NAME -> 0;
            case OCCUPANCY -> view.occupancy();
            case RATE -> Math.max(0, Math.round(view.eventsPerSecond() * PARTS));
        };
    }

    /** Returns the page. */
    public Page<ChannelView> page(boolean partial) {
        boolean more = first.size() > query.limit();
        if (more) {
            first.pollLast();
        }
        List<ChannelView> views =
                first.stream().map(place -> Objects.requireNonNull(place.view)).toList();
        return new Page<>(views, more ? first.last().weight + ":" + first.last().name : null, partial);
    }
}
