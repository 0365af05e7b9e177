package dev.rollcall.engine.embedded.roster;

import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.Message;
import dev.rollcall.engine.TrackingRule.Event;
import dev.rollcall.engine.embedded.account.Footprint;
import dev.rollcall.engine.embedded.feed.End;
import dev.rollcall.engine.embedded.feed.ParkedPoll;
import dev.rollcall.engine.embedded.feed.Subscription;
import dev.rollcall.engine.embedded.lock.LockRank;
import dev.rollcall.engine.embedded.lock.RankedLock;
import dev.rollcall.engine.embedded.table.UserKey;
import dev.rollcall.engine.kick.Ban;
import dev.rollcall.engine.kick.BanTable;
import dev.rollcall.engine.memory.MemoryKind;
import dev.rollcall.protocol.Departure;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.UserId;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who comes, stays and goes: the rules by which signs of life, leaves, silence and states change rosters. Has no state of its own; every
 * method is called with the lock of the channel's shard held, and no later one.
 */
public final class Presence {
    private final EngineTime time;
    private final EngineListener listener;
    private final UserIndex users;
    private final Announcer announcer;
    private final States states;
    private final Notices notices;
    private final BanTable bans;

    public Presence(
            EngineTime time,
            EngineListener listener,
            UserIndex users,
            BanTable bans,
            Announcer announcer,
            Notices notices) {
        this.time = time;
        this.listener = listener;
        this.users = users;
        this.announcer = announcer;
        this.states = new States(listener, announcer);
        this.notices = notices;
        this.bans = bans;
    }

    /** Returns who changes states. */
    public States states() {
        return states;
    }

    Announcer announcer() {
        return announcer;
    }

    /**
     * Counts a sign of life of somebody present.
     *
     * @param byHeartbeat whether it is a heartbeat, not a subscribe
     * @param timeoutSeconds how long it shall last, 0 for as long as before
     * @param state the state that rides along, or null to keep the one there is
     */
    public void renew(Lease lease, boolean byHeartbeat, int timeoutSeconds, @Nullable State state, long now) {
        if (timeoutSeconds > 0) {
            lease.timeoutSeconds(timeoutSeconds);
        }
        lease.renew(byHeartbeat, now);
        if (state != null) {
            states.change(lease, state, now);
        }
    }

    /**
     * Counts a subscribe as it arrives: renews or joins, unless the user has just left.
     *
     * @param subscription the place of the subscribe in the channel's feed if it may wait, or null for a handshake
     * @return the lease, or null if the user is not present
     */
    @Nullable
    public Lease subscribed(Place place, Arrival arrival, @Nullable Subscription subscription, long now) {
        Lease lease = place.lease(arrival.user());
        if (lease == null) {
            return arrive(place, arrival, subscription, now);
        }
        if (place.keyset().settings().implicitHeartbeat()) {
            // Not the state of a poll: two devices of one user, each of which sends its own with every poll, would
            // wake each other for ever.
            renew(lease, false, arrival.timeoutSeconds(), subscription == null ? arrival.state() : null, now);
        } else if (arrival.timeoutSeconds() > 0) {
            lease.timeoutSeconds(arrival.timeoutSeconds());
        }
        if (subscription != null) {
            lease.heldBy(subscription);
        }
        return lease;
    }

    /** Joins somebody who is not present, if the channel is tracked and unless they have just left; returns the lease, or null. */
    @Nullable
    public Lease arrive(Place place, Arrival arrival, @Nullable Subscription subscription, long now) {
        ChannelEntry entry = place.entry();
        Roster roster = entry == null ? null : entry.roster;
        Set<Event> events = roster != null
                ? roster.events
                : place.keyset().events(place.channel().name());
        if (events.isEmpty()) {
            untracked(place);
            return null;
        }
        if (!arrival.isExplicit() && !place.keyset().settings().implicitHeartbeat()) {
            return null;
        }
        Absence absence = Absences.find(place, arrival.user());
        if (absence != null && !arrival.isExplicit() && absence.debounceLeft(now) > 0) {
            Absences.joinLater(absence, arrival.state(), subscription, now);
            return null;
        }
        State state = arrival.state();
        Keyset keyset = place.keyset();
        requireAdmitted(place, arrival.user());
        requireRoom(keyset, arrival.user());
        States.requireRoom(keyset, absence == null ? null : absence.state(), state);
        if (absence != null && state == null) {
            state = absence.state();
        }
        Lease lease = join(place, events, arrival, state, absence, now);
        if (subscription != null) {
            lease.heldBy(subscription);
        }
        return lease;
    }

    /** Refuses who is kept off: the last look, for whatever way they came and however long ago they were let in to wait. */
    private void requireAdmitted(Place place, UserKey user) {
        Ban ban = bans.hasAny() ? bans.find(place.keyset().key, user.user, time.epochMillis()) : null;
        if (ban != null && ban.covers(place.channel())) {
            throw ProtocolException.forbidden(List.of(place.channel()), List.of());
        }
    }

    /** Refuses a presence beyond what one user may have, or the memory holds. */
    void requireRoom(Keyset keyset, UserKey user) {
        int most = keyset.settings().limits().channelsPerUser();
        if (users.hasAtLeast(most, keyset.key, user)) {
            throw Keyset.overLimit("max-channels-per-user", most);
        }
        keyset.memory.require(MemoryKind.LEASES, Footprint.LEASE + Footprint.ROSTER);
    }

    /** Joins as one step: whatever is thrown on the way, the user is present with all that belongs to it, or has left no trace. */
    private Lease join(
            Place place,
            Set<Event> events,
            Arrival arrival,
            @Nullable State state,
            @Nullable Absence absence,
            long now) {
        assert RankedLock.isLastHeld(LockRank.SHARD);
        Shard shard = place.shard();
        UserKey user = arrival.user();
        int timeout = arrival.timeoutSeconds() > 0
                ? arrival.timeoutSeconds()
                : (int) place.keyset().settings().presenceTimeout().toSeconds();
        State carried = state == null || state.isEmpty() ? null : state;
        ChannelEntry entry = shard.channel(place);
        Roster roster;
        Lease lease = null;
        int taken = 0;
        try {
            roster = entry.roster == null ? new Roster(entry, events) : entry.roster;
            lease = Lease.of(roster, user, timeout, carried);
            // The two tables may have to grow, and fail; what follows takes nothing from the heap until all is
            // announced.
            users.add(lease, user);
            taken = 1;
            shard.leases.add(lease, user);
            taken = 2;
            // What is announced may answer one of these polls, which looks for the lease and renews it.
            lease.polls = absence == null ? 0 : absence.polls;
            lease.heard(arrival.isExplicit());
            shard.wheel.schedule(lease, now + timeout * 1000L);
            taken = 3;
            announcer.beforeChange(roster, roster.occupancy() + 1, now);
        } catch (Throwable e) {
            if (absence != null && lease != null && taken == 3) {
                absence.polls = lease.polls;
            }
            takeBack(lease, taken, entry);
            throw e;
        }
        account(lease, 1);
        if (entry.roster == null) {
            entry.open(roster);
        }
        roster.add(lease);
        if (absence != null) {
            Absences.forget(absence);
        }
        long epoch = time.epochMillis();
        shard.changes.came(entry.hash, user.hash, epoch, arrival.cause());
        Message message = announcer.joined(lease, user.user, arrival.cause(), now);
        if (arrival.isExplicit() && roster.interval == null && events.contains(Event.JOIN)) {
            long timetoken = message == null ? announcer.unposted() : message.timetoken();
            shard.unheardJoins.add(new UnheardJoin(lease, roster.occupancy(), carried, timetoken, (int) now, epoch));
        }
        if (roster.occupancy() == 1) {
            notices.active(entry);
        }
        return lease;
    }

    /** Undoes the first steps of a join. */
    private void takeBack(@Nullable Lease lease, int taken, ChannelEntry entry) {
        if (lease != null && taken > 0) {
            int userHash = lease.userHash();
            if (taken > 2) {
                entry.shard.wheel.cancel(lease);
            }
            if (taken > 1) {
                entry.shard.leases.remove(lease, userHash);
            }
            users.remove(lease, userHash);
        }
        entry.shard.dropIfEmpty(entry);
    }

    /**
     * Takes a user off a channel, because they said so or somebody else did. Until the debounce time is over a subscribe does not join them.
     */
    public void leave(Place place, UserKey user, Departure why, long now) {
        long debounce = place.keyset().settings().debounce().toMillis();
        Lease lease = place.lease(user);
        if (lease == null) {
            Absence absence = Absences.find(place, user);
            if (absence != null) {
                Absences.leftAgain(absence, debounce, now);
            }
            return;
        }
        end(lease, user.user, why, now);
        if (debounce > 0) {
            Absences.left(place, lease, user, debounce, now);
        }
    }

    /** Ends a lease whose time is over. */
    void expire(Lease lease, long now) {
        if (lease.isEnded()) {
            // Looked at once more, because what followed its end failed.
            return;
        }
        long late = Math.max(0, (int) now - lease.deadline);
        Departure why =
                lease.isLeaving() ? Departure.DISCONNECT : lease.isRestored() ? Departure.RESTART : Departure.TIMEOUT;
        end(lease, lease.userId(), why, now);
        lease.roster.entry.shard.tell(() -> listener.onLateness(late));
    }

    /**
     * Notes that a poll waits no more.
     *
     * @param noted the lease it stands for, which may have ended and been followed by another
     * @param how how it ended: an answer is a sign of life
     */
    void pollEnded(Lease noted, End how, long now) {
        Lease lease = noted.isEnded() ? successor(noted) : noted;
        if (lease == null) {
            return;
        }
        if (lease.polls > 0) {
            lease.polls--;
        }
        if (how == End.ANSWER) {
            if (lease.roster.entry.keyset.settings().implicitHeartbeat()) {
                lease.renew(false, now);
            }
        } else if ((how == End.DISCONNECT || how == End.REVOKE) && lease.polls == 0) {
            disconnected(lease, how == End.REVOKE, now);
        }
    }

    /** Returns the presence that has followed an ended one; if none has, one poll less is remembered of the absent user. */
    private static @Nullable Lease successor(Lease ended) {
        Place place = ended.roster.entry.place();
        UserKey user = UserKey.of(ended.userId());
        Lease lease = place.lease(user);
        if (lease == null) {
            Absences.pollEnded(place, user);
        }
        return lease;
    }

    private void disconnected(Lease lease, boolean revoked, long now) {
        KeysetSettings settings = lease.roster.entry.keyset.settings();
        if (!settings.leaveOnDisconnect()) {
            return;
        }
        long debounce = settings.debounce().toMillis();
        if (revoked || debounce == 0) {
            // Nobody comes back with what was revoked, so there is nothing to wait for.
            end(lease, lease.userId(), revoked ? Departure.REVOKED : Departure.DISCONNECT, now);
            return;
        }
        lease.markLeaving();
        if (lease.deadline - (int) (now + debounce) > 0) {
            lease.roster.entry.shard.wheel.reschedule(lease, now + debounce);
        }
    }

    /** Ends a presence; {@code user} is whose. */
    private void end(Lease lease, UserId user, Departure why, long now) {
        assert RankedLock.isLastHeld(LockRank.SHARD);
        announcer.beforeChange(lease.roster, lease.roster.occupancy() - 1, now);
        remove(lease, why, now);
        try {
            announcer.departed(lease, user, why, now);
        } finally {
            closeIfEmpty(lease.roster);
        }
    }

    private void remove(Lease lease, Departure why, long now) {
        ChannelEntry entry = lease.roster.entry;
        lease.roster.remove(lease);
        int userHash = lease.userHash();
        entry.shard.changes.went(entry.hash, userHash, time.epochMillis(), why);
        entry.shard.leases.remove(lease, userHash);
        entry.shard.wheel.cancel(lease);
        users.remove(lease, userHash);
        account(lease, -1);
        lease.markEnded();
        if (lease.polls > 0) {
            Absences.remember(entry.place(), UserKey.of(lease.userId()), now).polls = lease.polls;
        }
    }

    /** Adds what a lease takes to what is held, or takes it off. */
    public static void account(Lease lease, int sign) {
        Keyset keyset = lease.roster.entry.keyset;
        keyset.memory.add(MemoryKind.LEASES, sign * lease.footprint());
        keyset.kept(MemoryKind.STATES, sign * Footprint.of(lease.state));
    }

    private void closeIfEmpty(Roster roster) {
        if (roster.occupancy() > 0) {
            return;
        }
        ChannelEntry entry = roster.entry;
        entry.close();
        notices.inactive(entry);
        entry.shard.dropIfEmpty(entry);
    }

    private void untracked(Place place) {
        place.shard().tell(() -> listener.onUntracked(place.keyset().key, place.channel()));
    }

    /**
     * Brings a roster in line with changed settings. Those who are no longer tracked are gone without an event that clients could hear.
     *
     * @param most the most who go by this call
     * @return whether it has to be called again
     */
    public boolean reconfigure(Roster roster, int most) {
        ChannelEntry entry = roster.entry;
        if (!roster.isOpen()) {
            return false;
        }
        roster.events = entry.keyset.events(entry.channel.name());
        if (!roster.events.isEmpty()) {
            return false;
        }
        IntervalMode interval = roster.interval;
        if (interval != null) {
            entry.shard.wheel.cancel(interval);
            roster.interval = null;
        }
        long now = time.monotonicMillis();
        int left = most;
        for (Lease lease = roster.first(); lease != null && left > 0; lease = roster.first()) {
            remove(lease, Departure.RULE_CHANGED, now);
            announcer.droppedUnheard(lease, now);
            left--;
        }
        if (roster.occupancy() > 0) {
            return true;
        }
        entry.close();
        entry.shard.dropIfEmpty(entry);
        return false;
    }

    /** Does what is due about somebody who is not present: joins them late, forgets their state, or both. */
    void absenceDue(Absence absence, long now) {
        ParkedPoll poll = absence.debounceLeft(now) > 0 ? null : absence.stillOpen();
        if (poll != null && joinsLate(absence, poll, now)) {
            return;
        }
        if (absence.nextMoment(now) - now > 0) {
            absence.place.shard().wheel.schedule(absence, absence.nextMoment(now));
        } else if (absence.polls > 0) {
            absence.state(null);
            absence.awaitNobody();
        } else {
            Absences.forget(absence);
        }
    }

    /**
     * Joins who waited for the end of the debounce time. Where that is refused they fare as somebody whose subscribe comes now: whoever is
     * kept off is told so; whoever finds no room waits without being present.
     */
    private boolean joinsLate(Absence absence, ParkedPoll poll, long now) {
        Shard shard = absence.place.shard();
        try {
            subscribed(absence.place, new Arrival(absence.user, poll.timeoutSeconds, null, false), null, now);
            return true;
        } catch (ProtocolException refused) {
            if (refused.code() == ErrorCode.FORBIDDEN) {
                for (ParkedPoll waiting : absence.waiting()) {
                    shard.effects().then(() -> waiting.refuse(refused));
                }
            }
            absence.awaitNobody();
            return false;
        }
    }
}
