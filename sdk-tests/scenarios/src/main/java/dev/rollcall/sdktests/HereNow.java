package dev.rollcall.sdktests;

import java.util.List;
import java.util.Map;

/** An answer to a here now, as the SDK hands it out. */
public record HereNow(int totalChannels, int totalOccupancy, Map<String, Room> channels) {

    /** One channel of the answer; {@code occupants} is empty where user ids were not wanted. */
    public record Room(int occupancy, List<Occupant> occupants) {}

    /** One user id in one channel; {@code state} is empty where there is none or none was wanted. */
    public record Occupant(String userId, Map<String, Object> state) {}

    /** Returns the occupancy of {@code channel}, 0 where the answer does not list it. */
    public int occupancy(String channel) {
        Room room = channels.get(channel);
        return room == null ? 0 : room.occupancy();
    }

    /** Returns the user ids in {@code channel}, in the order of the answer. */
    public List<String> userIds(String channel) {
        Room room = channels.get(channel);
        return room == null
                ? List.of()
                : room.occupants().stream().map(Occupant::userId).toList();
    }
}
