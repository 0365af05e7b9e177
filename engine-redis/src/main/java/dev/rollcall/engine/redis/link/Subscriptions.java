package dev.rollcall.engine.redis.link;

import io.lettuce.core.RedisFuture;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics that are wanted, held against those that Redis has confirmed. Whatever is not confirmed, be it that nobody could be asked,
 * that the question or its answer was lost, or that the topic is followed at a server that is no longer the master, is asked for again
 * until it is. Safe from any thread; its monitor is never held while a connection's is taken.
 */
final class Subscriptions {
    /** How long a confirmation may take before it is asked for again. */
    private static final long PATIENCE_MILLIS = 2000;

    /** Most topics in one command. */
    private static final int BATCH = 200;

    private static final Logger log = LoggerFactory.getLogger(Subscriptions.class);

    private final News news;
    private final IntFunction<@Nullable TopicConnection> connections;
    private final LongSupplier clock;
    private final Map<String, Wish> wishes = new HashMap<>();

    /** Those that are wanted and not confirmed. */
    private final Set<String> unconfirmed = new LinkedHashSet<>();

    /** Makes them, to be followed at whatever connection {@code connections} gives for a partition at the time. */
    Subscriptions(News news, IntFunction<@Nullable TopicConnection> connections, LongSupplier clock) {
        this.news = news;
        this.connections = connections;
        this.clock = clock;
    }

    /** A topic that is wanted. Guarded by the monitor. */
    private static final class Wish {
        final int partition;

        /** Where it was asked for last, or null. */
        @Nullable
        TopicConnection at;

        boolean confirmed;
        long askedAt;

        /** Since when it is wanted and not confirmed. */
        long since;

        Wish(int partition, long since) {
            this.partition = partition;
            this.since = since;
        }
    }

    /** Topics of one partition to be asked for at one connection. */
    private record Batch(TopicConnection at, int partition) {}

    void follow(String topic, int partition) {
        synchronized (this) {
            if (wishes.putIfAbsent(topic, new Wish(partition, clock.getAsLong())) != null) {
                return;
            }
            unconfirmed.add(topic);
        }
        place(List.of(topic));
    }

    void unfollow(String topic) {
        Wish wish;
        synchronized (this) {
            wish = wishes.remove(topic);
            unconfirmed.remove(topic);
        }
        if (wish != null && wish.at != null) {
            wish.at.unsubscribe(topic);
        }
    }

    /** Asks for what is not confirmed, and asks elsewhere for what is followed in the wrong place. */
    void reconcile() {
        List<String> topics;
        List<String> moved = new ArrayList<>();
        List<Runnable> endings = new ArrayList<>();
        synchronized (this) {
            wishes.forEach((topic, wish) -> {
                TopicConnection at = wish.at;
                TopicConnection right = connections.apply(wish.partition);
                if (wish.confirmed && at != null && right != null && at != right) {
                    endings.add(() -> at.unsubscribe(topic));
                    lose(topic, wish);
                    moved.add(topic);
                }
            });
            topics = List.copyOf(unconfirmed);
        }
        endings.forEach(Runnable::run);
        tellLost(moved);
        place(topics);
    }

    private void place(List<String> topics) {
        Map<Batch, List<String>> batches = new LinkedHashMap<>();
        long now = clock.getAsLong();
        synchronized (this) {
            for (String topic : topics) {
                Wish wish = wishes.get(topic);
                if (wish == null || wish.confirmed) {
                    continue;
                }
                TopicConnection at = connections.apply(wish.partition);
                if (at == null || at.get() == null || wish.at == at && now - wish.askedAt < PATIENCE_MILLIS) {
                    continue;
                }
                wish.at = at;
                wish.askedAt = now;
                batches.computeIfAbsent(new Batch(at, wish.partition), any -> new ArrayList<>())
                        .add(topic);
            }
        }
        batches.forEach((batch, names) -> {
            for (int from = 0; from < names.size(); from += BATCH) {
                ask(batch.at, List.copyOf(names.subList(from, Math.min(names.size(), from + BATCH))));
            }
        });
    }

    private void ask(TopicConnection at, List<String> topics) {
        try {
            RedisFuture<Void> asked = at.subscribe(topics);
            if (asked == null) {
                refused(at, topics);
                return;
            }
            asked.whenComplete((done, failure) -> {
                if (failure != null) {
                    log.debug("topics refused connection={} count={}", at, topics.size(), failure);
                    refused(at, topics);
                }
            });
        } catch (RuntimeException e) {
            refused(at, topics);
        }
    }

    private synchronized void refused(TopicConnection at, List<String> topics) {
        for (String topic : topics) {
            Wish wish = wishes.get(topic);
            if (wish != null && wish.at == at && !wish.confirmed) {
                wish.at = null;
            }
        }
    }

    /** Redis says that a topic is followed over a connection. */
    void confirmed(TopicConnection at, String topic) {
        synchronized (this) {
            Wish wish = wishes.get(topic);
            // An answer that comes after we have given up waiting for it is as good as any.
            if (wish == null || wish.at != at && (wish.at != null || connections.apply(wish.partition) != at)) {
                return;
            }
            wish.at = at;
            wish.confirmed = true;
            unconfirmed.remove(topic);
        }
        news.onFollowing(topic);
    }

    /** Redis says that a topic is followed over a connection no more: because we asked, or because its slot has gone elsewhere. */
    void ended(TopicConnection at, String topic) {
        List<String> topics = new ArrayList<>();
        synchronized (this) {
            Wish ended = wishes.get(topic);
            // Where it is not confirmed it was asked for anew after its end.
            if (ended == null || ended.at != at || !ended.confirmed) {
                return;
            }
            // A slot moves as a whole: nothing of it is heard at the new place before all of it is lost at the old.
            wishes.forEach((name, wish) -> {
                if (wish.partition == ended.partition && wish.at == at) {
                    topics.add(name);
                    lose(name, wish);
                }
            });
        }
        tellLost(topics);
        place(topics);
    }

    /** A connection is gone, and everything that was followed there. */
    void lost(TopicConnection at) {
        List<String> topics = new ArrayList<>();
        synchronized (this) {
            wishes.forEach((topic, wish) -> {
                if (wish.at == at) {
                    if (wish.confirmed) {
                        topics.add(topic);
                    }
                    lose(topic, wish);
                }
            });
        }
        tellLost(topics);
    }

    private void lose(String topic, Wish wish) {
        if (wish.confirmed) {
            wish.since = clock.getAsLong();
        }
        wish.at = null;
        wish.confirmed = false;
        unconfirmed.add(topic);
    }

    private void tellLost(Collection<String> topics) {
        if (!topics.isEmpty()) {
            news.onLost(topics);
        }
    }

    void onNews(String topic, byte[] message) {
        news.onNews(topic, message);
    }

    /** Returns whether everything that has been wanted for a moment is confirmed. */
    boolean isUpToDate() {
        return overdue() == 0;
    }

    /** Returns how many topics have been wanted for a moment and are not confirmed. */
    synchronized int overdue() {
        long now = clock.getAsLong();
        int overdue = 0;
        for (String topic : unconfirmed) {
            Wish wish = wishes.get(topic);
            if (wish != null && now - wish.since >= PATIENCE_MILLIS) {
                overdue++;
            }
        }
        return overdue;
    }
}
