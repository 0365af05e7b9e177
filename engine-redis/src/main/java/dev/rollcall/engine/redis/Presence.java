package dev.rollcall.engine.redis;

import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.Subscribe;
import dev.rollcall.engine.kick.Ban;
import dev.rollcall.engine.kick.BanTable;
import dev.rollcall.protocol.Arrival;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.Departure;
import dev.rollcall.protocol.JsonWriter;
import dev.rollcall.protocol.PresenceEvent;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who comes, stays and goes, as calls of scripts, and what follows from a change outside the partition it happened in: the user's own
 * list of channels, notices, what is told to listeners. Safe from any thread.
 */
final class Presence {
    /** Most occupants that one call takes out of a channel that is no longer tracked. */
    private static final int MOST_DROPPED = 1000;

    /** Most leases that one call prolongs. */
    private static final int MOST_RENEWED = 200;

    /** What there is room for: anything, nothing new, or nobody but who is there. */
    private static final String ROOM = "0";

    private static final String NO_ROOM = "1";
    private static final String NO_JOIN = "2";

    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    private final Scripts scripts;
    private final Names names;
    private final EngineListener listener;
    private final UserIndex users;
    private final Rosters rosters;
    private volatile @Nullable NoticeBoard notices;
    private final Capacity capacity;
    private BanTable bans = new BanTable();
    private LongSupplier epochMillis = () -> 0;

    Presence(
            Scripts scripts,
            Names names,
            EngineListener listener,
            UserIndex users,
            Rosters rosters,
            Capacity capacity) {
        this.scripts = scripts;
        this.names = names;
        this.listener = listener;
        this.users = users;
        this.rosters = rosters;
        this.capacity = capacity;
    }

    /**
     * What became of a sign of life.
     *
     * @param present whether the user is present now
     * @param position a timetoken before everything it caused, or {@link Long#MAX_VALUE} if none was asked for
     * @param waitMillis after how long it is to be tried again while the subscribe is still open, 0 for never
     * @param debounced until when it is debounced, to be handed back then
     */
    record Outcome(boolean present, long position, long waitMillis, String debounced) {
        static final Outcome RENEWED = new Outcome(true, Long.MAX_VALUE, 0, "");
        static final Outcome UNTRACKED = new Outcome(false, Long.MAX_VALUE, 0, "");
    }

    /** The kinds of signs of life. */
    private enum Sign {
        HEARTBEAT(true),
        HANDSHAKE(true),
        POLL(false);

        /** Whether the state that rides along replaces that of somebody present. */
        final boolean changesState;

        Sign(boolean changesState) {
            this.changesState = changesState;
        }
    }

    /** Says who is kept off; before, nobody is. */
    void heed(BanTable table, LongSupplier clock) {
        bans = table;
        epochMillis = clock;
    }

    /** Returns the refusal of somebody who is kept off a channel, or null. */
    private @Nullable ProtocolException keptOff(Keyset keyset, Channel channel, UserId user) {
        if (!bans.hasAny()) {
            return null;
        }
        Ban ban = bans.find(keyset.key, user, epochMillis.getAsLong());
        return ban != null && ban.covers(channel) ? ProtocolException.forbidden(List.of(channel), List.of()) : null;
    }

    /** Returns the refusal of somebody who is kept off some of these channels, or null. */
    private @Nullable ProtocolException keptOff(Keyset keyset, List<Channel> channels, UserId user) {
        if (!bans.hasAny()) {
            return null;
        }
        return bans.refusal(keyset.key, user, channels, List.of(), group -> List.of(), epochMillis.getAsLong());
    }

    /** Returns the refusal of a subscribe of somebody who is kept off channels that it names, or null; what is in its groups is seen later. */
    @Nullable
    ProtocolException keptOff(Keyset keyset, Subscribe subscribe) {
        UserId user = subscribe.user();
        return user == null || !bans.hasAny()
                ? null
                : bans.refusal(
                        keyset.key,
                        user,
                        subscribe.channels(),
                        subscribe.groups(),
                        group -> List.of(),
                        epochMillis.getAsLong());
    }

    /** Says where it is told that channels become active or inactive; before, it is told nowhere. */
    void tellNoticesTo(NoticeBoard board) {
        notices = board;
    }

    /** Counts a heartbeat: renews or joins. */
    CompletableFuture<Outcome> heartbeat(
            Keyset keyset, Channel channel, UserId user, int timeoutSeconds, @Nullable State state) {
        return signOfLife(keyset, channel, user, timeoutSeconds, state, Sign.HEARTBEAT, "");
    }

    /**
     * Counts a subscribe that may wait: renews or joins, unless the user has just left.
     *
     * @param debounced what an earlier outcome said of this subscribe, else empty
     */
    CompletableFuture<Outcome> subscribed(
            Keyset keyset, Channel channel, UserId user, int timeoutSeconds, @Nullable State state, String debounced) {
        return signOfLife(keyset, channel, user, timeoutSeconds, state, Sign.POLL, debounced);
    }

    /**
     * Counts a handshake and returns the position before it.
     *
     * @param hears whether the user listens to the presence channel too, so that the position shall be before a join of theirs that they
     *     cannot have heard
     */
    CompletableFuture<Outcome> handshake(
            Keyset keyset, Channel channel, UserId user, int timeoutSeconds, @Nullable State state, boolean hears) {
        if (!keyset.isTracked(channel.name())) {
            listener.onUntracked(keyset.key, channel);
            return CompletableFuture.completedFuture(Outcome.UNTRACKED);
        }
        return present(keyset, channel, user, timeoutSeconds, state, Sign.HANDSHAKE, hears, "");
    }

    private CompletableFuture<Outcome> signOfLife(
            Keyset keyset,
            Channel channel,
            UserId user,
            int timeoutSeconds,
            @Nullable State state,
            Sign sign,
            String debounced) {
        if (!keyset.isTracked(channel.name())) {
            listener.onUntracked(keyset.key, channel);
            return CompletableFuture.completedFuture(Outcome.UNTRACKED);
        }
        ProtocolException keptOff = keptOff(keyset, channel, user);
        if (keptOff != null) {
            return CompletableFuture.failedFuture(keptOff);
        }
        return state != null && sign.changesState
                ? present(keyset, channel, user, timeoutSeconds, state, sign, false, debounced)
                : renew(keyset, channel, user, timeoutSeconds)
                        .thenCompose(renewed -> renewed
                                ? CompletableFuture.completedFuture(Outcome.RENEWED)
                                : present(keyset, channel, user, timeoutSeconds, state, sign, false, debounced));
    }

    /** Prolongs a lease if there is one, and returns whether there is. */
    CompletableFuture<Boolean> renew(Keyset keyset, Channel channel, UserId user, int timeoutSeconds) {
        byte[][] keys = {
            names.leases(keyset.key, channel.name()), names.due(names.partition(keyset.key, channel.name()))
        };
        return scripts.number(
                        Script.RENEW,
                        keys,
                        Names.member(keyset.key, channel.name()),
                        user.value(),
                        Integer.toString(timeoutSeconds))
                .thenApply(renewed -> renewed == 1);
    }

    /** Prolongs the leases of a user in channels, and returns the channels where they have none. Refuses who is kept off one of them. */
    CompletableFuture<List<Channel>> renewAll(Keyset keyset, List<Channel> channels, UserId user, int timeoutSeconds) {
        if (channels.isEmpty()) {
            return CompletableFuture.completedFuture(channels);
        }
        ProtocolException keptOff = keptOff(keyset, channels, user);
        if (keptOff != null) {
            return CompletableFuture.failedFuture(keptOff);
        }
        if (channels.size() == 1) {
            return renew(keyset, channels.get(0), user, timeoutSeconds)
                    .thenApply(renewed -> renewed ? List.of() : channels);
        }
        List<CompletableFuture<List<Channel>>> parts = new ArrayList<>();
        for (List<Channel> slice : names.byPartition(keyset.key, channels, MOST_RENEWED)) {
            String[] arguments = new String[slice.size() + 2];
            arguments[0] = user.value();
            arguments[1] = Integer.toString(timeoutSeconds);
            for (int i = 0; i < slice.size(); i++) {
                arguments[i + 2] = Names.member(keyset.key, slice.get(i).name());
            }
            parts.add(scripts.list(Script.RENEWALS, names.renewals(keyset.key, slice), arguments)
                    .thenApply(reply -> {
                        List<Channel> rest = new ArrayList<>();
                        for (int i = 0; i < reply.size(); i++) {
                            rest.add(slice.get((int) reply.number(i)));
                        }
                        return rest;
                    }));
        }
        return Stages.all(parts).thenApply(lists -> {
            List<Channel> rest = new ArrayList<>();
            lists.forEach(rest::addAll);
            return rest;
        });
    }

    /** Counts a heartbeat in several channels, without a state that rides along. */
    CompletableFuture<Void> heartbeats(Keyset keyset, List<Channel> channels, UserId user, int timeoutSeconds) {
        return renewAll(keyset, tracked(keyset, channels), user, timeoutSeconds)
                .thenCompose(rest -> Slices.each(
                        rest,
                        Slices.AT_ONCE,
                        channel -> present(keyset, channel, user, timeoutSeconds, null, Sign.HEARTBEAT, false, "")));
    }

    /**
     * Counts a subscribe that may wait in several channels.
     *
     * @param wanted what it wants of each channel, with the state that the user has there if they join
     * @param told is told what became of it where it was not just a renewal
     */
    CompletableFuture<Void> subscribedAll(
            Keyset keyset,
            Map<Channel, Interest> wanted,
            UserId user,
            int timeoutSeconds,
            BiConsumer<Interest, Outcome> told) {
        return renewAll(keyset, tracked(keyset, List.copyOf(wanted.keySet())), user, timeoutSeconds)
                .thenCompose(rest -> Slices.each(
                        rest.stream().map(wanted::get).toList(),
                        Slices.AT_ONCE,
                        one -> present(keyset, one.channel(), user, timeoutSeconds, one.state(), Sign.POLL, false, "")
                                .thenAccept(outcome -> told.accept(one, outcome))));
    }

    private List<Channel> tracked(Keyset keyset, List<Channel> channels) {
        List<Channel> tracked = new ArrayList<>(channels.size());
        for (Channel channel : channels) {
            if (keyset.isTracked(channel.name())) {
                tracked.add(channel);
            } else {
                listener.onUntracked(keyset.key, channel);
            }
        }
        return tracked;
    }

    private CompletableFuture<Outcome> present(
            Keyset keyset,
            Channel channel,
            UserId user,
            int timeoutSeconds,
            @Nullable State state,
            Sign sign,
            boolean hears,
            String debounced) {
        ProtocolException keptOff = keptOff(keyset, channel, user);
        if (keptOff != null) {
            return CompletableFuture.failedFuture(keptOff);
        }
        String[] arguments = keyset.arguments(
                channel.name(),
                user.value(),
                Integer.toString(timeoutSeconds),
                sign == Sign.HEARTBEAT ? "1" : "0",
                state == null ? "" : state.toString(),
                hears ? "1" : "0",
                debounced,
                sign.changesState ? "1" : "0",
                ROOM);
        int most = keyset.settings().limits().channelsPerUser();
        byte[][] keys = names.channel(keyset.key, channel.name());
        int partition = names.partition(keyset.key, channel.name());
        return users.isFull(keyset.key, user, most)
                .thenCompose(isFull -> isFull && !capacity.isFull(partition)
                        ? scripts.list(Script.PRESENT, keys, with(NO_JOIN, arguments))
                        : present(keys, arguments, partition))
                .thenCompose(reply -> {
                    long code = reply.number(0);
                    if (code == 3) {
                        return CompletableFuture.failedFuture(Scripts.NO_ROOM);
                    }
                    if (code == 4) {
                        return CompletableFuture.failedFuture(Groups.overLimit("max-channels-per-user", most));
                    }
                    if (code == 5) {
                        return CompletableFuture.failedFuture(keepsTooMuch(keyset));
                    }
                    Outcome outcome = new Outcome(code != 2, reply.timetoken(1), reply.number(7), reply.text(6));
                    if (code == 1) {
                        Arrival cause = sign == Sign.HEARTBEAT ? Arrival.HEARTBEAT : Arrival.SUBSCRIBE;
                        return joined(keyset, channel, user, cause, reply).thenApply(done -> outcome);
                    }
                    scripts.heard(reply.timetoken(1));
                    if (reply.number(5) == 1 && state != null) {
                        stateChanged(keyset, channel, user, state, (int) reply.number(2));
                    }
                    return CompletableFuture.completedFuture(outcome);
                });
    }

    /** Where there is no room for anybody new, whoever is there stays. */
    private CompletableFuture<Reply> present(byte[][] keys, String[] arguments, int partition) {
        if (!capacity.isFull(partition)) {
            return scripts.list(Script.PRESENT, keys, arguments)
                    .exceptionallyCompose(failure -> Scripts.cause(failure) == Scripts.NO_ROOM
                            ? returning(keys, arguments)
                            : CompletableFuture.failedFuture(failure));
        }
        return returning(keys, arguments);
    }

    private CompletableFuture<Reply> returning(byte[][] keys, String[] arguments) {
        return scripts.list(Script.RETURN, keys, with(NO_ROOM, arguments));
    }

    /** Returns arguments with another last one: what there is room for. */
    private static String[] with(String room, String[] arguments) {
        String[] changed = arguments.clone();
        changed[changed.length - 1] = room;
        return changed;
    }

    private CompletableFuture<Void> joined(Keyset keyset, Channel channel, UserId user, Arrival cause, Reply reply) {
        int occupancy = (int) reply.number(2);
        String state = reply.text(4);
        scripts.heard(reply.timetoken(3));
        rosters.changed(keyset.key, channel);
        listener.onPresence(
                keyset.key,
                channel,
                new PresenceEvent.Join(user, occupancy, state.isEmpty() ? null : State.ofJson(state), cause));
        CompletableFuture<Void> indexed = users.came(
                keyset.key,
                user,
                channel,
                reply.text(3),
                keyset.settings().limits().channelsPerUser());
        return occupancy == 1 ? indexed.thenCompose(done -> notice(keyset, channel, "active")) : indexed;
    }

    /** Takes a user off a channel because they said so. */
    CompletableFuture<Void> leave(Keyset keyset, Channel channel, UserId user) {
        return takeOff(keyset, channel, user, Departure.EXPLICIT).thenApply(left -> null);
    }

    /** Takes a user off a channel, for whatever cause, and returns whether they were there. */
    CompletableFuture<Boolean> takeOff(Keyset keyset, Channel channel, UserId user, Departure cause) {
        return scripts.list(
                        cause == Departure.KICK ? Script.EXPEL : Script.LEAVE,
                        names.channel(keyset.key, channel.name()),
                        keyset.arguments(channel.name(), user.value(), place(cause)))
                .thenCompose(
                        reply -> left(keyset, channel, user, cause, reply).thenApply(done -> reply.number(0) == 1));
    }

    /**
     * Notes that the last subscribe that this node held of a user in a channel lost its connection.
     *
     * @param cause how it ended
     */
    CompletableFuture<Void> disconnected(Keyset keyset, Channel channel, UserId user, Departure cause) {
        String[] arguments = keyset.arguments(
                channel.name(), user.value(), names.messages(keyset.key, channel.name()), place(cause));
        return scripts.list(Script.DISCONNECT, names.channel(keyset.key, channel.name()), arguments)
                .thenCompose(reply -> left(keyset, channel, user, cause, reply));
    }

    private static String place(Departure cause) {
        return Integer.toString(cause.number());
    }

    private CompletableFuture<Void> left(Keyset keyset, Channel channel, UserId user, Departure cause, Reply reply) {
        if (reply.number(0) == 0) {
            return DONE;
        }
        return departed(keyset, channel, user, cause, (int) reply.number(1), reply.text(2));
    }

    private CompletableFuture<Void> departed(
            Keyset keyset, Channel channel, UserId user, Departure cause, int occupancy, String micros) {
        tellDeparture(keyset, channel, user, cause, occupancy, micros);
        CompletableFuture<Void> indexed = users.went(keyset.key, user, channel, micros);
        return occupancy == 0 ? indexed.thenCompose(done -> notice(keyset, channel, "inactive")) : indexed;
    }

    /** Replaces a user's state, whether they are present or not. */
    CompletableFuture<Void> setState(Keyset keyset, Channel channel, UserId user, State state) {
        if (!keyset.isTracked(channel.name())) {
            listener.onUntracked(keyset.key, channel);
            return DONE;
        }
        ProtocolException keptOff = keptOff(keyset, channel, user);
        if (keptOff != null) {
            return CompletableFuture.failedFuture(keptOff);
        }
        if (!state.isEmpty() && capacity.isFull(names.partition(keyset.key, channel.name()))) {
            return CompletableFuture.failedFuture(Scripts.NO_ROOM);
        }
        return scripts.list(
                        Script.STATE,
                        names.channel(keyset.key, channel.name()),
                        keyset.arguments(channel.name(), user.value(), state.toString()))
                .thenAccept(reply -> {
                    scripts.heard(reply.timetoken(2));
                    if (reply.number(0) < 0) {
                        throw keepsTooMuch(keyset);
                    }
                    if (reply.number(0) == 1) {
                        stateChanged(keyset, channel, user, state, (int) reply.number(1));
                    }
                });
    }

    private static ProtocolException keepsTooMuch(Keyset keyset) {
        return Groups.overLimit("max-kept-bytes", keyset.settings().limits().keptBytes());
    }

    private void stateChanged(Keyset keyset, Channel channel, UserId user, State state, int occupancy) {
        rosters.changed(keyset.key, channel);
        listener.onPresence(keyset.key, channel, new PresenceEvent.StateChange(user, occupancy, state));
    }

    /** Tells whoever watches on this node that somebody went. */
    void tellDeparture(Keyset keyset, Channel channel, UserId user, Departure cause, int occupancy, String micros) {
        scripts.heard(Long.parseLong(micros) * 10);
        rosters.changed(keyset.key, channel);
        listener.onPresence(keyset.key, channel, PresenceEvent.departed(user, occupancy, cause));
    }

    /** Sends the interval event of a channel if it is due. */
    CompletableFuture<Void> interval(Keyset keyset, Channel channel) {
        return scripts.number(
                        Script.INTERVAL, names.channel(keyset.key, channel.name()), keyset.arguments(channel.name()))
                .thenAccept(occupancy -> {
                    if (occupancy >= 0) {
                        listener.onPresence(
                                keyset.key,
                                channel,
                                new PresenceEvent.Interval(
                                        (int) (long) occupancy, List.of(), List.of(), List.of(), false));
                    }
                });
    }

    /** Empties a channel that is no longer tracked; no client is told. */
    CompletableFuture<Void> drop(Keyset keyset, Channel channel) {
        return scripts.list(
                        Script.DROP,
                        names.channel(keyset.key, channel.name()),
                        keyset.arguments(channel.name(), Integer.toString(MOST_DROPPED)))
                .thenCompose(reply -> {
                    rosters.changed(keyset.key, channel);
                    int occupancy = (int) reply.number(1);
                    for (byte[] user : reply.list(2)) {
                        occupancy--;
                        listener.onPresence(
                                keyset.key,
                                channel,
                                PresenceEvent.departed(
                                        new UserId(Names.text(user)), occupancy, Departure.RULE_CHANGED));
                    }
                    return reply.number(0) == 1 ? drop(keyset, channel) : DONE;
                });
    }

    /** Tells clients that a channel has become active or inactive, where they want to know. */
    CompletableFuture<Void> notice(Keyset keyset, Channel channel, String status) {
        String noticeChannel = keyset.settings().activeNoticeChannel();
        NoticeBoard board = notices;
        if (board == null || noticeChannel == null || noticeChannel.equals(channel.name())) {
            return DONE;
        }
        return board.timetoken(keyset, channel).thenCompose(timetoken -> {
            JsonWriter out = new JsonWriter(128);
            out.raw("{\"channel\":")
                    .string(channel.name())
                    .raw(",\"status\":\"")
                    .raw(status);
            out.raw("\",\"timestamp\":").number(timetoken).raw('}');
            return board.publish(keyset, new Channel(noticeChannel), out.toByteArray());
        });
    }

    /** Where it is told that a channel has become active or inactive. */
    interface NoticeBoard {
        CompletableFuture<Long> timetoken(Keyset keyset, Channel channel);

        CompletableFuture<Void> publish(Keyset keyset, Channel channel, byte[] payload);
    }
}
