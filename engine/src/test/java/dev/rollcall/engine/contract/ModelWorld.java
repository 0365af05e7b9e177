package dev.rollcall.engine.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.Engine;
import dev.rollcall.engine.EngineCounts;
import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.HereNowQuery;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.Keysets;
import dev.rollcall.engine.RosterPage;
import dev.rollcall.engine.Targets;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.PresenceEvent;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;

/** An engine and {@link NaiveModel} side by side, with the clients of both, and the comparison between them. */
final class ModelWorld {
    static final SubscribeKey KEY = EngineSuite.KEY;
    static final String SUFFIX = "-pnpres";
    private static final long HOLD_MILLIS = 280_000;

    final EngineFixture fixture;
    final Engine engine;
    final NaiveModel model;

    /** The clients; the first of them listens to the wildcards all the time, so that those collect. */
    final List<ModelDevice> devices = new ArrayList<>();

    final Map<String, List<String>> groupChannels = new HashMap<>();

    /** Everything published, by timetoken. */
    final List<ModelDevice.Entry> log = new ArrayList<>();

    /** Who may be answered with nothing now. */
    final Set<ModelDevice> mayBeEmpty = new LinkedHashSet<>();

    /** What was done, for the report of a failure. */
    final List<String> story = new ArrayList<>();

    private final List<String> channels;
    private final List<String> groups;
    private final List<String> users;
    private final ModelDevice watcher;
    private final Map<ModelDevice, Long> holdEnds = new HashMap<>();
    private final List<String> disorder = new CopyOnWriteArrayList<>();
    private long now;
    private boolean ambiguous;

    ModelWorld(
            KeysetSettings settings,
            List<String> channels,
            List<String> groups,
            List<String> users,
            BiFunction<Keysets, EngineListener, EngineFixture> opener) {
        this.channels = channels;
        this.groups = groups;
        this.users = users;
        fixture = opener.apply(key -> settings, new Alternation());
        engine = fixture.engine();
        now = fixture.epochMillis();
        model = new NaiveModel(settings, now);
        story.add(settings.toString());
        watcher = new ModelDevice(engine, "watcher", null);
        watcher.channels = channels.stream().map(channel -> channel + SUFFIX).toList();
    }

    /** Begins to listen to the presence of every channel. */
    void begin() {
        shakeHands(watcher);
        poll(watcher);
    }

    /** Returns whether the rules have left open what comes first, so that the two may differ from now on. */
    boolean isAmbiguous() {
        return ambiguous;
    }

    // ---- what clients do -------------------------------------------------------------------------------------------

    void tell(String what) {
        story.add(now % 100_000_000 + " " + what);
    }

    void shakeHands(ModelDevice device) {
        device.cursor = 0;
        device.send(groupChannels);
        signOfLife(device, null);
        fixture.settle();
        Answer answer = device.answer();
        assertThat(answer).as("handshake of %s", device).isNotNull();
        assertThat(answer.deliveries()).isEmpty();
        device.cursor = answer.timetoken();
        fill();
    }

    void poll(ModelDevice device) {
        var open = new NaiveModel.OpenPoll(
                device.user,
                device.timeoutSeconds,
                new TreeSet<>(channelsCounted(device)),
                hearsPresence(device),
                new Object());
        device.open = open;
        holdEnds.put(device, now + HOLD_MILLIS);
        device.send(groupChannels);
        signOfLife(device, open);
        model.opened(open);
        fixture.settle();
    }

    private boolean hearsPresence(ModelDevice device) {
        return !device.groups.isEmpty()
                || device.channels.stream().anyMatch(name -> name.endsWith(SUFFIX) || name.endsWith(".*"));
    }

    List<String> channelsCounted(ModelDevice device) {
        return device.user == null
                ? List.of()
                : device.counted(groupChannels).stream().map(Map.Entry::getKey).toList();
    }

    private void signOfLife(ModelDevice device, NaiveModel.OpenPoll open) {
        if (device.user != null) {
            device.counted(groupChannels)
                    .forEach(place -> model.signOfLife(
                            place.getKey(), device.user, device.timeoutSeconds, place.getValue(), false, open));
        }
    }

    void hangUpQuietly(ModelDevice device) {
        if (device.open != null) {
            model.cancelled(device.open);
            device.open = null;
            device.poll().cancel();
        }
    }

    // ---- time ------------------------------------------------------------------------------------------------------

    void letPass(long millis) {
        tell("wait " + millis);
        long end = now + millis;
        while (!ambiguous) {
            long next = Math.min(model.nextDue(), nextHoldEnd());
            long moment = Math.min(end, Math.max(now, next));
            boolean holdEnds = nextHoldEnd() <= moment && model.nextDue() <= moment;
            fixture.jump(Duration.ofMillis(moment - now));
            now = moment;
            if (moment != end) {
                tell("something is due");
            }
            ambiguous |= model.advanceTo(moment) || holdEnds;
            markHoldEnds();
            if (!ambiguous) {
                converse();
            }
            if (moment == end && model.nextDue() > end && nextHoldEnd() > end) {
                return;
            }
        }
    }

    private long nextHoldEnd() {
        return holdEnds.entrySet().stream()
                .filter(entry -> entry.getKey().open != null || entry.getKey() == watcher)
                .mapToLong(Map.Entry::getValue)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    private void markHoldEnds() {
        holdEnds.forEach((device, end) -> {
            if (end <= now) {
                mayBeEmpty.add(device);
            }
        });
    }

    // ---- what they hear ---------------------------------------------------------------------------------------------

    /** Takes answers, checks them, and polls again, until nobody is answered any more. */
    void converse() {
        boolean busy = true;
        while (busy) {
            fixture.settle();
            busy = fill();
            for (ModelDevice device : devices) {
                Answer answer = device.open == null ? null : device.answer();
                if (answer != null) {
                    busy = true;
                    model.answered(device.open);
                    device.open = null;
                    fill();
                    checkAnswer(device, answer);
                    device.cursor = answer.timetoken();
                    poll(device);
                }
            }
        }
        mayBeEmpty.clear();
    }

    /** Reads the presence events of the watcher into the log, and compares them with the model's. */
    private boolean fill() {
        boolean filled = false;
        Map<String, List<String>> heard = new TreeMap<>();
        for (Answer answer = watcher.answer(); answer != null && watcher.open != null; answer = watcher.answer()) {
            filled = true;
            for (Heard one : Heard.inBody(answer.body(), answer.timetoken())) {
                // The wildcard among the watcher's names hears the events of what it covers once more.
                if ((one.channel() + SUFFIX).equals(one.match())) {
                    heard.computeIfAbsent(one.channel(), name -> new ArrayList<>())
                            .add(one.text());
                    log.add(new ModelDevice.Entry(one.timetoken(), one.channel() + SUFFIX, one.text()));
                }
            }
            model.answered(watcher.open);
            watcher.cursor = answer.timetoken();
            poll(watcher);
        }
        if (filled) {
            log.sort(Comparator.comparingLong(ModelDevice.Entry::timetoken));
        }
        if (!ambiguous) {
            assertThat(heard).as("presence events").isEqualTo(model.takeAnnounced());
        }
        return filled;
    }

    private void checkAnswer(ModelDevice device, Answer answer) {
        long fence = Waiting.on(engine.timetoken());
        List<String> delivered = ModelDevice.delivered(answer);
        List<String> expected = device.expected(log, answer.timetoken(), fence);
        if (delivered.isEmpty() && expected.isEmpty()) {
            assertThat(mayBeEmpty).as("who may get an empty answer").contains(device);
        } else {
            assertThat(delivered.stream().map(one -> one.substring(0, 17)).toList())
                    .as("order of what %s gets", device)
                    .isSorted();
            delivered.sort(null);
            assertThat(delivered)
                    .as("what %s gets after %s", device, device.cursor)
                    .isEqualTo(expected);
        }
        assertThat(answer.timetoken()).isBetween(device.cursor, fence);
    }

    // ---- comparing --------------------------------------------------------------------------------------------------

    void check() {
        if (ambiguous) {
            return;
        }
        assertThat(disorder).as("joins and departures that do not alternate").isEmpty();
        long fence = Waiting.on(engine.timetoken());
        for (ModelDevice device : devices) {
            if (device.open != null) {
                assertThat(device.expected(log, Long.MAX_VALUE, fence))
                        .as("what %s waits for in vain", device)
                        .isEmpty();
            }
        }
        List<RosterPage> everything = hereNow(Targets.NONE);
        assertThat(everything).extracting(page -> page.channel().name()).isEqualTo(model.occupied());
        for (String channel : channels) {
            RosterPage page = hereNow(Targets.of(new Channel(channel))).get(0);
            assertThat(EngineSuite.names(page)).as("occupants of %s", channel).isEqualTo(model.occupants(channel));
            assertThat(page.occupancy()).isEqualTo(page.occupants().size());
        }
        for (String user : users) {
            assertThat(Waiting.on(engine.whereNow(KEY, new UserId(user))))
                    .as("channels of %s", user)
                    .extracting(Channel::name)
                    .isEqualTo(model.channelsOf(user));
            for (String channel : channels) {
                assertThat(Waiting.on(engine.state(KEY, new UserId(user), Targets.of(new Channel(channel))))
                                .get(new Channel(channel)))
                        .as("state of %s in %s", user, channel)
                        .hasToString(model.state(channel, user));
            }
        }
        for (String group : groups) {
            assertThat(Waiting.on(engine.group(KEY, new ChannelGroup(group))))
                    .extracting(Channel::name)
                    .isEqualTo(groupChannels.getOrDefault(group, List.of()));
        }
    }

    private List<RosterPage> hereNow(Targets targets) {
        return Waiting.on(engine.hereNow(new HereNowQuery(KEY, targets, true, 1000, 0)));
    }

    void endAll() {
        for (ModelDevice device : devices) {
            hangUpQuietly(device);
        }
        watcher.poll().cancel();
        groups.forEach(group -> Waiting.on(engine.deleteGroup(KEY, new ChannelGroup(group))));
        for (int minute = 0; minute < 45; minute++) {
            fixture.jump(Duration.ofMinutes(1));
        }
        assertThat(engine.counts()).isEqualTo(new EngineCounts(0, 0, 0, 0, 0, 0, 0, 0));
    }

    /** Invariant: joins and departures of one user in one channel alternate. */
    private final class Alternation implements EngineListener {
        private final Map<String, Boolean> present = new ConcurrentHashMap<>();

        @Override
        public void onPresence(SubscribeKey key, Channel channel, PresenceEvent event) {
            if (!(event instanceof PresenceEvent.OfUser ofUser) || event instanceof PresenceEvent.StateChange) {
                return;
            }
            boolean joins = event instanceof PresenceEvent.Join;
            String place = channel + " " + ofUser.user();
            if (present.getOrDefault(place, false) == joins) {
                disorder.add(event.action() + " of " + place);
            }
            present.put(place, joins);
        }
    }
}
