package dev.rollcall.engine.embedded;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.Delivery;
import dev.rollcall.engine.Engine;
import dev.rollcall.engine.MessageFilter;
import dev.rollcall.engine.Poll;
import dev.rollcall.engine.PollListener;
import dev.rollcall.engine.Subscribe;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A client that polls again after every answer, on the thread that brought it, and whose listener throws now and then once it has done so.
 * Notes what must not be: an answer more than one, a message twice or out of order.
 */
final class ChaosClient {
    private final Engine engine;
    private final SubscribeKey key;
    private final @Nullable UserId user;
    private final List<Channel> channels;
    private final List<ChannelGroup> groups;
    private final @Nullable MessageFilter filter;
    private final Runnable thrower;

    private long cursor;
    private int round;
    private @Nullable Poll poll;
    private @Nullable String fault;
    private boolean rests;

    ChaosClient(
            Engine engine,
            SubscribeKey key,
            @Nullable UserId user,
            List<Channel> channels,
            List<ChannelGroup> groups,
            @Nullable MessageFilter filter,
            Runnable thrower) {
        this.engine = engine;
        this.key = key;
        this.user = user;
        this.channels = channels;
        this.groups = groups;
        this.filter = filter;
        this.thrower = thrower;
    }

    /** Sends the next request, the handshake first. */
    void send() {
        Subscribe request;
        int own;
        synchronized (this) {
            if (rests) {
                return;
            }
            own = ++round;
            request = new Subscribe(key, user, channels, groups, cursor, 5, Map.of(), filter);
        }
        AtomicBoolean isOver = new AtomicBoolean();
        Poll sent = engine.subscribe(request, new PollListener() {
            @Override
            public void onAnswer(Answer answer) {
                once(isOver);
                answered(own, answer);
            }

            @Override
            public void onFailure(ProtocolException failure) {
                once(isOver);
                failed(own);
            }
        });
        synchronized (this) {
            if (round == own) {
                poll = sent;
                return;
            }
        }
        // Answered by now, or another was sent meanwhile.
        sent.cancel();
    }

    private void answered(int own, Answer answer) {
        synchronized (this) {
            if (own != round) {
                return;
            }
            note(answer);
        }
        send();
        thrower.run();
    }

    private void once(AtomicBoolean isOver) {
        if (!isOver.compareAndSet(false, true)) {
            synchronized (this) {
                fault = "answered twice";
            }
        }
    }

    private void note(Answer answer) {
        round++;
        poll = null;
        long last = cursor;
        Set<String> delivered = new HashSet<>();
        for (Delivery delivery : answer.deliveries()) {
            long timetoken = delivery.message().timetoken();
            if (timetoken <= cursor || timetoken < last) {
                fault = timetoken + " after " + last + " from " + cursor;
            }
            if (!delivered.add(timetoken + " " + delivery.match() + " "
                    + delivery.message().channel())) {
                // A name may lead to a channel in several ways, through a group and its presence; one way once.
                fault = groups.isEmpty() ? timetoken + " twice through " + delivery.match() : fault;
            }
            last = timetoken;
        }
        if (answer.timetoken() < last) {
            fault = "position " + answer.timetoken() + " after " + last;
        }
        cursor = answer.timetoken();
    }

    private void failed(int own) {
        synchronized (this) {
            if (own != round) {
                return;
            }
            round++;
            poll = null;
        }
        send();
    }

    /** Loses the connection and comes back. */
    void disconnect() {
        drop(true);
        send();
    }

    /** Drops the poll that waits, or has it answered, and sends another. */
    void disturb(boolean releases) {
        Poll open;
        synchronized (this) {
            open = poll;
        }
        if (open != null && releases) {
            open.release();
        } else {
            drop(false);
            send();
        }
    }

    private void drop(boolean connectionLost) {
        Poll open;
        synchronized (this) {
            open = poll;
            poll = null;
            round++;
        }
        if (open != null && connectionLost) {
            open.disconnect();
        } else if (open != null) {
            open.cancel();
        }
    }

    /** Sends no more; what waits goes on waiting. */
    synchronized void rest() {
        rests = true;
    }

    /** Polls no more. */
    void stop() {
        rest();
        drop(false);
    }

    synchronized boolean isWaiting() {
        return poll != null;
    }

    synchronized @Nullable String fault() {
        return fault;
    }
}
