package dev.rollcall.engine.redis;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Each user's own list of channels. It lives in the user's partition, so it is brought in line after a coming or going, not with it; until
 * that is done the channel's partition remembers it, and the sweep makes up for what a dead node left undone. What the list says is
 * checked when it is read. Safe from any thread.
 */
final class UserIndex {
    private final Scripts scripts;
    private final Link link;
    private final Names names;

    UserIndex(Scripts scripts, Link link, Names names) {
        this.scripts = scripts;
        this.link = link;
        this.names = names;
    }

    /** Notes that a user came into a channel at a time in microseconds. */
    CompletableFuture<Void> came(SubscribeKey key, UserId user, Channel channel, String micros) {
        return note(key, user, channel, true, micros);
    }

    /** Notes that a user went from a channel. */
    CompletableFuture<Void> went(SubscribeKey key, UserId user, Channel channel, String micros) {
        return note(key, user, channel, false, micros);
    }

    private CompletableFuture<Void> note(SubscribeKey key, UserId user, Channel channel, boolean came, String micros) {
        byte[][] keys = {names.channels(key, user)};
        return scripts.number(Script.INDEX, keys, came ? "1" : "0", channel.name(), micros)
                .thenAccept(done -> settled(key, user, channel, micros));
    }

    private void settled(SubscribeKey key, UserId user, Channel channel, String micros) {
        byte[][] keys = {names.unindexed(names.partition(key, channel.name()))};
        // Not waited for: if it fails, the sweep does the same once more.
        scripts.number(Script.INDEXED, keys, Names.member(key, channel.name()) + ',' + user.value(), micros);
    }

    /** Makes up for a coming or going of which it is not known whether the list tells it. */
    CompletableFuture<Void> repair(String unindexed, String micros) {
        int comma = unindexed.indexOf(',');
        String member = unindexed.substring(0, comma);
        SubscribeKey key = Names.keyOf(member);
        Channel channel = Names.channelOf(member);
        UserId user = new UserId(unindexed.substring(comma + 1));
        return isPresent(key, user, channel).thenCompose(present -> note(key, user, channel, present, micros));
    }

    private CompletableFuture<Boolean> isPresent(SubscribeKey key, UserId user, Channel channel) {
        return scripts.guarded(
                        "zscore", link.commands().zscore(names.order(key, channel.name()), Names.bytes(user.value())))
                .thenApply(score -> score != null);
    }

    /** Returns the channels a user is present in, by name. */
    CompletableFuture<List<Channel>> channels(SubscribeKey key, UserId user) {
        return scripts.guarded("zrange", link.commands().zrange(names.channels(key, user), 0, -1))
                .thenCompose(listed -> present(key, user, listed));
    }

    private CompletableFuture<List<Channel>> present(SubscribeKey key, UserId user, List<byte[]> listed) {
        List<Channel> channels = new ArrayList<>();
        List<CompletableFuture<Boolean>> checks = new ArrayList<>();
        for (byte[] name : listed) {
            Channel channel = new Channel(Names.text(name));
            channels.add(channel);
            checks.add(isPresent(key, user, channel));
        }
        return Stages.all(checks).thenApply(present -> {
            List<Channel> found = new ArrayList<>();
            for (int i = 0; i < present.size(); i++) {
                if (present.get(i)) {
                    found.add(channels.get(i));
                }
            }
            found.sort(null);
            return found;
        });
    }
}
