package dev.rollcall.engine.redis;

import dev.rollcall.engine.Client;
import dev.rollcall.engine.directory.PollView;
import dev.rollcall.engine.kick.Ban;
import dev.rollcall.engine.kick.BanTable;
import dev.rollcall.engine.kick.Refused;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.UserId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What operators ask about the polls of this node, and do to them. Questions are answered on the hub's thread, from any other. */
final class PollDesk {
    /** The most users whose polls are told at once. */
    private static final int MOST_USERS = 1000;

    /** The most polls of one user that are told, or counted, at once. */
    private static final int MOST_POLLS = 1000;

    private final Hub hub;
    private final NodeThreads threads;
    private final RedisClock clock;
    private final String node;

    PollDesk(Hub hub, NodeThreads threads, RedisClock clock, String node) {
        this.hub = hub;
        this.threads = threads;
        this.clock = clock;
        this.node = node;
    }

    /** Returns what time it is in Redis, as far as this node knows. */
    long epochMillis() {
        return clock.epochMillis();
    }

    private <T> CompletableFuture<T> answer(Supplier<T> question) {
        return CompletableFuture.supplyAsync(question, threads.hub());
    }

    /**
     * Returns the polls of a user, the oldest first.
     *
     * @param channel the only channel that is asked about, or null for all
     */
    CompletableFuture<List<PollView>> viewsOf(Keyset keyset, UserId user, @Nullable Channel channel) {
        return answer(() -> {
            List<PollView> views = new ArrayList<>();
            for (ParkedPoll poll : hub.polls().of(keyset.key, user, MOST_POLLS)) {
                List<PollView.Place> places = new ArrayList<>();
                for (Feed.Subscription subscription : poll.subscriptions) {
                    Channel own = subscription.wanted.channel();
                    if (subscription.wanted.isCounted() && (channel == null || channel.equals(own))) {
                        places.add(new PollView.Place(own, subscription.wanted.match()));
                    }
                }
                if (!places.isEmpty()) {
                    views.add(view(poll, places));
                }
            }
            // The latest came first; of one moment the earlier stays before the later.
            Collections.reverse(views);
            views.sort(Comparator.comparingLong(PollView::sinceMillis));
            return views;
        });
    }

    private PollView view(ParkedPoll poll, List<PollView.Place> places) {
        Client client = poll.subscribe.client();
        long hold = poll.keyset.settings().pollHold().toMillis();
        long waits = hold - (poll.holdUntil - threads.time().monotonicMillis());
        return new PollView(
                node,
                client == null ? null : client.address(),
                client == null ? null : client.agent(),
                epochMillis() - Math.max(0, waits),
                places);
    }

    /** Returns how many polls wait for what is published in a channel, and for its presence events. */
    CompletableFuture<int[]> countAt(Keyset keyset, Channel channel) {
        return answer(() -> new int[] {
            hub.topics().listeners(keyset.key, channel, false), hub.topics().listeners(keyset.key, channel, true)
        });
    }

    /** Returns the first users, by name, whose polls wait here and whose ids begin with {@code prefix}. */
    CompletableFuture<Set<UserId>> usersOf(Keyset keyset, String prefix) {
        TreeSet<UserId> users = new TreeSet<>(Comparator.comparing(UserId::value));
        return walk(null, poll -> {
                    UserId user = poll.subscribe.user();
                    if (user != null
                            && poll.keyset.key.equals(keyset.key)
                            && user.value().startsWith(prefix)) {
                        users.add(user);
                        if (users.size() > MOST_USERS) {
                            users.pollLast();
                        }
                    }
                })
                .thenApply(done -> users);
    }

    /** Looks at all polls, some at a time; between them the hub does what else is to be done. */
    private CompletableFuture<Void> walk(@Nullable ParkedPoll last, Consumer<ParkedPoll> look) {
        return answer(() -> {
                    List<ParkedPoll> part = hub.polls().after(last, Turns.AT_ONCE);
                    part.forEach(look);
                    return part;
                })
                .thenCompose(part -> part.isEmpty()
                        ? CompletableFuture.completedFuture(null)
                        : walk(part.get(part.size() - 1), look));
    }

    /** Returns how many polls of a user a kick is about, up to a thousand. On the hub's thread. */
    int countOf(Ban ban) {
        int count = 0;
        for (ParkedPoll poll : hub.polls().of(ban.key(), ban.user(), MOST_POLLS)) {
            if (isAbout(ban, poll)) {
                count++;
            }
        }
        return count;
    }

    private static boolean isAbout(Ban ban, ParkedPoll poll) {
        if (ban.channels().isEmpty()) {
            return true;
        }
        for (Feed.Subscription subscription : poll.subscriptions) {
            // Whoever only hears of a channel is about it too.
            if (ban.covers(subscription.wanted.channel())) {
                return true;
            }
        }
        return false;
    }

    /** Ends the polls a kick is about: with a refusal, where their user is kept off, else with nothing. On the hub's thread. */
    void end(Ban ban, boolean isKeptOff) {
        Turns.each(threads.hub(), hub.polls().of(ban.key(), ban.user(), Integer.MAX_VALUE), poll -> {
            if (poll.isOpen() && isAbout(ban, poll)) {
                if (isKeptOff) {
                    hub.refuse(poll, refusal(ban, poll));
                } else {
                    hub.release(poll);
                }
            }
        });
    }

    private static ProtocolException refusal(Ban ban, ParkedPoll poll) {
        if (ban.channels().isEmpty()) {
            ProtocolException all =
                    BanTable.refusal(ban, poll.subscribe.channels(), poll.subscribe.groups(), group -> List.of());
            if (all != null) {
                return all;
            }
        }
        Refused refused = new Refused();
        for (Feed.Subscription subscription : poll.subscriptions) {
            Channel channel = subscription.wanted.channel();
            if (ban.covers(channel)) {
                refused.add(channel, subscription.wanted.match());
            }
        }
        return refused.refusal();
    }
}
