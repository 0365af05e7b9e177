package dev.rollcall.engine.embedded.query;

import static java.util.concurrent.CompletableFuture.completedStage;
import static java.util.concurrent.CompletableFuture.failedStage;

import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.directory.ChannelDetail;
import dev.rollcall.engine.directory.ChannelOrder;
import dev.rollcall.engine.directory.ChannelView;
import dev.rollcall.engine.directory.Cursors;
import dev.rollcall.engine.directory.Directory;
import dev.rollcall.engine.directory.GroupView;
import dev.rollcall.engine.directory.KeysetView;
import dev.rollcall.engine.directory.Page;
import dev.rollcall.engine.directory.PageQuery;
import dev.rollcall.engine.directory.PollView;
import dev.rollcall.engine.directory.RuleView;
import dev.rollcall.engine.directory.TopChannels;
import dev.rollcall.engine.directory.UserView;
import dev.rollcall.engine.embedded.feed.ChannelFeed;
import dev.rollcall.engine.embedded.roster.ChannelEntry;
import dev.rollcall.engine.embedded.roster.Insight;
import dev.rollcall.engine.embedded.roster.Keyset;
import dev.rollcall.engine.embedded.roster.Place;
import dev.rollcall.engine.embedded.roster.Roster;
import dev.rollcall.engine.embedded.roster.RosterReader;
import dev.rollcall.engine.embedded.roster.Shard;
import dev.rollcall.engine.embedded.roster.Shards;
import dev.rollcall.engine.embedded.roster.UserIndex;
import dev.rollcall.engine.embedded.table.ChainedTable;
import dev.rollcall.engine.embedded.table.UserKey;
import dev.rollcall.engine.embedded.work.Pauses;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.Occupant;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Views of what the engine holds. Walks through all of it let others in every few hundred channels. */
public final class EmbeddedDirectory implements Directory {
    /** Channels looked at before a shard lets others in. */
    private static final int SLICE = 128;

    private static final int MOST_POLLS = 100;

    /** Channel groups looked through for one channel. */
    private static final int MOST_GROUPS_LOOKED_AT = 10_000;

    private final Function<SubscribeKey, Keyset> keysets;
    private final Collection<Keyset> all;
    private final Shards shards;
    private final UserIndex users;
    private final EngineTime time;
    private final PollViews polls;

    /**
     * Makes one.
     *
     * @param keysets finds a keyset, or refuses
     * @param all the keysets there are, as they come and go
     */
    public EmbeddedDirectory(
            Function<SubscribeKey, Keyset> keysets,
            Collection<Keyset> all,
            Shards shards,
            UserIndex users,
            EngineTime time) {
        this.keysets = keysets;
        this.all = all;
        this.shards = shards;
        this.users = users;
        this.time = time;
        polls = new PollViews(shards, time);
    }

    private static <T> CompletionStage<T> answer(Supplier<T> question) {
        try {
            return completedStage(question.get());
        } catch (ProtocolException e) {
            return failedStage(e);
        }
    }

    @Override
    public CompletionStage<Page<KeysetView>> keysets(PageQuery query) {
        return answer(() -> {
            Map<SubscribeKey, long[]> counts = new HashMap<>();
            walk(entry -> {
                Roster roster = entry.roster;
                if (roster != null) {
                    long[] count = counts.computeIfAbsent(entry.keyset.key, key -> new long[2]);
                    count[0]++;
                    count[1] += roster.occupancy();
                }
            });
            List<KeysetView> views = new ArrayList<>();
            for (Keyset keyset : all) {
                long[] count = counts.getOrDefault(keyset.key, new long[2]);
                views.add(new KeysetView(
                        keyset.key, count[0], count[1], keyset.groups.names().size()));
            }
            return Cursors.byName(views, view -> view.key().value(), query);
        });
    }

    @Override
    public CompletionStage<Page<ChannelView>> channels(SubscribeKey key, ChannelOrder order, PageQuery query) {
        return answer(() -> {
            Keyset keyset = keysets.apply(key);
            TopChannels top = new TopChannels(order, query);
            long now = time.monotonicMillis();
            walk(entry -> {
                Roster roster = entry.roster;
                if (roster != null && entry.keyset.key.equals(keyset.key)) {
                    top.add(view(entry.channel, roster, now));
                }
            });
            return top.page(false);
        });
    }

    private static ChannelView view(Channel channel, Roster roster, long now) {
        return new ChannelView(channel, roster.occupancy(), roster.eventsPerSecond(now), roster.interval != null);
    }

    /** Calls {@code action} for every channel there is, perhaps more than once, with the lock of its shard held. */
    private void walk(Consumer<ChannelEntry> action) {
        Pauses pauses = new Pauses();
        for (Shard shard : shards.all()) {
            int position = ChainedTable.START;
            do {
                int[] seen = {0};
                shard.enter();
                try {
                    do {
                        position = shard.channels.walk(position, entry -> {
                            seen[0]++;
                            action.accept(entry);
                        });
                    } while (position != ChainedTable.START && seen[0] < SLICE);
                } finally {
                    shard.exit();
                }
                pauses.worked(seen[0]);
            } while (position != ChainedTable.START);
        }
    }

    @Override
    public CompletionStage<ChannelDetail> channel(SubscribeKey key, Channel channel) {
        return answer(() -> {
            Keyset keyset = keysets.apply(key);
            Place place = shards.place(keyset, channel);
            ChannelView view;
            int waiting;
            int watching;
            place.shard().enter();
            try {
                ChannelEntry entry = place.entry();
                Roster roster = entry == null ? null : entry.roster;
                view = roster == null
                        ? new ChannelView(channel, 0, 0, false)
                        : view(channel, roster, time.monotonicMillis());
                waiting = entry == null ? 0 : polls(entry.messages);
                watching = entry == null ? 0 : polls(entry.presence);
            } finally {
                place.shard().exit();
            }
            List<ChannelGroup> groups = new ArrayList<>();
            List<ChannelGroup> names = keyset.groups.names();
            for (ChannelGroup group : names.subList(0, Math.min(MOST_GROUPS_LOOKED_AT, names.size()))) {
                if (groups.size() < ChannelDetail.MOST_GROUPS
                        && keyset.groups.channels(group.name()).contains(channel)) {
                    groups.add(group);
                }
            }
            return new ChannelDetail(
                    view,
                    Insight.mode(place),
                    RuleView.of(keyset.settings(), channel.name()),
                    waiting,
                    watching,
                    groups);
        });
    }

    private static int polls(@Nullable ChannelFeed feed) {
        return feed == null ? 0 : feed.waiters.size();
    }

    @Override
    public CompletionStage<Page<Occupant>> occupants(SubscribeKey key, Channel channel, PageQuery query) {
        return answer(() -> RosterReader.read(shards.place(keysets.apply(key), channel), query));
    }

    @Override
    public CompletionStage<Page<UserView>> users(SubscribeKey key, PageQuery query) {
        return answer(() -> {
            Keyset keyset = keysets.apply(key);
            TreeSet<String> first = new TreeSet<>();
            users.walk(keyset.key, user -> {
                String id = user.value();
                if (id.startsWith(query.prefix())
                        && (query.cursor() == null || id.compareTo(query.cursor()) > 0)
                        && first.add(id)
                        && first.size() > query.limit() + 1) {
                    first.pollLast();
                }
            });
            boolean more = first.size() > query.limit();
            if (more) {
                first.pollLast();
            }
            List<UserView> views = new ArrayList<>(first.size());
            for (String id : first) {
                UserId user = new UserId(id);
                int channels = users.channels(keyset.key, user).size();
                if (channels > 0) {
                    views.add(new UserView(user, channels));
                }
            }
            return new Page<>(views, more ? first.last() : null, false);
        });
    }

    @Override
    public CompletionStage<Page<GroupView>> groups(SubscribeKey key, PageQuery query) {
        return answer(() -> {
            Keyset keyset = keysets.apply(key);
            return Cursors.byName(keyset.groups.names(), ChannelGroup::name, query)
                    .map(group -> new GroupView(
                            group, keyset.groups.channels(group.name()).size()));
        });
    }

    @Override
    public CompletionStage<Page<PollView>> polls(SubscribeKey key, UserId user) {
        return answer(() -> {
            Keyset keyset = keysets.apply(key);
            List<PollView> found = polls.of(keyset, UserKey.of(user), users.channels(keyset.key, user));
            boolean more = found.size() > MOST_POLLS;
            return new Page<>(more ? found.subList(0, MOST_POLLS) : found, null, more);
        });
    }
}
