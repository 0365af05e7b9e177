package dev.rollcall.sdktests;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** What the listeners of one client were told, in order. The SDK's threads write, the test reads. */
public final class Heard {

    /** A message or signal. */
    public record Message(
            String channel, String subscription, @Nullable String publisher, Object content, long timetoken) {}

    /** A presence event; {@code state} is empty where the event carries none. */
    public record Presence(
            String action,
            String channel,
            String subscription,
            @Nullable String userId,
            int occupancy,
            Map<String, Object> state,
            long timetoken) {

        String line() {
            return action + " " + userId + " " + occupancy;
        }
    }

    private final List<Message> messages = new CopyOnWriteArrayList<>();
    private final List<Message> signals = new CopyOnWriteArrayList<>();
    private final List<Presence> presence = new CopyOnWriteArrayList<>();
    private final List<String> problems = new CopyOnWriteArrayList<>();

    public void message(Message message) {
        messages.add(message);
    }

    public void signal(Message signal) {
        signals.add(signal);
    }

    public void presence(Presence event) {
        presence.add(event);
    }

    /** Notes an error that the SDK reported by itself; the test that opened the client then fails. */
    public void problem(String problem) {
        problems.add(problem);
    }

    public List<Message> messages() {
        return List.copyOf(messages);
    }

    public List<Message> signals() {
        return List.copyOf(signals);
    }

    public List<String> problems() {
        return List.copyOf(problems);
    }

    /** Returns the presence events of {@code channel}. */
    public List<Presence> presence(String channel) {
        return presence.stream()
                .filter(event -> event.channel().equals(channel))
                .toList();
    }

    /** Returns the presence events of {@code channel}, each as "action user-id occupancy". */
    public List<String> timeline(String channel) {
        return presence(channel).stream().map(Presence::line).toList();
    }
}
