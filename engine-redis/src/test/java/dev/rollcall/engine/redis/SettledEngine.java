package dev.rollcall.engine.redis;

import dev.rollcall.engine.Engine;
import dev.rollcall.engine.EngineCounts;
import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.HereNowQuery;
import dev.rollcall.engine.Leave;
import dev.rollcall.engine.Poll;
import dev.rollcall.engine.PollListener;
import dev.rollcall.engine.RosterPage;
import dev.rollcall.engine.SetState;
import dev.rollcall.engine.Subscribe;
import dev.rollcall.engine.Targets;
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
 * An engine in which a poll waits as soon as it is begun, as far as changes of groups can tell: before one, everything begun is let come to
 * rest. A poll that is on its way when a group changes sees the group as it is then, and so is not answered because of the change.
 */
record SettledEngine(Engine engine, Runnable settle) implements Engine {
    @Override
    public CompletionStage<Void> heartbeat(Heartbeat heartbeat) {
        return engine.heartbeat(heartbeat);
    }

    @Override
    public CompletionStage<Void> leave(Leave leave) {
        return engine.leave(leave);
    }

    @Override
    public CompletionStage<Void> setState(SetState setState) {
        return engine.setState(setState);
    }

    @Override
    public CompletionStage<Map<Channel, State>> state(SubscribeKey key, UserId user, Targets targets) {
        return engine.state(key, user, targets);
    }

    @Override
    public CompletionStage<List<RosterPage>> hereNow(HereNowQuery query) {
        return engine.hereNow(query);
    }

    @Override
    public CompletionStage<List<Channel>> whereNow(SubscribeKey key, UserId user) {
        return engine.whereNow(key, user);
    }

    @Override
    public Poll subscribe(Subscribe subscribe, PollListener listener) {
        return engine.subscribe(subscribe, listener);
    }

    @Override
    public CompletionStage<Long> publish(SubscribeKey key, Channel channel, Publication publication) {
        return engine.publish(key, channel, publication);
    }

    @Override
    public CompletionStage<Long> timetoken() {
        return engine.timetoken();
    }

    @Override
    public CompletionStage<Void> addToGroup(SubscribeKey key, ChannelGroup group, List<Channel> channels) {
        settle.run();
        return engine.addToGroup(key, group, channels);
    }

    @Override
    public CompletionStage<Void> removeFromGroup(SubscribeKey key, ChannelGroup group, List<Channel> channels) {
        settle.run();
        return engine.removeFromGroup(key, group, channels);
    }

    @Override
    public CompletionStage<Void> deleteGroup(SubscribeKey key, ChannelGroup group) {
        settle.run();
        return engine.deleteGroup(key, group);
    }

    @Override
    public CompletionStage<List<Channel>> group(SubscribeKey key, ChannelGroup group) {
        return engine.group(key, group);
    }

    @Override
    public CompletionStage<List<ChannelGroup>> groups(SubscribeKey key) {
        return engine.groups(key);
    }

    @Override
    public void reconfigure() {
        engine.reconfigure();
    }

    @Override
    public boolean isReady() {
        return engine.isReady();
    }

    @Override
    public EngineCounts counts() {
        return engine.counts();
    }

    @Override
    public void close() {
        engine.close();
    }
}
