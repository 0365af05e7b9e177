package dev.rollcall.client.testing;

import dev.rollcall.client.Category;
import dev.rollcall.client.Gap;
import dev.rollcall.client.MessageEvent;
import dev.rollcall.client.PresenceEvent;
import dev.rollcall.client.RollcallListener;
import dev.rollcall.client.Status;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A listener that keeps what it is told. The lists grow as events come, and may be cleared. Safe from any thread. */
public final class Recorder implements RollcallListener {
    private final List<PresenceEvent> presence = new CopyOnWriteArrayList<>();
    private final List<MessageEvent> messages = new CopyOnWriteArrayList<>();
    private final List<MessageEvent> signals = new CopyOnWriteArrayList<>();
    private final List<Gap> gaps = new CopyOnWriteArrayList<>();
    private final List<Status> statuses = new CopyOnWriteArrayList<>();

    /** Makes a listener that was told nothing. */
    public Recorder() {}

    @Override
    public void presence(PresenceEvent event) {
        presence.add(event);
    }

    @Override
    public void message(MessageEvent event) {
        messages.add(event);
    }

    @Override
    public void signal(MessageEvent event) {
        signals.add(event);
    }

    @Override
    public void gap(Gap gap) {
        gaps.add(gap);
    }

    @Override
    public void status(Status status) {
        statuses.add(status);
    }

    /** Returns the presence events. */
    public List<PresenceEvent> presence() {
        return presence;
    }

    /** Returns the messages. */
    public List<MessageEvent> messages() {
        return messages;
    }

    /** Returns the signals. */
    public List<MessageEvent> signals() {
        return signals;
    }

    /** Returns the gaps. */
    public List<Gap> gaps() {
        return gaps;
    }

    /** Returns the news of the connection. */
    public List<Status> statuses() {
        return statuses;
    }

    /** Returns what the news are, in order. */
    public List<Category> categories() {
        return statuses.stream().map(Status::category).toList();
    }

    /** Returns the payloads of the messages as texts. */
    public List<String> texts() {
        return messages.stream().map(event -> event.payload().asText()).toList();
    }
}
