package dev.rollcall.engine.embedded.snapshot;

import dev.rollcall.engine.Message;
import dev.rollcall.engine.TrackingRule.Event;
import dev.rollcall.engine.embedded.account.Footprint;
import dev.rollcall.engine.embedded.feed.ChannelFeed;
import dev.rollcall.engine.embedded.feed.TimetokenSource;
import dev.rollcall.engine.embedded.feed.WildcardFeed;
import dev.rollcall.engine.embedded.feed.Wildcards;
import dev.rollcall.engine.embedded.roster.Absence;
import dev.rollcall.engine.embedded.roster.ChannelEntry;
import dev.rollcall.engine.embedded.roster.IntervalMode;
import dev.rollcall.engine.embedded.roster.Keyset;
import dev.rollcall.engine.embedded.roster.Lease;
import dev.rollcall.engine.embedded.roster.Place;
import dev.rollcall.engine.embedded.roster.Presence;
import dev.rollcall.engine.embedded.roster.Roster;
import dev.rollcall.engine.embedded.roster.Shard;
import dev.rollcall.engine.embedded.roster.Shards;
import dev.rollcall.engine.embedded.roster.UserIndex;
import dev.rollcall.engine.embedded.table.UserKey;
import dev.rollcall.engine.memory.MemoryKind;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.Envelope;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Puts what {@link SnapshotWriter} wrote into an engine that is new. Used by one thread. */
public final class SnapshotReader {
    /** No message is anywhere near as large; a damaged length is. */
    private static final int MOST_ENVELOPE_BYTES = 16 << 20;

    private final Shards shards;
    private final UserIndex users;
    private final Function<SubscribeKey, Keyset> keysets;
    private final TimetokenSource timetokens;
    private final DataInputStream in;
    private final long graceMillis;
    private final long now;
    private final List<Keyset> keys = new ArrayList<>();

    /** What wildcards may keep too, by timetoken: written once for each feed, it is to be one object again, as it was. */
    private final Map<Long, Message> shared = new HashMap<>();

    private int occupants;

    public SnapshotReader(
            Shards shards,
            UserIndex users,
            Function<SubscribeKey, Keyset> keysets,
            long now,
            TimetokenSource timetokens,
            InputStream in,
            Duration grace) {
        this.shards = shards;
        this.users = users;
        this.keysets = keysets;
        this.timetokens = timetokens;
        this.in = new DataInputStream(in);
        this.graceMillis = grace.toMillis();
        this.now = now;
    }

    public int read() throws IOException {
        require(in.readInt() == SnapshotWriter.MAGIC, "snapshot: not one (expected: its first bytes)");
        int version = in.readInt();
        require(
                version == SnapshotWriter.VERSION,
                "snapshot version: " + version + " (expected: " + SnapshotWriter.VERSION + ")");
        try {
            Open channel = null;
            while (true) {
                int kind = in.readByte();
                if (kind == SnapshotWriter.LEASE) {
                    if (channel == null) {
                        throw new IOException("snapshot: an occupant (expected: a channel before)");
                    }
                    readLease(channel);
                    continue;
                }
                close(channel);
                channel = null;
                switch (kind) {
                    case SnapshotWriter.CHANNEL -> channel = readChannel();
                    case SnapshotWriter.ABSENCE -> readAbsence();
                    case SnapshotWriter.WILDCARD -> readWildcard();
                    case SnapshotWriter.END -> {
                        timetokens.startAfter(in.readLong());
                        return occupants;
                    }
                    default -> throw new IOException("snapshot record: " + kind + " (expected: 1..5)");
                }
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("snapshot: " + e.getMessage(), e);
        }
    }

    private Open readChannel() throws IOException {
        Keyset keyset = readKey();
        Channel channel = new Channel(in.readUTF());
        long presenceWantedFor = in.readLong();
        ChannelEntry entry = entry(shards.place(keyset, channel));
        Set<Event> events = keyset.events(channel.name());
        Open open = new Open(new Roster(entry, events), !events.isEmpty());
        IntervalMode interval = null;
        int left = 0;
        if (in.readBoolean()) {
            left = in.readInt();
            interval = new IntervalMode(open.roster);
            interval.readFrom(in);
        }
        List<Message> messages = readMessages(channel);
        List<Message> presence = readMessages(channel.presence());
        entry.shard.enter();
        try {
            if (interval != null && open.tracked) {
                open.roster.interval = interval;
                entry.shard.wheel.schedule(interval, now + left);
            }
            entry.messages = feed(entry, messages, false, -1);
            entry.presence = feed(entry, presence, true, presenceWantedFor);
        } finally {
            entry.shard.exit();
        }
        return open;
    }

    private static ChannelEntry entry(Place place) {
        place.shard().enter();
        try {
            return place.shard().channel(place.keyset(), place.channel());
        } finally {
            place.shard().exit();
        }
    }

    private List<Message> readMessages(Channel channel) throws IOException {
        int count = in.readInt();
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            messages.add(readMessage(channel));
        }
        return messages;
    }

    private @Nullable ChannelFeed feed(ChannelEntry entry, List<Message> messages, boolean ofPresence, long wantedFor) {
        ChannelFeed feed = new ChannelFeed(entry, ofPresence);
        messages.forEach(feed.ring::append);
        if (!feed.restored(wantedFor, now)) {
            feed.ring.clear();
            return null;
        }
        return feed;
    }

    private void readLease(Open channel) throws IOException {
        UserKey user = UserKey.read(in);
        int timeoutSeconds = in.readShort();
        // What is left may hold the grace of the last start, and must not grow from start to start.
        long left = Math.min(in.readInt(), timeoutSeconds * 1000L) + graceMillis;
        boolean leaving = in.readBoolean();
        State state = readState();
        if (!channel.tracked) {
            return;
        }
        Roster roster = channel.roster;
        Shard shard = roster.entry.shard;
        shard.enter();
        try {
            // Who went and came while the snapshot was written is in it twice.
            Lease twice = shard.leases.find(roster, user);
            if (twice != null) {
                twice.roster.entry.keyset.kept(MemoryKind.STATES, Footprint.of(state) - Footprint.of(twice.state));
                twice.state = state;
                return;
            }
            Lease lease = Lease.of(roster, user, timeoutSeconds, state);
            if (leaving) {
                lease.markLeaving();
            }
            lease.markRestored();
            users.add(lease, user);
            Presence.account(lease, 1);
            shard.leases.add(lease, user);
            if (!roster.isOpen()) {
                roster.entry.open(roster);
            }
            roster.add(lease);
            shard.wheel.schedule(lease, now + left);
            occupants++;
        } finally {
            shard.exit();
        }
    }

    /** Nothing may remain of a channel in which nobody is after all. */
    private static void close(@Nullable Open channel) {
        if (channel == null || channel.roster.occupancy() > 0) {
            return;
        }
        ChannelEntry entry = channel.roster.entry;
        entry.shard.enter();
        try {
            IntervalMode interval = channel.roster.interval;
            if (interval != null) {
                entry.shard.wheel.cancel(interval);
            }
            entry.shard.dropIfEmpty(entry);
        } finally {
            entry.shard.exit();
        }
    }

    private void readAbsence() throws IOException {
        Keyset keyset = readKey();
        Channel channel = new Channel(in.readUTF());
        UserKey user = UserKey.read(in);
        long debounceFor = in.readLong();
        long stateFor = in.readLong();
        State state = readState();
        if (keyset.events(channel.name()).isEmpty()) {
            return;
        }
        Place place = shards.place(keyset, channel);
        Shard shard = place.shard();
        shard.enter();
        try {
            Absence absence = new Absence(place, user, now);
            absence.debounceUntil(now + Math.max(0, debounceFor));
            long kept = Math.min(stateFor, keyset.settings().presenceTimeout().toMillis()) + graceMillis;
            absence.stateUntil(now + (state == null ? 0 : kept));
            absence.state(state);
            if (shard.absences.find(place, user) == null) {
                absence.remember();
                shard.wheel.schedule(absence, absence.nextMoment(now));
            }
        } finally {
            shard.exit();
        }
    }

    private void readWildcard() throws IOException {
        Keyset keyset = readKey();
        Channel name = new Channel(in.readUTF());
        long wantedFor = in.readLong();
        int count = in.readInt();
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            messages.add(readMessage(new Channel(in.readUTF())));
        }
        WildcardFeed feed = shards.wildcard(keyset, name, now);
        feed.enter();
        try {
            messages.forEach(feed.ring::append);
        } finally {
            feed.exit();
        }
        feed.restored(wantedFor, now);
    }

    private Message readMessage(Channel channel) throws IOException {
        MessageType type = MessageType.valueOf(in.readUTF());
        long timetoken = in.readLong();
        UserId publisher = in.readBoolean() ? UserKey.read(in).user : null;
        Message message = new Message(channel, type, publisher, timetoken, Envelope.readFrom(in, MOST_ENVELOPE_BYTES));
        if (!Wildcards.mayCover(channel)) {
            return message;
        }
        Message there = shared.putIfAbsent(timetoken, message);
        return there != null && there.channel().equals(channel) ? there : message;
    }

    private @Nullable State readState() throws IOException {
        return in.readBoolean() ? State.readFrom(in) : null;
    }

    private Keyset readKey() throws IOException {
        int number = in.readInt();
        require(number >= 0 && number <= keys.size(), "keyset: " + number + " (expected: 0.." + keys.size() + ")");
        if (number == keys.size()) {
            keys.add(keysets.apply(new SubscribeKey(in.readUTF())));
        }
        return keys.get(number);
    }

    private static void require(boolean condition, String message) throws IOException {
        if (!condition) {
            throw new IOException(message);
        }
    }

    /**
     * The channel whose occupants are being read.
     *
     * @param roster its roster, no part of the channel before there is an occupant
     * @param tracked whether the settings of today count anybody there
     */
    private record Open(Roster roster, boolean tracked) {}
}
