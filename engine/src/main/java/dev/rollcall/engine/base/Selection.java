package dev.rollcall.engine.base;

import dev.rollcall.engine.Delivery;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.MessageFilter;
import dev.rollcall.protocol.MessageType;

/** What a filter lets through. */
public final class Selection {
    private Selection() {}

    /** Returns whether a subscriber with {@code filter} gets a delivery: presence is filtered only where the keyset says so. */
    public static boolean passes(Delivery delivery, MessageFilter filter, KeysetSettings settings) {
        boolean isFiltered = delivery.message().type() != MessageType.PRESENCE || settings.streamFiltering();
        return !isFiltered || filter.accepts(delivery.message());
    }
}
