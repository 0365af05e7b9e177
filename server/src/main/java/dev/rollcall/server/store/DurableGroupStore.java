package dev.rollcall.server.store;

import dev.rollcall.engine.embedded.GroupStore;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.SubscribeKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/**
 * Channel groups in a {@link DataDirectory}: an entry for each channel of each group, whose value is its place in the order of adding.
 * Safe from any thread.
 */
public final class DurableGroupStore implements GroupStore {
    private static final char END = '\n';

    private final DataDirectory directory;
    private final DurableMap map;

    /** What stands in the map, by group; used on the thread of the directory once it is loaded. */
    private final Map<Id, Map<String, Long>> places = new HashMap<>();

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
            store.map.entries().forEach(store::read);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new UncheckedIOException(new IOException(
                    "data: channel groups were written by another version (expected: this version or an older one)",
                    e));
        }
        return store;
    }

    private void read(String key, String value) {
        int length = key.indexOf(END) + 1;
        int group = key.indexOf(END, length) + 1;
        int channel = group + Integer.parseInt(key.substring(length, group - 1));
        Id id = new Id(new SubscribeKey(key.substring(0, length - 1)), new ChannelGroup(key.substring(group, channel)));
        long place = Long.parseLong(value);
        places.computeIfAbsent(id, same -> new HashMap<>()).put(new Channel(key.substring(channel)).name(), place);
        nextPlace = Math.max(nextPlace, place + 1);
    }

    @Override
    public Map<Id, List<Channel>> load() {
        Map<Id, List<Channel>> groups = new HashMap<>();
        places.forEach((id, channels) -> {
            var byPlace = new TreeMap<Long, Channel>();
            channels.forEach((channel, place) -> byPlace.put(place, new Channel(channel)));
            groups.put(id, new ArrayList<>(byPlace.values()));
        });
        return groups;
    }

    @Override
    public CompletionStage<Void> add(Id group, Collection<Channel> channels) {
        List<Channel> added = List.copyOf(channels);
        return directory.submit(() -> {
            Map<String, Long> present = places.computeIfAbsent(group, same -> new HashMap<>());
            for (Channel channel : added) {
                if (present.putIfAbsent(channel.name(), nextPlace) == null) {
                    map.put(text(group, channel), Long.toString(nextPlace));
                    nextPlace++;
                }
            }
        });
    }

    @Override
    public CompletionStage<Void> remove(Id group, Collection<Channel> channels) {
        List<Channel> removed = List.copyOf(channels);
        return directory.submit(() -> {
            Map<String, Long> present = places.getOrDefault(group, new HashMap<>());
            for (Channel channel : removed) {
                if (present.remove(channel.name()) != null) {
                    map.remove(text(group, channel));
                }
            }
            if (present.isEmpty()) {
                places.remove(group);
            }
        });
    }

    /** Names may hold any character, so the length says where the first one ends. */
    private static String text(Id id, Channel channel) {
        String group = id.group().name();
        return id.key().value() + END + group.length() + END + group + channel.name();
    }
}
