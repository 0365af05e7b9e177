package dev.rollcall.bench.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What one watcher heard, held against the rules as it comes in. Safe from any thread. */
final class Chronicle {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Set<String>> rosters = new HashMap<>();
    private final Set<String> messages = new HashSet<>();
    private final List<Timeout> timeouts = new ArrayList<>();
    private long last;
    private int twice;
    private int outOfOrder;
    private int miscounted;

    /** Somebody's time was over, at a timetoken. */
    record Timeout(String room, String user, long timetoken) {}

    /** Takes an answer of the server and returns the position it tells. */
    synchronized long read(String body) throws IOException {
        JsonNode answer = JSON.readTree(body);
        for (JsonNode message : answer.path("m")) {
            read(message);
        }
        return answer.path("t").path("t").asLong();
    }

    private void read(JsonNode message) {
        long timetoken = message.path("p").path("t").asLong();
        if (timetoken < last) {
            outOfOrder++;
        }
        last = timetoken;
        String channel = message.path("c").asText();
        JsonNode content = message.path("d");
        if (!channel.endsWith("-pnpres")) {
            if (!messages.add(content.asText())) {
                twice++;
            }
            return;
        }
        Set<String> roster = rosters.computeIfAbsent(channel.replace("-pnpres", ""), any -> new TreeSet<>());
        String user = content.path("uuid").asText();
        boolean alternates = switch (content.path("action").asText()) {
            case "join" -> roster.add(user);
            case "timeout" -> {
                timeouts.add(new Timeout(channel.replace("-pnpres", ""), user, timetoken));
                yield roster.remove(user);
            }
            case "leave" -> roster.remove(user);
            default -> true;
        };
        if (!alternates) {
            outOfOrder++;
        }
        if (content.path("occupancy").asInt() != roster.size()) {
            miscounted++;
        }
    }

    /** Returns the users that a here-now lists, or nothing if it is no such answer. */
    static @Nullable Set<String> roster(String body) throws IOException {
        JsonNode answer = JSON.readTree(body);
        if (answer.path("status").asInt() != 200) {
            return null;
        }
        Set<String> users = new TreeSet<>();
        answer.path("uuids").forEach(user -> users.add(user.asText()));
        return answer.path("occupancy").asInt() == users.size() ? users : null;
    }

    /** Returns who is in a room, by the events so far. */
    synchronized Set<String> occupants(String room) {
        return new TreeSet<>(rosters.getOrDefault(room, Set.of()));
    }

    synchronized boolean hasHeard(String message) {
        return messages.contains(message);
    }

    /** Returns how many of these were not heard. */
    synchronized int missing(Set<String> told) {
        return (int)
                told.stream().filter(message -> !messages.contains(message)).count();
    }

    synchronized List<Timeout> timeouts() {
        return List.copyOf(timeouts);
    }

    synchronized int twice() {
        return twice;
    }

    synchronized int outOfOrder() {
        return outOfOrder;
    }

    synchronized int miscounted() {
        return miscounted;
    }
}
