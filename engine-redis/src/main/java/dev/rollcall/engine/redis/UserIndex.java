package dev.rollcall.engine.redis;

import dev.rollcall.engine.redis.link.Lane;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.ScoredValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Each user's own list of channels. It lives in the user's partition, so it is brought in line after a coming or going, not with it; until
 * that is done the channel's partition remembers it, and the sweep makes up for what a dead node left undone. What the list says is
 * checked when it is read. Safe from any thread.
 */
final class UserIndex {
    /** How much of a list is read at once. */
    private static final int PAGE = 1000;

    /** Most changes of one call, which is some milliseconds of Redis, and most such calls at once. */
    private static final int SLICE = 100;

    private static final int AT_ONCE = 4;

    /** Of how many users it is known that they are in as many channels as they may be; those of whom that was noted first are forgotten. */
    private static final int MOST_FULL = 10_000;

    private static final CompletableFuture<Boolean> NOT_FULL = CompletableFuture.completedFuture(false);

    private final Scripts scripts;
    private final Names names;

    private final Map<Full, Boolean> full = Collections.synchronizedMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Full, Boolean> eldest) {
            return size() > MOST_FULL;
        }
    });

    UserIndex(Scripts scripts, Names names) {
        this.scripts = scripts;
        this.names = names;
    }

    /**
     * A coming or going.
     *
     * @param micros when, in microseconds
     */
    record Change(SubscribeKey key, UserId user, Channel channel, boolean came, String micros) {}

    /** Somebody who is in as many channels as they may be. */
    private record Full(SubscribeKey key, UserId user) {}

    /**
     * Notes that a user came into a channel at a time in microseconds.
     *
     * @param most how many channels they may be in
     */
    CompletableFuture<Void> came(SubscribeKey key, UserId user, Channel channel, String micros, int most) {
        Change change = new Change(key, user, channel, true, micros);
        byte[][] keys = {names.channels(key, user)};
        return scripts.number(Script.INDEX, keys, "1", channel.name(), micros).thenAccept(count -> {
            if (count >= most) {
                full.put(new Full(key, user), true);
            }
            settled(List.of(change));
        });
    }

    /**
     * Returns whether a user may not come into one more channel. What is known is what this node saw when it last brought them into one, and
     * costs nothing; only where that says so Redis is asked. So a user may exceed the limit by what is on its way at a moment.
     */
    CompletableFuture<Boolean> isFull(SubscribeKey key, UserId user, int most) {
        Full known = new Full(key, user);
        if (full.isEmpty() || !full.containsKey(known)) {
            return NOT_FULL;
        }
        byte[] list = names.channels(key, user);
        return scripts.ask(
                        "zcount",
                        Lane.REQUESTS,
                        list,
                        // What is below zero has gone.
                        commands -> commands.zcount(
                                list, Range.from(Range.Boundary.excluding(0), Range.Boundary.unbounded())))
                .thenApply(count -> {
                    boolean is = count >= most;
                    if (!is) {
                        full.remove(known);
                    }
                    return is;
                });
    }

    /** Notes that a user went from a channel. */
    CompletableFuture<Void> went(SubscribeKey key, UserId user, Channel channel, String micros) {
        return note(new Change(key, user, channel, false, micros));
    }

    private CompletableFuture<Void> note(Change change) {
        byte[][] keys = {names.channels(change.key, change.user)};
        return scripts.number(Script.INDEX, keys, change.came ? "1" : "0", change.channel.name(), change.micros)
                // Not waited for: if it fails, the sweep does the same once more.
                .thenAccept(done -> settled(List.of(change)));
    }

    /** Notes many comings and goings, in as few calls as can be. */
    CompletableFuture<Void> noteAll(Collection<Change> changes) {
        Map<Integer, List<Change>> byUser = new HashMap<>();
        for (Change change : changes) {
            int partition = names.partition(change.key, change.user.value());
            byUser.computeIfAbsent(partition, any -> new ArrayList<>()).add(change);
        }
        List<List<Change>> slices = sliced(byUser);
        return Slices.each(slices, AT_ONCE, slice -> {
            byte[][] keys = new byte[slice.size()][];
            String[] arguments = new String[slice.size() * 3];
            for (int i = 0; i < keys.length; i++) {
                Change change = slice.get(i);
                keys[i] = names.channels(change.key, change.user);
                arguments[3 * i] = change.came ? "1" : "0";
                arguments[3 * i + 1] = change.channel.name();
                arguments[3 * i + 2] = change.micros;
            }
            return scripts.number(Script.INDEX, keys, arguments).thenCompose(done -> settled(slice));
        });
    }

    private static List<List<Change>> sliced(Map<Integer, List<Change>> groups) {
        List<List<Change>> slices = new ArrayList<>();
        for (List<Change> group : groups.values()) {
            for (int from = 0; from < group.size(); from += SLICE) {
                slices.add(group.subList(from, Math.min(group.size(), from + SLICE)));
            }
        }
        return slices;
    }

    /** Notes that the lists tell of these. */
    private CompletableFuture<Void> settled(List<Change> changes) {
        Map<Integer, List<Change>> byChannel = new HashMap<>();
        for (Change change : changes) {
            int partition = names.partition(change.key, change.channel.name());
            byChannel.computeIfAbsent(partition, any -> new ArrayList<>()).add(change);
        }
        return Slices.each(sliced(byChannel), AT_ONCE, slice -> {
            Change first = slice.get(0);
            byte[][] keys = {names.unindexed(names.partition(first.key, first.channel.name()))};
            String[] arguments = new String[slice.size() * 2];
            for (int i = 0; i < slice.size(); i++) {
                Change change = slice.get(i);
                arguments[2 * i] = Names.member(change.key, change.channel.name()) + ',' + change.user.value();
                arguments[2 * i + 1] = change.micros;
            }
            return scripts.number(Script.INDEXED, keys, arguments);
        });
    }

    /**
     * Makes up for comings and goings of which it is not known whether the lists tell them.
     *
     * @param unindexed each as the partition remembers it, followed by when it was
     */
    CompletableFuture<Void> repairAll(List<byte[]> unindexed) {
        List<Integer> places = new ArrayList<>(unindexed.size() / 2);
        for (int i = 0; i < unindexed.size(); i += 2) {
            places.add(i);
        }
        return Slices.map(
                        places,
                        Slices.AT_ONCE,
                        i -> seen(Names.text(unindexed.get(i)), Names.text(unindexed.get(i + 1))))
                .thenCompose(this::noteAll);
    }

    /** Returns what a list has to tell now of something that may have happened. */
    private CompletableFuture<Change> seen(String unindexed, String micros) {
        int comma = unindexed.indexOf(',');
        String member = unindexed.substring(0, comma);
        SubscribeKey key = Names.keyOf(member);
        Channel channel = Names.channelOf(member);
        UserId user = new UserId(unindexed.substring(comma + 1));
        return isPresent(key, user, channel).thenApply(present -> new Change(key, user, channel, present, micros));
    }

    private CompletableFuture<Boolean> isPresent(SubscribeKey key, UserId user, Channel channel) {
        byte[] order = names.order(key, channel.name());
        byte[] member = Names.bytes(user.value());
        return scripts.<@Nullable Double>ask("zscore", Lane.BULK, order, commands -> commands.zscore(order, member))
                .thenApply(score -> score != null);
    }

    /** Returns the channels a user is present in, by name. */
    CompletableFuture<List<Channel>> channels(SubscribeKey key, UserId user) {
        return channels(key, user, 0, new TreeSet<>()).thenApply(List::copyOf);
    }

    /** Adds those of the list from a place on. */
    private CompletableFuture<SortedSet<Channel>> channels(
            SubscribeKey key, UserId user, long from, SortedSet<Channel> found) {
        byte[] list = names.channels(key, user);
        return scripts.ask(
                        "zrange",
                        Lane.BULK,
                        list,
                        // What is below zero has gone.
                        commands -> commands.zrangebyscoreWithScores(
                                list,
                                Range.from(Range.Boundary.excluding(0), Range.Boundary.unbounded()),
                                Limit.create(from, PAGE)))
                .thenCompose(page -> present(key, user, page, found)
                        .thenCompose(done -> page.size() < PAGE
                                ? CompletableFuture.completedFuture(found)
                                : channels(key, user, from + PAGE, found)));
    }

    private CompletableFuture<Void> present(
            SubscribeKey key, UserId user, List<ScoredValue<byte[]>> page, SortedSet<Channel> found) {
        return Slices.map(
                        page, Slices.AT_ONCE, entry -> isPresent(key, user, new Channel(Names.text(entry.getValue()))))
                .thenAccept(present -> {
                    List<Change> stale = new ArrayList<>();
                    for (int i = 0; i < page.size(); i++) {
                        Channel channel = new Channel(Names.text(page.get(i).getValue()));
                        if (present.get(i)) {
                            found.add(channel);
                        } else {
                            String micros = String.format(
                                    Locale.ROOT, "%.0f", page.get(i).getScore());
                            stale.add(new Change(key, user, channel, false, micros));
                        }
                    }
                    if (!stale.isEmpty()) {
                        // What was left behind is forgotten, unless they have come again since.
                        noteAll(stale);
                    }
                });
    }
}
