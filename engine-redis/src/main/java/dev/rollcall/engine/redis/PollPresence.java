package dev.rollcall.engine.redis;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.Departure;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.UserId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the polls that wait on this node say of their users: that they are there, while a poll is open, and that they may be gone, where
 * the last one has lost its connection. Owned by the hub's thread, but for {@link #signsOfLife}.
 */
final class PollPresence {
    /** After how long what failed is tried again. */
    private static final long AGAIN_MILLIS = 1000;

    /** How often at most: by then most leases have ended. */
    private static final int MOST_ATTEMPTS = 300;

    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    private final Executor thread;
    private final Agenda agenda;
    private final Presence presence;
    private final SignsOfLife signs;
    private final Consumer<ParkedPoll> failing;

    /** Makes one that hands polls whose signs of life cannot be counted to {@code failing}, on the hub's thread. */
    PollPresence(Executor thread, Agenda agenda, Presence presence, SignsOfLife signs, Consumer<ParkedPoll> failing) {
        this.thread = thread;
        this.agenda = agenda;
        this.presence = presence;
        this.signs = signs;
        this.failing = failing;
    }

    /**
     * Counts a subscribe in everything it names; completes once that is done, or has failed. To be called within a sign of life of the
     * user. Safe from any thread.
     */
    CompletableFuture<Void> signsOfLife(ParkedPoll poll, List<Interest> wanted) {
        UserId user = poll.subscribe.user();
        if (user == null || !poll.keyset.settings().implicitHeartbeat()) {
            return DONE;
        }
        if (wanted.size() == 1) {
            Interest only = wanted.get(0);
            return only.isCounted()
                    ? signOfLife(poll, user, only, only.state(), "").thenApply(outcome -> null)
                    : DONE;
        }
        // What is first, a group before a channel that is named, has its state; the order stays that of the request.
        Map<Channel, Interest> byChannel = new LinkedHashMap<>();
        for (Interest one : wanted) {
            if (one.isCounted()) {
                byChannel.merge(one.channel(), one, (first, other) -> first.state() == null ? other : first);
            }
        }
        return byChannel.isEmpty() ? DONE : signsOfLife(poll, user, byChannel);
    }

    private CompletableFuture<Void> signsOfLife(ParkedPoll poll, UserId user, Map<Channel, Interest> byChannel) {
        return presence.subscribedAll(
                        poll.keyset, byChannel, user, poll.subscribe.timeoutSeconds(), (wanted, outcome) -> {
                            if (outcome.waitMillis() > 0) {
                                thread.execute(() -> tryLater(poll, user, wanted, outcome));
                            }
                        })
                .whenCompleteAsync(
                        (done, failure) -> {
                            if (failure != null) {
                                failing.accept(poll);
                            }
                        },
                        thread);
    }

    private CompletableFuture<Presence.Outcome> signOfLife(
            ParkedPoll poll, UserId user, Interest wanted, @Nullable State state, String debounced) {
        int timeoutSeconds = poll.subscribe.timeoutSeconds();
        return presence.subscribed(poll.keyset, wanted.channel(), user, timeoutSeconds, state, debounced)
                .whenCompleteAsync(
                        (outcome, failure) -> {
                            if (failure != null) {
                                failing.accept(poll);
                            } else if (outcome.waitMillis() > 0) {
                                tryLater(poll, user, wanted, outcome);
                            }
                        },
                        thread);
    }

    private void tryLater(ParkedPoll poll, UserId user, Interest wanted, Presence.Outcome outcome) {
        if (poll.isOpen()) {
            agenda.after(outcome.waitMillis(), () -> againIfOpen(poll, user, wanted, outcome.debounced()));
        }
    }

    private void againIfOpen(ParkedPoll poll, UserId user, Interest wanted, String debounced) {
        if (poll.isOpen()) {
            var unused = signs.sign(
                    poll.keyset.key,
                    user,
                    () -> signOfLife(poll, user, wanted, null, debounced).handle((done, failure) -> null));
        }
    }

    /** Prolongs the leases of the user of a poll that is answered: an answer is a sign of life too. */
    void renew(ParkedPoll poll) {
        UserId user = poll.subscribe.user();
        if (user == null || !poll.keyset.settings().implicitHeartbeat()) {
            return;
        }
        List<Channel> counted = new ArrayList<>(poll.subscriptions.size());
        for (Feed.Subscription subscription : poll.subscriptions) {
            if (subscription.wanted.isCounted() && poll.keyset.isTracked(subscription.feed.channel.name())) {
                counted.add(subscription.feed.channel);
            }
        }
        if (!counted.isEmpty()) {
            presence.renewAll(poll.keyset, counted, user, poll.subscribe.timeoutSeconds());
        }
    }

    /**
     * The connection of a poll is lost, and it is in no feed any more.
     *
     * @param cause how that comes
     */
    void lost(ParkedPoll poll, Departure cause) {
        UserId user = poll.subscribe.user();
        if (user == null || !poll.keyset.settings().leaveOnDisconnect()) {
            return;
        }
        for (Feed.Subscription subscription : poll.subscriptions) {
            if (subscription.wanted.isCounted()) {
                tellLost(poll.keyset, subscription.feed, user, cause, MOST_ATTEMPTS);
            }
        }
    }

    /** Has it noted that the last poll of a user here is lost, again and again while Redis is away, unless there is another. */
    private void tellLost(Keyset keyset, Feed feed, UserId user, Departure cause, int attempts) {
        if (another(feed, user) != null) {
            return;
        }
        signs.departure(keyset.key, user, () -> presence.disconnected(keyset, feed.channel, user, cause))
                .whenCompleteAsync(
                        (done, failure) -> {
                            if (failure == null) {
                                // A poll that began meanwhile may have been counted before its user was taken off.
                                ask(feed, user);
                            } else if (attempts > 1) {
                                agenda.after(AGAIN_MILLIS, () -> tellLost(keyset, feed, user, cause, attempts - 1));
                            }
                        },
                        thread);
    }

    /** Counts a user anew in a channel, if there is an open poll of theirs. */
    void ask(Feed feed, UserId user) {
        Feed.Subscription other = another(feed, user);
        if (other != null) {
            againIfOpen(other.poll, user, other.wanted, "");
        }
    }

    /** Returns where an open poll of a user stands for their presence, or null. */
    private static Feed.@Nullable Subscription another(Feed feed, UserId user) {
        for (Feed.Subscription subscription : feed.subscriptions) {
            if (subscription.wanted.isCounted() && user.equals(subscription.poll.subscribe.user())) {
                return subscription;
            }
        }
        return null;
    }
}
