package dev.rollcall.engine.contract;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.Engine;
import dev.rollcall.engine.MessageFilter;
import dev.rollcall.engine.Poll;
import dev.rollcall.engine.PollListener;
import dev.rollcall.engine.Subscribe;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.UserId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A client of the model test: polls when it is told to, and knows which messages an answer must hold. */
final class ModelDevice {
    /**
     * Something that was published.
     *
     * @param channel where, with the suffix for presence
     */
    record Entry(long timetoken, String channel, String text) {}

    /** One name of a request and what it covers. */
    private record Listening(String match, String channel, boolean wildcard) {
        boolean covers(String name) {
            if (!wildcard) {
                return channel.equals(name);
            }
            boolean presenceOnly = channel.endsWith(SUFFIX);
            String prefix = channel.substring(0, channel.length() - (presenceOnly ? SUFFIX.length() : 0) - 1);
            return name.startsWith(prefix) && (!presenceOnly || name.endsWith(SUFFIX));
        }
    }

    private static final String SUFFIX = "-pnpres";
    private static final long RETENTION_TIMETOKENS = 20L * 60 * 10_000_000;

    final String name;
    final @Nullable String user;
    List<String> channels = List.of();
    List<String> groups = List.of();
    Map<String, String> states = Map.of();
    int timeoutSeconds;
    boolean odd;
    long cursor;

    private final Engine engine;
    private final AtomicReference<Answer> answer = new AtomicReference<>();
    private final AtomicReference<ProtocolException> failed = new AtomicReference<>();
    private List<Listening> listening = List.of();
    private @Nullable Poll poll;
    NaiveModel.@Nullable OpenPoll open;

    ModelDevice(Engine engine, String name, @Nullable String user) {
        this.engine = engine;
        this.name = name;
        this.user = user;
    }

    /** Returns the channels that a request now is a sign of life for, with the state it brings there; groups come first. */
    List<Map.Entry<String, @Nullable String>> counted(Map<String, List<String>> groupChannels) {
        List<Map.Entry<String, @Nullable String>> counted = new ArrayList<>();
        for (String group : groups) {
            if (group.endsWith(SUFFIX)) {
                continue;
            }
            for (String channel : groupChannels.getOrDefault(group, List.of())) {
                counted.add(entry(channel, states.getOrDefault(channel, states.get(group))));
            }
        }
        for (String channel : channels) {
            if (!channel.endsWith(SUFFIX)) {
                counted.add(entry(channel, states.get(channel)));
            }
        }
        return counted;
    }

    private static Map.Entry<String, @Nullable String> entry(String channel, @Nullable String state) {
        return new java.util.AbstractMap.SimpleEntry<>(channel, state);
    }

    /** Sends a request from where the device is. */
    void send(Map<String, List<String>> groupChannels) {
        listening = resolve(groupChannels);
        answer.set(null);
        Map<String, State> sent = new TreeMap<>();
        states.forEach((key, state) -> sent.put(key, State.ofJson(state)));
        MessageFilter filter = odd ? message -> message.timetoken() % 2 == 1 : null;
        Subscribe request = new Subscribe(
                EngineSuite.KEY,
                user == null ? null : new UserId(user),
                channels.stream().map(Channel::new).toList(),
                groups.stream().map(ChannelGroup::new).toList(),
                cursor,
                timeoutSeconds,
                sent,
                filter);
        poll = engine.subscribe(request, new PollListener() {
            @Override
            public void onAnswer(Answer given) {
                if (!answer.compareAndSet(null, given)) {
                    throw new AssertionError(name + " was answered twice");
                }
            }

            @Override
            public void onFailure(ProtocolException failure) {
                // Thrown here it would be lost in the engine.
                failed.compareAndSet(null, failure);
            }
        });
    }

    Poll poll() {
        if (poll == null) {
            throw new IllegalStateException(name + " has no poll");
        }
        return poll;
    }

    /** Returns the answer if it is there. */
    @Nullable
    Answer answer() {
        ProtocolException failure = failed.get();
        if (failure != null) {
            throw new AssertionError(name + " was refused", failure);
        }
        return answer.get();
    }

    private List<Listening> resolve(Map<String, List<String>> groupChannels) {
        Set<Listening> resolved = new LinkedHashSet<>();
        for (String channel : channels) {
            boolean covered = channel.endsWith(".*" + SUFFIX)
                    && channels.contains(channel.substring(0, channel.length() - SUFFIX.length()));
            if (!covered) {
                resolved.add(new Listening(channel, channel, channel.contains(".*")));
            }
        }
        for (String group : groups) {
            boolean presence = group.endsWith(SUFFIX);
            String base = presence ? group.substring(0, group.length() - SUFFIX.length()) : group;
            for (String channel : groupChannels.getOrDefault(base, List.of())) {
                resolved.add(new Listening(group, presence ? channel + SUFFIX : channel, channel.contains(".*")));
            }
        }
        return List.copyOf(resolved);
    }

    /**
     * Returns what an answer up to {@code end} must hold: as {@code timetoken channel through match}, sorted.
     *
     * @param log everything published, by timetoken
     * @param fence a timetoken of now
     */
    List<String> expected(List<Entry> log, long end, long fence) {
        List<String> expected = new ArrayList<>();
        for (Listening one : listening) {
            int kept = 0;
            for (int i = log.size() - 1; i >= 0 && kept < 100; i--) {
                Entry entry = log.get(i);
                if (entry.timetoken <= cursor || entry.timetoken <= fence - RETENTION_TIMETOKENS) {
                    break;
                }
                if (!one.covers(entry.channel)) {
                    continue;
                }
                kept++;
                if (entry.timetoken <= end && accepts(entry)) {
                    expected.add(entry.timetoken + " " + entry.channel + " through " + match(one, entry));
                }
            }
        }
        expected.sort(null);
        return expected;
    }

    private boolean accepts(Entry entry) {
        return !odd || entry.channel.endsWith(SUFFIX) || entry.timetoken % 2 == 1;
    }

    private String match(Listening one, Entry entry) {
        boolean single = channels.size() == 1 && groups.isEmpty();
        // The presence name of a wildcard alone is named only where it is not the very channel.
        boolean itself = one.channel.endsWith(SUFFIX) && one.channel.equals(entry.channel);
        boolean named = !single || one.wildcard && !itself;
        return named ? one.match : Sound.UNNAMED;
    }

    /** Returns what an answer does hold, written the same way. */
    static List<String> delivered(Answer answer) {
        List<String> delivered = new ArrayList<>();
        for (Heard heard : Heard.inBody(answer.body(), answer.timetoken())) {
            String match = heard.match() == null ? Sound.UNNAMED : heard.match();
            String channel = heard.envelope().path("c").textValue();
            delivered.add(heard.timetoken() + " " + channel + " through " + match);
        }
        return delivered;
    }

    @Override
    public String toString() {
        return name + " of " + user + " on " + channels + groups;
    }
}
