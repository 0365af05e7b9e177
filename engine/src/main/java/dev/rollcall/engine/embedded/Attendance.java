package dev.rollcall.engine.embedded;

import static java.util.concurrent.CompletableFuture.completedStage;
import static java.util.concurrent.CompletableFuture.failedStage;

import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.Leave;
import dev.rollcall.engine.SetState;
import dev.rollcall.engine.Targets;
import dev.rollcall.engine.base.Expansion;
import dev.rollcall.engine.embedded.roster.Arrival;
import dev.rollcall.engine.embedded.roster.ChannelEntry;
import dev.rollcall.engine.embedded.roster.Keyset;
import dev.rollcall.engine.embedded.roster.Lease;
import dev.rollcall.engine.embedded.roster.Place;
import dev.rollcall.engine.embedded.roster.Shard;
import dev.rollcall.engine.embedded.roster.Shards;
import dev.rollcall.engine.embedded.table.UserKey;
import dev.rollcall.engine.kick.Ban;
import dev.rollcall.engine.kick.BanTable;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.Departure;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.UserId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Takes heartbeats, leaves and states, channel by channel, one lock at a time. Safe from any thread; no lock may be held. */
final class Attendance {
    private static final CompletionStage<Void> DONE = completedStage(null);

    private final Shards shards;
    private final BanTable bans;
    private final EmbeddedKicks kicks;
    private final EngineTime time;

    Attendance(Shards shards, BanTable bans, EmbeddedKicks kicks, EngineTime time) {
        this.shards = shards;
        this.bans = bans;
        this.kicks = kicks;
        this.time = time;
    }

    /** Returns how a user is kept off, or null; as long as nobody is, a look at one field. */
    @Nullable
    Ban ban(Keyset keyset, @Nullable UserId user) {
        return user == null || !bans.hasAny() ? null : bans.find(keyset.key, user, time.epochMillis());
    }

    /** Returns the refusal of what would make or keep a user present, or null if the ban is about none of it. */
    static @Nullable ProtocolException refusal(
            Keyset keyset, @Nullable Ban ban, List<Channel> channels, List<ChannelGroup> groups) {
        return ban == null ? null : BanTable.refusal(ban, channels, groups, group -> keyset.groups.channels(group));
    }

    /**
     * Asks once more at the end of a request that made or kept a user present channel by channel: a kick that came meanwhile may have
     * looked for them where they were not yet.
     *
     * @param known the ban that was known when the request began, or null
     * @return the refusal, the user being off again; or null
     */
    @Nullable
    ProtocolException refusalSince(
            @Nullable Ban known,
            Keyset keyset,
            @Nullable UserId user,
            List<Channel> channels,
            List<ChannelGroup> groups) {
        Ban ban = ban(keyset, user);
        if (ban == null || ban.equals(known)) {
            return null;
        }
        kicks.takeOff(keyset, ban);
        return refusal(keyset, ban, channels, groups);
    }

    private @Nullable ProtocolException refusalSince(@Nullable Ban known, Keyset keyset, UserId user, Targets targets) {
        return refusalSince(known, keyset, user, targets.channels(), targets.groups());
    }

    private static @Nullable ProtocolException refusal(Keyset keyset, @Nullable Ban ban, Targets targets) {
        return refusal(keyset, ban, targets.channels(), targets.groups());
    }

    CompletionStage<Void> heartbeat(Keyset keyset, Heartbeat heartbeat, long now) {
        Ban known = ban(keyset, heartbeat.user());
        ProtocolException refusal = refusal(keyset, known, heartbeat.targets());
        if (refusal != null) {
            return failedStage(refusal);
        }
        UserKey user = UserKey.of(heartbeat.user());
        Map<String, State> states = heartbeat.states();
        if (heartbeat.targets().groups().isEmpty()) {
            for (Channel channel : heartbeat.targets().channels()) {
                State state = states.isEmpty() ? null : states.get(channel.name());
                ProtocolException refused = isFull(refusal)
                        ? renew(keyset, channel, user, heartbeat.timeoutSeconds(), state, now)
                        : renewOrJoin(keyset, channel, user, heartbeat.timeoutSeconds(), state, now);
                refusal = refusal == null ? refused : refusal;
            }
        } else {
            requireExpanded(keyset, heartbeat.targets());
            for (var entry : Expansion.states(heartbeat, group -> keyset.groups.channels(group))
                    .entrySet()) {
                Channel channel = entry.getKey();
                State state = entry.getValue().orElse(null);
                ProtocolException refused = isFull(refusal)
                        ? renew(keyset, channel, user, heartbeat.timeoutSeconds(), state, now)
                        : renewOrJoin(keyset, channel, user, heartbeat.timeoutSeconds(), state, now);
                refusal = refusal == null ? refused : refusal;
            }
        }
        ProtocolException since = refusalSince(known, keyset, heartbeat.user(), heartbeat.targets());
        refusal = since == null ? refusal : since;
        return refusal == null ? DONE : failedStage(refusal);
    }

    /**
     * Returns whether somebody was refused for want of room. They are not tried in other channels, for there is as little; where they are
     * present already they stay. Who was kept off one may be let into others.
     */
    private static boolean isFull(@Nullable ProtocolException refusal) {
        return refusal != null && refusal.code() != ErrorCode.FORBIDDEN;
    }

    /** Renews or joins; returns the refusal, or null. Makes no object for a renewal, which is what nearly all heartbeats are. */
    private @Nullable ProtocolException renewOrJoin(
            Keyset keyset, Channel channel, UserKey user, int timeoutSeconds, @Nullable State state, long now) {
        int hash = ChannelEntry.hash(keyset, channel.name());
        Shard shard = shards.of(keyset, channel, hash);
        shard.enter();
        try {
            Lease lease = shard.lease(keyset, channel, hash, user);
            if (lease != null) {
                shard.presence.renew(lease, true, timeoutSeconds, state, now);
            } else {
                Place place = new Place(shard, keyset, channel, hash);
                shard.presence.arrive(place, new Arrival(user, timeoutSeconds, state, true), null, now);
            }
            return null;
        } catch (ProtocolException e) {
            return e;
        } finally {
            shard.exit();
        }
    }

    /** Renews whoever is present; returns the refusal, or null. */
    private @Nullable ProtocolException renew(
            Keyset keyset, Channel channel, UserKey user, int timeoutSeconds, @Nullable State state, long now) {
        Place place = shards.place(keyset, channel);
        Shard shard = place.shard();
        shard.enter();
        try {
            Lease lease = place.lease(user);
            if (lease != null) {
                shard.presence.renew(lease, true, timeoutSeconds, state, now);
            }
            return null;
        } catch (ProtocolException e) {
            return e;
        } finally {
            shard.exit();
        }
    }

    CompletionStage<Void> leave(Keyset keyset, Leave leave, long now) {
        UserKey user = UserKey.of(leave.user());
        for (Channel channel : expanded(keyset, leave.targets())) {
            Place place = shards.place(keyset, channel);
            Shard shard = place.shard();
            shard.enter();
            try {
                shard.presence.leave(place, user, Departure.EXPLICIT, now);
            } finally {
                shard.exit();
            }
        }
        return DONE;
    }

    CompletionStage<Void> setState(Keyset keyset, SetState setState, long now) {
        Ban known = ban(keyset, setState.user());
        ProtocolException refusal = refusal(keyset, known, setState.targets());
        if (refusal != null) {
            return failedStage(refusal);
        }
        UserKey user = UserKey.of(setState.user());
        for (Channel channel : expanded(keyset, setState.targets())) {
            Place place = shards.place(keyset, channel);
            Shard shard = place.shard();
            shard.enter();
            try {
                shard.presence.states().set(place, user, setState.state(), now);
            } catch (ProtocolException e) {
                return failedStage(e);
            } finally {
                shard.exit();
            }
        }
        refusal = refusalSince(known, keyset, setState.user(), setState.targets());
        return refusal == null ? DONE : failedStage(refusal);
    }

    /** Refuses channel groups that stand for more channels than one user may be in, before they are looked through. */
    static void requireExpanded(Keyset keyset, Targets targets) {
        int most = keyset.settings().limits().channelsPerUser();
        int count = targets.channels().size();
        for (ChannelGroup group : targets.groups()) {
            count += keyset.groups.channels(group.base().name()).size();
            if (count > most) {
                throw new ProtocolException(
                        ErrorCode.INVALID_ARGUMENT,
                        "channels of the channel groups: more than " + most
                                + " (expected: at most max-channels-per-user)");
            }
        }
    }

    /** Returns the channels of targets, groups resolved, each once. */
    static List<Channel> expanded(Keyset keyset, Targets targets) {
        if (!targets.groups().isEmpty()) {
            requireExpanded(keyset, targets);
        }
        return Expansion.channels(targets, group -> keyset.groups.channels(group));
    }
}
