package dev.rollcall.engine.embedded.group;

/** Wants to know when the channels of a group become others. */
public interface GroupListener {
    /** The channels are others now. Called on any thread, with no lock held. */
    void groupChanged();
}
