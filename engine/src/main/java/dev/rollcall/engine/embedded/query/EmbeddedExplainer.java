package dev.rollcall.engine.embedded.query;

import static java.util.concurrent.CompletableFuture.completedStage;
import static java.util.concurrent.CompletableFuture.failedStage;

import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.directory.RuleView;
import dev.rollcall.engine.embedded.roster.Insight;
import dev.rollcall.engine.embedded.roster.Keyset;
import dev.rollcall.engine.embedded.roster.Place;
import dev.rollcall.engine.embedded.roster.Shards;
import dev.rollcall.engine.embedded.roster.UserIndex;
import dev.rollcall.engine.embedded.table.UserKey;
import dev.rollcall.engine.explain.Explainer;
import dev.rollcall.engine.explain.Explanation;
import dev.rollcall.engine.explain.Spellings;
import dev.rollcall.engine.explain.UserExplanation;
import dev.rollcall.engine.kick.Ban;
import dev.rollcall.engine.kick.BanTable;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Tells why users are present, or are not. Holds a lock for a bounded piece of work at a time. */
public final class EmbeddedExplainer implements Explainer {
    private final Function<SubscribeKey, Keyset> keysets;
    private final Shards shards;
    private final UserIndex users;
    private final BanTable bans;
    private final EngineTime time;
    private final PollViews polls;

    /** Makes one that finds keysets by {@code keysets}, which may refuse. */
    public EmbeddedExplainer(
            Function<SubscribeKey, Keyset> keysets, Shards shards, UserIndex users, BanTable bans, EngineTime time) {
        this.keysets = keysets;
        this.shards = shards;
        this.users = users;
        this.bans = bans;
        this.time = time;
        polls = new PollViews(shards, time);
    }

    @Override
    public CompletionStage<Explanation> explain(SubscribeKey key, Channel channel, UserId user) {
        try {
            Keyset keyset = keysets.apply(key);
            return completedStage(explain(keyset, channel, UserKey.of(user), true));
        } catch (ProtocolException e) {
            return failedStage(e);
        }
    }

    private Explanation explain(Keyset keyset, Channel channel, UserKey user, boolean withSpellings) {
        Place place = shards.place(keyset, channel);
        long epoch = time.epochMillis();
        Insight insight = Insight.of(place, user);
        Ban ban = bans.find(keyset.key, user.user, epoch);
        return new Explanation(
                keyset.key,
                channel,
                user.user,
                epoch,
                insight.lease(),
                polls.of(keyset, user, List.of(channel)),
                insight.state(),
                insight.absence(),
                insight.last(),
                ban == null || !ban.covers(channel) ? null : ban,
                RuleView.of(keyset.settings(), channel.name()),
                insight.mode(),
                withSpellings ? Insight.spellings(place, user.user) : List.of(),
                null,
                keyset.settings().leaveOnDisconnect());
    }

    @Override
    public CompletionStage<UserExplanation> explain(SubscribeKey key, UserId user) {
        try {
            Keyset keyset = keysets.apply(key);
            return completedStage(explain(keyset, UserKey.of(user)));
        } catch (ProtocolException e) {
            return failedStage(e);
        }
    }

    private UserExplanation explain(Keyset keyset, UserKey user) {
        List<Channel> channels = users.channels(keyset.key, user.user);
        List<Channel> first = channels.subList(0, Math.min(MOST_CHANNELS, channels.size()));
        List<Explanation> explained = new ArrayList<>(first.size());
        for (Channel channel : first) {
            explained.add(explain(keyset, channel, user, false));
        }
        List<UserId> spellings = new ArrayList<>();
        for (UserId other : Spellings.of(user.user)) {
            if (!users.channels(keyset.key, other).isEmpty()) {
                spellings.add(other);
            }
        }
        long epoch = time.epochMillis();
        Ban ban = bans.find(keyset.key, user.user, epoch);
        return new UserExplanation(
                keyset.key,
                user.user,
                epoch,
                channels.size(),
                explained,
                polls.of(keyset, user, first),
                ban,
                keyset.settings().presenceEnabled(),
                spellings,
                null);
    }
}
