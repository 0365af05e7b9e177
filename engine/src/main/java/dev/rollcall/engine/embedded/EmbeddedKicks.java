package dev.rollcall.engine.embedded;

import static java.util.concurrent.CompletableFuture.completedStage;
import static java.util.concurrent.CompletableFuture.failedStage;

import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.embedded.feed.Onlookers;
import dev.rollcall.engine.embedded.feed.ParkedPoll;
import dev.rollcall.engine.embedded.feed.Subscription;
import dev.rollcall.engine.embedded.roster.Absence;
import dev.rollcall.engine.embedded.roster.Keyset;
import dev.rollcall.engine.embedded.roster.Place;
import dev.rollcall.engine.embedded.roster.PollFinder;
import dev.rollcall.engine.embedded.roster.Shard;
import dev.rollcall.engine.embedded.roster.Shards;
import dev.rollcall.engine.embedded.roster.UserIndex;
import dev.rollcall.engine.embedded.table.UserKey;
import dev.rollcall.engine.kick.Ban;
import dev.rollcall.engine.kick.BanTable;
import dev.rollcall.engine.kick.Kick;
import dev.rollcall.engine.kick.Kicked;
import dev.rollcall.engine.kick.Kicks;
import dev.rollcall.engine.kick.Refused;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.Departure;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Takes users off, channel by channel, one lock at a time. */
final class EmbeddedKicks implements Kicks {
    /** How often a user who is kept off everywhere is looked for: a request that began before the ban may end after it. */
    private static final int MOST_LOOKS = 3;

    private final KeysetTable keysets;
    private final Shards shards;
    private final UserIndex users;
    private final BanTable bans;
    private final EngineTime time;

    EmbeddedKicks(KeysetTable keysets, Shards shards, UserIndex users, BanTable bans, EngineTime time) {
        this.keysets = keysets;
        this.shards = shards;
        this.users = users;
        this.bans = bans;
        this.time = time;
    }

    @Override
    public CompletionStage<Kicked> kick(Kick kick) {
        try {
            long epoch = time.epochMillis();
            Keyset keyset = keysets.get(kick.key(), time.monotonicMillis());
            Ban ban = kick.ban(epoch);
            if (ban != null) {
                bans.put(ban, epoch);
            }
            return completedStage(takeOff(keyset, kick, ban));
        } catch (ProtocolException e) {
            return failedStage(e);
        }
    }

    private Kicked takeOff(Keyset keyset, Kick kick, @Nullable Ban ban) {
        UserKey user = UserKey.of(kick.user());
        IdentityHashMap<ParkedPoll, Refused> polls = new IdentityHashMap<>();
        TreeSet<Channel> left = new TreeSet<>();
        for (int look = 0; look < MOST_LOOKS; look++) {
            List<Channel> channels = channels(kick.key(), kick.user(), kick.channels());
            if (look == 0 && ban != null && kick.channels().isEmpty()) {
                channels = withAwaited(channels, keyset, user);
            }
            for (Channel channel : channels) {
                Place place = shards.place(keyset, channel);
                for (Subscription subscription : PollFinder.find(place, user)) {
                    polls.computeIfAbsent(subscription.poll, poll -> new Refused())
                            .add(channel, subscription.match());
                }
                takeOff(place, user, left);
            }
            if (ban == null || channels.isEmpty()) {
                break;
            }
        }
        polls.forEach((poll, refused) -> {
            if (ban == null) {
                poll.release();
            } else {
                poll.refuse(refused.refusal());
            }
        });
        int others = endOnlookers(keyset, kick, ban, polls.keySet());
        return new Kicked(List.copyOf(left), polls.size() + others, ban == null ? 0 : ban.untilMillis());
    }

    /** Ends the polls that hear of what the user is taken off without standing for them, and returns how many of them were not ended before. */
    private static int endOnlookers(Keyset keyset, Kick kick, @Nullable Ban ban, Set<ParkedPoll> before) {
        int count = 0;
        // Whether a kick is about a poll is the same question as whether a ban would be.
        Ban asked = ban == null ? new Ban(kick.key(), kick.user(), kick.channels(), 0, Long.MAX_VALUE, null) : ban;
        for (Onlookers.Onlooker onlooker : keyset.onlookers.of(kick.user())) {
            ProtocolException refusal = BanTable.refusal(
                    asked, onlooker.channels(), onlooker.groups(), group -> keyset.groups.channels(group));
            if (refusal == null || before.contains(onlooker.poll())) {
                continue;
            }
            count++;
            if (ban == null) {
                onlooker.poll().release();
            } else {
                onlooker.poll().refuse(refusal);
            }
        }
        return count;
    }

    /** Adds the channels that a user is to be in once the debounce time is over: their polls wait there already. */
    private List<Channel> withAwaited(List<Channel> channels, Keyset keyset, UserKey user) {
        List<Channel> all = new ArrayList<>(channels);
        for (Shard shard : shards.all()) {
            List<Absence> absences;
            shard.enter();
            try {
                absences = shard.absences.all();
            } finally {
                shard.exit();
            }
            for (Absence absence : absences) {
                if (absence.place.keyset().equals(keyset) && absence.user.equals(user)) {
                    all.add(absence.place.channel());
                }
            }
        }
        return all;
    }

    /** Takes a user off all that a ban is about, for a request of theirs that began before it has ended after it. */
    void takeOff(Keyset keyset, Ban ban) {
        UserKey user = UserKey.of(ban.user());
        for (Channel channel : channels(ban.key(), ban.user(), ban.channels())) {
            takeOff(shards.place(keyset, channel), user, new TreeSet<>());
        }
    }

    /** Returns what is named or, where nothing is, wherever the user is. */
    private List<Channel> channels(SubscribeKey key, UserId user, List<Channel> named) {
        return named.isEmpty() ? users.channels(key, user) : named;
    }

    private void takeOff(Place place, UserKey user, Set<Channel> left) {
        place.shard().enter();
        try {
            if (place.lease(user) != null) {
                left.add(place.channel());
            }
            place.shard().presence.leave(place, user, Departure.KICK, time.monotonicMillis());
        } finally {
            place.shard().exit();
        }
    }

    @Override
    public CompletionStage<Void> readmit(SubscribeKey key, UserId user) {
        bans.remove(key, user);
        return completedStage(null);
    }

    @Override
    public Optional<Ban> ban(SubscribeKey key, UserId user) {
        return Optional.ofNullable(bans.find(key, user, time.epochMillis()));
    }
}
