package dev.rollcall.server.store;

import dev.rollcall.engine.embedded.group.GroupStore;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.SubscribeKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;

/**
 * Channel groups in a {@link DataDirectory}: an entry for each channel of each group, whose value is its place in the order of adding.
 * Safe from any thread.
 */
public final class DurableGroupStore implements GroupStore {
    private static final char END = '\n';

    private final DataDirectory directory;
    private final DurableMap map;

    private long nextPlace;

    private DurableGroupStore(DataDirectory directory) {
        this.directory = directory;
        map = directory.map("groups");
    }

    /**
     * Opens the store.
     *
     * @throws UncheckedIOException if what is kept there cannot be read
     */
    public static DurableGroupStore open(DataDirectory directory) {
        DurableGroupStore store = new DurableGroupStore(directory);
        try {
            store.map.forEach((key, value) ->
                    store.nextPlace = Math.max(store.nextPlace, Entry.of(key, value).place + 1));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new UncheckedIOException(new IOException(
                    "data: channel groups were written by another version (expected: this version or an older one)",
                    e));
        }
        return store;
    }

    /** What one entry of the map says. */
    private record Entry(Id id, Channel channel, long place) {
        static Entry of(String key, String value) {
            int length = key.indexOf(END) + 1;
            int group = key.indexOf(END, length) + 1;
            int channel = group + Integer.parseInt(key.substring(length, group - 1));
            return new Entry(
                    new Id(
                            new SubscribeKey(key.substring(0, length - 1)),
                            new ChannelGroup(key.substring(group, channel))),
                    new Channel(key.substring(channel)),
                    Long.parseLong(value));
        }
    }

    /** Reads one group at a time: entries are sorted, and those of a group begin alike, so they stand together. */
    @Override
    public void load(BiConsumer<Id, List<Channel>> groups) {
        List<Entry> ofGroup = new ArrayList<>();
        map.forEach((key, value) -> {
            Entry entry = Entry.of(key, value);
            if (!ofGroup.isEmpty() && !ofGroup.get(0).id.equals(entry.id)) {
                handOver(ofGroup, groups);
            }
            ofGroup.add(entry);
        });
        handOver(ofGroup, groups);
    }

    private static void handOver(List<Entry> ofGroup, BiConsumer<Id, List<Channel>> groups) {
        if (!ofGroup.isEmpty()) {
            ofGroup.sort(Comparator.comparingLong(Entry::place));
            groups.accept(
                    ofGroup.get(0).id, ofGroup.stream().map(Entry::channel).toList());
            ofGroup.clear();
        }
    }

    @Override
    public CompletionStage<Void> add(Id group, Collection<Channel> channels) {
        List<Channel> added = List.copyOf(channels);
        return directory.submit(added.size(), () -> {
            for (Channel channel : added) {
                if (map.putIfAbsent(text(group, channel), Long.toString(nextPlace))) {
                    nextPlace++;
                }
            }
        });
    }

    @Override
    public CompletionStage<Void> remove(Id group, Collection<Channel> channels) {
        List<Channel> removed = List.copyOf(channels);
        return directory.submit(removed.size(), () -> {
            for (Channel channel : removed) {
                map.remove(text(group, channel));
            }
        });
    }

    /** Names may hold any character, so the length says where the first one ends. */
    private static String text(Id id, Channel channel) {
        String group = id.group().name();
        return id.key().value() + END + group.length() + END + group + channel.name();
    }
}
