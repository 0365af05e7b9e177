package dev.rollcall.client;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A listener that keeps what it is told. */
final class Recorder implements RollcallListener {
    final List<PresenceEvent> presence = new CopyOnWriteArrayList<>();
    final List<MessageEvent> messages = new CopyOnWriteArrayList<>();
    final List<MessageEvent> signals = new CopyOnWriteArrayList<>();
    final List<Status> statuses = new CopyOnWriteArrayList<>();

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
    public void status(Status status) {
        statuses.add(status);
    }

    List<Category> categories() {
        return statuses.stream().map(Status::category).toList();
    }

    List<String> texts() {
        return messages.stream().map(event -> event.payload().asText()).toList();
    }
}
