package dev.rollcall.engine.embedded.roster;

import dev.rollcall.engine.directory.Cursors;
import dev.rollcall.engine.directory.Page;
import dev.rollcall.engine.directory.PageQuery;
import dev.rollcall.engine.embedded.table.UserKey;
import dev.rollcall.protocol.Occupant;
import dev.rollcall.protocol.UserId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a roster in pages, in order of joining. A cursor names the last occupant of the page before, from whom the next page goes on at
 * once, and how many there were until then, in case that one has left.
 */
public final class RosterReader {
    /** Occupants looked at before a shard lets others in. */
    private static final int SLICE = 512;

    /** Occupants looked at for one page. */
    private static final int MOST_LOOKED_AT = 50_000;

    private final Place place;
    private final PageQuery query;
    private final List<Occupant> found = new ArrayList<>();
    private long seen;
    private long left;
    private @Nullable UserId last;

    private RosterReader(Place place, PageQuery query) {
        this.place = place;
        this.query = query;
    }

    /** Returns a page of a channel. No lock may be held. */
    public static Page<Occupant> read(Place place, PageQuery query) {
        return new RosterReader(place, query).read();
    }

    private Page<Occupant> read() {
        String cursor = query.cursor();
        seen = cursor == null ? 0 : Cursors.number(cursor);
        UserKey after = cursor == null ? null : key(cursor);
        Shard shard = place.shard();
        Roster roster;
        Roster.Walk walk;
        shard.enter();
        try {
            ChannelEntry entry = place.entry();
            roster = entry == null ? null : entry.roster;
            if (roster == null) {
                return Page.empty();
            }
            walk = roster.walk();
            Lease known = after == null ? null : place.lease(after);
            if (known != null) {
                walk.next = known.after;
            } else {
                left = after == null ? 0 : seen;
            }
        } finally {
            shard.exit();
        }
        boolean more = true;
        long looked = 0;
        while (more) {
            shard.enter();
            try {
                if (left > 0) {
                    int passed = walk.skip((int) Math.min(SLICE, left));
                    left = passed == 0 ? 0 : left - passed;
                } else {
                    looked += look(walk);
                }
                more = walk.next != null && found.size() < query.limit() && looked < MOST_LOOKED_AT;
                if (!more) {
                    boolean isEnd = walk.next == null;
                    roster.end(walk);
                    return page(isEnd);
                }
            } finally {
                shard.exit();
            }
        }
        throw new IllegalStateException("a walk without an end");
    }

    private static UserKey key(String cursor) {
        try {
            return UserKey.of(new UserId(Cursors.text(cursor)));
        } catch (IllegalArgumentException e) {
            throw Cursors.refusal(cursor);
        }
    }

    private int look(Roster.Walk walk) {
        int looked = 0;
        for (Lease lease = walk.next;
                lease != null && looked < SLICE && found.size() < query.limit();
                lease = walk.next) {
            UserId user = lease.userId();
            if (user.value().startsWith(query.prefix())) {
                found.add(new Occupant(user, lease.state));
            }
            last = user;
            walk.next = lease.after;
            looked++;
            seen++;
        }
        return looked;
    }

    private Page<Occupant> page(boolean isEnd) {
        UserId end = last;
        boolean isShort = !isEnd && found.size() < query.limit();
        return new Page<>(found, isEnd || end == null ? null : seen + ":" + end.value(), isShort);
    }
}
