package dev.rollcall.engine.contract;

import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.TrackingRule;
import dev.rollcall.engine.TrackingRule.Event;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What an engine should hold and announce, in plain maps and without any regard for cost. Written from the rules, not from an engine.
 * Time is told to it; what it would announce it notes down by channel.
 */
final class NaiveModel {
    /** Somebody in a channel. */
    static final class Present {
        @Nullable
        String state;

        int timeoutSeconds;
        long deadline;
        boolean leaving;
    }

    /** Somebody not in a channel of whom something is remembered. */
    private static final class Absent {
        @Nullable
        String state;

        long stateUntil;
        long debounceUntil;
        final Set<OpenPoll> joinLater = new LinkedHashSet<>();
    }

    /** What happened in a crowded channel since the last interval event. */
    private static final class Crowd {
        long dueAt;
        boolean changed;
        final Map<String, String> net = new TreeMap<>();
    }

    /**
     * A poll that waits.
     *
     * @param user whose, or null
     * @param counted the channels it makes them present in
     * @param hearsPresence whether presence events may answer it
     * @param identity tells it from all others
     */
    record OpenPoll(
            @Nullable String user, int timeoutSeconds, Set<String> counted, boolean hearsPresence, Object identity) {}

    /** Who and where. */
    private record Place(String channel, String user) {}

    private final KeysetSettings settings;
    private final Map<String, Map<String, Present>> rooms = new TreeMap<>();
    private final Map<Place, Absent> absents = new HashMap<>();
    private final Map<String, Crowd> crowds = new TreeMap<>();
    private final Set<OpenPoll> openPolls = new LinkedHashSet<>();
    private final Map<String, List<String>> announced = new TreeMap<>();
    private long now;

    NaiveModel(KeysetSettings settings, long now) {
        this.settings = settings;
        this.now = now;
    }

    // ---- time -----------------------------------------------------------------------------------------------------

    /** Returns the next moment at which something happens by itself, or {@link Long#MAX_VALUE}. */
    long nextDue() {
        long next = Long.MAX_VALUE;
        for (Map<String, Present> room : rooms.values()) {
            for (Present present : room.values()) {
                next = Math.min(next, present.deadline);
            }
        }
        for (Absent absent : absents.values()) {
            if (!absent.joinLater.isEmpty()) {
                next = Math.min(next, absent.debounceUntil);
            }
        }
        for (Crowd crowd : crowds.values()) {
            next = Math.min(next, crowd.dueAt);
        }
        return next;
    }

    /**
     * Moves to {@code moment}, not beyond the next that something is due at, and does what is due.
     *
     * @return whether the rules leave open in which order, and so with what outcome
     */
    boolean advanceTo(long moment) {
        now = moment;
        boolean ambiguous = isAmbiguous();
        for (String channel : List.copyOf(rooms.keySet())) {
            for (String user : List.copyOf(room(channel).keySet())) {
                Present present = room(channel).get(user);
                if (present != null && present.deadline <= now) {
                    depart(channel, user, present.leaving ? "leave" : "timeout");
                }
            }
        }
        for (Place place : List.copyOf(absents.keySet())) {
            Absent absent = absents.get(place);
            if (absent.debounceUntil > now) {
                continue;
            }
            if (joinsNow(absent)) {
                OpenPoll poll = absent.joinLater.iterator().next();
                signOfLife(place.channel, place.user, poll.timeoutSeconds, null, false, null);
            } else if (absent.stateUntil <= now) {
                absents.remove(place);
            }
        }
        for (String channel : List.copyOf(crowds.keySet())) {
            Crowd crowd = crowds.get(channel);
            if (crowd.dueAt <= now) {
                sendInterval(channel, crowd);
                crowd.dueAt += settings.interval().toMillis();
            }
        }
        return ambiguous;
    }

    private boolean joinsNow(Absent absent) {
        absent.joinLater.retainAll(openPolls);
        return absent.debounceUntil <= now && !absent.joinLater.isEmpty();
    }

    /**
     * Returns whether two things are due in one channel, or one thing whose event may answer a poll on which another depends that is due at
     * this very moment.
     */
    private boolean isAmbiguous() {
        List<String> busy = new ArrayList<>();
        boolean dependent = false;
        for (String channel : rooms.keySet()) {
            for (Map.Entry<String, Present> each : room(channel).entrySet()) {
                if (each.getValue().deadline <= now) {
                    busy.add(channel);
                    dependent |= mayBeRenewedByAnEvent(each.getKey(), channel);
                }
            }
        }
        for (Map.Entry<Place, Absent> each : absents.entrySet()) {
            if (joinsNow(each.getValue())) {
                busy.add(each.getKey().channel);
                dependent |= each.getValue().joinLater.stream().anyMatch(OpenPoll::hearsPresence);
            }
        }
        crowds.forEach((channel, crowd) -> {
            if (crowd.dueAt <= now) {
                busy.add(channel);
            }
        });
        return busy.size() > new HashSet<>(busy).size() || busy.size() > 1 && dependent;
    }

    private boolean mayBeRenewedByAnEvent(String user, String channel) {
        return openPolls.stream()
                .anyMatch(poll -> poll.hearsPresence && user.equals(poll.user) && poll.counted.contains(channel));
    }

    // ---- requests -------------------------------------------------------------------------------------------------

    /** A heartbeat, or, if not explicit, a subscribe. */
    void signOfLife(
            String channel,
            String user,
            int timeoutSeconds,
            @Nullable String state,
            boolean explicit,
            @Nullable OpenPoll poll) {
        Present present = room(channel).get(user);
        if (present != null) {
            if (timeoutSeconds > 0) {
                present.timeoutSeconds = timeoutSeconds;
            }
            renew(present);
            if (state != null && poll == null) {
                changeState(channel, user, present, state);
            }
            return;
        }
        if (events(channel).isEmpty()) {
            return;
        }
        Absent absent = absents.get(new Place(channel, user));
        if (absent != null && !explicit && absent.debounceUntil > now) {
            if (poll != null) {
                absent.joinLater.add(poll);
            }
            if (state != null) {
                absent.state = orNull(state);
                absent.stateUntil = now + settings.presenceTimeout().toMillis();
            }
            return;
        }
        absents.remove(new Place(channel, user));
        Present joined = new Present();
        joined.timeoutSeconds = timeoutSeconds > 0
                ? timeoutSeconds
                : (int) settings.presenceTimeout().toSeconds();
        String kept = absent != null && absent.state != null ? absent.state : null;
        joined.state = state == null ? kept : orNull(state);
        renew(joined);
        Map<String, Present> room = room(channel);
        beforeChange(channel, room.size() + 1);
        room.put(user, joined);
        change(channel, user, "join", joined.state);
    }

    void leave(String channel, String user) {
        Absent absent = absents.get(new Place(channel, user));
        if (!room(channel).containsKey(user)) {
            if (absent != null) {
                absent.state = null;
                absent.stateUntil = now;
                absent.joinLater.clear();
                if (absent.debounceUntil > now) {
                    absent.debounceUntil = now + settings.debounce().toMillis();
                }
            }
            return;
        }
        depart(channel, user, "leave");
        if (!settings.debounce().isZero()) {
            absent(channel, user).debounceUntil = now + settings.debounce().toMillis();
        }
    }

    void setState(String channel, String user, String state) {
        Present present = room(channel).get(user);
        if (present != null) {
            changeState(channel, user, present, state);
            return;
        }
        if (events(channel).isEmpty()) {
            return;
        }
        String before = absents.containsKey(new Place(channel, user)) ? absent(channel, user).state : null;
        String after = orNull(state);
        if (before == null && after == null) {
            return;
        }
        Absent absent = absent(channel, user);
        absent.state = after;
        absent.stateUntil =
                after == null ? now : now + settings.presenceTimeout().toMillis();
        if (after == null || !after.equals(before)) {
            announce(
                    channel,
                    Event.STATE_CHANGE,
                    "state-change " + user + " " + room(channel).size() + " " + state);
        }
    }

    void opened(OpenPoll poll) {
        openPolls.add(poll);
    }

    void answered(OpenPoll poll) {
        openPolls.remove(poll);
        for (String channel : poll.counted) {
            Present present = poll.user == null ? null : room(channel).get(poll.user);
            if (present != null) {
                renew(present);
            }
        }
    }

    void cancelled(OpenPoll poll) {
        openPolls.remove(poll);
    }

    void disconnected(OpenPoll poll) {
        openPolls.remove(poll);
        if (!settings.leaveOnDisconnect() || poll.user == null) {
            return;
        }
        for (String channel : poll.counted) {
            Present present = room(channel).get(poll.user);
            boolean another = openPolls.stream()
                    .anyMatch(other -> poll.user.equals(other.user) && other.counted.contains(channel));
            if (present == null || another) {
                continue;
            }
            present.leaving = true;
            present.deadline =
                    Math.min(present.deadline, now + settings.debounce().toMillis());
        }
    }

    // ---- the rules of announcing -----------------------------------------------------------------------------------

    private void depart(String channel, String user, String how) {
        Map<String, Present> room = room(channel);
        beforeChange(channel, room.size() - 1);
        room.remove(user);
        change(channel, user, how, null);
    }

    private void beforeChange(String channel, int occupancyAfter) {
        Crowd crowd = crowds.get(channel);
        if (crowd != null && occupancyAfter <= settings.announceMax()) {
            if (crowd.changed) {
                sendInterval(channel, crowd);
            }
            crowds.remove(channel);
        }
    }

    private void change(String channel, String user, String how, @Nullable String state) {
        int occupancy = room(channel).size();
        if (occupancy <= settings.announceMax()) {
            String data = state == null ? "" : " " + state;
            announce(channel, kind(how), how + " " + user + " " + occupancy + data);
            return;
        }
        Crowd crowd = crowds.computeIfAbsent(channel, name -> {
            Crowd made = new Crowd();
            made.dueAt = now + settings.interval().toMillis();
            return made;
        });
        crowd.changed = true;
        if (crowd.net.remove(user) == null) {
            crowd.net.put(user, how);
        }
    }

    private void sendInterval(String channel, Crowd crowd) {
        StringBuilder text = new StringBuilder("interval " + room(channel).size());
        for (String how : List.of("join", "leave", "timeout")) {
            Set<String> users = new TreeSet<>();
            crowd.net.forEach((user, change) -> {
                if (change.equals(how)) {
                    users.add(user);
                }
            });
            if (settings.deltas() && !users.isEmpty()) {
                text.append(' ')
                        .append(how)
                        .append("=[")
                        .append(String.join(",", users))
                        .append(']');
            }
        }
        crowd.net.clear();
        crowd.changed = false;
        announce(channel, Event.INTERVAL, text.toString());
    }

    private static Event kind(String how) {
        return switch (how) {
            case "join" -> Event.JOIN;
            case "leave" -> Event.LEAVE;
            default -> Event.TIMEOUT;
        };
    }

    private void changeState(String channel, String user, Present present, String state) {
        String after = orNull(state);
        if (after == null ? present.state == null : after.equals(present.state)) {
            return;
        }
        present.state = after;
        announce(
                channel,
                Event.STATE_CHANGE,
                "state-change " + user + " " + room(channel).size() + " " + state);
    }

    private void announce(String channel, Event kind, String text) {
        if (events(channel).contains(kind)) {
            announced.computeIfAbsent(channel, name -> new ArrayList<>()).add(text);
        }
    }

    // ---- what it shows ---------------------------------------------------------------------------------------------

    /** Returns what was announced since the last call, by channel. */
    Map<String, List<String>> takeAnnounced() {
        Map<String, List<String>> taken = new TreeMap<>(announced);
        announced.clear();
        return taken;
    }

    /** Returns who is in a channel, in order of joining, with their states. */
    List<String> occupants(String channel) {
        List<String> names = new ArrayList<>();
        room(channel).forEach((user, present) -> names.add(user + (present.state == null ? "" : present.state)));
        return names;
    }

    /** Returns the channels somebody is in, by name. */
    List<String> channelsOf(String user) {
        return rooms.keySet().stream()
                .filter(channel -> room(channel).containsKey(user))
                .toList();
    }

    /** Returns the channels that have an occupant, by name. */
    List<String> occupied() {
        return rooms.keySet().stream()
                .filter(channel -> !room(channel).isEmpty())
                .toList();
    }

    String state(String channel, String user) {
        Present present = room(channel).get(user);
        Absent absent = absents.get(new Place(channel, user));
        String state = present != null ? present.state : absent == null ? null : absent.state;
        return state == null ? "{}" : state;
    }

    Collection<OpenPoll> openPolls() {
        return openPolls;
    }

    private Set<Event> events(String channel) {
        if (settings.rules() == null) {
            return Set.of(Event.values());
        }
        for (TrackingRule rule : settings.rules()) {
            if (rule.pattern().equals("*") || rule.pattern().equals(channel)) {
                return rule.events();
            }
        }
        return Set.of();
    }

    private Map<String, Present> room(String channel) {
        return rooms.computeIfAbsent(channel, name -> new LinkedHashMap<>());
    }

    private Absent absent(String channel, String user) {
        return absents.computeIfAbsent(new Place(channel, user), place -> new Absent());
    }

    private void renew(Present present) {
        present.leaving = false;
        present.deadline = now + present.timeoutSeconds * 1000L;
    }

    private static @Nullable String orNull(String state) {
        return state.equals("{}") ? null : state;
    }
}
