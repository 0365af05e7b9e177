package dev.rollcall.engine.embedded;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.Delivery;
import dev.rollcall.engine.Engine;
import dev.rollcall.engine.Poll;
import dev.rollcall.engine.PollListener;
import dev.rollcall.engine.Subscribe;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** A client of the stress test: polls again after every answer, on the thread that brought it or on another. */
final class StressClient {
    final String name;

    /** How many times a message of a channel must be delivered. */
    final ToIntFunction<String> matches;

    private final Engine engine;
    private final SubscribeKey key;
    private final @Nullable UserId user;
    private final List<Channel> channels;
    private final List<ChannelGroup> groups;
    private final Executor executor;
    private final Map<Long, Integer> heard = new HashMap<>();
    private long cursor;
    private long lastHeard;
    private int round;
    private @Nullable Poll poll;
    private @Nullable String fault;
    private boolean stopped;

    StressClient(
            String name,
            Engine engine,
            SubscribeKey key,
            @Nullable UserId user,
            List<Channel> channels,
            List<ChannelGroup> groups,
            Executor executor,
            ToIntFunction<String> matches) {
        this.name = name;
        this.engine = engine;
        this.key = key;
        this.user = user;
        this.channels = channels;
        this.groups = groups;
        this.executor = executor;
        this.matches = matches;
    }

    /** Sends the next request, the handshake first. */
    void send() {
        Subscribe request;
        int own;
        synchronized (this) {
            own = ++round;
            request = new Subscribe(key, user, channels, groups, cursor, 0, Map.of(), null);
        }
        Poll sent = engine.subscribe(request, new PollListener() {
            @Override
            public void onAnswer(Answer answer) {
                answered(own, answer);
            }

            @Override
            public void onFailure(ProtocolException failure) {
                fail(failure.toString());
            }
        });
        synchronized (this) {
            if (round == own) {
                poll = sent;
            }
        }
    }

    /** Drops the poll that waits and sends another. */
    void disturb(boolean connectionLost) {
        Poll open;
        synchronized (this) {
            open = poll;
            if (open == null) {
                return;
            }
            poll = null;
            round++;
        }
        if (connectionLost) {
            open.disconnect();
        } else {
            open.cancel();
        }
        send();
    }

    private void answered(int own, Answer answer) {
        boolean handOver;
        synchronized (this) {
            if (own != round || stopped) {
                return;
            }
            round++;
            poll = null;
            for (Delivery delivery : answer.deliveries()) {
                long timetoken = delivery.message().timetoken();
                if (timetoken <= cursor || timetoken < lastHeard) {
                    fail(timetoken + " after " + lastHeard + " from " + cursor);
                }
                lastHeard = timetoken;
                heard.merge(timetoken, 1, Integer::sum);
            }
            if (answer.timetoken() < cursor || answer.timetoken() < lastHeard) {
                fail("position " + answer.timetoken() + " after " + cursor);
            }
            cursor = answer.timetoken();
            handOver = cursor % 3 != 0;
        }
        if (handOver) {
            executor.execute(this::send);
        } else {
            send();
        }
    }

    private synchronized void fail(String what) {
        fault = name + ": " + what;
    }

    /** Returns what is wrong or missing after these messages, by timetoken, were published; null if nothing is. */
    synchronized @Nullable String missing(Map<Long, String> published) {
        if (fault != null) {
            return fault;
        }
        for (Map.Entry<Long, String> message : published.entrySet()) {
            int expected = matches.applyAsInt(message.getValue());
            int times = heard.getOrDefault(message.getKey(), 0);
            if (times != expected) {
                return name + " heard " + message + " " + times + " times (expected: " + expected + "), cursor "
                        + cursor;
            }
        }
        return null;
    }

    /** Polls no more. */
    synchronized void stop() {
        stopped = true;
    }

    /** Forgets what was heard. */
    synchronized void forget() {
        heard.clear();
    }

    synchronized @Nullable String fault() {
        return fault;
    }
}
