package dev.rollcall.engine.redis;

import dev.rollcall.engine.EngineListener;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.JsonWriter;
import dev.rollcall.protocol.PresenceEvent;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Who comes, stays and goes, as calls of scripts, and what follows from a change outside the partition it happened in: the user's own
 * list of channels, notices, what is told to listeners. Safe from any thread.
 */
final class Presence {
    private static final int MOST_EXPIRED = 100;
    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    private final Scripts scripts;
    private final Names names;
    private final EngineListener listener;
    private final UserIndex users;
    private final Rosters rosters;
    private final NoticeBoard notices;

    Presence(
            Scripts scripts,
            Names names,
            EngineListener listener,
            UserIndex users,
            Rosters rosters,
            NoticeBoard notices) {
        this.scripts = scripts;
        this.names = names;
        this.listener = listener;
        this.users = users;
        this.rosters = rosters;
        this.notices = notices;
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
     * @param hears whether the user listens to the presence channel too, so that the position shall be before a join of his that he
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
        if (state != null && sign.changesState) {
            return present(keyset, channel, user, timeoutSeconds, state, sign, false, debounced);
        }
        return renew(keyset, channel, user, timeoutSeconds)
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

    private CompletableFuture<Outcome> present(
            Keyset keyset,
            Channel channel,
            UserId user,
            int timeoutSeconds,
            @Nullable State state,
            Sign sign,
            boolean hears,
            String debounced) {
        String[] arguments = keyset.arguments(
                channel.name(),
                user.value(),
                Integer.toString(timeoutSeconds),
                sign == Sign.HEARTBEAT ? "1" : "0",
                state == null ? "" : state.toString(),
                hears ? "1" : "0",
                debounced,
                sign.changesState ? "1" : "0");
        return scripts.list(Script.PRESENT, names.channel(keyset.key, channel.name()), arguments)
                .thenCompose(reply -> {
                    long code = reply.number(0);
                    Outcome outcome = new Outcome(code != 2, reply.timetoken(1), reply.number(7), reply.text(6));
                    if (code == 1) {
                        return joined(keyset, channel, user, reply).thenApply(done -> outcome);
                    }
                    scripts.heard(reply.timetoken(1));
                    if (reply.number(5) == 1 && state != null) {
                        stateChanged(keyset, channel, user, state, (int) reply.number(2));
                    }
                    return CompletableFuture.completedFuture(outcome);
                });
    }

    private CompletableFuture<Void> joined(Keyset keyset, Channel channel, UserId user, Reply reply) {
        int occupancy = (int) reply.number(2);
        String state = reply.text(4);
        scripts.heard(reply.timetoken(3));
        rosters.changed(keyset.key, channel);
        listener.onPresence(
                keyset.key,
                channel,
                new PresenceEvent.Join(user, occupancy, state.isEmpty() ? null : State.ofJson(state)));
        CompletableFuture<Void> indexed = users.came(keyset.key, user, channel, reply.text(3));
        return occupancy == 1 ? indexed.thenCompose(done -> notice(keyset, channel, "active")) : indexed;
    }

    /** Takes a user off a channel because he said so. */
    CompletableFuture<Void> leave(Keyset keyset, Channel channel, UserId user) {
        return scripts.list(
                        Script.LEAVE,
                        names.channel(keyset.key, channel.name()),
                        keyset.arguments(channel.name(), user.value()))
                .thenCompose(reply -> left(keyset, channel, user, reply));
    }

    /** Notes that the last subscribe that this node held of a user in a channel lost its connection. */
    CompletableFuture<Void> disconnected(Keyset keyset, Channel channel, UserId user) {
        String[] arguments = keyset.arguments(channel.name(), user.value(), names.messages(keyset.key, channel.name()));
        return scripts.list(Script.DISCONNECT, names.channel(keyset.key, channel.name()), arguments)
                .thenCompose(reply -> left(keyset, channel, user, reply));
    }

    private CompletableFuture<Void> left(Keyset keyset, Channel channel, UserId user, Reply reply) {
        if (reply.number(0) == 0) {
            return DONE;
        }
        return departed(keyset, channel, user, false, (int) reply.number(1), reply.text(2));
    }

    private CompletableFuture<Void> departed(
            Keyset keyset, Channel channel, UserId user, boolean timedOut, int occupancy, String micros) {
        scripts.heard(Long.parseLong(micros) * 10);
        rosters.changed(keyset.key, channel);
        listener.onPresence(
                keyset.key,
                channel,
                timedOut ? new PresenceEvent.Timeout(user, occupancy) : new PresenceEvent.Leave(user, occupancy));
        CompletableFuture<Void> indexed = users.went(keyset.key, user, channel, micros);
        return occupancy == 0 ? indexed.thenCompose(done -> notice(keyset, channel, "inactive")) : indexed;
    }

    /** Replaces a user's state, whether he is present or not. */
    CompletableFuture<Void> setState(Keyset keyset, Channel channel, UserId user, State state) {
        if (!keyset.isTracked(channel.name())) {
            listener.onUntracked(keyset.key, channel);
            return DONE;
        }
        return scripts.list(
                        Script.STATE,
                        names.channel(keyset.key, channel.name()),
                        keyset.arguments(channel.name(), user.value(), state.toString()))
                .thenAccept(reply -> {
                    scripts.heard(reply.timetoken(2));
                    if (reply.number(0) == 1) {
                        stateChanged(keyset, channel, user, state, (int) reply.number(1));
                    }
                });
    }

    private void stateChanged(Keyset keyset, Channel channel, UserId user, State state, int occupancy) {
        rosters.changed(keyset.key, channel);
        listener.onPresence(keyset.key, channel, new PresenceEvent.StateChange(user, occupancy, state));
    }

    /** Ends the leases of a channel whose time is over, and returns whether there are more. */
    CompletableFuture<Boolean> expire(Keyset keyset, Channel channel) {
        String[] arguments = keyset.arguments(channel.name(), Integer.toString(MOST_EXPIRED));
        return scripts.list(Script.EXPIRE, names.channel(keyset.key, channel.name()), arguments)
                .thenCompose(reply -> {
                    List<CompletableFuture<Void>> all = new ArrayList<>();
                    for (int i = 1; i < reply.size(); i += 5) {
                        listener.onLateness(reply.number(i + 4));
                        all.add(departed(
                                keyset,
                                channel,
                                new UserId(reply.text(i)),
                                reply.number(i + 1) == 1,
                                (int) reply.number(i + 2),
                                reply.text(i + 3)));
                    }
                    return Stages.done(all).thenApply(done -> reply.number(0) == 1);
                });
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

    /** Empties a channel that is no longer tracked; nobody is told. */
    CompletableFuture<Void> drop(Keyset keyset, Channel channel) {
        return scripts.number(Script.DROP, names.channel(keyset.key, channel.name()), keyset.arguments(channel.name()))
                .thenAccept(done -> rosters.changed(keyset.key, channel));
    }

    private CompletableFuture<Void> notice(Keyset keyset, Channel channel, String status) {
        String noticeChannel = keyset.settings().activeNoticeChannel();
        if (noticeChannel == null || noticeChannel.equals(channel.name())) {
            return DONE;
        }
        return notices.timetoken(keyset, channel).thenCompose(timetoken -> {
            JsonWriter out = new JsonWriter(128);
            out.raw("{\"channel\":")
                    .string(channel.name())
                    .raw(",\"status\":\"")
                    .raw(status);
            out.raw("\",\"timestamp\":").number(timetoken).raw('}');
            return notices.publish(keyset, new Channel(noticeChannel), out.toByteArray());
        });
    }

    /** Where it is told that a channel has become active or inactive. */
    interface NoticeBoard {
        CompletableFuture<Long> timetoken(Keyset keyset, Channel channel);

        CompletableFuture<Void> publish(Keyset keyset, Channel channel, byte[] payload);
    }
}
