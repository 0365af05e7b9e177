package dev.rollcall.engine.redis;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import dev.rollcall.engine.HereNowQuery;
import dev.rollcall.engine.RosterPage;
import dev.rollcall.engine.Targets;
import dev.rollcall.engine.directory.ChannelDetail;
import dev.rollcall.engine.directory.ChannelOrder;
import dev.rollcall.engine.directory.ChannelView;
import dev.rollcall.engine.directory.Cursors;
import dev.rollcall.engine.directory.Directory;
import dev.rollcall.engine.directory.GroupView;
import dev.rollcall.engine.directory.KeysetView;
import dev.rollcall.engine.directory.NodeView;
import dev.rollcall.engine.directory.Page;
import dev.rollcall.engine.directory.PageQuery;
import dev.rollcall.engine.directory.PollView;
import dev.rollcall.engine.directory.RuleView;
import dev.rollcall.engine.directory.TopChannels;
import dev.rollcall.engine.directory.UserView;
import dev.rollcall.engine.redis.link.Lane;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.Occupant;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Views of what is in Redis. There is no index of keysets, nor of users by the beginning of their ids: of keysets those are listed that this
 * node was asked about of late, of users the one whose id it is and those whose polls wait here; such pages are partial, as are those of
 * polls. Safe from any thread.
 */
final class RedisDirectory implements Directory {
    private static final int AT_ONCE = 16;

    /** The most pages of occupants that are read for one page of an answer. */
    private static final int MOST_READ = 20;

    /** Channel groups looked through for one channel. */
    private static final int MOST_GROUPS_LOOKED_AT = 500;

    private static final int MOST_POLLS = 100;

    private final KnownKeysets keysets;
    private final Scripts scripts;
    private final Names names;
    private final Rosters rosters;
    private final Groups groups;
    private final UserIndex users;
    private final PollDesk polls;
    private final RedisExplainer explainer;
    private final ServiceNodes nodes;

    RedisDirectory(
            KnownKeysets keysets,
            Store store,
            Rosters rosters,
            Groups groups,
            UserIndex users,
            PollDesk polls,
            RedisExplainer explainer,
            ServiceNodes nodes) {
        this.keysets = keysets;
        scripts = store.scripts();
        names = store.names();
        this.rosters = rosters;
        this.groups = groups;
        this.users = users;
        this.polls = polls;
        this.explainer = explainer;
        this.nodes = nodes;
    }

    private static <T> CompletionStage<T> answer(Supplier<CompletableFuture<T>> question) {
        CompletableFuture<T> answer;
        try {
            answer = question.get();
        } catch (ProtocolException e) {
            answer = failedFuture(e);
        }
        return RedisEngine.edge(answer);
    }

    private CompletableFuture<List<RosterPage>> occupied(Keyset keyset) {
        return rosters.everywhere(keyset, new HereNowQuery(keyset.key, Targets.NONE, false, 0, 0));
    }

    @Override
    public CompletionStage<Page<KeysetView>> keysets(PageQuery query) {
        return answer(() -> {
            Page<Keyset> known = Cursors.byName(keysets.all(), keyset -> keyset.key.value(), query);
            return Slices.map(known.items(), 2, this::view).thenApply(views -> new Page<>(views, known.next(), true));
        });
    }

    private CompletableFuture<KeysetView> view(Keyset keyset) {
        return occupied(keyset)
                .thenCompose(pages -> groups.names(keyset.key)
                        .thenApply(names -> new KeysetView(
                                keyset.key,
                                pages.size(),
                                pages.stream().mapToLong(RosterPage::occupancy).sum(),
                                names.size())));
    }

    @Override
    public CompletionStage<Page<ChannelView>> channels(SubscribeKey key, ChannelOrder order, PageQuery query) {
        return answer(() -> {
            Keyset keyset = keysets.get(key);
            TopChannels top = new TopChannels(order, query);
            return occupied(keyset).thenApply(pages -> {
                pages.forEach(page -> top.add(view(keyset, page.channel(), page.occupancy())));
                return top.page(order == ChannelOrder.RATE);
            });
        });
    }

    private static ChannelView view(Keyset keyset, Channel channel, int occupancy) {
        return new ChannelView(
                channel,
                occupancy,
                ChannelView.UNKNOWN_RATE,
                occupancy > keyset.settings().announceMax());
    }

    @Override
    public CompletionStage<ChannelDetail> channel(SubscribeKey key, Channel channel) {
        return answer(() -> {
            Keyset keyset = keysets.get(key);
            return explainer
                    .mode(keyset, channel)
                    .thenCompose(mode -> groupsOf(keyset, channel)
                            .thenCompose(found -> polls.countAt(keyset, channel)
                                    .thenApply(counts -> new ChannelDetail(
                                            view(keyset, channel, mode.occupancy()),
                                            mode,
                                            RuleView.of(keyset.settings(), channel.name()),
                                            counts[0],
                                            counts[1],
                                            found))));
        });
    }

    private CompletableFuture<List<ChannelGroup>> groupsOf(Keyset keyset, Channel channel) {
        return groups.names(keyset.key).thenCompose(all -> {
            List<ChannelGroup> some = all.subList(0, Math.min(MOST_GROUPS_LOOKED_AT, all.size()));
            return Slices.map(some, AT_ONCE, group -> groups.channels(keyset.key, group.name()))
                    .thenApply(members -> {
                        List<ChannelGroup> found = new ArrayList<>();
                        for (int i = 0; i < some.size() && found.size() < ChannelDetail.MOST_GROUPS; i++) {
                            if (members.get(i).contains(channel)) {
                                found.add(some.get(i));
                            }
                        }
                        return found;
                    });
        });
    }

    @Override
    public CompletionStage<Page<Occupant>> occupants(SubscribeKey key, Channel channel, PageQuery query) {
        return answer(() -> {
            Keyset keyset = keysets.get(key);
            String cursor = query.cursor();
            if (cursor == null) {
                return read(keyset, channel, query, 0, new ArrayList<>(), MOST_READ);
            }
            long seen = Math.max(0, Cursors.number(cursor));
            byte[] last = Names.bytes(user(cursor).value());
            byte[] order = names.order(keyset.key, channel.name());
            // From whoever was the last one, wherever they stand now; if they have left, by how many there were.
            return scripts.<@Nullable Long>ask("zrank", Lane.BULK, order, commands -> commands.zrank(order, last))
                    .thenCompose(rank -> read(
                            keyset,
                            channel,
                            query,
                            rank == null ? (int) Math.min(Integer.MAX_VALUE / 2, seen) : rank.intValue() + 1,
                            new ArrayList<>(),
                            MOST_READ));
        });
    }

    private static UserId user(String cursor) {
        try {
            return new UserId(Cursors.text(cursor));
        } catch (IllegalArgumentException e) {
            throw Cursors.refusal(cursor);
        }
    }

    private CompletableFuture<Page<Occupant>> read(
            Keyset keyset, Channel channel, PageQuery query, int offset, List<Occupant> found, int pages) {
        int limit = query.prefix().isEmpty() ? query.limit() - found.size() : PageQuery.MOST;
        return rosters.page(keyset, channel, new HereNowQuery(keyset.key, Targets.of(channel), true, limit, offset))
                .thenCompose(page -> {
                    int at = offset;
                    UserId last = null;
                    for (Occupant occupant : page.occupants()) {
                        if (found.size() == query.limit()) {
                            break;
                        }
                        at++;
                        last = occupant.user();
                        if (last.value().startsWith(query.prefix())) {
                            found.add(occupant);
                        }
                    }
                    if (last == null || at >= page.occupancy()) {
                        return completedFuture(new Page<>(found, null, false));
                    }
                    if (found.size() == query.limit() || pages == 1) {
                        String next = at + ":" + last.value();
                        return completedFuture(new Page<>(found, next, found.size() < query.limit()));
                    }
                    return read(keyset, channel, query, at, found, pages - 1);
                });
    }

    @Override
    public CompletionStage<Page<UserView>> users(SubscribeKey key, PageQuery query) {
        return answer(() -> {
            Keyset keyset = keysets.get(key);
            return polls.usersOf(keyset, query.prefix()).thenCompose(likely -> {
                if (!query.prefix().isEmpty()) {
                    try {
                        likely.add(new UserId(query.prefix()));
                    } catch (IllegalArgumentException e) {
                        // No whole id, so nobody has it.
                        return completedFuture(new Page<UserView>(List.of(), null, true));
                    }
                }
                Page<UserId> page = Cursors.byName(List.copyOf(likely), UserId::value, query);
                return Slices.map(page.items(), AT_ONCE, user -> users.channels(key, user))
                        .thenApply(channels -> {
                            List<UserView> views = new ArrayList<>();
                            for (int i = 0; i < channels.size(); i++) {
                                if (!channels.get(i).isEmpty()) {
                                    views.add(new UserView(
                                            page.items().get(i), channels.get(i).size()));
                                }
                            }
                            return new Page<>(views, page.next(), true);
                        });
            });
        });
    }

    @Override
    public CompletionStage<Page<GroupView>> groups(SubscribeKey key, PageQuery query) {
        return answer(() -> groups.names(keysets.get(key).key).thenCompose(all -> {
            Page<ChannelGroup> page = Cursors.byName(all, ChannelGroup::name, query);
            return Slices.map(page.items(), AT_ONCE, group -> groups.channels(key, group.name()))
                    .thenApply(members -> {
                        List<GroupView> views = new ArrayList<>();
                        for (int i = 0; i < members.size(); i++) {
                            views.add(new GroupView(
                                    page.items().get(i), members.get(i).size()));
                        }
                        return new Page<>(views, page.next(), false);
                    });
        }));
    }

    @Override
    public CompletionStage<Page<PollView>> polls(SubscribeKey key, UserId user) {
        return answer(() -> polls.viewsOf(keysets.get(key), user, null)
                .thenApply(views -> new Page<>(views.subList(0, Math.min(MOST_POLLS, views.size())), null, true)));
    }

    @Override
    public CompletionStage<List<NodeView>> nodes() {
        return answer(nodes::list);
    }
}
