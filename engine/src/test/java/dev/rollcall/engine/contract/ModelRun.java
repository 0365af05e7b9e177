package dev.rollcall.engine.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.Engine;
import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.Keysets;
import dev.rollcall.engine.Leave;
import dev.rollcall.engine.SetState;
import dev.rollcall.engine.Targets;
import dev.rollcall.engine.TrackingRule.Event;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.Publication;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * One run of the model test: does at random what clients do, to an engine and to {@link NaiveModel}, and compares after every step. What
 * is random comes from a seed.
 *
 * <p>A run ends early where the rules leave open what comes first (two things due in one channel at the same millisecond).
 */
public final class ModelRun {
    /** Most steps of one run. */
    private static final int STEPS = 50;

    private static final SubscribeKey KEY = ModelWorld.KEY;
    private static final List<String> CHANNELS = List.of("a.x", "a.y", "b", "c", "a.*");
    private static final List<String> GROUPS = List.of("g", "h");
    private static final List<String> USERS = List.of("ann", "ben", "cyd", "dan", "eve");
    private static final List<String> STATES = List.of("{}", "{\"k\":1}", "{\"k\":2}", "{\"deep\":[1,{\"x\":null}]}");
    private static final String SUFFIX = ModelWorld.SUFFIX;

    private final SplittableRandom random;
    private final ModelWorld world;
    private final Engine engine;

    private ModelRun(long seed, BiFunction<Keysets, EngineListener, EngineFixture> opener) {
        random = new SplittableRandom(seed);
        world = new ModelWorld(settings().build(), CHANNELS, GROUPS, USERS, opener);
        engine = world.engine;
        ModelDevice wildcards = new ModelDevice(engine, "wildcards", null);
        wildcards.channels = List.of("a.*", "a.*" + SUFFIX, "a.x");
        world.devices.add(wildcards);
        for (int i = 0; i < 8; i++) {
            world.devices.add(new ModelDevice(engine, "device" + i, i == 7 ? null : USERS.get(i % USERS.size())));
        }
        world.devices.get(3).odd = true;
    }

    /**
     * Makes one run.
     *
     * @return whether it came to its end
     */
    public static boolean run(long seed, BiFunction<Keysets, EngineListener, EngineFixture> opener) {
        ModelRun run = new ModelRun(seed, opener);
        try {
            return run.toItsEnd();
        } catch (AssertionError | RuntimeException e) {
            String last = String.join(
                    "\n  ", run.world.story.subList(Math.max(0, run.world.story.size() - 40), run.world.story.size()));
            throw new AssertionError("seed " + seed + ", last steps:\n  " + run.world.story.get(0) + "\n  " + last, e);
        }
    }

    private Settings settings() {
        Settings settings = Settings.settings()
                .announceMax(pick(List.of(0, 1, 2, 20)))
                .interval(Duration.ofMillis(pick(List.of(2003, 5003, 10_007))))
                .presenceTimeout(Duration.ofSeconds(pick(List.of(45, 120, 300))));
        if (random.nextBoolean()) {
            settings.deltas();
        }
        boolean disconnects = random.nextBoolean();
        if (disconnects) {
            settings.leaveOnDisconnect();
        }
        settings.debounce(Duration.ofMillis(!disconnects && random.nextInt(4) == 0 ? 0 : pick(List.of(503, 1999))));
        if (random.nextInt(5) == 0) {
            settings.rule("c")
                    .rule("b", Event.LEAVE, Event.TIMEOUT, Event.INTERVAL)
                    .track("*");
        }
        return settings;
    }

    private boolean toItsEnd() {
        world.begin();
        world.shakeHands(world.devices.get(0));
        world.poll(world.devices.get(0));
        for (int step = 0; step < STEPS; step++) {
            step();
            world.check();
            if (world.isAmbiguous()) {
                world.fixture.close();
                return false;
            }
        }
        // Costs more than many steps, so not every time.
        if (random.nextInt(3) == 0) {
            world.endAll();
        }
        world.fixture.close();
        return true;
    }

    // ---- what clients do -------------------------------------------------------------------------------------------

    private void step() {
        ModelDevice device = world.devices.get(1 + random.nextInt(world.devices.size() - 1));
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3 -> subscribe(device);
            case 4, 5, 6 -> heartbeat(pick(USERS));
            case 7, 8 -> leave(pick(USERS));
            case 9 -> setState(pick(USERS));
            case 10, 11 -> publish();
            case 12 -> editGroup();
            case 13 -> hangUp(device);
            case 14 -> resume(device);
            case 15 -> release(device);
            default -> world.letPass(randomTime());
        }
        world.converse();
        if (random.nextInt(3) > 0) {
            world.letPass(1 + random.nextInt(900));
        }
    }

    private long randomTime() {
        return switch (random.nextInt(30)) {
            case 0 -> 20_000 + random.nextInt(300_000);
            case 1, 2, 3 -> 12_000 + random.nextInt(40_000);
            case 4, 5, 6, 7, 8 -> 1 + random.nextInt(999);
            default -> 1000 + random.nextInt(11_000);
        };
    }

    private void subscribe(ModelDevice device) {
        world.hangUpQuietly(device);
        device.channels = randomNames();
        device.groups = random.nextInt(3) == 0 ? some(List.of("g", "h", "g" + SUFFIX)) : List.of();
        device.timeoutSeconds = randomTimeout(device);
        device.states = randomStates();
        world.tell("subscribes " + device + " " + device.states + " for " + device.timeoutSeconds);
        long before =
                world.log.isEmpty() ? 0 : world.log.get(world.log.size() - 1).timetoken();
        world.shakeHands(device);
        hearOwnJoin(device, before);
        world.poll(device);
    }

    private List<String> randomNames() {
        List<String> names = new ArrayList<>(some(CHANNELS));
        if (random.nextInt(3) == 0) {
            some(CHANNELS).forEach(channel -> names.add(channel + SUFFIX));
        }
        return names;
    }

    /** Each user has their own, and a short one in a single channel only, so that seldom two leases end at one moment. */
    private int randomTimeout(ModelDevice device) {
        if (random.nextInt(6) == 0) {
            return 0;
        }
        int own = device.user == null ? 0 : USERS.indexOf(device.user);
        boolean single = device.channels.size() == 1 && device.groups.isEmpty();
        return pick(single ? List.of(5, 10, 20, 90) : List.of(90, 190, 290)) + own;
    }

    private Map<String, String> randomStates() {
        Map<String, String> states = new TreeMap<>();
        if (random.nextInt(3) == 0) {
            states.put(pick(CHANNELS), pick(STATES));
            states.put(pick(List.of("g", "b", "elsewhere")), pick(STATES));
        }
        return states;
    }

    /** A client that joins by its handshake must hear that, if it listens to it. */
    private void hearOwnJoin(ModelDevice device, long before) {
        for (ModelDevice.Entry entry : world.log) {
            if (entry.timetoken() > before
                    && entry.text().startsWith("join " + device.user + " ")
                    && device.channels.contains(entry.channel())) {
                assertThat(entry.timetoken()).as("own join of %s", device).isGreaterThan(device.cursor);
            }
        }
    }

    private void heartbeat(String user) {
        ModelDevice sender = new ModelDevice(engine, "heartbeat", user);
        sender.channels = some(CHANNELS);
        sender.groups = random.nextInt(4) == 0 ? List.of("g") : List.of();
        sender.states = randomStates();
        int timeout = randomTimeout(sender);
        world.tell("heartbeat " + sender + " " + sender.states + " for " + timeout);
        sender.counted(world.groupChannels)
                .forEach(place -> world.model.signOfLife(place.getKey(), user, timeout, place.getValue(), true, null));
        Map<String, State> states = new TreeMap<>();
        sender.states.forEach((key, state) -> states.put(key, State.ofJson(state)));
        Waiting.on(engine.heartbeat(new Heartbeat(KEY, new UserId(user), targets(sender), timeout, states)));
    }

    private void leave(String user) {
        ModelDevice sender = new ModelDevice(engine, "leave", user);
        sender.channels = random.nextInt(4) == 0 ? some(CHANNELS) : List.of(pick(CHANNELS));
        sender.groups = random.nextInt(8) == 0 ? List.of("g") : List.of();
        world.tell(sender.toString());
        new LinkedHashSet<>(world.channelsCounted(sender)).forEach(channel -> world.model.leave(channel, user));
        Waiting.on(engine.leave(new Leave(KEY, new UserId(user), targets(sender))));
    }

    private void setState(String user) {
        ModelDevice sender = new ModelDevice(engine, "setState", user);
        sender.channels = some(CHANNELS);
        sender.groups = random.nextInt(4) == 0 ? List.of("h") : List.of();
        String state = pick(STATES);
        world.tell(sender + " " + state);
        new LinkedHashSet<>(world.channelsCounted(sender))
                .forEach(channel -> world.model.setState(channel, user, state));
        Waiting.on(engine.setState(new SetState(KEY, new UserId(user), targets(sender), State.ofJson(state))));
    }

    private static Targets targets(ModelDevice sender) {
        return new Targets(
                sender.channels.stream().map(Channel::new).toList(),
                sender.groups.stream().map(ChannelGroup::new).toList());
    }

    private void publish() {
        String channel = pick(CHANNELS);
        world.tell("publish on " + channel);
        byte[] payload = Integer.toString(world.log.size()).getBytes(StandardCharsets.UTF_8);
        long timetoken = Waiting.on(engine.publish(
                KEY, new Channel(channel), new Publication(MessageType.MESSAGE, payload, null, null, 0, null)));
        world.log.add(new ModelDevice.Entry(timetoken, channel, "message"));
    }

    private void editGroup() {
        String group = pick(GROUPS);
        List<String> channels = some(CHANNELS);
        List<Channel> named = channels.stream().map(Channel::new).toList();
        List<String> before = world.groupChannels.getOrDefault(group, List.of());
        List<String> after = new ArrayList<>(before);
        ChannelGroup name = new ChannelGroup(group);
        int kind = random.nextInt(4);
        if (kind < 2) {
            channels.stream().filter(channel -> !before.contains(channel)).forEach(after::add);
        } else if (kind == 2) {
            after.removeAll(channels);
        } else {
            after.clear();
        }
        world.tell("group " + group + " from " + before + " to " + after);
        world.groupChannels.put(group, after);
        if (!after.equals(before)) {
            for (ModelDevice device : world.devices) {
                if (device.groups.contains(group) || device.groups.contains(group + SUFFIX)) {
                    world.mayBeEmpty.add(device);
                }
            }
        }
        if (kind < 2) {
            Waiting.on(engine.addToGroup(KEY, name, named));
        } else if (kind == 2) {
            Waiting.on(engine.removeFromGroup(KEY, name, named));
        } else {
            Waiting.on(engine.deleteGroup(KEY, name));
        }
        world.fixture.settle();
        if (!after.equals(before)) {
            world.mayBeEmpty.forEach(device -> assertThat(device.open == null || device.answer() != null)
                    .as("%s is answered, as its group has changed", device)
                    .isTrue());
        }
    }

    private void hangUp(ModelDevice device) {
        if (device.open == null) {
            return;
        }
        if (random.nextBoolean()) {
            world.tell("cancel " + device);
            world.hangUpQuietly(device);
            return;
        }
        world.tell("disconnect " + device);
        world.model.disconnected(device.open);
        device.open = null;
        device.poll().disconnect();
    }

    private void resume(ModelDevice device) {
        if (device.open == null && device.cursor != 0) {
            world.tell("resume " + device);
            world.poll(device);
        }
    }

    private void release(ModelDevice device) {
        if (device.open != null) {
            world.tell("release " + device);
            world.mayBeEmpty.add(device);
            device.poll().release();
        }
    }

    // ---- chance -----------------------------------------------------------------------------------------------------

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private List<String> some(List<String> from) {
        List<String> some = new ArrayList<>();
        some.add(pick(from));
        while (random.nextInt(2) == 0) {
            some.add(pick(from));
        }
        return some.stream().distinct().toList();
    }
}
