package dev.rollcall.engine;

import dev.rollcall.engine.directory.Directory;
import dev.rollcall.engine.events.EventStream;
import dev.rollcall.engine.explain.Explainer;
import dev.rollcall.engine.kick.Kicks;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.Publication;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * The port behind which the truth about presence lives.
 *
 * <p>Every method is safe from any thread and never blocks. A stage may be complete when it is returned, or complete later on a thread
 * of the engine; callers must not know which. A request that cannot be served fails its stage, never the method, with a
 * {@link dev.rollcall.protocol.ProtocolException}.
 *
 * <p>When a stage completes, its effect is visible to every later call on this node, and the events it caused stand in the feed.
 */
public interface Engine extends AutoCloseable {
    /** Joins or renews. */
    CompletionStage<Void> heartbeat(Heartbeat heartbeat);

    /** Takes a user off channels; of those they are not in, nothing is said. */
    CompletionStage<Void> leave(Leave leave);

    /** Replaces a user's state. */
    CompletionStage<Void> setState(SetState setState);

    /** Returns a user's state by channel, groups expanded, {@code {}} where they have none, in the order asked. */
    CompletionStage<Map<Channel, State>> state(SubscribeKey key, UserId user, Targets targets);

    /**
     * Returns who is in each channel asked for, groups expanded, each channel once, in the order asked, the empty ones included. Where
     * no target is given: every channel with an occupant, by name.
     */
    CompletionStage<List<RosterPage>> hereNow(HereNowQuery query);

    /** Returns the channels a user is present in, by name. */
    CompletionStage<List<Channel>> whereNow(SubscribeKey key, UserId user);

    /**
     * Answers a subscribe through {@code listener}: before this method returns, or later.
     *
     * @return a handle to end the wait early
     */
    Poll subscribe(Subscribe subscribe, PollListener listener);

    /** Puts a message into the feed of a channel and returns its timetoken. */
    CompletionStage<Long> publish(SubscribeKey key, Channel channel, Publication publication);

    /** Returns a timetoken of now: later than everything in the feeds, earlier than all that is to come. */
    CompletionStage<Long> timetoken();

    /** Adds channels to a group, which comes into being with its first channel. */
    CompletionStage<Void> addToGroup(SubscribeKey key, ChannelGroup group, List<Channel> channels);

    /** Removes channels from a group, which ceases to be with its last channel. */
    CompletionStage<Void> removeFromGroup(SubscribeKey key, ChannelGroup group, List<Channel> channels);

    /** Removes a group. */
    CompletionStage<Void> deleteGroup(SubscribeKey key, ChannelGroup group);

    /** Returns the channels of a group in the order they were added; none for an unknown group. */
    CompletionStage<List<Channel>> group(SubscribeKey key, ChannelGroup group);

    /** Returns the groups of a keyset, by name. */
    CompletionStage<List<ChannelGroup>> groups(SubscribeKey key);

    /** Returns the stream of what happens to presence. */
    EventStream events();

    /** Returns views of what there is, for operators. */
    Directory directory();

    /** Returns what tells why users are present. */
    Explainer explainer();

    /** Returns what takes users off. */
    Kicks kicks();

    /** Reads the settings of every keyset again. */
    void reconfigure();

    /** Returns whether the engine can serve requests now. */
    boolean isReady();

    /** Returns what the engine holds. Costs a walk through it; for metrics and tests. */
    EngineCounts counts();

    /** Answers every waiting subscribe with what there is, and accepts no more. */
    @Override
    void close();
}
