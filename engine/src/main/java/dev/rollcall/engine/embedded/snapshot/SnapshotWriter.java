package dev.rollcall.engine.embedded.snapshot;

import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.Message;
import dev.rollcall.engine.embedded.feed.Feed;
import dev.rollcall.engine.embedded.feed.TimetokenSource;
import dev.rollcall.engine.embedded.feed.WildcardFeed;
import dev.rollcall.engine.embedded.roster.Absence;
import dev.rollcall.engine.embedded.roster.ChannelEntry;
import dev.rollcall.engine.embedded.roster.IntervalMode;
import dev.rollcall.engine.embedded.roster.Keyset;
import dev.rollcall.engine.embedded.roster.Lease;
import dev.rollcall.engine.embedded.roster.Roster;
import dev.rollcall.engine.embedded.roster.Shard;
import dev.rollcall.engine.embedded.roster.Shards;
import dev.rollcall.engine.embedded.table.ChainedTable;
import dev.rollcall.engine.embedded.table.UserKey;
import dev.rollcall.engine.embedded.timer.Timer;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.Timetoken;
import dev.rollcall.protocol.UserId;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes a snapshot: {@link #MAGIC}, {@link #VERSION}, and records that begin with a byte that says what they are. Times are written as
 * what is left of them. Used by one thread.
 *
 * <p>What is read under a lock goes to memory first, a slice at a time; messages never change, so only references to them are taken. A
 * channel with few occupants is written as it is at one moment; of a crowded one the feeds and the first slice are.
 */
public final class SnapshotWriter {
    static final int MAGIC = 0x524C_4C53;
    static final int VERSION = 1;

    /** A channel: keyset, name, interval, feeds; the {@link #LEASE}s that follow are of it. */
    static final int CHANNEL = 1;

    /** An occupant of the last channel. */
    static final int LEASE = 2;

    /** Somebody who is remembered without being present. */
    static final int ABSENCE = 3;

    /** A wildcard: keyset, name, feed. */
    static final int WILDCARD = 4;

    /** The end, and the timetoken to go on from. */
    static final int END = 5;

    private static final int SLICE_LEASES = 256;
    private static final int SLICE_SLOTS = 512;
    private static final int SLICE_BYTES = 1 << 16;

    private final Shards shards;
    private final Collection<Keyset> keysets;
    private final EngineTime time;
    private final TimetokenSource timetokens;
    private final DataOutputStream out;
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private final DataOutputStream inHead = new DataOutputStream(head);
    private final ByteArrayOutputStream slice = new ByteArrayOutputStream(2 * SLICE_BYTES);
    private final DataOutputStream inSlice = new DataOutputStream(slice);
    private final Map<SubscribeKey, Integer> keys = new HashMap<>();

    public SnapshotWriter(
            Shards shards, Collection<Keyset> keysets, EngineTime time, TimetokenSource timetokens, OutputStream out) {
        this.shards = shards;
        this.keysets = keysets;
        this.time = time;
        this.timetokens = timetokens;
        this.out = new DataOutputStream(out);
    }

    public void write(Duration reserved) throws IOException {
        out.writeInt(MAGIC);
        out.writeInt(VERSION);
        for (Shard shard : shards.all()) {
            for (ChannelEntry entry : channels(shard)) {
                writeChannel(shard, entry);
            }
            writeAbsences(shard);
        }
        for (Keyset keyset : keysets) {
            for (WildcardFeed feed : keyset.wildcards.values()) {
                writeWildcard(keyset, feed);
            }
        }
        out.writeByte(END);
        out.writeLong(timetokens.fence()
                + Timetoken.ofEpochMillis(reserved.toMillis()).value());
        out.flush();
    }

    private static Set<ChannelEntry> channels(Shard shard) {
        Set<ChannelEntry> entries = Collections.newSetFromMap(new IdentityHashMap<>());
        int position = ChainedTable.START;
        do {
            shard.enter();
            try {
                for (int slot = 0; slot < SLICE_SLOTS; slot++) {
                    position = shard.channels.walk(position, entries::add);
                    if (position == ChainedTable.START) {
                        break;
                    }
                }
            } finally {
                shard.exit();
            }
        } while (position != ChainedTable.START);
        return entries;
    }

    private void writeChannel(Shard shard, ChannelEntry entry) throws IOException {
        List<Message> messages;
        List<Message> presence;
        Roster roster;
        Roster.Walk walk = null;
        boolean more = false;
        shard.enter();
        try {
            if (entry.isEmpty()) {
                return;
            }
            long now = time.monotonicMillis();
            inHead.writeByte(CHANNEL);
            writeKey(entry.keyset.key, inHead);
            inHead.writeUTF(entry.channel.name());
            inHead.writeLong(entry.presence == null ? -1 : entry.presence.wantedFor(now));
            messages = messages(entry.messages);
            presence = messages(entry.presence);
            roster = entry.roster;
            writeInterval(roster == null ? null : roster.interval, now);
            if (roster != null) {
                walk = roster.walk();
                more = sliceLeases(walk, now);
            }
        } finally {
            shard.exit();
        }
        try {
            writeRest(shard, walk, more, messages, presence);
        } finally {
            if (roster != null && walk != null) {
                shard.enter();
                try {
                    roster.end(walk);
                } finally {
                    shard.exit();
                }
            }
        }
    }

    /** Writes what has been gathered of a channel, and then the occupants that are left. */
    private void writeRest(
            Shard shard, Roster.@Nullable Walk walk, boolean isLong, List<Message> messages, List<Message> presence)
            throws IOException {
        boolean more = isLong;
        flush(head);
        writeMessages(messages, false);
        writeMessages(presence, false);
        flush(slice);
        while (more && walk != null) {
            shard.enter();
            try {
                more = sliceLeases(walk, time.monotonicMillis());
            } finally {
                shard.exit();
            }
            flush(slice);
        }
    }

    private static List<Message> messages(@Nullable Feed feed) {
        return feed == null ? List.of() : feed.ring.messages();
    }

    private void writeInterval(@Nullable IntervalMode interval, long now) throws IOException {
        inHead.writeBoolean(interval != null);
        if (interval != null) {
            inHead.writeInt(left(interval, now));
            interval.writeTo(inHead);
        }
    }

    /** Puts the next occupants into the slice and returns whether there are more. Lock held. */
    private boolean sliceLeases(Roster.Walk walk, long now) throws IOException {
        Lease lease = walk.next;
        for (int count = 0; lease != null && count < SLICE_LEASES && slice.size() < SLICE_BYTES; count++) {
            inSlice.writeByte(LEASE);
            lease.writeUserTo(inSlice);
            inSlice.writeShort(lease.timeoutSeconds());
            inSlice.writeInt(left(lease, now));
            inSlice.writeBoolean(lease.isLeaving());
            writeState(lease.state, inSlice);
            lease = lease.after;
        }
        walk.next = lease;
        return lease != null;
    }

    private void writeAbsences(Shard shard) throws IOException {
        List<Absence> absences;
        shard.enter();
        try {
            absences = shard.absences.all();
        } finally {
            shard.exit();
        }
        for (Absence absence : absences) {
            shard.enter();
            try {
                writeAbsence(absence, time.monotonicMillis());
            } finally {
                shard.exit();
            }
            flush(slice);
        }
    }

    private void writeAbsence(Absence absence, long now) throws IOException {
        long debounceFor = absence.debounceLeft(now);
        long stateFor = absence.state() == null ? 0 : absence.stateLeft(now);
        // One that only counts polls is of no use to an engine without polls.
        if (!absence.isScheduled() || debounceFor <= 0 && stateFor <= 0) {
            return;
        }
        inSlice.writeByte(ABSENCE);
        writeKey(absence.place.keyset().key, inSlice);
        inSlice.writeUTF(absence.place.channel().name());
        absence.user.writeTo(inSlice);
        inSlice.writeLong(debounceFor);
        inSlice.writeLong(stateFor);
        writeState(absence.state(), inSlice);
    }

    private void writeWildcard(Keyset keyset, WildcardFeed feed) throws IOException {
        List<Message> messages;
        long wantedFor;
        feed.enter();
        try {
            messages = feed.ring.messages();
            wantedFor = feed.wantedFor(time.monotonicMillis());
        } finally {
            feed.exit();
        }
        out.writeByte(WILDCARD);
        writeKey(keyset.key, out);
        out.writeUTF(feed.name.name());
        out.writeLong(wantedFor);
        writeMessages(messages, true);
    }

    private void writeMessages(List<Message> messages, boolean ofSeveralChannels) throws IOException {
        out.writeInt(messages.size());
        for (Message message : messages) {
            if (ofSeveralChannels) {
                out.writeUTF(message.channel().name());
            }
            out.writeUTF(message.type().name());
            out.writeLong(message.timetoken());
            UserId publisher = message.publisher();
            out.writeBoolean(publisher != null);
            if (publisher != null) {
                UserKey.of(publisher).writeTo(out);
            }
            message.envelope().writeTo(out);
        }
    }

    private static void writeState(@Nullable State state, DataOutputStream to) throws IOException {
        to.writeBoolean(state != null);
        if (state != null) {
            state.writeTo(to);
        }
    }

    /** Writes a number for a keyset, and before its first use the key. */
    private void writeKey(SubscribeKey key, DataOutputStream to) throws IOException {
        Integer known = keys.get(key);
        to.writeInt(known == null ? keys.size() : known);
        if (known == null) {
            to.writeUTF(key.value());
            keys.put(key, keys.size());
        }
    }

    private static int left(Timer timer, long now) {
        return Math.max(0, timer.deadline - (int) now);
    }

    private void flush(ByteArrayOutputStream gathered) throws IOException {
        gathered.writeTo(out);
        gathered.reset();
    }
}
