package dev.rollcall.engine.redis;

import dev.rollcall.engine.directory.ModeView;
import dev.rollcall.engine.directory.PollView;
import dev.rollcall.engine.directory.RuleView;
import dev.rollcall.engine.explain.Explainer;
import dev.rollcall.engine.explain.Explanation;
import dev.rollcall.engine.explain.Spellings;
import dev.rollcall.engine.explain.UserExplanation;
import dev.rollcall.engine.kick.Ban;
import dev.rollcall.engine.kick.BanTable;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tells why users are present, or are not. What is in Redis is read at one moment, by one script; polls are those of this node. What kind the
 * last sign of life was is not kept in Redis. Safe from any thread.
 */
final class RedisExplainer implements Explainer {
    /** Stands for the timeout of a lease whose connection is lost, see {@code channel.lua}. */
    private static final int LOST = 4095;

    private static final int AT_ONCE = 16;

    private final Scripts scripts;
    private final Names names;
    private final UserIndex users;
    private final PollDesk polls;
    private final Function<SubscribeKey, Keyset> keysets;
    private final BanTable bans;
    private final String node;

    RedisExplainer(
            Store store,
            String node,
            UserIndex users,
            PollDesk polls,
            Function<SubscribeKey, Keyset> keysets,
            BanTable bans) {
        scripts = store.scripts();
        names = store.names();
        this.node = node;
        this.users = users;
        this.polls = polls;
        this.keysets = keysets;
        this.bans = bans;
    }

    @Override
    public CompletionStage<Explanation> explain(SubscribeKey key, Channel channel, UserId user) {
        Keyset keyset = keysets.apply(key);
        return RedisEngine.edge(polls.viewsOf(keyset, user, channel)
                .thenCompose(views -> explain(keyset, channel, user, views, Spellings.of(user))));
    }

    private CompletableFuture<Explanation> explain(
            Keyset keyset, Channel channel, UserId user, List<PollView> views, List<UserId> spellings) {
        String[] more = new String[spellings.size() + 1];
        more[0] = user.value();
        for (int i = 0; i < spellings.size(); i++) {
            more[i + 1] = spellings.get(i).value();
        }
        return scripts.list(
                        Script.EXPLAIN,
                        names.channel(keyset.key, channel.name()),
                        keyset.arguments(channel.name(), more))
                .thenApply(reply -> explanation(keyset, channel, user, views, reply));
    }

    private Explanation explanation(
            Keyset keyset, Channel channel, UserId user, List<PollView> views, Reply reply) {
        long now = reply.number(0);
        boolean present = !reply.text(1).isEmpty();
        String state = reply.text(5);
        long gone = whole(reply, 8);
        Ban ban = bans.find(keyset.key, user, now);
        List<UserId> others = new ArrayList<>();
        reply.list(12).forEach(other -> others.add(new UserId(Names.text(other))));
        return new Explanation(
                keyset.key,
                channel,
                user,
                now,
                present ? lease(reply, now) : null,
                views,
                state.isEmpty() || state.equals("{}") ? null : State.ofJson(state),
                present ? null : absence(reply, views.size(), now),
                present || gone == 0 ? null : new Explanation.Last(gone / 8, FeedCodec.departure(gone % 8)),
                ban == null || !ban.covers(channel) ? null : ban,
                RuleView.of(keyset.settings(), channel.name()),
                mode(keyset, reply),
                others,
                node,
                keyset.settings().leaveOnDisconnect());
    }

    private static ModeView mode(Keyset keyset, Reply reply) {
        long next = whole(reply, 9);
        return new ModeView(
                next > 0, (int) reply.number(11), keyset.settings().announceMax(), next);
    }

    private static Explanation.Lease lease(Reply reply, long now) {
        long deadline = reply.number(1);
        int timeout = (int) reply.number(2);
        boolean leaving = timeout == LOST;
        long grace = whole(reply, 10);
        boolean byGrace = !leaving && deadline <= now && grace > now;
        int asked = leaving && !reply.text(3).isEmpty() ? Integer.parseInt(reply.text(3)) : timeout;
        return new Explanation.Lease(
                whole(reply, 4) / 1000,
                null,
                asked,
                leaving || byGrace ? 0 : deadline - timeout * 1000L,
                null,
                byGrace ? grace : deadline,
                byGrace,
                leaving);
    }

    private static Explanation.@Nullable Absence absence(Reply reply, int polls, long now) {
        long state = whole(reply, 6);
        long debounced = whole(reply, 7);
        return state <= now && debounced <= now
                ? null
                : new Explanation.Absence(debounced > now ? debounced : 0, polls, state > now ? state : 0);
    }

    /** Returns a score as a whole number, 0 for none. */
    private static long whole(Reply reply, int index) {
        String text = reply.text(index);
        return text.isEmpty() ? 0 : (long) Double.parseDouble(text);
    }

    /** Returns how the events of a channel are announced. */
    CompletableFuture<ModeView> mode(Keyset keyset, Channel channel) {
        return scripts.list(
                        Script.EXPLAIN,
                        names.channel(keyset.key, channel.name()),
                        keyset.arguments(channel.name(), ""))
                .thenApply(reply -> mode(keyset, reply));
    }

    @Override
    public CompletionStage<UserExplanation> explain(SubscribeKey key, UserId user) {
        Keyset keyset = keysets.apply(key);
        return RedisEngine.edge(users.channels(key, user)
                .thenCompose(channels -> polls.viewsOf(keyset, user, null)
                        .thenCompose(views -> explain(keyset, user, channels, views))));
    }

    private CompletableFuture<UserExplanation> explain(
            Keyset keyset, UserId user, List<Channel> all, List<PollView> views) {
        List<Channel> channels = all.stream()
                .filter(channel -> keyset.isTracked(channel.name()))
                .toList();
        List<Channel> first = channels.subList(0, Math.min(MOST_CHANNELS, channels.size()));
        return Slices.map(first, AT_ONCE, channel -> explain(keyset, channel, user, of(views, channel), List.of()))
                .thenCompose(explained -> spellings(keyset, user)
                        .thenApply(others -> new UserExplanation(
                                keyset.key,
                                user,
                                polls.epochMillis(),
                                channels.size(),
                                explained,
                                views,
                                bans.find(keyset.key, user, polls.epochMillis()),
                                keyset.settings().presenceEnabled(),
                                others,
                                node)));
    }

    private CompletableFuture<List<UserId>> spellings(Keyset keyset, UserId user) {
        List<UserId> likely = Spellings.of(user);
        return Slices.map(likely, AT_ONCE, other -> users.channels(keyset.key, other))
                .thenApply(found -> {
                    List<UserId> online = new ArrayList<>();
                    for (int i = 0; i < likely.size(); i++) {
                        if (!found.get(i).isEmpty()) {
                            online.add(likely.get(i));
                        }
                    }
                    return online;
                });
    }

    private static List<PollView> of(List<PollView> views, Channel channel) {
        List<PollView> found = new ArrayList<>();
        for (PollView view : views) {
            List<PollView.Place> places = view.places().stream()
                    .filter(place -> place.channel().equals(channel))
                    .toList();
            if (!places.isEmpty()) {
                found.add(new PollView(view.node(), view.address(), view.agent(), view.sinceMillis(), places));
            }
        }
        return found;
    }
}
