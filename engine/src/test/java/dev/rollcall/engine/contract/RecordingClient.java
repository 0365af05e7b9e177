package dev.rollcall.engine.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.Engine;
import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.Leave;
import dev.rollcall.engine.MessageFilter;
import dev.rollcall.engine.Poll;
import dev.rollcall.engine.PollListener;
import dev.rollcall.engine.SetState;
import dev.rollcall.engine.Subscribe;
import dev.rollcall.engine.Targets;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One device of a user: keeps a cursor, polls again after every answer, and remembers what it heard. Checks by itself that nothing
 * comes twice, out of order, or after a position that the client was told to go on from. Safe from any thread.
 */
public final class RecordingClient {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Engine engine;
    private final SubscribeKey key;
    private final @Nullable UserId user;
    private final List<Heard> inbox = new ArrayList<>();
    private final List<Answer> answers = new ArrayList<>();
    private final Map<String, State> states = new HashMap<>();

    private List<Channel> channels = List.of();
    private List<ChannelGroup> groups = List.of();
    private int timeoutSeconds;
    private @Nullable MessageFilter filter;

    private long cursor;
    private boolean pollsAgain;
    private int round;
    private int answeredRound;
    private @Nullable Poll poll;
    private @Nullable ProtocolException failure;
    private @Nullable AssertionError broken;
    private int taken;

    /** Makes a device that has not subscribed yet; nobody is counted if {@code user} is null. */
    public RecordingClient(Engine engine, SubscribeKey key, @Nullable UserId user) {
        this.engine = engine;
        this.key = key;
        this.user = user;
    }

    // ---- what the client does -------------------------------------------------------------------------------------

    /** Asks for a presence timeout from the next request on; 0 asks for nothing. */
    public RecordingClient asksFor(int seconds) {
        timeoutSeconds = seconds;
        return this;
    }

    /** Sends a state along with every further subscribe and heartbeat. */
    public RecordingClient carries(String channelOrGroup, String state) {
        states.put(channelOrGroup, State.ofJson(state));
        return this;
    }

    /** Sends no state along any more. */
    public RecordingClient carriesNothing() {
        states.clear();
        return this;
    }

    /** Filters what it gets from the next subscribe on. */
    public RecordingClient filters(MessageFilter wanted) {
        filter = wanted;
        return this;
    }

    /** Subscribes from now on: handshake, then poll after poll. */
    public RecordingClient subscribes(String... names) {
        return subscribes(List.of(names), List.of());
    }

    /** Subscribes from now on through channel groups alone. */
    public RecordingClient subscribesGroups(String... names) {
        return subscribes(List.of(), List.of(names));
    }

    /** Subscribes from now on. */
    public RecordingClient subscribes(List<String> channelNames, List<String> groupNames) {
        shakesHands(channelNames, groupNames);
        resumes();
        return this;
    }

    /** Makes the handshake alone. */
    public RecordingClient shakesHands(List<String> channelNames, List<String> groupNames) {
        pauses();
        names(channelNames, groupNames);
        synchronized (this) {
            cursor = 0;
        }
        send();
        waitFor("the answer of the handshake", () -> cursor != 0);
        return this;
    }

    /** Changes what it listens to and goes on from where it is. */
    public RecordingClient resubscribes(String... names) {
        pauses();
        names(List.of(names), List.of());
        return resumes();
    }

    /** Goes on polling from where it stopped. */
    public RecordingClient resumes() {
        synchronized (this) {
            pollsAgain = true;
        }
        send();
        return this;
    }

    /** Goes on polling from a position of its own choice, without a handshake. */
    public RecordingClient resumesFrom(long timetoken, String... names) {
        pauses();
        names(List.of(names), List.of());
        synchronized (this) {
            cursor = timetoken;
        }
        return resumes();
    }

    /** Leaves the poll that waits open, but will not poll again. */
    public synchronized RecordingClient stopsAfterTheNextAnswer() {
        pollsAgain = false;
        return this;
    }

    /** Closes its poll, as clients do to change it, and polls no more. */
    public RecordingClient pauses() {
        Poll open = stop();
        if (open != null) {
            open.cancel();
        }
        return this;
    }

    /** Loses its connection and polls no more. */
    public RecordingClient disconnects() {
        Poll open = stop();
        if (open != null) {
            open.disconnect();
        }
        return this;
    }

    /** Loses what its poll stands on, and polls no more. */
    public RecordingClient isRevoked() {
        Poll open = stop();
        if (open != null) {
            open.revoke();
        }
        return this;
    }

    /** Has the poll that waits answered with what there is. */
    public void isReleased() {
        Poll open;
        synchronized (this) {
            open = poll;
        }
        assertThat(open).as("the poll that waits").isNotNull();
        open.release();
    }

    /** Sends a heartbeat. */
    public RecordingClient heartbeats(String... names) {
        return heartbeats(List.of(names), List.of());
    }

    /** Sends a heartbeat. */
    public RecordingClient heartbeats(List<String> channelNames, List<String> groupNames) {
        Waiting.on(engine.heartbeat(
                new Heartbeat(key, known(), targets(channelNames, groupNames), timeoutSeconds, states)));
        return this;
    }

    /** Leaves channels. */
    public RecordingClient leaves(String... names) {
        return leaves(List.of(names), List.of());
    }

    /** Leaves channels. */
    public RecordingClient leaves(List<String> channelNames, List<String> groupNames) {
        Waiting.on(engine.leave(new Leave(key, known(), targets(channelNames, groupNames))));
        return this;
    }

    /** Stops polling and leaves, as clients do when they unsubscribe from everything. */
    public RecordingClient unsubscribes(String... names) {
        return pauses().leaves(names);
    }

    /** Sets its state through the state call. */
    public RecordingClient setsState(String state, String... names) {
        return setsState(state, List.of(names), List.of());
    }

    /** Sets its state through the state call. */
    public RecordingClient setsState(String state, List<String> channelNames, List<String> groupNames) {
        Waiting.on(engine.setState(new SetState(key, known(), targets(channelNames, groupNames), State.ofJson(state))));
        return this;
    }

    // ---- what the client hears ------------------------------------------------------------------------------------

    /** Hears exactly this next, in this order; more may follow. */
    public RecordingClient hears(Sound... expected) {
        waitFor(expected.length + " more messages", () -> inbox.size() - taken >= expected.length);
        synchronized (this) {
            List<Sound> next = new ArrayList<>();
            for (Sound sound : expected) {
                next.add(inbox.get(taken++).inWordsOf(sound));
            }
            assertThat(next).as("what %s hears", this).containsExactly(expected);
        }
        return this;
    }

    /** Hears exactly this next, in any order; more may follow. */
    public RecordingClient hearsInAnyOrder(Sound... expected) {
        waitFor(expected.length + " more messages", () -> inbox.size() - taken >= expected.length);
        synchronized (this) {
            List<Sound> next = new ArrayList<>();
            for (Sound sound : expected) {
                next.add(inbox.get(taken++).inWordsOf(sound));
            }
            assertThat(next).as("what %s hears", this).containsExactlyInAnyOrder(expected);
        }
        return this;
    }

    /** Waits for the next message and returns it. */
    public Heard hearsNext() {
        waitFor("one more message", () -> inbox.size() > taken);
        synchronized (this) {
            return inbox.get(taken++);
        }
    }

    /** Forgets what it has not been asked about yet. */
    public synchronized RecordingClient ignoresTheRest() {
        taken = inbox.size();
        return this;
    }

    /** Returns everything heard so far and not asked about yet. */
    public synchronized List<Sound> unheard() {
        throwIfBroken();
        return Heard.inFull(inbox.subList(taken, inbox.size()));
    }

    /** Waits until there were that many answers since the first handshake, that one included. */
    public RecordingClient getsAnswers(int count) {
        waitFor(count + " answers", () -> answers.size() >= count);
        return this;
    }

    /** Returns how many answers there were, handshakes included. */
    public synchronized int answers() {
        return answers.size();
    }

    /** Returns how many answers said that something is missing. */
    public synchronized long gaps() {
        return answers.stream().filter(Answer::hasGap).count();
    }

    /** Returns the last answer. */
    public synchronized Answer lastAnswer() {
        return answers.get(answers.size() - 1);
    }

    /** Returns where it goes on. */
    public synchronized long cursor() {
        return cursor;
    }

    /** Returns whether a poll of it waits. */
    public synchronized boolean isWaiting() {
        return poll != null && answeredRound < round;
    }

    /** Waits for a refusal and returns it. */
    public ProtocolException isRefused() {
        waitFor("a refusal", () -> failure != null);
        synchronized (this) {
            assertThat(failure).isNotNull();
            return failure;
        }
    }

    @Override
    public String toString() {
        return user == null ? "somebody" : user.value();
    }

    // ---- inside ---------------------------------------------------------------------------------------------------

    private UserId known() {
        assertThat(user).as("a client with a user id").isNotNull();
        return user;
    }

    private synchronized void names(List<String> channelNames, List<String> groupNames) {
        channels = channelNames.stream().map(Channel::new).toList();
        groups = groupNames.stream().map(ChannelGroup::new).toList();
    }

    private static Targets targets(List<String> channelNames, List<String> groupNames) {
        return new Targets(
                channelNames.stream().map(Channel::new).toList(),
                groupNames.stream().map(ChannelGroup::new).toList());
    }

    private synchronized @Nullable Poll stop() {
        Poll open = answeredRound < round ? poll : null;
        poll = null;
        round++;
        answeredRound = round;
        pollsAgain = false;
        return open;
    }

    private void send() {
        int next;
        synchronized (this) {
            next = ++round;
        }
        send(next);
    }

    /** Sends the request of a round, unless the client has stopped since the round began. */
    private void send(int own) {
        Subscribe request;
        synchronized (this) {
            if (round != own) {
                return;
            }
            request = new Subscribe(key, user, channels, groups, cursor, timeoutSeconds, states, filter);
        }
        Poll sent = engine.subscribe(request, new PollListener() {
            @Override
            public void onAnswer(Answer answer) {
                answered(own, request, answer);
            }

            @Override
            public void onFailure(ProtocolException refusal) {
                refused(refusal);
            }
        });
        synchronized (this) {
            if (round == own) {
                poll = sent;
                return;
            }
        }
        // It stopped while the request was on its way.
        sent.cancel();
    }

    private void answered(int own, Subscribe request, Answer answer) {
        int next;
        synchronized (this) {
            if (own != round || answeredRound == own) {
                return;
            }
            answeredRound = own;
            try {
                List<Heard> heard = Heard.inBody(answer.body(), answer.timetoken());
                check(request, answer, heard);
                inbox.addAll(heard);
            } catch (AssertionError | RuntimeException e) {
                // Not to be thrown into the engine: the test hears of it when it asks.
                broken = new AssertionError("an answer to " + this + " is wrong", e);
            }
            answers.add(answer);
            cursor = answer.timetoken();
            notifyAll();
            if (!pollsAgain) {
                return;
            }
            next = ++round;
        }
        send(next);
    }

    private static void check(Subscribe request, Answer answer, List<Heard> heard) {
        assertThat(heard).hasSameSizeAs(answer.deliveries());
        long last = request.cursor();
        String lastMatch = "";
        for (Heard one : heard) {
            assertThat(one.envelope().path("k").textValue())
                    .isEqualTo(request.key().value());
            String match = one.match() == null ? Sound.UNNAMED : one.match();
            assertThat(one.timetoken() > last || one.timetoken() == last && !match.equals(lastMatch))
                    .as("in order and once: %s after %s through %s", one, last, lastMatch)
                    .isTrue();
            last = one.timetoken();
            lastMatch = match;
        }
        if (heard.isEmpty() && request.isFarAheadOf(answer.timetoken())) {
            // Sent back to where the server is.
            return;
        }
        assertThat(answer.timetoken()).as("t.t of the answer").isGreaterThanOrEqualTo(last);
    }

    private synchronized void refused(ProtocolException refusal) {
        failure = refusal;
        notifyAll();
    }

    private synchronized void waitFor(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            throwIfBroken();
            long left = PATIENCE_NANOS - (System.nanoTime() - start);
            assertThat(left)
                    .as("%s waited for %s; unheard: %s", this, what, unheard())
                    .isPositive();
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
            }
        }
        throwIfBroken();
    }

    private synchronized void throwIfBroken() {
        if (broken != null) {
            throw broken;
        }
    }
}
