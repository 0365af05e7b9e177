package dev.rollcall.engine.redis;

import dev.rollcall.engine.kick.Ban;
import dev.rollcall.engine.kick.BanTable;
import dev.rollcall.engine.kick.Kick;
import dev.rollcall.engine.kick.Kicked;
import dev.rollcall.engine.kick.Kicks;
import dev.rollcall.engine.redis.link.Link;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.Departure;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is kicked, on all nodes. It stands in Redis, and every node has a copy: news tells that there is something to read, and a look every
 * second finds it where news was lost. A node that hears of a kick ends its own polls of that user; and takes them off once more where they
 * are kept off, for somebody may have come in on a node that had not heard yet. The copy is owned by the hub's thread, but for the table of
 * bans, which is safe from any thread.
 */
final class SharedKicks implements Kicks {
    /** How long nodes are told of a kick that keeps nobody off. */
    private static final long TOLD_MILLIS = 5000;

    private static final String TO_BE_TOLD_ALL = "";
    private static final Logger log = LoggerFactory.getLogger(SharedKicks.class);

    private final Scripts scripts;
    private final Names names;
    private final RedisClock clock;
    private final Executor hub;
    private final PollDesk polls;
    private final UserIndex users;
    private final SignsOfLife signs;
    private final Presence presence;
    private final Function<SubscribeKey, Keyset> keysets;
    private final String topic;
    private final BanTable bans;

    private final Map<String, String> known = new HashMap<>();
    private String version = TO_BE_TOLD_ALL;

    /** Who is to be taken off here and has not been yet, by the name of the entry; no more than there are bans. */
    private final Map<String, Ban> owed = new HashMap<>();

    /** Which of them are being taken off. */
    private final Set<String> underWay = new HashSet<>();

    private boolean reading;
    private boolean readAgain;

    SharedKicks(
            Store store,
            NodeThreads threads,
            PollDesk polls,
            UserIndex users,
            SignsOfLife signs,
            Presence presence,
            Function<SubscribeKey, Keyset> keysets,
            BanTable bans) {
        scripts = store.scripts();
        names = store.names();
        clock = store.clock();
        hub = threads.hub();
        this.polls = polls;
        this.users = users;
        this.signs = signs;
        this.presence = presence;
        this.keysets = keysets;
        this.bans = bans;
        topic = names.kicks();
    }

    /** Begins to hear of kicks. */
    void follow(Link link) {
        link.follow(topic, 0);
    }

    /** Returns whether this is the topic of kicks. Safe from any thread. */
    boolean owns(String other) {
        return topic.equals(other);
    }

    /** Looks whether there is something new. To be called every second or so, and on news. On the hub's thread. */
    void look() {
        long epoch = clock.epochMillis();
        bans.tend(epoch);
        forgetOver(epoch);
        owed.values().removeIf(ban -> ban.untilMillis() <= epoch);
        Map.copyOf(owed).forEach(this::takeOff);
        if (reading) {
            readAgain = true;
        } else {
            reading = true;
            readAgain = false;
            call("", "")
                    .whenCompleteAsync(
                            (reply, failure) -> {
                                reading = false;
                                if (failure == null) {
                                    learn(reply);
                                }
                                if (readAgain) {
                                    look();
                                }
                            },
                            hub);
        }
    }

    private CompletableFuture<Reply> call(String name, String text) {
        return scripts.list(Script.KICK, names.kick(), version, name, text, Integer.toString(MOST_BANS));
    }

    /** Takes up what Redis has. On the hub's thread. */
    private void learn(Reply reply) {
        if (reply.size() == 0 || reply.number(0) < 0 || reply.text(0).equals(version)) {
            return;
        }
        boolean isWhole = reply.number(1) == 1;
        if (!isWhole && Long.parseLong(reply.text(0)) < Long.parseLong(version)) {
            // An answer that one to a later question has overtaken.
            return;
        }
        version = reply.text(0);
        Set<String> gone = new HashSet<>(isWhole ? known.keySet() : Set.of());
        Map<String, String> changed = new HashMap<>();
        for (int i = 2; i + 1 < reply.size(); i += 2) {
            String name = reply.text(i);
            String text = reply.text(i + 1);
            if (text.isEmpty()) {
                gone.add(name);
            } else {
                gone.remove(name);
                changed.put(name, text);
            }
        }
        gone.forEach(this::forget);
        changed.forEach((name, text) -> {
            if (!text.equals(known.put(name, text))) {
                tried(name, text);
            }
        });
    }

    private void forget(String name) {
        String text = known.remove(name);
        if (text != null && KickCodec.isBan(text)) {
            Ban was = KickCodec.decode(name, text);
            bans.remove(was.key(), was.user());
            owed.remove(name);
        }
    }

    /** Forgets entries whose time is over, which nobody tells. */
    private void forgetOver(long epoch) {
        known.entrySet().removeIf(entry -> KickCodec.untilMillis(entry.getValue()) <= epoch);
    }

    private void tried(String name, String text) {
        try {
            Ban ban = KickCodec.decode(name, text);
            long epoch = clock.epochMillis();
            if (!KickCodec.isBan(text)) {
                polls.end(ban, false);
            } else if (ban.untilMillis() > epoch) {
                bans.put(ban, epoch);
                polls.end(ban, true);
                owed.put(name, ban);
                takeOff(name, ban);
            }
        } catch (ProtocolException e) {
            log.warn("a kick is not heeded name={}", name, e);
        } catch (RuntimeException e) {
            log.error("unreadable kick name={}", name, e);
        }
    }

    @Override
    public CompletionStage<Kicked> kick(Kick kick) {
        long epoch = clock.epochMillis();
        Ban ban = kick.ban(epoch);
        Ban told = ban != null
                ? ban
                : new Ban(kick.key(), kick.user(), kick.channels(), epoch, epoch + TOLD_MILLIS, kick.reason());
        String name = KickCodec.name(kick.key(), kick.user(), ban != null);
        String text = KickCodec.encode(told, ban != null);
        return RedisEngine.edge(users.channels(kick.key(), kick.user()).thenCompose(present -> {
            List<Channel> left = present.stream().filter(told::covers).toList();
            long until = ban == null ? 0 : ban.untilMillis();
            // Whoever is kept off is so before they are taken off; whoever is not has left before their polls end, so
            // that these are not
            // followed by others that prolong what is about to end.
            CompletableFuture<Integer> polls = ban != null
                    ? change(name, text).thenCompose(count -> takeOff(told).thenApply(done -> count))
                    : takeOff(told).thenCompose(done -> change(name, text));
            return polls.thenApply(count -> new Kicked(left, count, until));
        }));
    }

    /** Changes an entry; completes once that is known here, with the number of polls that stood for the user here. */
    private CompletableFuture<Integer> change(String name, String text) {
        int[] count = {0};
        return CompletableFuture.supplyAsync(
                        () -> {
                            if (!text.isEmpty()) {
                                count[0] = polls.countOf(KickCodec.decode(name, text));
                            }
                            return null;
                        },
                        hub)
                .thenCompose(none -> call(name, text))
                .thenApplyAsync(
                        reply -> {
                            if (reply.number(0) < 0) {
                                throw new ProtocolException(
                                        ErrorCode.RATE_LIMITED,
                                        ErrorCode.RATE_LIMITED.text() + ", users kept off: " + MOST_BANS);
                            }
                            learn(reply);
                            return count[0];
                        },
                        hub);
    }

    /** Takes off whom a ban is about; where that fails the next look tries again. On the hub's thread. */
    private void takeOff(String name, Ban ban) {
        if (underWay.add(name)) {
            takeOff(ban)
                    .whenCompleteAsync(
                            (done, failure) -> {
                                underWay.remove(name);
                                if (failure == null) {
                                    owed.remove(name, ban);
                                }
                            },
                            hub);
        }
    }

    private CompletableFuture<Void> takeOff(Ban ban) {
        Keyset keyset = keysets.apply(ban.key());
        return signs.departure(
                ban.key(),
                ban.user(),
                () -> channels(ban)
                        .thenCompose(channels -> Slices.each(
                                channels,
                                Slices.AT_ONCE,
                                channel -> presence.takeOff(keyset, channel, ban.user(), Departure.KICK))));
    }

    private CompletableFuture<List<Channel>> channels(Ban ban) {
        return ban.channels().isEmpty()
                ? users.channels(ban.key(), ban.user())
                : CompletableFuture.completedFuture(ban.channels());
    }

    @Override
    public CompletionStage<Void> readmit(SubscribeKey key, UserId user) {
        return RedisEngine.edge(change(KickCodec.name(key, user, true), "").thenApply(count -> null));
    }

    @Override
    public Optional<Ban> ban(SubscribeKey key, UserId user) {
        return Optional.ofNullable(bans.find(key, user, clock.epochMillis()));
    }
}
