package dev.rollcall.client.roster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.client.PresenceEvent;
import dev.rollcall.client.run.UserCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who is here, by what was loaded and what happened since. Changes come from one thread at a time; anybody may read.
 */
final class Members<S> {
    private final Function<? super JsonNode, ? extends S> mapper;
    private final Map<String, Member<S>> here = new LinkedHashMap<>();

    /** One user: the state as it came, and as the application wants it. */
    private record Member<S>(
            @Nullable JsonNode json, @Nullable S state) {}

    Members(Function<? super JsonNode, ? extends S> mapper) {
        this.mapper = mapper;
    }

    /** Takes in an event; returns what it changed. */
    List<RosterChange<S>> apply(PresenceEvent event) {
        List<RosterChange<S>> changes = new ArrayList<>();
        if (event instanceof PresenceEvent.Join join) {
            put(join.uuid(), join.state(), changes);
        } else if (event instanceof PresenceEvent.Leave leave) {
            remove(leave.uuid(), false, changes);
        } else if (event instanceof PresenceEvent.Timeout timeout) {
            remove(timeout.uuid(), true, changes);
        } else if (event instanceof PresenceEvent.StateChange change) {
            // Also comes for somebody who is not here: then the state waits for the next join.
            if (contains(change.uuid())) {
                put(change.uuid(), change.state(), changes);
            }
        } else if (event instanceof PresenceEvent.Interval interval) {
            interval.leaves().forEach(uuid -> remove(uuid, false, changes));
            interval.timeouts().forEach(uuid -> remove(uuid, true, changes));
            interval.joins().forEach(uuid -> {
                if (!contains(uuid)) {
                    put(uuid, null, changes);
                }
            });
        }
        return changes;
    }

    /** Puts a user here with a state; nothing and an empty object are one. */
    void put(String uuid, @Nullable JsonNode json, List<RosterChange<S>> changes) {
        JsonNode given = json == null || json.isNull() || json.isEmpty() ? null : json;
        Member<S> before = member(uuid);
        if (before != null && Objects.equals(before.json(), given)) {
            return;
        }
        Member<S> now = new Member<>(given, given == null ? null : map(given));
        synchronized (here) {
            here.put(uuid, now);
        }
        RosterOccupant<S> occupant = new RosterOccupant<>(uuid, now.state());
        changes.add(
                before == null
                        ? new RosterChange.Joined<>(occupant)
                        : new RosterChange.StateChanged<>(occupant, before.state()));
    }

    private @Nullable S map(JsonNode json) {
        List<S> mapped = new ArrayList<>(1);
        UserCode.run("mapper of a roster", () -> {
            S state = mapper.apply(json);
            if (state != null) {
                mapped.add(state);
            }
        });
        return mapped.isEmpty() ? null : mapped.get(0);
    }

    private void remove(String uuid, boolean timedOut, List<RosterChange<S>> changes) {
        Member<S> before;
        synchronized (here) {
            before = here.remove(uuid);
        }
        if (before != null) {
            changes.add(new RosterChange.Left<>(new RosterOccupant<>(uuid, before.state()), timedOut));
        }
    }

    /** Makes the members those of {@code states}; returns what that changes. */
    List<RosterChange<S>> replace(Map<String, @Nullable JsonNode> states) {
        List<RosterChange<S>> changes = new ArrayList<>();
        List<String> gone;
        synchronized (here) {
            gone = here.keySet().stream()
                    .filter(uuid -> !states.containsKey(uuid))
                    .toList();
        }
        gone.forEach(uuid -> remove(uuid, false, changes));
        states.forEach((uuid, json) -> put(uuid, json, changes));
        return changes;
    }

    private @Nullable Member<S> member(String uuid) {
        synchronized (here) {
            return here.get(uuid);
        }
    }

    boolean contains(String uuid) {
        return member(uuid) != null;
    }

    @Nullable
    S state(String uuid) {
        Member<S> member = member(uuid);
        return member == null ? null : member.state();
    }

    int size() {
        synchronized (here) {
            return here.size();
        }
    }

    List<RosterOccupant<S>> all() {
        synchronized (here) {
            List<RosterOccupant<S>> all = new ArrayList<>(here.size());
            here.forEach((uuid, member) -> all.add(new RosterOccupant<>(uuid, member.state())));
            return all;
        }
    }
}
