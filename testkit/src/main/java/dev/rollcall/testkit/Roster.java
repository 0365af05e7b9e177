package dev.rollcall.testkit;

import static dev.rollcall.testkit.Stages.done;

import dev.rollcall.engine.Engine;
import dev.rollcall.engine.HereNowQuery;
import dev.rollcall.engine.RosterPage;
import dev.rollcall.engine.Targets;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.Limits;
import dev.rollcall.protocol.Occupant;
import dev.rollcall.protocol.SubscribeKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who was in a channel when it was asked.
 *
 * @param channel the channel
 * @param occupants the user ids, in order of joining
 * @param states the states of those who have one, as JSON by user id
 */
public record Roster(String channel, List<String> occupants, Map<String, String> states) {
    /** Copies both. */
    public Roster {
        occupants = List.copyOf(occupants);
        states = Map.copyOf(states);
    }

    /** Returns how many are there. */
    public int occupancy() {
        return occupants.size();
    }

    /** Returns whether a user is there. */
    public boolean has(String user) {
        return occupants.contains(user);
    }

    static Roster of(Engine engine, SubscribeKey key, Channel channel) {
        List<String> occupants = new ArrayList<>();
        Map<String, String> states = new LinkedHashMap<>();
        List<Occupant> page;
        do {
            RosterPage read = done(engine.hereNow(
                            new HereNowQuery(key, Targets.of(channel), true, Limits.HERE_NOW_PAGE, occupants.size())))
                    .get(0);
            page = read.occupants();
            for (Occupant occupant : page) {
                occupants.add(occupant.user().value());
                if (occupant.state() != null) {
                    states.put(occupant.user().value(), String.valueOf(occupant.state()));
                }
            }
        } while (page.size() == Limits.HERE_NOW_PAGE);
        return new Roster(channel.name(), occupants, states);
    }
}
