package dev.rollcall.engine.embedded;

import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.Message;
import dev.rollcall.engine.TrackingRule.Event;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.JsonWriter;
import dev.rollcall.protocol.State;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who comes, stays and goes: the rules by which signs of life, leaves, silence and states change rosters. Has no state of its own; every
 * method is called with the lock of the channel's shard held.
 */
final class Presence {
    private final EngineTime time;
    private final EngineListener listener;
    private final UserIndex users;
    private final Announcer announcer;
    private final FeedWriter writer;
    private final NoticeBoard notices;

    Presence(
            EngineTime time,
            EngineListener listener,
            UserIndex users,
            Announcer announcer,
            FeedWriter writer,
            NoticeBoard notices) {
        this.time = time;
        this.listener = listener;
        this.users = users;
        this.announcer = announcer;
        this.writer = writer;
        this.notices = notices;
    }

    Announcer announcer() {
        return announcer;
    }

    /**
     * Counts a heartbeat: renews or joins.
     *
     * @param timeoutSeconds how long it shall last, 0 for as long as before or the keyset's timeout
     * @param state the state that rides along, or null to keep the one there is
     */
    void heartbeat(
            Shard shard,
            Keyset keyset,
            Channel channel,
            UserKey user,
            int timeoutSeconds,
            @Nullable State state,
            long now) {
        signOfLife(shard, keyset, channel, user, timeoutSeconds, state, true, null, now);
    }

    /**
     * Counts a subscribe as it arrives: renews or joins, unless the user has just left.
     *
     * @param subscription the place of the subscribe in the channel's feed if it may wait, or null for a handshake
     * @return the lease, or null if the user is not present
     */
    @Nullable
    Lease subscribed(
            Shard shard,
            Keyset keyset,
            Channel channel,
            UserKey user,
            int timeoutSeconds,
            @Nullable State state,
            @Nullable Subscription subscription,
            long now) {
        return signOfLife(shard, keyset, channel, user, timeoutSeconds, state, false, subscription, now);
    }

    private @Nullable Lease signOfLife(
            Shard shard,
            Keyset keyset,
            Channel channel,
            UserKey user,
            int timeoutSeconds,
            @Nullable State state,
            boolean explicit,
            @Nullable Subscription subscription,
            long now) {
        ChannelEntry entry = shard.find(keyset, channel.name());
        Roster roster = entry == null ? null : entry.roster;
        if (roster != null) {
            Lease lease = shard.leases.find(roster, user);
            if (lease != null) {
                if (timeoutSeconds > 0) {
                    lease.timeoutSeconds(timeoutSeconds);
                }
                boolean counts = explicit || keyset.settings().implicitHeartbeat();
                if (counts) {
                    lease.renew(now);
                }
                if (subscription != null) {
                    subscription.standFor(lease);
                }
                if (!counts) {
                    return lease;
                }
                // Not that of a poll: two devices of one user, each of which sends its own with every poll, would wake
                // each
                // other for ever.
                if (state != null && subscription == null) {
                    changeState(lease, state, now);
                }
                return lease;
            }
        }
        Set<Event> events = roster != null ? roster.events : keyset.events(channel.name());
        if (events.isEmpty()) {
            listener.onUntracked(keyset.key, channel);
            return null;
        }
        if (!explicit && !keyset.settings().implicitHeartbeat()) {
            return null;
        }
        Absence absence = absence(shard, keyset, channel, user);
        State kept = state;
        if (absence != null) {
            if (!explicit && absence.debounceUntil - now > 0) {
                joinLater(absence, state, subscription, now);
                return null;
            }
            kept = state == null ? absence.state : state;
            forget(absence);
        }
        int polls = absence == null ? 0 : absence.polls;
        Lease lease = join(shard, keyset, channel, events, user, timeoutSeconds, kept, polls, explicit, now);
        if (subscription != null) {
            subscription.standFor(lease);
        }
        return lease;
    }

    private Lease join(
            Shard shard,
            Keyset keyset,
            Channel channel,
            Set<Event> events,
            UserKey user,
            int timeoutSeconds,
            @Nullable State state,
            int polls,
            boolean explicit,
            long now) {
        ChannelEntry entry = shard.channel(keyset, channel);
        Roster roster = entry.roster;
        if (roster == null) {
            roster = new Roster(entry, events);
            entry.roster = roster;
        }
        int timeout = timeoutSeconds > 0
                ? timeoutSeconds
                : (int) keyset.settings().presenceTimeout().toSeconds();
        State carried = state == null || state.isEmpty() ? null : state;
        Lease lease = Lease.of(roster, user, timeout, carried);
        users.add(lease, user);
        // Before anything is announced: that may answer one of these polls.
        lease.polls = (short) polls;
        announcer.beforeChange(roster, roster.occupancy() + 1, now);
        shard.leases.add(lease, user);
        roster.add(lease);
        shard.wheel.schedule(lease, now + timeout * 1000L);
        Message message = announcer.joined(lease, user.user, now);
        if (explicit && roster.interval == null && events.contains(Event.JOIN)) {
            long timetoken = message == null ? writer.unposted() : message.timetoken();
            shard.unheardJoins.add(
                    new UnheardJoin(lease, roster.occupancy(), carried, timetoken, now, time.epochMillis()));
        }
        if (roster.occupancy() == 1) {
            notice(entry, "active");
        }
        return lease;
    }

    /** Takes a user off a channel because he said so. */
    void leave(Shard shard, Keyset keyset, Channel channel, UserKey user, long now) {
        long debounce = keyset.settings().debounce().toMillis();
        Lease lease = lease(shard, keyset, channel, user);
        if (lease == null) {
            Absence absence = absence(shard, keyset, channel, user);
            if (absence != null) {
                absence.state = null;
                absence.stateUntil = now;
                absence.awaitNobody();
                if (absence.debounceUntil - now > 0) {
                    absence.debounceUntil = now + debounce;
                }
                reschedule(absence, now);
            }
            return;
        }
        end(lease, false, now);
        if (debounce > 0) {
            Absence absence = remember(shard, keyset, channel, user, now);
            absence.left = lease;
            absence.debounceUntil = now + debounce;
            reschedule(absence, now);
        }
    }

    /** Ends a lease whose time is over. */
    void expire(Lease lease, long now) {
        listener.onLateness(Math.max(0, (int) now - lease.deadline));
        end(lease, !lease.isLeaving(), now);
    }

    /**
     * Notes that a poll waits no more.
     *
     * @param noted the lease it stands for, which may have ended and been followed by another
     * @param answered whether it was answered, which is a sign of life
     * @param disconnected whether it lost its connection
     */
    void pollEnded(Lease noted, boolean answered, boolean disconnected, long now) {
        Lease lease = noted.isEnded() ? successor(noted) : noted;
        if (lease == null) {
            return;
        }
        if (lease.polls > 0) {
            lease.polls--;
        }
        if (answered) {
            if (lease.roster.entry.keyset.settings().implicitHeartbeat()) {
                lease.renew(now);
            }
        } else if (disconnected && lease.polls == 0) {
            disconnected(lease, now);
        }
    }

    /** Returns the presence that has followed an ended one; if none has, one poll less is remembered of the absent user. */
    private @Nullable Lease successor(Lease ended) {
        ChannelEntry entry = ended.roster.entry;
        UserKey user = UserKey.of(ended.userId());
        Lease lease = lease(entry.shard, entry.keyset, entry.channel, user);
        if (lease == null) {
            Absence absence = absence(entry.shard, entry.keyset, entry.channel, user);
            if (absence != null && absence.polls > 0 && --absence.polls == 0 && !absence.isScheduled()) {
                forget(absence);
            }
        }
        return lease;
    }

    private void disconnected(Lease lease, long now) {
        KeysetSettings settings = lease.roster.entry.keyset.settings();
        if (!settings.leaveOnDisconnect()) {
            return;
        }
        long debounce = settings.debounce().toMillis();
        if (debounce == 0) {
            end(lease, false, now);
            return;
        }
        lease.markLeaving();
        if (lease.deadline - (int) (now + debounce) > 0) {
            lease.roster.entry.shard.wheel.reschedule(lease, now + debounce);
        }
    }

    private void end(Lease lease, boolean timedOut, long now) {
        announcer.beforeChange(lease.roster, lease.roster.occupancy() - 1, now);
        remove(lease, now);
        announcer.departed(lease, timedOut, now);
        closeIfEmpty(lease.roster);
    }

    private void remove(Lease lease, long now) {
        Shard shard = lease.roster.entry.shard;
        lease.roster.remove(lease);
        int userHash = lease.userHash();
        shard.leases.remove(lease, userHash);
        shard.wheel.cancel(lease);
        users.remove(lease, userHash);
        lease.markEnded();
        if (lease.polls > 0) {
            ChannelEntry entry = lease.roster.entry;
            remember(shard, entry.keyset, entry.channel, UserKey.of(lease.userId()), now).polls = lease.polls;
        }
    }

    private void closeIfEmpty(Roster roster) {
        if (roster.occupancy() > 0) {
            return;
        }
        ChannelEntry entry = roster.entry;
        entry.roster = null;
        notice(entry, "inactive");
        entry.shard.dropIfEmpty(entry);
    }

    /** Replaces a user's state, whether he is present or not. */
    void setState(Shard shard, Keyset keyset, Channel channel, UserKey user, State state, long now) {
        Lease lease = lease(shard, keyset, channel, user);
        if (lease != null) {
            changeState(lease, state, now);
            return;
        }
        Set<Event> events = keyset.events(channel.name());
        if (events.isEmpty()) {
            listener.onUntracked(keyset.key, channel);
            return;
        }
        Absence absence = absence(shard, keyset, channel, user);
        State before = absence == null ? null : absence.state;
        State after = state.isEmpty() ? null : state;
        if (before == null && after == null) {
            return;
        }
        absence = remember(shard, keyset, channel, user, now);
        absence.state = after;
        absence.stateUntil =
                after == null ? now : now + keyset.settings().presenceTimeout().toMillis();
        reschedule(absence, now);
        if (same(before, after)) {
            return;
        }
        ChannelEntry entry = shard.channel(keyset, channel);
        Roster roster = entry.roster;
        announcer.stateChanged(entry, events, user.user, roster == null ? 0 : roster.occupancy(), after, now);
        shard.dropIfEmpty(entry);
    }

    /** Returns a user's state, or null if he has none. */
    @Nullable
    State state(Shard shard, Keyset keyset, Channel channel, UserKey user) {
        Lease lease = lease(shard, keyset, channel, user);
        if (lease != null) {
            return lease.state;
        }
        Absence absence = absence(shard, keyset, channel, user);
        return absence == null ? null : absence.state;
    }

    private void changeState(Lease lease, State state, long now) {
        State after = state.isEmpty() ? null : state;
        if (same(lease.state, after)) {
            return;
        }
        lease.state = after;
        Roster roster = lease.roster;
        roster.stateChanged();
        announcer.stateChanged(roster.entry, roster.events, lease.userId(), roster.occupancy(), after, now);
    }

    private static boolean same(@Nullable State a, @Nullable State b) {
        return Objects.equals(a, b);
    }

    /** Brings a roster in line with changed settings. Whoever is no longer tracked is gone without an event. */
    void reconfigure(Roster roster) {
        roster.events = roster.entry.keyset.events(roster.entry.channel.name());
        if (!roster.events.isEmpty()) {
            return;
        }
        IntervalMode interval = roster.interval;
        if (interval != null) {
            roster.entry.shard.wheel.cancel(interval);
            roster.interval = null;
        }
        long now = time.monotonicMillis();
        for (Lease lease = roster.first(); lease != null; lease = roster.first()) {
            remove(lease, now);
        }
        roster.entry.roster = null;
        roster.entry.shard.dropIfEmpty(roster.entry);
    }

    /** Does what is due about somebody who is not present: joins him late, forgets his state, or both. */
    void absenceDue(Absence absence, long now) {
        Shard shard = absence.shard;
        ParkedPoll poll = absence.debounceUntil - now > 0 ? null : absence.stillOpen();
        if (poll != null) {
            signOfLife(
                    shard, absence.keyset, absence.channel, absence.user, poll.timeoutSeconds, null, false, null, now);
        } else if (absence.nextMoment(now) - now > 0) {
            shard.wheel.schedule(absence, absence.nextMoment(now));
        } else if (absence.polls > 0) {
            absence.state = null;
            absence.awaitNobody();
        } else {
            forget(absence);
        }
    }

    private void joinLater(Absence absence, @Nullable State state, @Nullable Subscription subscription, long now) {
        if (subscription != null) {
            absence.await(subscription);
        }
        if (state != null) {
            absence.state = state.isEmpty() ? null : state;
            absence.stateUntil =
                    now + absence.keyset.settings().presenceTimeout().toMillis();
        }
    }

    private Absence remember(Shard shard, Keyset keyset, Channel channel, UserKey user, long now) {
        return shard.absences.computeIfAbsent(new Absence.Key(keyset.key, channel.name(), user), key -> {
            keyset.references.incrementAndGet();
            return new Absence(shard, keyset, channel, user, now);
        });
    }

    private static void reschedule(Absence absence, long now) {
        absence.shard.wheel.cancel(absence);
        absence.shard.wheel.schedule(absence, absence.nextMoment(now));
    }

    private void forget(Absence absence) {
        if (absence.shard.absences.remove(absence.key(), absence)) {
            absence.shard.wheel.cancel(absence);
            absence.keyset.references.decrementAndGet();
        }
    }

    private static @Nullable Absence absence(Shard shard, Keyset keyset, Channel channel, UserKey user) {
        return shard.absences.isEmpty() ? null : shard.absences.get(new Absence.Key(keyset.key, channel.name(), user));
    }

    private static @Nullable Lease lease(Shard shard, Keyset keyset, Channel channel, UserKey user) {
        ChannelEntry entry = shard.find(keyset, channel.name());
        Roster roster = entry == null ? null : entry.roster;
        return roster == null ? null : shard.leases.find(roster, user);
    }

    private void notice(ChannelEntry entry, String status) {
        String noticeChannel = entry.keyset.settings().activeNoticeChannel();
        if (noticeChannel == null || noticeChannel.equals(entry.channel.name())) {
            return;
        }
        JsonWriter out = new JsonWriter(128);
        out.raw("{\"channel\":")
                .string(entry.channel.name())
                .raw(",\"status\":\"")
                .raw(status);
        out.raw("\",\"timestamp\":").number(writer.unposted()).raw('}');
        byte[] payload = out.toByteArray();
        entry.shard.effects().then(() -> notices.publish(entry.keyset, new Channel(noticeChannel), payload));
    }

    /** Takes the notices that a channel has become active or inactive. Called without any lock. */
    @FunctionalInterface
    interface NoticeBoard {
        void publish(Keyset keyset, Channel channel, byte[] payload);
    }
}
