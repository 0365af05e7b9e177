package dev.rollcall.engine.embedded.roster;

import dev.rollcall.engine.embedded.table.UserKey;
import dev.rollcall.engine.embedded.timer.Timer;
import dev.rollcall.protocol.PresenceEvent;
import dev.rollcall.protocol.UserId;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What has happened in a crowded channel since its last interval event. Exists while the channel has more occupants than are announced
 * one by one; guarded by the lock of its shard.
 */
public final class IntervalMode extends Timer {
    /** More changes than this do not fit into an event, however short the user ids. */
    private static final int MOST_CHANGES = 8192;

    final Roster roster;

    /** By user; made when the first is listed, for most keysets want no lists. */
    private Map<UserId, Change> changes = Map.of();

    private boolean changed;
    private boolean overflown;

    public IntervalMode(Roster roster) {
        this.roster = roster;
    }

    /** Notes that somebody came. Whoever left within the same interval has not changed. */
    void joined(UserId user, boolean listed) {
        note(user, Change.JOIN, listed);
    }

    /** Notes that somebody went. Whoever came within the same interval has not changed. */
    void departed(UserId user, boolean timedOut, boolean listed) {
        note(user, timedOut ? Change.TIMEOUT : Change.LEAVE, listed);
    }

    private void note(UserId user, Change change, boolean listed) {
        changed = true;
        if (!listed || overflown) {
            return;
        }
        if (changes.isEmpty()) {
            changes = new LinkedHashMap<>();
        }
        Change before = changes.remove(user);
        if (before == null) {
            changes.put(user, change);
        }
        if (changes.size() > MOST_CHANGES) {
            overflown = true;
            changes = Map.of();
        }
    }

    /** Returns whether anything has happened since the last event. */
    boolean hasChanged() {
        return changed;
    }

    /** Returns the event of what has happened, and begins anew. */
    PresenceEvent.Interval take() {
        PresenceEvent.Interval event = new PresenceEvent.Interval(
                roster.occupancy(), users(Change.JOIN), users(Change.LEAVE), users(Change.TIMEOUT), overflown);
        changes = Map.of();
        changed = false;
        overflown = false;
        return event;
    }

    /** Writes what is pending, for {@link #readFrom}. */
    public void writeTo(DataOutput out) throws IOException {
        out.writeBoolean(changed);
        out.writeBoolean(overflown);
        out.writeInt(changes.size());
        for (Map.Entry<UserId, Change> entry : changes.entrySet()) {
            UserKey.of(entry.getKey()).writeTo(out);
            out.writeUTF(entry.getValue().name());
        }
    }

    /** Takes up what {@link #writeTo} wrote. */
    public void readFrom(DataInput in) throws IOException {
        changed = in.readBoolean();
        overflown = in.readBoolean();
        int count = in.readInt();
        changes = count == 0 ? Map.of() : new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            UserId user = UserKey.read(in).user;
            changes.put(user, Change.valueOf(in.readUTF()));
        }
    }

    private List<UserId> users(Change change) {
        List<UserId> users = new ArrayList<>();
        changes.forEach((user, made) -> {
            if (made == change) {
                users.add(user);
            }
        });
        return users;
    }

    @Override
    public void onDue(long now) {
        roster.entry.shard.presence.announcer().intervalDue(this, now);
    }

    private enum Change {
        JOIN,
        LEAVE,
        TIMEOUT
    }
}
