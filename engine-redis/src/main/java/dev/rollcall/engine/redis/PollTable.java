package dev.rollcall.engine.redis;

import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The polls that wait on a node: by the ends of their holds, and by their users, so that what concerns one user costs what they have. The
 * polls of a user are a list, linked through them. Owned by the hub's thread.
 */
final class PollTable {
    private final SortedSet<ParkedPoll> byEnd = new TreeSet<>(ParkedPoll.BY_END_OF_HOLD);

    /** The latest poll of each user; from there it goes on to the earlier ones. */
    private final Map<Owner, ParkedPoll> byOwner = new HashMap<>();

    private final Map<SubscribeKey, Integer> byKey = new HashMap<>();

    private record Owner(SubscribeKey key, UserId user) {}

    private static @Nullable Owner owner(ParkedPoll poll) {
        UserId user = poll.subscribe.user();
        return user == null ? null : new Owner(poll.keyset.key, user);
    }

    void add(ParkedPoll poll) {
        if (!byEnd.add(poll)) {
            return;
        }
        byKey.merge(poll.keyset.key, 1, Integer::sum);
        Owner owner = owner(poll);
        if (owner != null) {
            ParkedPoll earlier = byOwner.put(owner, poll);
            poll.earlier = earlier;
            if (earlier != null) {
                earlier.later = poll;
            }
        }
    }

    void remove(ParkedPoll poll) {
        if (!byEnd.remove(poll)) {
            return;
        }
        byKey.computeIfPresent(poll.keyset.key, (key, count) -> count == 1 ? null : count - 1);
        ParkedPoll earlier = poll.earlier;
        ParkedPoll later = poll.later;
        if (earlier != null) {
            earlier.later = later;
        }
        if (later != null) {
            later.earlier = earlier;
        }
        Owner owner = owner(poll);
        if (later == null && owner != null) {
            if (earlier == null) {
                byOwner.remove(owner);
            } else {
                byOwner.put(owner, earlier);
            }
        }
        poll.earlier = null;
        poll.later = null;
    }

    int size() {
        return byEnd.size();
    }

    /** Returns the keysets of the polls. */
    Set<SubscribeKey> keysets() {
        return byKey.keySet();
    }

    /** Returns the one whose hold ends first, or null. */
    @Nullable
    ParkedPoll first() {
        return byEnd.isEmpty() ? null : byEnd.first();
    }

    List<ParkedPoll> all() {
        return List.copyOf(byEnd);
    }

    /** Returns the polls of a user, the latest first; not more than so many. */
    List<ParkedPoll> of(SubscribeKey key, UserId user, int most) {
        List<ParkedPoll> found = new ArrayList<>();
        for (ParkedPoll poll = byOwner.get(new Owner(key, user));
                poll != null && found.size() < most;
                poll = poll.earlier) {
            found.add(poll);
        }
        return found;
    }

    /**
     * Returns some polls in the order of the ends of their holds, for a walk in parts: who is there all along is met once.
     *
     * @param last the last one of the part before, gone or not; null to begin
     */
    List<ParkedPoll> after(@Nullable ParkedPoll last, int most) {
        List<ParkedPoll> part = new ArrayList<>();
        Iterator<ParkedPoll> rest = (last == null ? byEnd : byEnd.tailSet(last)).iterator();
        while (rest.hasNext() && part.size() < most) {
            ParkedPoll poll = rest.next();
            if (!poll.equals(last)) {
                part.add(poll);
            }
        }
        return part;
    }
}
