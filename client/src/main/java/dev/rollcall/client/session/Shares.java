package dev.rollcall.client.session;

import dev.rollcall.client.rest.WireNames;
import dev.rollcall.client.session.Subscriptions.Both;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.Limits;
import dev.rollcall.protocol.Timetoken;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How the names of a client are shared out among its polls: all to one as long as an address holds them, else as few to as few as it takes. A
 * name stays where it is, because each share has a cursor of its own: so what is published under a name is heard once and in order, however many
 * shares there are. A channel and its presence go together, so that users hear themselves join. NOT thread-safe: owned by the subscribe loop.
 */
final class Shares {
    /** Polls that a client may have for all its names. */
    static final int LIMIT = 32;

    private static final String SUFFIX = Channel.PRESENCE_SUFFIX;

    private final Subscriptions subscriptions;
    private final IntSupplier room;
    private final List<Share> all = new ArrayList<>(1);
    private boolean split;

    /** Where names begin that are added next; the present if it is zero. */
    private Timetoken start = Timetoken.ZERO;

    /**
     * Makes them.
     *
     * @param room how many characters of names an address holds now
     */
    Shares(Subscriptions subscriptions, IntSupplier room) {
        this.subscriptions = subscriptions;
        this.room = room;
    }

    List<Share> all() {
        return all;
    }

    /** Everything goes on from a position of the user's choice. */
    void startAt(Timetoken position) {
        start = position;
        for (Share share : all) {
            share.cursor = position;
            share.brokenAnswers = 0;
        }
    }

    /** The service has confirmed all names: those that come later begin in their own present. */
    void confirmed() {
        start = Timetoken.ZERO;
    }

    /** Forgets every name and position. */
    void clear() {
        all.clear();
        split = false;
        start = Timetoken.ZERO;
    }

    /** Returns what a share is to say now. */
    Both names(Share share) {
        if (!split) {
            return subscriptions.polled();
        }
        return new Both(subscriptions.channels.polledOf(share.channels), subscriptions.groups.polledOf(share.groups));
    }

    /** Returns whether there would be addresses enough for {@code names} too. */
    boolean hasRoomFor(Both names, boolean presence) {
        int free = room.getAsInt();
        int needed = subscriptions.encodedLengthWith(names, presence);
        if (needed <= free) {
            return true;
        }
        // Whoever fills one address after the other leaves none but the last more than half empty.
        return longest(names) <= free / 2 && needed <= (long) LIMIT / 2 * free;
    }

    private static int longest(Both names) {
        int longest = 0;
        for (String name : names.channels()) {
            longest = Math.max(longest, lengthOfBoth(name));
        }
        for (String name : names.groups()) {
            longest = Math.max(longest, lengthOfBoth(name));
        }
        return longest;
    }

    private static int lengthOfBoth(String name) {
        return 2 * WireNames.encodedLength(name) + SUFFIX.length();
    }

    /** Shares out what is wanted now. */
    void arrange() {
        if (all.isEmpty()) {
            all.add(new Share(start));
        }
        int count = subscriptions.polledCount();
        if (!split) {
            if (subscriptions.encodedLength() <= room.getAsInt() && count <= Limits.CHANNELS_PER_REQUEST) {
                return;
            }
            split = true;
            Share first = all.get(0);
            Both polled = subscriptions.polled();
            Both fresh = subscriptions.unconfirmed();
            first.channels.addAll(without(polled.channels(), fresh.channels()));
            first.groups.addAll(without(polled.groups(), fresh.groups()));
        }
        // However small an address may become, there is a bound on the polls of one client.
        int free = Math.max(room.getAsInt(), subscriptions.encodedLength() / LIMIT);
        Placement placement = new Placement(free);
        for (Share share : all) {
            share.channels.retainAll(Set.copyOf(subscriptions.channels.polledOf(share.channels)));
            share.groups.retainAll(Set.copyOf(subscriptions.groups.polledOf(share.groups)));
        }
        for (int i = 0; i < all.size(); i++) {
            placement.shrink(all.get(i));
        }
        all.forEach(placement::measure);
        placement.placeRest(subscriptions.channels.polled(), true);
        placement.placeRest(subscriptions.groups.polled(), false);
        all.removeIf(share -> share.isEmpty() && !share.isOpen() && all.size() > 1);
    }

    private static List<String> without(List<String> names, Collection<String> others) {
        Set<String> left = new HashSet<>(others);
        return names.stream().filter(name -> !left.contains(name)).toList();
    }

    /** One sharing out. */
    private final class Placement {
        private final int free;
        private final Map<Share, Integer> lengths = new LinkedHashMap<>();

        Placement(int free) {
            this.free = free;
        }

        void measure(Share share) {
            lengths.put(share, length(share.channels) + length(share.groups));
        }

        private static int length(Collection<String> names) {
            return names.stream().mapToInt(WireNames::encodedLength).sum();
        }

        /** Moves what an address no longer holds into a share that goes on from the same position. */
        void shrink(Share share) {
            int length = length(share.channels) + length(share.groups);
            int count = share.channels.size() + share.groups.size();
            if (length <= free && count <= Limits.CHANNELS_PER_REQUEST || count == 1) {
                return;
            }
            Share next = new Share(share.cursor);
            next.region = share.region;
            next.heardMillis = share.heardMillis;
            next.gapTold = share.gapTold;
            int kept = 0;
            int keptCount = 0;
            for (boolean channels : new boolean[] {true, false}) {
                Set<String> names = channels ? share.channels : share.groups;
                Map<String, List<String>> units = units(names);
                for (List<String> unit : units.values()) {
                    int needed = length(unit);
                    if (keptCount > 0
                            && (kept + needed > free || keptCount + unit.size() > Limits.CHANNELS_PER_REQUEST)) {
                        unit.forEach(names::remove);
                        (channels ? next.channels : next.groups).addAll(unit);
                    } else {
                        kept += needed;
                        keptCount += unit.size();
                    }
                }
            }
            if (!next.isEmpty()) {
                all.add(next);
            }
        }

        /** Finds a place for the names that have none yet. */
        void placeRest(List<String> polled, boolean channels) {
            Set<String> placed = new HashSet<>();
            all.forEach(share -> placed.addAll(channels ? share.channels : share.groups));
            Map<String, List<String>> units = units(without(polled, placed));
            units.forEach((base, unit) -> {
                Share partner = placed.contains(base) || placed.contains(base + SUFFIX) ? holder(base, channels) : null;
                Share place = partner != null && fits(partner, unit) ? partner : firstFit(unit);
                (channels ? place.channels : place.groups).addAll(unit);
                lengths.merge(place, length(unit), Integer::sum);
            });
        }

        private @Nullable Share holder(String base, boolean channels) {
            for (Share share : all) {
                Set<String> names = channels ? share.channels : share.groups;
                if (names.contains(base) || names.contains(base + SUFFIX)) {
                    return share;
                }
            }
            return null;
        }

        private Share firstFit(List<String> unit) {
            for (Share share : all) {
                if (fits(share, unit)) {
                    return share;
                }
            }
            Share added = new Share(start);
            all.add(added);
            return added;
        }

        private boolean fits(Share share, List<String> unit) {
            int length = lengths.getOrDefault(share, 0);
            int count = share.channels.size() + share.groups.size();
            return count == 0 || length + length(unit) <= free && count + unit.size() <= Limits.CHANNELS_PER_REQUEST;
        }
    }

    /** Returns names together with those of their presence. */
    private static Map<String, List<String>> units(Collection<String> names) {
        Map<String, List<String>> units = new LinkedHashMap<>();
        for (String name : names) {
            units.computeIfAbsent(WireNames.base(name), base -> new ArrayList<>(2))
                    .add(name);
        }
        return units;
    }
}
